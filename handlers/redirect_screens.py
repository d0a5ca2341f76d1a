"""[Not my area] on the screen: which body it is for, the reason, and what the NGO and the other body read."""

from markupsafe import Markup

from handlers import labels, reasons
from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import meetings, redirects
from liaison.cards import MeetingCard
from liaison.drafts import DraftCard

Row = tuple[Button, ...]


def rows(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """[Not my area] for whoever answers; for the NGO of a request passed on, the way to the new one."""
    psay = viewer.speech.psay
    if "redirect" in card.may:
        return [(Button(psay("button", "Not my area"), f"rd:{card.id}"),)]
    if card.redirected_to is not None and card.side in ("representative", "guest"):
        return [(Button(psay("button", "Open the new request"), f"m:{card.redirected_to[0]}"),)]
    return []


def lines(viewer: Viewer, card: MeetingCard) -> list[Markup]:
    """Where a request came from or went to."""
    psay, found = viewer.speech.psay, []
    if card.redirected_from is not None:
        found.append(psay("line", "Passed on by: {body}", body=viewer.body(card.redirected_from)))
        if card.state == "requested" and (given := reasons.given(viewer.speech, card)):
            found.append(given)
    if card.redirected_to is not None:
        found.append(psay("line", "Passed on to: {body}", body=viewer.body(card.redirected_to[1])))
        found.append(reasons.given(viewer.speech, card))
    return [line for line in found if line]


async def which(viewer: Viewer, rest: list[str]) -> Screen:
    """``rd:MEETING``: which body is it for?"""
    meeting_id = number(rest[0])
    found = await viewer.read(
        redirects.suggestions, viewer.actor, meeting_id, viewer.tree, viewer.policy, now=viewer.now
    )
    text = viewer.speech.say("Which body is this request for? Choose one, or write its name.")
    return await _choice(viewer, meeting_id, text, found)


async def found(viewer: Viewer, rest: list[str]) -> Screen:
    """``rf:MEETING:BODY.BODY…``: the bodies that a typed name may mean."""
    ids = tuple(number(one) for one in rest[1].split("."))
    text = viewer.speech.say("Which of them? Choose one, or write the name in another way.")
    return await _choice(viewer, number(rest[0]), text, ids)


async def why(viewer: Viewer, rest: list[str]) -> Screen:
    """``rb:MEETING:BODY``: the reason is asked for; once that is over, the meeting."""
    card = await viewer.read(meetings.see, viewer.actor, number(rest[0]), now=viewer.now)
    draft = await viewer.read(redirects.draft_of, viewer.actor, card.id, now=viewer.now)
    if draft is None or draft.step != "reason" or "redirect" not in card.may:
        return await which(viewer, rest) if "redirect" in card.may else _over(viewer, card)
    return _why(viewer, draft)


async def question(viewer: Viewer, draft: DraftCard) -> Screen:
    """The open question of the dialogue."""
    return _why(viewer, draft) if draft.step == "reason" else await which(viewer, [str(draft.data["meeting"])])


async def told(viewer: Viewer, card: MeetingCard) -> Screen:
    """What the NGO reads when its request was passed on: both bodies, the reason, the new number."""
    speech = viewer.speech
    if card.redirected_to is None:
        raise ValueError(f"meeting {card.id} was not passed on")
    new_id, body_id = card.redirected_to
    new = await viewer.read(meetings.see, viewer.actor, new_id, now=viewer.now)
    parts = (
        speech.say(
            "<b>Your request {number} was passed on</b>\nFrom: {former}\nTo: {body}",
            number=card.number,
            former=viewer.body(card.body_id),
            body=viewer.body(body_id),
        ),
        reasons.given(speech, card),
        speech.say(
            "Its new number is <b>{number}</b>. You need not do anything; you will be told here when they answer.",
            number=new.number,
        ),
        _offered(viewer, new),
    )
    rows = (
        (Button(speech.psay("button", "Open the new request"), f"m:{new_id}"),),
        (Button(speech.psay("button", "My meetings"), "my"),),
    )
    return Screen(Markup("\n\n").join(part for part in parts if part), rows)


def _offered(viewer: Viewer, card: MeetingCard) -> Markup:
    times = "; ".join(viewer.speech.when(slot.starts_at) for slot in card.slots)
    return viewer.speech.psay("line", "Times: {times}", times=times) if times else Markup("")


def _why(viewer: Viewer, draft: DraftCard) -> Screen:
    speech, meeting_id, body_id = viewer.speech, draft.data["meeting"], draft.data["body"]
    text = speech.say(
        "Pass the request on to <b>{body}</b>? Please choose or write the reason; the NGO and that body read it.",
        body=viewer.body(body_id),
    )
    codes = [
        (Button(reasons.reason(speech, code), f"rr:{meeting_id}:{draft.key}:{code}"),) for code in redirects.REASONS
    ]
    return Screen(text, (*codes, (Button(speech.psay("button", "Back"), f"rd:{meeting_id}"),)))


async def _choice(viewer: Viewer, meeting_id: int, text: Markup, ids: tuple[int, ...]) -> Screen:
    tree = viewer.tree
    buttons = [(Button(labels.of(viewer, tree.by_id[body_id]), f"rb:{meeting_id}:{body_id}"),) for body_id in ids]
    return Screen(text, (*buttons, (Button(viewer.speech.psay("button", "Back"), f"rk:{meeting_id}"),)))


def _over(viewer: Viewer, card: MeetingCard) -> Screen:
    text = Markup("\n").join((Markup("<b>{}</b>. {}").format(card.number, reasons.state(viewer.speech, card)),
                              *lines(viewer, card)))  # fmt: skip
    label = viewer.speech.psay("button", "Open {number}", number=card.number)
    return Screen(text, ((Button(label, f"m:{card.id}"),),))
