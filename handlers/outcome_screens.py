"""What came of a meeting on the screen: the questions, one's own word, what counts, and the choice of a coordinator."""

from markupsafe import Markup

from handlers import promise_lines
from handlers.screen import Button, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import outcome_sight, outcomes
from liaison.cards import MeetingCard
from liaison.deliveries import Due
from liaison.outcome_sight import ENDS, OutcomeCard
from liaison.outcomes import Said

Row = tuple[Button, ...]
AGAIN = "again"  # at the end of an address: one's own answer is to be changed


async def outcome(viewer: Viewer, rest: list[str]) -> Screen:
    """``oc:MEETING[:PARTY[:again]]``: the question that is open for this party, else how it stands."""
    card = await _card(viewer, rest)
    changes = rest[2:] == [AGAIN] and card.own is not None and card.own.can_change
    if card.party and card.result == "open" and (card.own is None or changes):
        return _asked(viewer, card)
    if card.party and card.result == "contradiction" and changes:
        return _asked(viewer, card)
    if card.judge and card.result == "contradiction":
        return _dispute(viewer, card)
    if card.party == "ngo" and card.own and card.own.held == "held" and card.own.answered is None:
        return _answered(viewer, card) if card.result != "not_held" else _stands(viewer, card)
    return _stands(viewer, card)


async def why(viewer: Viewer, rest: list[str]) -> Screen:
    """``oy:MEETING:PARTY``: why was it not held?"""
    card = await _card(viewer, rest)
    if card.result in ENDS or card.party is None:
        return _stands(viewer, card)
    psay = viewer.speech.psay
    text = Markup("\n\n").join((_head(viewer, card.meeting), viewer.speech.say("Why was it not held?")))
    said = f"os:{card.meeting.id}:{card.party}:not_held"
    rows: list[Row] = [
        (Button(psay("button", "They did not come"), f"{said}:they"),),
        (Button(psay("button", "We did not come"), f"{said}:we"),),
        (Button(psay("button", "Cancelled by phone"), f"{said}:by_phone"),),
    ]
    return Screen(text, (*rows, (Button(psay("button", "Back"), f"oc:{card.meeting.id}:{card.party}:{AGAIN}"),)))


async def points(viewer: Viewer, due: Due) -> Screen:
    """The points of a meeting for a notice, also where its reader has not said yet how the meeting went."""
    return _stands(viewer, await _card(viewer, _address(due)))


async def told(viewer: Viewer, due: Due) -> Screen:
    """The notices of an outcome: the question an hour after the end, a contradiction, what a coordinator decided."""
    return await outcome(viewer, _address(due))


