"""The dialogue that ends in a request: which question comes next, what an answer changes, and the sending."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import answers, cards, contacts, directory, drafts, meetings, organisations, people, reach
from liaison.drafts import DraftCard, OutOfStep
from liaison.errors import LiaisonError, NotYours
from liaison.people import Actor
from liaison.policy import Policy
from liaison.slots import Span, days_with_free, nearest, on_day
from liaison.topics import all_topics
from storage.drafts import Draft
from storage.posts import Post

KIND = "request"
ORDER = ("consent", "org_name", "bin", "own_name", "title", "topic", "mode", "phone", "times", "preview")
ABOUT_ONESELF = ("org_name", "bin", "own_name", "title")
TYPED = (*ABOUT_ONESELF, "phone", "preview")  # questions answered by a text
MODES = ("in_person", "online", "phone")
MOST_TIMES = 3
NAME_LENGTH = 200
AGENDA_LENGTH = 600


@dataclass(frozen=True)
class Choice:
    """The times that can be chosen from: the candidates with their ticks, or the days, or the times of one day."""

    candidates: tuple[Span, ...]
    picked: tuple[Span, ...]
    days: tuple[tuple[Any, int], ...] = ()
    day_times: tuple[Span, ...] = ()


def begin(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the dialogue for a body; one for the same body that is open already goes on where it was.

    Raises LiaisonError("nobody") where a request would reach no one, NotYours for a body that is not there.
    """
    post = directory.post_of(session, body_id)
    if not reach.receivers(session, post.id, policy):
        raise LiaisonError("nobody", body=body_id)
    present = drafts.find(session, actor.id, KIND, now=now)
    if present is not None and present.data["body"] == body_id and "meeting" not in present.data:
        return present
    data: dict[str, Any] = {"body": body_id}
    draft = drafts.open_one(session, actor.id, KIND, _next_step(actor, data), data, now=now)
    return drafts.card(draft, now=now)


