"""An official's leave and assistants on the screen: the page of a post, one arrangement, the links to pass on."""

from markupsafe import Markup

from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import deputy_cards, deputy_links, links
from liaison.deputy_cards import DeputyCard
from liaison.deputy_days import ASSISTANT, LIVE

Row = tuple[Button, ...]
_OWN = ("asked", "accepted", "refused")  # what a substitute reads in words of his own


async def page(viewer: Viewer, rest: list[str]) -> Screen:
    """``dp[:BODY]``: all that is arranged for a post (without a body: the one the reader holds)."""
    body_id = number(rest[0]) if rest else await viewer.read(deputy_cards.own_body, viewer.actor)
    found = await viewer.read(deputy_cards.page, viewer.actor, body_id, viewer.policy, now=viewer.now)
    say, psay = viewer.speech.say, viewer.speech.psay
    parts = [psay("title", "<b>Leave and assistants</b>\n{body}", body=viewer.body(body_id))]
    if found.official:
        parts[0] += Markup("\n") + psay("line", "Official: {name}", name=found.official)
    shown = (*found.leaves, *found.assistants)
    if shown:
        parts += [summary(viewer, one) for one in shown]
    elif found.bound:
        parts.append(say("Nobody stands in, and there is no assistant."))
    else:
        parts.append(say("No official has joined here yet, so there is nobody to stand in for."))
    rows: list[Row] = [(Button(_label(viewer, one), f"dy:{one.id}"),) for one in shown]
    if found.bound:
        rows.append((Button(psay("button", "On leave"), f"lv:{body_id}"),))
    if found.own:
        rows.append((Button(psay("button", "Add an assistant"), f"as:{body_id}"),))
        rows.append((Button(psay("button", "I am leaving the post"), f"lg:{body_id}"),))
    return Screen(
        Markup("\n\n").join(parts), (*rows, (Button(psay("button", "Back"), "my" if found.own else f"b:{body_id}"),))
    )


async def one(viewer: Viewer, rest: list[str]) -> Screen:
    """``dy:ID``: one arrangement as it stands, with what its reader can do; ``dy:ID:e`` asks before its end."""
    card = await viewer.read(deputy_cards.see, viewer.actor, number(rest[0]))
    if len(rest) > 1 and card.state in LIVE:
        return _ask_end(viewer, card)
    psay = viewer.speech.psay
    rows: list[Row] = []
    if card.mine and card.state == "asked":
        rows.append(
            (
                Button(psay("button", "Accept"), f"da:{card.id}:y", style="success"),
                Button(psay("button", "I cannot"), f"da:{card.id}:n"),
            )
        )
    elif card.state in LIVE and (card.mine or card.managed):
        label = psay("button", "Remove the assistant") if card.kind == ASSISTANT else psay("button", "End it now")
        rows.append((Button(label, f"dy:{card.id}:e", style="danger"),))
    if card.managed and card.state in ("refused", "ended"):
        rows.append((Button(psay("button", "Leave and assistants"), f"dp:{card.body_id}"),))
    text = Markup("\n\n").join((psay("line", "Body: {body}", body=viewer.body(card.body_id)), summary(viewer, card)))
    return Screen(text, (*rows, _mine(viewer)))


def summary(viewer: Viewer, card: DeputyCard) -> Markup:
    """What an arrangement is and how it stands, in a sentence or two."""
    return _assistant(viewer, card) if card.kind == ASSISTANT else _substitute(viewer, card)


def _substitute(viewer: Viewer, card: DeputyCard) -> Markup:
    speech = viewer.speech
    say = speech.say
    if card.from_day is None or card.until_day is None:
        raise ValueError(f"substitute {card.id} has no days")
    fields = {
        "from": speech.day(card.from_day),
        "until": speech.day(card.until_day),
        "name": card.name or "",
        "official": card.official or "",
    }
    if card.mine and card.state in _OWN:
        return _to_substitute(viewer, card.state, fields)
    if card.name is None and card.state == "asked":
        return say("From {from} until {until}: the link to the substitute has not been opened yet.", **fields)
    texts = {
        "asked": say("From {from} until {until}: {name} is asked to stand in and has not answered yet.", **fields),
        "accepted": say("From {from} until {until} {name} stands in for {official}.", **fields),
        "refused": say("{name} cannot stand in from {from} until {until}. Please choose somebody else.", **fields),
        "ended": say("{name} does not stand in for {official} any more ({from} – {until}).", **fields),
    }
    return texts[card.state]


