"""A wish to join as each of both NGOs sees it, leaving, and what the others are told of guests."""

from collections.abc import Awaitable, Callable

from markupsafe import Markup

from handlers import meeting_screens
from handlers.meeting_actions import actions
from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import join_notices, joins, meetings
from liaison.deliveries import Due
from liaison.joins import JoinCard
from liaison.topics import name


async def wish(viewer: Viewer, rest: list[str]) -> Screen:
    """``jn:ID``: a wish to join, for who asks and who is asked. ``jn``: one's own newest."""
    wish_id = number(rest[0]) if rest else await viewer.read(joins.newest, viewer.actor)
    if wish_id is None:
        return Screen(viewer.speech.say("You have asked nobody to join a meeting."), (_my(viewer),))
    card = await viewer.read(joins.see, viewer.actor, wish_id, viewer.policy, now=viewer.now)
    if not card.asks:
        return _asked(viewer, card)
    if card.state == "present":
        return await _welcome(viewer, card)
    return _waits(viewer, card) if card.state == "asked" else _own_instead(viewer, card)


async def leaving(viewer: Viewer, rest: list[str]) -> Screen:
    """``jl:MEETING``: a guest is asked before it leaves."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    say, psay = viewer.speech.say, viewer.speech.psay
    if card.side != "guest":
        return meeting_screens.draw(viewer, card)
    text = say("Leave meeting {number}? The NGO that asked for it and the office will be told.", number=card.number)
    yes = Button(psay("button", "Yes, leave"), f"jx:{card.id}", style="danger")
    return Screen(text, ((yes,), (Button(psay("button", "Stay with it"), f"m:{card.id}"),)))


async def _told(viewer: Viewer, due: Due) -> Screen:
    return await wish(viewer, [str(due.details["guest"])])


async def _coming(viewer: Viewer, due: Due) -> Screen:
    """The office, and of one that left also the first NGO, are told of a guest."""
    card, organisation = await viewer.read(joins.for_others, viewer.actor, int(due.details["guest"]), now=viewer.now)
    said = {
        join_notices.JOINED: viewer.speech.say(
            "<b>One more NGO comes along to meeting {number}: {name}</b>", number=card.number, name=organisation
        ),
        join_notices.LEFT: viewer.speech.say(
            "<b>{name} does not come along to meeting {number} any more</b>", number=card.number, name=organisation
        ),
    }
    shown = meeting_screens.draw(viewer, card)
    return Screen(Markup("\n\n").join((said[due.kind], Markup(shown.text))), shown.rows)


NOTICES: dict[str, Callable[[Viewer, Due], Awaitable[Screen]]] = {
    join_notices.ASKED: _told,
    join_notices.ANSWERED: _told,
    join_notices.JOINED: _coming,
    join_notices.LEFT: _coming,
}


def _asked(viewer: Viewer, card: JoinCard) -> Screen:
    """What the first NGO sees of a wish, and decides."""
    say, psay = viewer.speech.say, viewer.speech.psay
    fields = {"name": card.organisation, "number": card.number}
    meeting: tuple[Button, ...] = (Button(psay("button", "Open {number}", number=card.number), f"m:{card.meeting_id}"),)
    if card.state != "asked" or not card.open:
        said = say("{name} is not let in to meeting {number}.", **fields)
        if card.state == "present":
            said = say("{name} comes along to meeting {number}.", **fields)
        return Screen(said, (meeting, _my(viewer)))
    parts = [
        say("<b>ACTION NEEDED: {name} asks to join your meeting {number}</b>", **fields),
        Markup("\n").join(_who(viewer, card)),
        say(
            "If you agree, both of you see each other's names and texts, it is told what you are told, and the office "
            "is told that it comes along. Without an answer it is not let in after {when}.",
            when=viewer.speech.day(card.answer_by - joins.MOMENT),
        ),
    ]
    answers = (
        Button(psay("button", "Welcome"), f"jy:{card.id}:y", style="success"),
        Button(psay("answer", "No"), f"jy:{card.id}:n"),
    )
    return Screen(Markup("\n\n").join(parts), (answers, meeting, _my(viewer)))


def _who(viewer: Viewer, card: JoinCard) -> list[Markup]:
    psay = viewer.speech.psay
    found: list[Markup] = []
    if card.representative and card.title:
        found.append(psay("line", "Representative: {name}, {title}", name=card.representative, title=card.title))
    elif card.representative:
        found.append(psay("line", "Representative: {name}", name=card.representative))
    found += [psay("line", "Adds: {line}", line=card.line)] if card.line else []
    return found


async def _welcome(viewer: Viewer, card: JoinCard) -> Screen:
    seen = await viewer.read(meetings.see, viewer.actor, card.meeting_id, now=viewer.now, side="guest")
    first = viewer.speech.say("<b>You are welcome to join meeting {number}</b>", number=card.number)
    shown = meeting_screens.draw(viewer, seen)
    return Screen(Markup("\n\n").join((first, Markup(shown.text))), actions(viewer, seen))


def _waits(viewer: Viewer, card: JoinCard) -> Screen:
    say = viewer.speech.say
    text = say(
        "The other NGO has been asked whether you may join. You will be told here; if it has not answered by the end "
        "of {day}, you can send your own request.",
        day=viewer.speech.day(card.answer_by - joins.MOMENT),
    )
    own = Button(say("My own request instead"), f"jo:{card.id}")
    return Screen(Markup("\n\n").join((_about(viewer, card), text)), ((own,), _my(viewer)))


def _own_instead(viewer: Viewer, card: JoinCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say(
        "You cannot join that meeting: its NGO did not agree, did not answer in two working days, or the meeting is "
        "off. What you wrote is kept for your own request."
    )
    if card.state == "left":
        text = say("You are not joining that meeting. You can send your own request.")
    own = Button(psay("button", "Send my own request"), f"jo:{card.id}", style="primary")
    return Screen(Markup("\n\n").join((_about(viewer, card), text)), ((own,), _my(viewer)))


def _about(viewer: Viewer, card: JoinCard) -> Markup:
    psay, language = viewer.speech.psay, viewer.speech.language
    body = psay("line", "Body: {body}", body=viewer.body(card.body_id))
    return Markup("\n").join((body, psay("line", "Topic: {topic}", topic=name(card.topic, language))))


def _my(viewer: Viewer) -> tuple[Button, ...]:
    return (Button(viewer.speech.psay("button", "My meetings"), "my"),)
