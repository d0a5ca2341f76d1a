"""A word between the sides on the screen: the question, the word as it is told, the last ones on the card, reports."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from markupsafe import Markup

from handlers.screen import Button, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import talk_cards, talk_reports, talks
from liaison.cards import MeetingCard
from liaison.deliveries import Due
from liaison.drafts import DraftCard
from liaison.states import Side
from liaison.talks import WordCard

Row = tuple[Button, ...]


def said(speech: Speech, side: Side, text: str, when: str) -> Markup:
    """A word with the side it came from; no person is named."""
    psay, fields = speech.psay, {"text": text, "when": when}
    return {
        "representative": psay("word", "From the NGO, {when}:\n“{text}”", **fields),
        "guest": psay("word", "From an NGO that comes along, {when}:\n“{text}”", **fields),
        "official": psay("word", "From the official, {when}:\n“{text}”", **fields),
        "substitute": psay("word", "From the substitute, {when}:\n“{text}”", **fields),
        "assistant": psay("word", "From the official's assistant, {when}:\n“{text}”", **fields),
        "coordinator": psay("word", "From the coordinator, {when}:\n“{text}”", **fields),
        "admin": psay("word", "From the coordinator, {when}:\n“{text}”", **fields),
    }[side]


async def question(viewer: Viewer, draft: DraftCard) -> Screen:
    """Asks for a word to the other side."""
    text = viewer.speech.nsay(
        "Please write a word of at most {n} character; the other side reads it here. Phone numbers, e-mail addresses "
        "and accounts in it are not passed on.",
        "Please write a word of at most {n} characters; the other side reads it here. Phone numbers, e-mail addresses "
        "and accounts in it are not passed on.",
        talks.LENGTH,
    )
    return Screen(text, ((Button(viewer.speech.psay("button", "Back"), f"tb:{draft.data['meeting']}"),),))


def lines(viewer: Viewer, card: MeetingCard) -> Markup:
    """The last words about a meeting, and why there are no more, for its card."""
    speech = viewer.speech
    found = [said(speech, word.side, word.text, speech.when(word.at)) for word in card.talk.words]
    if card.talk.closed:
        found.append(speech.say("A coordinator has ended the exchange of words about this meeting."))
    elif card.talk.muted:
        found.append(speech.say("You have muted the words of the other side about this meeting."))
    return Markup("\n\n").join(found)


def rows(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """[Write a word] while the talk is open; who muted it can hear it again."""
    psay = viewer.speech.psay
    if not talk_cards.is_open(card.state, card.ends_at, card.talk, viewer.policy, now=viewer.now):
        return []
    if card.talk.muted:
        return [(Button(psay("button", "Hear words again"), f"tm:{card.id}:off"),)]
    return [(Button(psay("button", "Write a word"), f"tw:{card.id}"),)]


async def word(viewer: Viewer, rest: list[str]) -> Screen:
    """``tk:WORD``: a word as its reader has it. ``tk:WORD:r``: asks before it is reported."""
    card = await viewer.read(talks.see, viewer.actor, number(rest[0]), viewer.policy, now=viewer.now)
    if rest[1:] == ["r"] and card.may_report:
        return _ask_report(viewer, card)
    return _word(viewer, card)


async def reported(viewer: Viewer, rest: list[str]) -> Screen:
    """``to:WORD``: a reported word, for the coordinator who decides."""
    card = await viewer.read(talk_reports.see, viewer.actor, number(rest[0]))
    say, psay, speech = viewer.speech.say, viewer.speech.psay, viewer.speech
    parts = [
        say("<b>A word about meeting {number} was reported</b>", number=card.number),
        psay("line", "Body: {body}", body=viewer.body(card.body_id)),
        said(speech, card.side, card.text, speech.when(card.at)),
    ]
    judge: list[Row] = []
    if card.verdict is None:
        parts.append(say("If you close the talk, neither side can write about this meeting any more."))
        close = Button(psay("button", "Close the talk"), f"tj:{card.id}:closed", style="danger")
        judge = [(close, Button(psay("button", "It is fine"), f"tj:{card.id}:fine"))]
    elif card.verdict == "closed":
        parts.append(say("The talk was closed; neither side can write any more."))
    else:
        parts.append(say("The word was found to be fine; the talk goes on."))
    return Screen(Markup("\n\n").join(parts), (*judge, (Button(psay("button", "Coordinator's desk"), "desk"),)))


async def _told(viewer: Viewer, due: Due) -> Screen:
    card = await viewer.read(talks.heard, viewer.actor, int(due.details["word"]), viewer.policy, now=viewer.now)
    return _word(viewer, card)


async def _judged(viewer: Viewer, due: Due) -> Screen:
    card = await viewer.read(talks.see, viewer.actor, int(due.details["word"]), viewer.policy, now=viewer.now)
    drawn = _word(viewer, card)
    return replace(drawn, text=viewer.speech.say("<b>Your report was looked at</b>") + Markup("\n\n") + drawn.text)


async def _rings(viewer: Viewer, due: Due) -> Screen:
    return await reported(viewer, [str(due.details["word"])])


NOTICES: dict[str, Callable[[Viewer, Due], Awaitable[Screen]]] = {
    talks.KIND: _told,
    talk_reports.REPORTED: _rings,
    talk_reports.JUDGED: _judged,
}


def _word(viewer: Viewer, card: WordCard) -> Screen:
    speech = viewer.speech
    psay = speech.psay
    parts = [
        speech.say("<b>A word about meeting {number}</b>", number=card.number),
        said(speech, card.side, card.text, speech.when(card.at)),
    ]
    if card.reported:
        parts.append(_report(speech, card))
    first: list[Button] = []
    if card.may_answer and not card.muted:
        first = [
            Button(psay("button", "Answer"), f"tw:{card.meeting_id}", style="primary"),
            Button(psay("button", "Mute"), f"tm:{card.meeting_id}:on:{card.id}"),
        ]
    elif card.may_answer:
        first = [Button(psay("button", "Hear words again"), f"tm:{card.meeting_id}:off:{card.id}")]
    report: tuple[Button, ...] = (Button(psay("button", "Report"), f"tk:{card.id}:r"),) if card.may_report else ()
    open_it = (Button(psay("button", "Open {number}", number=card.number), f"m:{card.meeting_id}"),)
    return Screen(Markup("\n\n").join(parts), tuple(row for row in (tuple(first), report, open_it) if row))


def _report(speech: Speech, card: WordCard) -> Markup:
    """What became of a report."""
    if card.verdict == "closed":
        return speech.say("The coordinator read the word that was reported and ended the exchange for both sides.")
    if card.verdict == "fine":
        return speech.say("The coordinator read the word that was reported and found that it may stand.")
    return speech.say("This word was reported to the coordinators; they read it and decide.")


def _ask_report(viewer: Viewer, card: WordCard) -> Screen:
    speech = viewer.speech
    text = Markup("\n\n").join(
        (
            speech.say("Report this word to the coordinators of the region? They will read it."),
            said(speech, card.side, card.text, speech.when(card.at)),
        )
    )
    yes = Button(speech.psay("button", "Yes, report it"), f"tr:{card.id}", style="danger")
    return Screen(text, ((yes,), (Button(speech.psay("button", "Back"), f"tk:{card.id}"),)))
