"""The card of a body: its official or who comes next, how sure that is, and all that can be done from there."""

from datetime import date, timedelta

from markupsafe import Markup, escape

from handlers import labels, reception_lines, stand_in_screens
from handlers.screen import Button, Rows, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import contacts, requests, sight
from liaison.cards import HolderCard
from liaison.directory import BodyCard, Rung
from liaison.sight import Sight

FRESH = timedelta(days=90)  # a contact looked at so lately is trusted
AGEING = timedelta(days=180)  # after that it may be out of date
COPY_LENGTH = 256  # characters that a button may copy (Bot API, CopyTextButton)
Row = tuple[Button, ...]


async def card(viewer: Viewer, rest: list[str]) -> Screen:
    """``b:ID[:BACK]``: the card of a body. BACK is the address to return to, with dots for colons."""
    body_id = number(rest[0])
    back = rest[1].replace(".", ":") if len(rest) > 1 else "start"
    seen = await viewer.read(sight.of, viewer.actor, viewer.tree, body_id, viewer.policy, now=viewer.now)
    return Screen(text(viewer, seen.card), _rows(viewer, seen, back))


def text(viewer: Viewer, found: BodyCard) -> Markup:
    """What a card says; the same for everybody."""
    parts: list[Markup] = [Markup("<b>{}</b>").format(viewer.body(found.body_id))]
    if found.abolished_on is not None:
        parts.append(abolished(viewer, found.abolished_on, found.successor_id))
    elif found.holder is not None:
        parts += [official(viewer.speech, found.holder), stand_in_screens.on_card(viewer, found)]
        parts += [hours(viewer, found), _trust(viewer, found, found.holder)]
    else:
        parts.append(_vacancy(viewer, found.rung))
    if found.website:
        parts.append(viewer.speech.psay("line", "Site: {url}", url=found.website))
    parts.append(_way(viewer, found))
    return Markup("\n\n").join(part for part in parts if part)


def official(speech: Speech, holder: HolderCard) -> Markup:
    """Name, position, phones and e-mail of an official; phones and addresses can be tapped."""
    lines = [Markup("<b>{}</b>").format(holder.full_name)]
    if holder.position:
        lines.append(escape(holder.position))
    lines += [phone(speech, one) for one in holder.phones]
    lines += [speech.psay("line", "E-mail: {email}", email=one) for one in holder.emails]
    return Markup("\n").join(lines)


def phone(speech: Speech, e164: str) -> Markup:
    """A phone number as a line; Telegram makes the international form tappable."""
    shown = contacts.show_phone(e164)
    if shown.extension:
        return speech.psay(
            "line", "Phone: {number}, extension {extension}", number=shown.number, extension=shown.extension
        )
    return speech.psay("line", "Phone: {number}", number=shown.number)


def hours(viewer: Viewer, found: BodyCard) -> Markup:
    """When the official receives: his own hours, else the working hours; and the next days that differ."""
    speech, today = viewer.speech, viewer.speech.local(viewer.now).date()
    differing = reception_lines.differing(speech, found.reception, today)
    return Markup("\n").join((reception_lines.weekly(speech, found.reception), *differing))


def trust(speech: Speech, holder: HolderCard, today: date) -> list[Markup]:
    """Who published the naming, when it was last verified and by whom, and what that is worth by now, in words."""
    lines: list[Markup] = []
    if holder.source_title and holder.source_url:
        link = Markup('<a href="{}">{}</a>').format(holder.source_url, holder.source_title)
        lines.append(speech.psay("line", "Published: {source}", source=link))
    elif holder.source_title:
        lines.append(speech.psay("line", "Published: {source}", source=holder.source_title))
    if holder.verified_at is None:
        return [*lines, speech.say("Not verified yet: please call before you go.")]
    checked = speech.local(holder.verified_at).date()
    return [*lines, _verified(speech, holder.verified_by, checked), *_worth(speech, today - checked)]


def _verified(speech: Speech, by: str | None, checked: date) -> Markup:
    day = speech.date(checked)
    said = {
        "official": speech.say("Verified on {date} by the official.", date=day),
        "coordinator": speech.say("Verified on {date} by the coordinator.", date=day),
        "list": speech.say("Verified on {date} by the published list.", date=day),
    }
    return said.get(by or "", speech.psay("line", "Verified on {date}.", date=day))


def _worth(speech: Speech, age: timedelta) -> list[Markup]:
    if age <= FRESH:
        return []
    if age <= AGEING:
        return [speech.say("That was more than three months ago: please call before you go.")]
    return [speech.say("That was more than half a year ago: it may be out of date, please call first.")]


def _trust(viewer: Viewer, found: BodyCard, holder: HolderCard) -> Markup:
    speech = viewer.speech
    since = speech.date(holder.since)
    lines = [
        speech.psay("line", "In this duty since {date}.", date=since)
        if holder.named_since
        else speech.psay("line", "Known here since {date}.", date=since)
    ]
    lines += trust(speech, holder, speech.local(viewer.now).date())
    if found.answered_at is not None:
        day = speech.date(found.answered_at)
        lines.append(speech.psay("line", "Last answered an NGO on {date}.", date=day))
    return Markup("\n").join(lines)


