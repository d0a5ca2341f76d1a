"""A change of the official on the screen: the brief, what NGOs are told, leaving the post, vacant posts."""

from markupsafe import Markup

from handlers import labels, stand_in_screens
from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import deputy_cards, handover, leaving, links, vacancies
from liaison.errors import NotYours

MOST = 10  # vacant posts named in one message
Row = tuple[Button, ...]


async def brief(viewer: Viewer, rest: list[str]) -> Screen:
    """``bf:BODY``: what a new official finds."""
    found = await viewer.read(handover.brief, viewer.actor, number(rest[0]), now=viewer.now)
    speech = viewer.speech
    lines = [
        speech.say("<b>You are now the official of {body} for work with NGOs.</b>", body=viewer.body(found.body_id)),
        speech.npsay("line", "Open requests: {n}", "Open requests: {n}", found.requests),
        speech.npsay("line", "Meetings to come: {n}", "Meetings to come: {n}", found.meetings),
        speech.npsay("line", "Agreed points: {n}", "Agreed points: {n}", found.promises),
        speech.say("Every request comes in a message of its own; meetings stay as they were arranged."),
    ]
    rows = (
        (Button(speech.psay("button", "Show them"), "my"),),
        (Button(speech.psay("button", "Leave and assistants"), f"dp:{found.body_id}"),),
    )
    return Screen(Markup("\n").join(lines), rows)


async def changed(viewer: Viewer, rest: list[str]) -> Screen:
    """``nh:BODY``: an NGO is told that somebody else holds the post; its requests and meetings stay."""
    found = await viewer.read(handover.told, viewer.actor, number(rest[0]), now=viewer.now)
    speech = viewer.speech
    body = viewer.body(found.body_id)
    first = (
        speech.say("<b>{name} is now the official for work with NGOs.</b>\n{body}", name=found.official, body=body)
        if found.official
        else speech.say("<b>There is no official for work with NGOs at present.</b>\n{body}", body=body)
    )
    then = speech.say("What you have arranged stays; only the person is another one:")
    text = Markup("\n\n").join((first, then, Markup("\n").join(stand_in_screens.lines(viewer, found.meetings))))
    move = tuple(
        (Button(speech.psay("button", "Other time: {number}", number=one.number), f"nt:{one.meeting_id}"),)
        for one in found.meetings[: stand_in_screens.MOST]
        if one.starts_at is not None
    )
    return Screen(text, ((Button(speech.psay("button", "All right"), "my", style="success"),), *move))


async def over(viewer: Viewer, rest: list[str]) -> Screen:
    """``ov:HOLDER``: a former official is thanked and told that the duty has ended."""
    body_id = await viewer.read(handover.over, viewer.actor, number(rest[0]))
    say, psay = viewer.speech.say, viewer.speech.psay
    first = say("<b>Your duty as the official for work with NGOs has ended.</b>\n{body}", body=viewer.body(body_id))
    thanks = say(
        "Thank you for your work with NGOs. The requests and meetings of this body are no longer open to you here; "
        "they go to whoever answers for it now."
    )
    return Screen(first + Markup("\n\n") + thanks, ((Button(psay("button", "My meetings"), "my"),),))


async def leave(viewer: Viewer, rest: list[str]) -> Screen:
    """``lg:BODY``: asks before an official leaves his post."""
    body_id = number(rest[0])
    found = await viewer.read(deputy_cards.page, viewer.actor, body_id, viewer.policy, now=viewer.now)
    if not found.own:
        raise NotYours("leave", f"person {viewer.actor.id} does not hold the post of body {body_id}")
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say(
        "You are leaving the work with NGOs at {body}? The coordinator is told, and you get a link for whoever comes "
        "after you. Until they have opened it, everything stays with you; then your access ends at once.",
        body=viewer.body(body_id),
    )
    rows = (
        (Button(psay("button", "Yes, I am leaving"), f"lg:{body_id}:y", style="danger"),),
        (Button(psay("button", "Back"), f"dp:{body_id}"),),
    )
    return Screen(text, rows)


def successor_link(viewer: Viewer, body_id: int, payload: str) -> Screen:
    """The link for the successor, shown once."""
    psay, link = viewer.speech.psay, links.to(viewer.services.username(), payload)
    text = viewer.speech.say(
        "The coordinator is told. Send this link to your successor, to nobody else. It works once and for 14 days:\n"
        "{link}",
        link=link,
    )
    rows = ((Button(psay("button", "Copy the link"), copy=link),), (Button(psay("button", "Back"), f"dp:{body_id}"),))
    return Screen(text, rows)


async def is_leaving(viewer: Viewer, rest: list[str]) -> Screen:
    """``le:BODY``: the coordinator is told that an official leaves."""
    body_id = number(rest[0])
    name = await viewer.read(leaving.leaving, viewer.actor, body_id)
    psay = viewer.speech.psay
    text = viewer.speech.say(
        "{name}, the official of {body}, is leaving and has a link for a successor. You can also name the successor "
        "yourself; that link is void then.",
        name=name,
        body=viewer.body(body_id),
    )
    rows = (
        (Button(psay("button", "Name an official"), f"nm:{body_id}"),),
        (Button(psay("button", "Open the card"), f"b:{body_id}"),),
    )
    return Screen(text, rows)


async def vacant(viewer: Viewer, rest: list[str]) -> Screen:
    """``vac``: the posts of a coordinator's bodies whose official has gone. Raises NotYours where there are none."""
    found = await viewer.read(vacancies.mine, viewer.actor, viewer.policy)
    if not found:
        raise NotYours("vacancies", f"nothing is vacant for person {viewer.actor.id}")
    speech = viewer.speech
    lines = [speech.say("<b>These bodies have no official.</b> Requests to them come to you until you name one:")]
    for gap in found[:MOST]:
        line = Markup("– {}").format(viewer.body(gap.body_id))
        if gap.waiting:
            line += Markup(". ") + speech.npsay("line", "Waiting: {n}", "Waiting: {n}", gap.waiting)
        lines.append(line)
    if len(found) > MOST:
        lines.append(speech.npsay("line", "And one more.", "And {n} more.", len(found) - MOST))
    rows: tuple[Row, ...] = tuple(
        (Button(labels.of(viewer, viewer.tree.by_id[gap.body_id]), f"b:{gap.body_id}:vac"),) for gap in found[:MOST]
    )
    return Screen(Markup("\n").join(lines), (*rows, (Button(speech.psay("button", "My meetings"), "my"),)))
