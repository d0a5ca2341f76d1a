"""The first minute and the person's own affairs: start, help, language, privacy, being let into an organisation."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import invitations, organisations

NATIVE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
E_OTINISH = "https://eotinish.kz"


async def start(viewer: Viewer, rest: list[str]) -> Screen:
    """``start``: what the bot is for, an example, and the doors."""
    say, psay = viewer.speech.say, viewer.speech.psay
    text = say(
        "<b>Uakil</b> shows NGOs the official whom a state body has named for work with them, and arranges a meeting.\n"
        "Write what you are looking for: a body, a place or a topic. For example: <i>akimat of Aktobe</i>.\n"
        "A request here is not an official appeal."
    )
    rows = [
        (Button(psay("button", "Central bodies"), "w:c"), Button(psay("button", "Regions"), "w:r")),
        (Button(say("What is it about?"), "tp"),),
        (Button(psay("button", "My meetings"), "my"), Button(psay("button", "Help"), "help")),
    ]
    return Screen(text, tuple(rows))


async def help_(viewer: Viewer, rest: list[str]) -> Screen:
    """``help``: what can be done, in a few lines."""
    say, psay = viewer.speech.say, viewer.speech.psay
    lines = [
        psay("title", "<b>How it works</b>"),
        say("1. Write the name of a body, a place or a topic, in Kazakh, Russian or English, as you say it."),
        say("2. On the card, tap “Request a meeting”, choose a topic and times, and send."),
        say("3. The official confirms with one tap. Both of you get the date as a calendar file and are reminded."),
        say("In any other chat, write @{bot} and a name: the card can be shared there. In a group, write /find and a "
            "name.", bot=viewer.services.username()),
        say("Commands: /my – your requests and meetings; /today – your day and what waits; /language – language; "
            "/cancel – leave what you are writing; "
            "/privacy – what is kept about you."),
        say('A request here is not an official appeal. Appeals are sent through <a href="{url}">e-Otinish</a>.',
            url=E_OTINISH),
    ]  # fmt: skip
    return Screen(Markup("\n").join(lines), ((Button(psay("button", "Back"), "start"),),))


async def privacy(viewer: Viewer, rest: list[str]) -> Screen:
    """``privacy``: who keeps what, why, for how long, and how to have it deleted (Law 94-V art. 8)."""
    say, psay = viewer.speech.say, viewer.speech.psay
    lines = [
        say("<b>What is kept about you</b>"),
        psay("line", "Operator: {operator}.", operator=viewer.operator),
        say("Kept: your Telegram number, language, name, role, the phone you gave for a call, your organisation, "
            "and your requests and reports with their texts."),
        say("Purpose: to arrange meetings with state bodies. Only those who answer for the body you write to "
            "see your request."),
        say("Whoever joins a meeting of another NGO and that NGO see each other's names and texts. Words about a "
            "meeting are seen by its people; the coordinators read those that are reported."),
        say("Messages pass through Telegram, whose servers are abroad."),
        say("To have your data deleted or to withdraw your consent, write to the operator; it is done within "
            "15 working days."),
    ]  # fmt: skip
    return Screen(Markup("\n").join(lines), ((Button(psay("button", "Back"), "start"),),))


async def language(viewer: Viewer, rest: list[str]) -> Screen:
    """``lang``: the question of the language, in all three, Kazakh first."""
    text = "Тілді таңдаңыз.\nВыберите язык.\nChoose your language."
    return Screen(text, tuple((Button(name, f"l:{code}"),) for code, name in NATIVE_NAMES.items()))


async def invitation(viewer: Viewer, rest: list[str]) -> Screen:
    """``inv:DIGEST``: what an invitation is for the person who opened it."""
    say, psay = viewer.speech.say, viewer.speech.psay
    found = await viewer.read(invitations.look, viewer.actor, rest[0], now=viewer.now)
    back = ((Button(psay("button", "My meetings"), "my"), Button(psay("button", "Help"), "help")),)
    if found.result == "expired":
        return Screen(say("This invitation has expired. Please ask the coordinator for a new one."), back)
    if found.result in ("foreign", "bound"):  # "bound" would have been opened by now: it is somebody else's turn
        text = say("This invitation is not valid or has been used by somebody else. Please ask the coordinator.")
        return Screen(text, back)
    if found.kind == "coordinator":
        return Screen(_coordinator(viewer, found.body_id), back)
    body = viewer.body(found.body_id) if found.body_id is not None else ""
    text = say(
        "You are bound as the official of <b>{body}</b> for work with NGOs. Requests for meetings come to you here; "
        "one tap answers them. What is kept about you: /privacy",
        body=body,
    )
    if found.name:
        text += Markup("\n\n") + say("The list names: {name}. If that is not you, please tell the coordinator.",
                                     name=found.name)  # fmt: skip
    rows = ((Button(psay("button", "My card"), f"b:{found.body_id}"), Button(psay("button", "My meetings"), "my")),)
    return Screen(text, (*rows, (Button(psay("button", "Help"), "help"),)))


def _coordinator(viewer: Viewer, region_id: int | None) -> Markup:
    say = viewer.speech.say
    if region_id is None:
        return say(
            "You are now a coordinator for the whole country. Requests to bodies whose official has not joined come "
            "to you; find a body to name or invite its official."
        )
    return say(
        "You are now a coordinator for {region}. Requests to bodies there whose official has not joined come to you; "
        "find a body to name or invite its official.",
        region=viewer.body(region_id),
    )


async def invitation_made(viewer: Viewer, rest: list[str]) -> Screen:
    """``iv:BODY`` has been tapped before: the link is shown once only, so a new one is offered."""
    say, psay = viewer.speech.say, viewer.speech.psay
    body_id = number(rest[0])
    text = say("An invitation for {body} was made. Its link is shown once only.", body=viewer.body(body_id))
    rows = ((Button(say("Make a new link"), f"iv:{body_id}"),), (Button(psay("button", "Back"), f"b:{body_id}"),))
    return Screen(text, rows)


def invitation_link(viewer: Viewer, body_id: int, payload: str) -> Screen:
    """The link itself, to be passed on to the official."""
    say, psay = viewer.speech.say, viewer.speech.psay
    link = f"https://t.me/{viewer.services.username()}?start={payload}"
    text = say(
        "Invitation for the official of <b>{body}</b>. It works once and for 14 days. Send this link to the official, "
        "to nobody else:\n{link}",
        body=viewer.body(body_id),
        link=link,
    )
    rows = ((Button(psay("button", "Copy the link"), copy=link),), (Button(psay("button", "Back"), f"b:{body_id}"),))
    return Screen(text, rows)


def left(viewer: Viewer, dropped: Sequence[str]) -> Markup:
    """What /cancel dropped, in words."""
    say = viewer.speech.say
    names = {
        "request": say("The request you were writing was dropped; nothing was sent."),
        "place": say("The question about the place was left; the meeting stays as it is."),
        "decline": say("The refusal was not sent; the request still waits."),
        "other_times": say("The question about other times was left; the request still waits."),
        "cancel": say("The meeting was not cancelled; it stays as it is."),
        "proposal": say("The proposal of other times was not sent."),
        "holder": say("The official you were naming was not saved."),
        "report": say("The report of a wrong contact was not sent."),
        "online_link": say("The link for online meetings was left as it was."),
        "points": say("The agreed points you were writing were not sent."),
        "leave": say("The leave was not entered; nothing was changed."),
        "redirect": say("The request was not passed on; it still waits."),
        "join": say("The other NGO was not asked whether you may join."),
        "word": say("The word you were writing was not passed on."),
        "alias": say("The question which body was meant was left; nothing was changed."),
    }
    told = [names[kind] for kind in dropped if kind in names]
    return Markup("\n").join(told) if told else say("There was nothing to cancel.")


async def membership(viewer: Viewer, rest: list[str]) -> Screen:
    """``t:ID``: somebody asks to speak for an organisation; who is present in it decides."""
    say, psay = viewer.speech.say, viewer.speech.psay
    card = await viewer.read(organisations.membership, viewer.actor, number(rest[0]))
    fields = {"name": card.name or "", "title": card.title or "", "organisation": card.organisation}
    texts = {
        "asked": say(
            "{name} ({title}) says that they speak for {organisation} and gave its BIN. "
            "If you let them in, they see the organisation's requests and you see theirs.",
            **fields,
        ),
        "present": psay("line", "{name} now speaks for {organisation}.", **fields),
        "refused": say("{name} was not let into {organisation}.", **fields),
    }
    rows = []
    if card.state == "asked":
        rows = [(Button(psay("button", "Let in"), f"ti:{card.id}:y"), Button(say("Do not let in"), f"ti:{card.id}:n"))]
    return Screen(texts.get(card.state, texts["refused"]), (*rows, (Button(psay("button", "Back"), "my"),)))


async def membership_answer(viewer: Viewer, membership_id: int) -> Screen:
    """What the asker is told."""
    say, psay = viewer.speech.say, viewer.speech.psay
    card = await viewer.read(organisations.membership, viewer.actor, membership_id)
    text = (
        say("You now speak for {organisation}. Its requests are in /my.", organisation=card.organisation)
        if card.state == "present"
        else say(
            "The representatives of {organisation} did not let you in. Your own requests stay as they are.",
            organisation=card.organisation,
        )
    )
    return Screen(text, ((Button(psay("button", "My meetings"), "my"),),))
