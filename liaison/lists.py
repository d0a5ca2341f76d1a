"""A list of officials against those who hold the posts now: what it would change, and the change itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison import handover, news, report_closing
from liaison.bodies import Tree
from liaison.errors import LiaisonError
from liaison.list_files import ListFile, ListRow
from liaison.list_matching import fold
from liaison.policy import Policy
from storage.posts import Holder, Post
from storage.records import AuditEntry

COMPARED = ("position", "phones", "emails", "order_no", "order_date")


@dataclass(frozen=True)
class Change:
    """What the list says of one body: the row (None: the body is gone from it), the present holder (None: nobody),
    and the fields that differ, "full_name" among them if it is another person."""

    body_id: int
    row: ListRow | None
    holder_id: int | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """All bodies of a list by what would happen to them. ``gone`` are bodies of the same regions not in the list."""

    same: tuple[Change, ...]
    changed: tuple[Change, ...]
    new: tuple[Change, ...]
    gone: tuple[Change, ...]

    def counts(self) -> dict[str, int]:
        """How many bodies of each kind."""
        return {kind: len(getattr(self, kind)) for kind in ("same", "changed", "new", "gone")}


@dataclass(frozen=True)
class Applied:
    """What was done, the number of holders whose time was ended, and the audit entry that tells of it."""

    changes: Changes
    ended: int
    audit_id: int


@dataclass(frozen=True)
class _Source:
    """Where the list was published; kept with every row (Law 94-V art. 7: re-use with a link to the source)."""

    source_title: str
    source_url: str | None
    retrieved_at: datetime
    verified_at: datetime
    verified_by: str = "list"

    def mark(self, holder: Holder) -> None:
        """Write the source and the verification into a holder."""
        for name, value in vars(self).items():
            setattr(holder, name, value)


def compare(session: Session, tree: Tree, listfile: ListFile) -> Changes:
    """What a list would change. What it leaves out (an empty cell) is no change; the first row of a body counts."""
    holders = _present(session, tree)
    rows = listfile.counted()
    compared = [_change(row, holders.get(body_id)) for body_id, row in rows.items()]
    return Changes(
        same=tuple(each for each in compared if each.holder_id is not None and not each.fields),
        changed=tuple(each for each in compared if each.holder_id is not None and each.fields),
        new=tuple(each for each in compared if each.holder_id is None),
        gone=tuple(Change(body_id, None, holders[body_id].id) for body_id in _gone(tree, listfile, holders)),
    )


def apply(
    session: Session,
    tree: Tree,
    listfile: ListFile,
    *,
    source_title: str,
    source_url: str | None,
    policy: Policy,
    now: datetime,
    actor_id: int | None = None,
    whole_region: bool = False,
) -> Applied:
    """Take a list over. Another person ends the present holder's time, and with it his access; the same one is updated.

    ``whole_region`` says that the list is complete: holders of its regions whose bodies it no longer names are ended
    too. ``actor_id`` is the person who did it, None for the command line. Followers are told of other persons. Raises
    LiaisonError "list-unusable" for a file with problems. Taken over a second time, the same list changes nothing but
    the date of verification.
    """
    if listfile.problems:
        raise LiaisonError("list-unusable", problems=[problem.code for problem in listfile.problems])
    posts = _locked_posts(session, listfile.counted())
    changes = compare(session, tree, listfile)
    source = _Source(source_title, source_url, now, now)
    ended = sum(_take_over(session, posts[each.body_id], each, source) for each in (*changes.changed, *changes.new))
    for each in (*changes.changed, *changes.new):
        report_closing.corrected(session, each.body_id, _put_right(each), actor_id, now=now)
    for each in changes.same:
        source.mark(_holder(session, each))
    if whole_region:
        ended += sum(_end(session, each, now) for each in changes.gone)
    for body_id in _with_another_person(changes, whole_region=whole_region):
        news.official_changed(session, body_id, policy, by=actor_id, now=now)
        handover.changed(session, body_id, policy, by=actor_id, now=now)
    entry = AuditEntry(
        at=now, person_id=actor_id, what="list-applied", details=_details(tree, listfile, changes, source)
    )
    session.add(entry)
    session.flush()
    return Applied(changes, ended, entry.id)


def _with_another_person(changes: Changes, *, whole_region: bool) -> list[int]:
    """The bodies at which a list names another person, or ends the duty of the one there was."""
    others = [each for each in changes.changed if "full_name" in each.fields]
    return [each.body_id for each in (*others, *changes.new, *(changes.gone if whole_region else ()))]


def _put_right(change: Change) -> set[str]:
    """What of the card this changes, as the reasons for which it may have been reported (reports.REASONS)."""
    fields = {"full_name": "person", "phones": "phone", "emails": "email"}
    return {fields[name] for name in change.fields if name in fields} if change.fields else {"person"}


def _present(session: Session, tree: Tree) -> dict[int, Holder]:
    """Who holds the post of each body now."""
    rows = session.execute(
        select(Post.body_id, Holder)
        .join(Holder, Holder.post_id == Post.id)
        .where(Holder.until.is_(None))
        .order_by(Holder.id)
    )
    return {body_id: holder for body_id, holder in rows if body_id in tree.by_id}


def _change(row: ListRow, holder: Holder | None) -> Change:
    if holder is None:
        return Change(row.body_id, row, None)
    said = {name: value for name in COMPARED if (value := _value(row, name))}
    fields = [name for name, value in said.items() if value != getattr(holder, name)]
    if fold(row.full_name) != fold(holder.full_name):
        fields.insert(0, "full_name")
    return Change(row.body_id, row, holder.id, tuple(fields))


def _value(row: ListRow, name: str) -> Any:
    value = getattr(row, name)
    return list(value) if isinstance(value, tuple) else value


def _gone(tree: Tree, listfile: ListFile, holders: Iterable[int]) -> list[int]:
    """Bodies with a holder, of the regions the list is about, that it does not name, not even in a rejected row."""
    named = {*listfile.counted(), *(body_id for each in listfile.rejected for body_id in each.candidates)}
    about = {tree.by_id[body_id].region_id for body_id in listfile.counted()}
    about = about if listfile.region_id is None else {listfile.region_id}
    return [body_id for body_id in holders if body_id not in named and tree.by_id[body_id].region_id in about]


def _locked_posts(session: Session, bodies: Iterable[int]) -> dict[int, Post]:
    """The posts of the bodies, made where there is none yet, locked in the order of their ids (design 2)."""
    wanted = set(bodies)
    known = set(session.scalars(select(Post.body_id).where(Post.body_id.in_(wanted))))
    session.add_all(Post(body_id=body_id) for body_id in sorted(wanted - known))
    session.flush()
    posts = session.scalars(select(Post).where(Post.body_id.in_(wanted)).order_by(Post.id).with_for_update())
    return {post.body_id: post for post in posts}


def _take_over(session: Session, post: Post, change: Change, source: _Source) -> int:
    """Write one new or changed official; the number of holders whose time this ended."""
    assert change.row is not None
    said = {name: value for name in COMPARED if (value := _value(change.row, name))}
    if change.holder_id is not None and "full_name" not in change.fields:
        holder = _holder(session, change)
        for name, value in said.items():
            setattr(holder, name, value)
        source.mark(holder)
        return 0
    ended = _end(session, change, source.verified_at) if change.holder_id is not None else 0
    holder = Holder(post_id=post.id, full_name=change.row.full_name, created_at=source.verified_at, **said)
    holder.since = change.row.order_date
    source.mark(holder)
    session.add(holder)
    return ended


def _end(session: Session, change: Change, now: datetime) -> int:
    _holder(session, change).until = now
    return 1


def _holder(session: Session, change: Change) -> Holder:
    return session.get_one(Holder, change.holder_id)


def _details(tree: Tree, listfile: ListFile, changes: Changes, source: _Source) -> dict[str, Any]:
    """What the audit keeps: bodies and numbers, no names."""
    bodies = {
        kind: [tree.by_id[each.body_id].code for each in getattr(changes, kind)] for kind in ("changed", "new", "gone")
    }
    return {
        "file": listfile.name,
        "region": None if listfile.region_id is None else tree.by_id[listfile.region_id].code,
        "source_title": source.source_title,
        "source_url": source.source_url,
        "same": len(changes.same),
        "rejected": len(listfile.rejected),
        **bodies,
    }