def _to_substitute(viewer: Viewer, state: str, fields: dict[str, str]) -> Markup:
    say = viewer.speech.say
    return {
        "asked": say(
            "<b>ACTION NEEDED: {official} asks you to stand in from {from} until {until}.</b>\n"
            "On these days the requests of NGOs come to you, and NGOs are told so. They will read your name: {name}.",
            **fields,
        ),
        "accepted": say("You stand in for {official} from {from} until {until}.", **fields),
        "refused": say("You cannot stand in for {official} from {from} until {until}; they are told.", **fields),
    }[state]


def _assistant(viewer: Viewer, card: DeputyCard) -> Markup:
    say = viewer.speech.say
    names = {"name": card.name or "", "official": card.official or ""}
    if card.mine and card.state == "accepted":
        return say(
            "You are the assistant of {official}. Requests of NGOs come to you too, and you may answer them; the NGO "
            "reads that the assistant answered. What is kept about you: /privacy",
            **names,
        )
    if card.state == "asked":
        return say("Assistant: the link has not been opened yet.")
    if card.state == "accepted":
        return say("{name} is an assistant and may answer requests.", **names)
    return say("{name} is not an assistant of {official} any more and cannot answer.", **names)


def _ask_end(viewer: Viewer, card: DeputyCard) -> Screen:
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say("Remove the assistant? From now on they cannot answer any more.")
    if card.kind != ASSISTANT:
        text = say("End this now? Requests go to the official again at once.")
    rows = (
        (Button(psay("button", "Yes, end it"), f"de:{card.id}", style="danger"),),
        (Button(psay("button", "Back"), f"dy:{card.id}"),),
    )
    return Screen(Markup("\n\n").join((summary(viewer, card), text)), rows)


async def opened(viewer: Viewer, rest: list[str]) -> Screen:
    """``dl:DIGEST``: what a link is for the person who opened it."""
    deputy_id = await viewer.read(deputy_links.found, viewer.actor, rest[0])
    if deputy_id is None:
        text = viewer.speech.say("This link is not valid any more or has been used by somebody else.")
        return Screen(text, (_mine(viewer),))
    return await one(viewer, [str(deputy_id)])


def assistant_link(viewer: Viewer, body_id: int, payload: str) -> Screen:
    """The link to an assistant, shown once."""
    text = viewer.speech.say(
        "Send this link to your assistant, to nobody else. It works once and for 14 days:\n{link}",
        link=links.to(viewer.services.username(), payload),
    )
    return _link(viewer, body_id, payload, text)


def substitute_link(viewer: Viewer, body_id: int, payload: str) -> Screen:
    """The link to a substitute who is not on a list, shown once."""
    text = viewer.speech.say(
        "Send this link to whoever stands in, to nobody else. It works once; they have to accept:\n{link}",
        link=links.to(viewer.services.username(), payload),
    )
    return _link(viewer, body_id, payload, text)


def _link(viewer: Viewer, body_id: int, payload: str, text: Markup) -> Screen:
    psay, link = viewer.speech.psay, links.to(viewer.services.username(), payload)
    rows = ((Button(psay("button", "Copy the link"), copy=link),), (Button(psay("button", "Back"), f"dp:{body_id}"),))
    return Screen(text, rows)


def _label(viewer: Viewer, card: DeputyCard) -> str:
    psay = viewer.speech.psay
    if card.kind == ASSISTANT:
        name = card.name or psay("button", "link not opened")
        return psay("button", "Assistant: {name}", name=name)
    day = viewer.speech.short_day(card.from_day) if card.from_day else ""
    return psay("button", "Leave from {date}", date=day)


def _mine(viewer: Viewer) -> Row:
    return (Button(viewer.speech.psay("button", "My meetings"), "my"),)