def abolished(viewer: Viewer, on: date, successor_id: int | None) -> Markup:
    """Since when a body is no more, and what it is since."""
    say, day = viewer.speech.say, viewer.speech.date(on)
    if successor_id is None:
        return say("This body was abolished on {date}.", date=day)
    return viewer.speech.psay("line", "Since {date} this is: {body}.", date=day, body=viewer.body(successor_id))


def _way(viewer: Viewer, found: BodyCard) -> Markup:
    """Where a request from here goes, where that is not to the official."""
    say = viewer.speech.say
    if found.abolished_on is not None:
        return Markup("")
    if not found.reachable:
        return say(
            "A request cannot be sent from here yet: neither this official nor a coordinator has joined. "
            "Please call or write."
        )
    if found.holder is None:
        return say("A request for a meeting sent from here goes to the coordinator, who passes it on.")
    return Markup("")


def _vacancy(viewer: Viewer, rung: Rung | None) -> Markup:
    say = viewer.speech.say
    if rung is None:
        return say("No official is named here at present.")
    body = viewer.body(rung.body_id)
    reasons = {
        "parent": say("No official is named here at present. Next is the body above it: {body}.", body=body),
        "internal-policy": say(
            "No official is named here at present. Next is the region's department for internal policy, "
            "which works with NGOs: {body}.",
            body=body,
        ),
        "region": say("No official is named here at present. Next is the region's akimat: {body}.", body=body),
        "civil-society": say(
            "No official is named here at present. Next is the committee for civil society, which keeps the list: "
            "{body}.",
            body=body,
        ),
    }
    said = reasons[rung.reason]
    return said if rung.holder is None else Markup("\n\n").join((said, official(viewer.speech, rung.holder)))


def _rows(viewer: Viewer, seen: Sight, back: str) -> Rows:
    found, psay = seen.card, viewer.speech.psay
    rows: list[Row] = []
    if found.reachable:
        rows.append((Button(psay("button", "Request a meeting"), f"rq:{found.body_id}", style="primary"),))
    if seen.unfinished:
        rows.append((Button(psay("button", "Continue my request"), f"d:{requests.KIND}"),))
    if found.abolished_on is None:
        rows += [_contact(viewer, found), *_ties(viewer, seen, back)]
    rows += _around(viewer, found)
    if seen.sets_hours and found.abolished_on is None:
        rows.append((Button(psay("button", "Reception hours"), f"rw:{found.body_id}"),))
    if seen.keeps and found.abolished_on is None:
        rows.append((Button(psay("button", "Name an official"), f"nm:{found.body_id}"),))
        if found.holder is not None:
            rows.append((Button(psay("button", "Invite the official"), f"iv:{found.body_id}"),))
        if found.holder is not None and found.holder.bound:
            rows.append((Button(psay("button", "Leave and assistants"), f"dp:{found.body_id}"),))
    return (*rows, (Button(psay("button", "Back"), back),))


def _contact(viewer: Viewer, found: BodyCard) -> Row:
    psay, holder = viewer.speech.psay, found.holder
    if holder is None:
        return ()
    row: Row = (Button(psay("button", "Contact card"), f"vc:{found.body_id}"),)
    if holder.emails and len(holder.emails[0]) <= COPY_LENGTH:
        row += (Button(psay("button", "Copy e-mail"), copy=holder.emails[0]),)
    return row


def _ties(viewer: Viewer, seen: Sight, back: str) -> list[Row]:
    psay, body = viewer.speech.psay, seen.card.body_id
    follow = psay("button", "Unfollow") if seen.followed else psay("button", "Follow")
    return [
        (Button(follow, f"fo:{body}:{back.replace(':', '.')}"), Button(psay("button", "Share"), f"sh:{body}")),
        (Button(psay("button", "Wrong contact"), f"wc:{body}"),),
    ]


def _around(viewer: Viewer, found: BodyCard) -> list[Row]:
    """The successor, the rung above and what lies below."""
    psay, tree, here = viewer.speech.psay, viewer.tree, f"b.{found.body_id}"
    if found.abolished_on is not None:
        successor = found.successor_id
        return [(Button(labels.of(viewer, tree.by_id[successor]), f"b:{successor}:{here}"),)] if successor else []
    rows: list[Row] = []
    above = found.rung.body_id if found.rung else tree.by_id[found.body_id].parent_id
    if above is not None and above != found.body_id:
        rows.append((Button(labels.of(viewer, tree.by_id[above]), f"b:{above}:{here}"),))
    if tree.children(found.body_id):
        rows.append((Button(psay("button", "Bodies below it"), f"w:m:{found.body_id}:0"),))
    return rows