def rows(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """The door to it under a meeting that is over."""
    if not card.over or card.state not in ("confirmed", *ENDS):
        return []
    psay = viewer.speech.psay
    label = psay("button", "How did it go?") if card.state == "confirmed" else psay("button", "Outcome and points")
    party = "ngo" if card.side == "representative" else "office"
    return [(Button(label, f"oc:{card.id}:{party}"),)]


def _address(due: Due) -> list[str]:
    return [str(due.meeting_id), "ngo" if due.details.get("as") == "representative" else "office"]


async def _card(viewer: Viewer, rest: list[str]) -> OutcomeCard:
    party = rest[1] if len(rest) > 1 else None
    return await viewer.read(outcome_sight.see, viewer.actor, number(rest[0]), party, viewer.policy, now=viewer.now)


def _head(viewer: Viewer, card: MeetingCard) -> Markup:
    when = viewer.speech.when(card.starts_at) if card.starts_at else ""
    return viewer.speech.psay(
        "line",
        "<b>{number}</b>, {when}\n{body}\n{organisation}",
        number=card.number,
        when=when,
        body=viewer.body(card.body_id),
        organisation=card.organisation,
    )


def _asked(viewer: Viewer, card: OutcomeCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    asked = say("<b>ACTION NEEDED: was the meeting held?</b>")
    note = say("Only the two sides and, if they disagree, a coordinator learn what you answer.")
    said = f"os:{card.meeting.id}:{card.party}"
    buttons = (
        (Button(psay("button", "Held"), f"{said}:held", style="success"),),
        (Button(psay("button", "Moved"), f"{said}:moved"),),
        (Button(psay("button", "Not held"), f"oy:{card.meeting.id}:{card.party}"),),
        (Button(psay("button", "Open the meeting"), f"m:{card.meeting.id}"),),
    )
    return Screen(Markup("\n\n").join((asked, _head(viewer, card.meeting), note)), buttons)


def _answered(viewer: Viewer, card: OutcomeCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    labels = {
        "yes": psay("button", "Yes"),
        "partly": psay("button", "Partly"),
        "no": psay("button", "No"),
        "not_expected": psay("button", "No answer was expected"),
    }
    buttons = [(Button(labels[value], f"oa:{card.meeting.id}:{value}"),) for value in outcomes.ANSWERED]
    text = Markup("\n\n").join((_head(viewer, card.meeting), say("<b>Was your question answered?</b>")))
    return Screen(text, (*buttons, (Button(psay("button", "Open the meeting"), f"m:{card.meeting.id}"),)))


def _dispute(viewer: Viewer, card: OutcomeCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    words = [
        psay("line", "The NGO: {what}", what=_what(viewer.speech, card.words["ngo"])),
        psay("line", "The office: {what}", what=_what(viewer.speech, card.words["office"])),
    ]
    text = Markup("\n\n").join(
        (
            say("<b>ACTION NEEDED: the two sides say different things about a meeting</b>"),
            _head(viewer, card.meeting),
            Markup("\n").join(words),
            say("Please ask both and decide. Until then it counts for nobody; nothing is published."),
        )
    )
    tap = f"oj:{card.meeting.id}"
    buttons = (
        (
            Button(psay("button", "It was held"), f"{tap}:held"),
            Button(psay("button", "It was not held"), f"{tap}:not_held"),
        ),
        (Button(psay("button", "Leave it open"), f"{tap}:open"),),
        (Button(psay("button", "Open the meeting"), f"m:{card.meeting.id}"),),
    )
    return Screen(text, buttons)


def _stands(viewer: Viewer, card: OutcomeCard) -> Screen:
    speech = viewer.speech
    parts = [_head(viewer, card.meeting)]
    if card.own:
        parts.append(speech.psay("line", "Your side: {what}", what=_what(speech, card.own)))
    if card.own and card.own.answered and card.own.held == "held":
        parts.append(speech.psay("line", "Your question: {answer}", answer=_answer(speech, card.own.answered)))
    parts.append(_result(speech, card))
    if card.own and card.own.held == "moved" and card.party == "office":
        parts.append(speech.say("The NGO can ask for a new meeting with one tap."))
    parts.append(promise_lines.block(viewer, card))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(_doors(viewer, card)))


def _doors(viewer: Viewer, card: OutcomeCard) -> list[Row]:
    psay, own, at = viewer.speech.psay, card.own, f"{card.meeting.id}"
    found = promise_lines.buttons(viewer, card)
    missed = card.result == "not_held" or (own is not None and own.held != "held" and card.result != "held")
    if card.party == "ngo" and missed:
        found.append((Button(psay("button", "Request a new meeting"), f"on:{at}", style="primary"),))
    if own is None and card.party and card.result not in ENDS:
        found.append((Button(psay("button", "How did it go?"), f"oc:{at}:{card.party}"),))
    if own is not None and own.can_change:
        found.append((Button(psay("button", "Change my answer"), f"oc:{at}:{card.party}:{AGAIN}"),))
    return [
        *found,
        (Button(psay("button", "Open the meeting"), f"m:{at}"), Button(psay("button", "My meetings"), "my")),
    ]


def _what(speech: Speech, said: Said) -> Markup:
    psay = speech.psay
    if said.held == "held":
        return psay("what one side says of a meeting", "it was held")
    if said.held == "moved":
        return psay("what one side says of a meeting", "it was moved to another time")
    return {
        "they": psay("what one side says of a meeting", "not held, the other side did not come"),
        "we": psay("what one side says of a meeting", "not held, this side did not come"),
        "by_phone": psay("what one side says of a meeting", "not held, it was cancelled by phone"),
    }[said.why or "by_phone"]


def _answer(speech: Speech, value: str) -> Markup:
    psay = speech.psay
    return {
        "yes": psay("whether the question was answered", "answered"),
        "partly": psay("whether the question was answered", "answered in part"),
        "no": psay("whether the question was answered", "not answered"),
        "not_expected": psay("whether the question was answered", "no answer was expected"),
    }[value]


def _result(speech: Speech, card: OutcomeCard) -> Markup:
    say = speech.say
    if card.result == "contradiction":
        return say("The two sides say different things. The coordinators are asked; until then it counts for nobody.")
    if card.result == "open":
        if card.own is None:
            return say("The sides have not both answered yet.")
        return say(
            "The other side has not answered yet. If it is silent for five working days, the word of your side counts."
        )
    held = card.result == "held"
    if card.by == "coordinator":
        return (
            say("Recorded as held: a coordinator decided it.")
            if held
            else say("Recorded as not held: a coordinator decided it.")
        )
    if card.by == "silence":
        return (
            say("Recorded as held: one side says so, the other was silent for five working days.")
            if held
            else say("Recorded as not held: one side says so, the other was silent for five working days.")
        )
    return say("Recorded as held: both sides say so.") if held else say("Recorded as not held: both sides say so.")