def begin_new_times(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the dialogue in which the NGO offers other times for a request it has made. Raises NotYours."""
    card = meetings.see(session, actor, meeting_id, now=now)
    if "new_times" not in card.may:
        raise LiaisonError("stale", meeting=meeting_id, state=card.state)
    data: dict[str, Any] = {"body": card.body_id, "meeting": meeting_id, "topic": card.topic, "mode": card.mode}
    data |= {"agenda": card.agenda or "", "phone": card.phone or ""}
    _propose(session, actor, data, policy, now)
    draft = drafts.open_one(session, actor.id, KIND, "times", data, now=now)
    return drafts.card(draft, now=now)


def answer(
    session: Session,
    actor: Actor,
    key: str,
    rev: int | None,
    step: str,
    value: str,
    policy: Policy,
    *,
    now: datetime,
) -> DraftCard:
    """Keep one answer and move to the next question.

    Raises OutOfStep if another question stands open, LiaisonError with what is wrong with the answer.
    """
    draft = _at(session, actor, key, rev, step)
    data = dict(draft.data)
    data[step] = _READERS[step](value, data) if step in _READERS else value
    if step == "consent":
        people.consent(session, actor, now=now)
    if step == "title":
        _register(session, actor, data, now)
    return _moved(session, actor, draft, data, policy, now)


def back(session: Session, actor: Actor, key: str, rev: int, *, now: datetime, policy: Policy) -> DraftCard | None:
    """Return to the question before; None (and the dialogue stays) if this is the first one."""
    draft = drafts.lock(session, actor.id, KIND, key, rev)
    data = dict(draft.data)
    before = ORDER[: ORDER.index(draft.step)]
    fixed = ("consent", *ABOUT_ONESELF) if actor.organisations else ("consent",)
    known = [step for step in before if step in data and step not in fixed and "meeting" not in data]
    if draft.step == "times" and data.get("view"):
        data.pop("view")
        drafts.move(draft, "times", data, now=now)
    elif draft.step == "preview":
        data.pop("times", None)
        drafts.move(draft, "times", data, now=now)
    elif not known:
        return None
    else:
        for step in ORDER[ORDER.index(known[-1]) :]:
            data.pop(step, None)
        drafts.move(draft, known[-1], data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def tick(
    session: Session, actor: Actor, key: str, rev: int, at: datetime, policy: Policy, *, now: datetime
) -> DraftCard:
    """Tick a time, or untick it. A time from another day replaces the three proposed ones at first.

    Raises LiaisonError("most-times") beyond three, ("time-gone") if it is not free any more.
    """
    draft = _at(session, actor, key, rev, "times")
    data = dict(draft.data)
    stamp = at.isoformat()
    picked: list[str] = list(data["picked"])
    if stamp in picked:
        picked.remove(stamp)
    else:
        if stamp not in data["candidates"]:
            _add_candidate(session, actor, data, at, policy, now)
            picked = [] if not data.get("chosen") else picked
            data["chosen"] = True
        if len(picked) >= MOST_TIMES:
            raise LiaisonError("most-times", most=MOST_TIMES)
        picked.append(stamp)
    data["picked"] = sorted(picked)
    drafts.move(draft, "times", data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def look_at(session: Session, actor: Actor, key: str, rev: int, view: str, *, now: datetime) -> DraftCard:
    """Open the list of other days (``days:PAGE``) or one day (``day:YYYY-MM-DD:PAGE``), or close it (empty)."""
    draft = _at(session, actor, key, rev, "times")
    data = {**draft.data, "view": view}
    drafts.move(draft, "times", data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def choice(session: Session, actor: Actor, draft: DraftCard, policy: Policy, *, now: datetime) -> Choice:
    """What the screen of times offers in the view that is open."""
    post = directory.post_of(session, draft.data["body"])
    taken = _taken(session, actor, post, draft.data)
    view, _, rest = str(draft.data.get("view", "")).partition(":")
    candidates = tuple(_span(stamp, policy) for stamp in draft.data["candidates"])
    picked = tuple(_span(stamp, policy) for stamp in draft.data["picked"])
    if view == "days":
        return Choice(candidates, picked, days=tuple(days_with_free(policy, post.windows, taken, after=now)))
    if view == "day":
        day = datetime.fromisoformat(rest.partition(":")[0]).date()
        return Choice(candidates, picked, day_times=on_day(policy, post.windows, taken, day, after=now))
    return Choice(candidates, picked)


def use_times(session: Session, actor: Actor, key: str, rev: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Keep the ticked times. Raises LiaisonError("no-times") without any."""
    draft = _at(session, actor, key, rev, "times")
    data = dict(draft.data)
    if not data["picked"]:
        raise LiaisonError("no-times")
    data["times"] = data["picked"]
    data["view"] = ""
    return _moved(session, actor, draft, data, policy, now)


def send(session: Session, actor: Actor, key: str, rev: int, policy: Policy, *, now: datetime) -> int:
    """Send what the preview showed and end the dialogue; the id of the meeting.

    Raises LiaisonError("times-gone") if none of the times is free any more, after going back to choosing.
    """
    draft = _at(session, actor, key, rev, "preview")
    data = dict(draft.data)
    post = directory.post_of(session, data["body"])
    times = tuple(_span(stamp, policy) for stamp in data["times"])
    taken = _taken(session, actor, post, data)
    still = tuple(at for at in times if at.starts_at > now and not any(at.overlaps(other) for other in taken))
    if not still:
        raise LiaisonError("times-gone")
    if not actor.organisations:
        raise OutOfStep(KIND, key)
    if "meeting" in data:
        meeting_id = meetings.new_times(session, actor, data["meeting"], still, policy, now=now)
    else:
        wish = meetings.Wish(
            draft_key=key,
            organisation_id=actor.organisations[0],
            body_id=data["body"],
            topic=data["topic"],
            mode=data["mode"],
            agenda=data.get("agenda") or None,
            phone=data.get("phone") or None,
            times=still,
        )
        meeting_id = meetings.request(session, actor, wish, policy, now=now)
    session.delete(draft)
    return meeting_id


def _at(session: Session, actor: Actor, key: str, rev: int | None, step: str) -> Draft:
    draft = drafts.lock(session, actor.id, KIND, key, rev)
    if draft.step != step:
        raise OutOfStep(KIND, key)
    return draft


def _moved(
    session: Session, actor: Actor, draft: Draft, data: dict[str, Any], policy: Policy, now: datetime
) -> DraftCard:
    step = _next_step(people.actor(session, actor.id, policy), data)
    if step == "times":
        _propose(session, actor, data, policy, now)
    drafts.move(draft, step, data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def _propose(session: Session, actor: Actor, data: dict[str, Any], policy: Policy, now: datetime) -> None:
    """Tick the three nearest times."""
    post = directory.post_of(session, data["body"])
    proposed = nearest(policy, post.windows, _taken(session, actor, post, data), after=now, count=MOST_TIMES)
    data["candidates"] = data["picked"] = [span.starts_at.isoformat() for span in proposed]
    data["chosen"] = False


def _next_step(actor: Actor, data: dict[str, Any]) -> str:
    for step in ORDER[:-1]:
        if step == "consent" and actor.consented:
            continue
        if step in ABOUT_ONESELF and actor.organisations:
            continue
        if step == "phone" and data.get("mode") != "phone":
            continue
        if step not in data:
            return step
    return "preview"


def _add_candidate(
    session: Session, actor: Actor, data: dict[str, Any], at: datetime, policy: Policy, now: datetime
) -> None:
    post = directory.post_of(session, data["body"])
    day = at.astimezone(policy.zone).date()
    free = on_day(policy, post.windows, _taken(session, actor, post, data), day, after=now)
    if at not in [span.starts_at for span in free]:
        raise LiaisonError("time-gone")
    kept = data["picked"] if data.get("chosen") else []
    data["candidates"] = sorted({*kept, at.isoformat()})


def _taken(session: Session, actor: Actor, post: Post, data: dict[str, Any]) -> tuple[Span, ...]:
    organisation = actor.organisations[0] if actor.organisations else None
    return cards.busy(session, post_id=post.id, organisation_id=organisation, but=data.get("meeting"))


def _span(stamp: str, policy: Policy) -> Span:
    start = datetime.fromisoformat(stamp)
    return Span(start, start + policy.slot_length)


def _register(session: Session, actor: Actor, data: dict[str, Any], now: datetime) -> None:
    organisations.register(
        session,
        actor,
        name=data["org_name"],
        bin_number=data["bin"] or None,
        own_name=data["own_name"],
        title=data["title"],
        now=now,
    )


def _topic(value: str, data: dict[str, Any]) -> str:
    if value not in {topic.id for topic in all_topics()}:
        raise NotYours("topic", f"unknown topic {value!r}")
    return value


def _mode(value: str, data: dict[str, Any]) -> str:
    if value not in MODES:
        raise NotYours("mode", f"unknown mode {value!r}")
    return value


def _phone(value: str, data: dict[str, Any]) -> str:
    phone = contacts.read_phone(value)
    if phone is None:
        raise LiaisonError("bad-phone")
    return phone


_READERS = {
    "org_name": lambda value, data: answers.line(value, most=NAME_LENGTH),
    "bin": lambda value, data: contacts.read_bin(value) if value else "",
    "own_name": lambda value, data: answers.line(value, most=NAME_LENGTH),
    "title": lambda value, data: answers.line(value, most=NAME_LENGTH),
    "topic": _topic,
    "mode": _mode,
    "phone": _phone,
}


def set_agenda(session: Session, actor: Actor, key: str, value: str, *, now: datetime) -> DraftCard:
    """Keep the agenda typed under the preview. Raises LiaisonError("too-long", most=600)."""
    draft = _at(session, actor, key, None, "preview")
    drafts.move(draft, "preview", {**draft.data, "agenda": answers.passage(value, most=AGENDA_LENGTH)}, now=now)
    session.flush()
    return drafts.card(draft, now=now)
