"""A body told in short, where others read along: in groups and in cards shared from the input line. Links only."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers import card_screens, labels
from handlers.screen import Button, Rows, Screen
from handlers.viewer import Viewer
from liaison import links
from liaison.briefs import Brief


def card(viewer: Viewer, brief: Brief) -> Screen:
    """Body, official, contacts and how sure that is, with a link to the whole card."""
    return Screen(_text(viewer, brief), (_open(viewer, brief.body_id),))


def choice(viewer: Viewer, ids: Sequence[int]) -> Screen:
    """Several bodies that fit equally well, each a link to its card."""
    rows = [(Button(_label(viewer, one), url=_link(viewer, one)),) for one in ids]
    return Screen(viewer.speech.say("Which one do you mean?"), tuple(rows))


def nothing(viewer: Viewer) -> Screen:
    """No body fits: the private chat helps further."""
    say = viewer.speech.say
    return Screen(say("I found no state body for that. In the private chat you can browse the list."), door(viewer))


def hint(viewer: Viewer) -> Screen:
    """How to ask in a group; also the one greeting when the bot is added to it."""
    text = viewer.speech.say(
        "I show the official whom a state body has named for work with NGOs. Write /find@{bot} and a name, a place or "
        "a topic, for example: <i>/find@{bot} akimat of Aktobe</i>. Requests for meetings are made in the private "
        "chat.",
        bot=viewer.services.username(),
    )
    return Screen(text, door(viewer))


def private_only(viewer: Viewer, command: str) -> Screen:
    """What concerns one person is not told where others read along."""
    text = viewer.speech.say("I answer that in the private chat only: others would read it here.")
    return Screen(text, door(viewer, command))


def door(viewer: Viewer, payload: str = "find") -> Rows:
    """A button into the private chat; ``payload``: one of links.DOORS, else the question what to look for."""
    link = links.to(viewer.services.username(), payload if payload in links.DOORS else "find")
    return ((Button(viewer.speech.psay("button", "Open the private chat"), url=link),),)


def summary(viewer: Viewer, brief: Brief) -> str:
    """Two lines under a body's name: who is named, and where the body belongs. Plain text."""
    who = brief.holder.full_name if brief.holder else viewer.speech.say("No official is named here at present.")
    region = viewer.tree.region(brief.body_id)
    where = labels.region(viewer, region) if region else viewer.speech.psay("level", "Central state body")
    return "\n".join(line.unescape() if isinstance(line, Markup) else line for line in (who, where))


def _text(viewer: Viewer, brief: Brief) -> Markup:
    speech, entry = viewer.speech, viewer.tree.by_id[brief.body_id]
    parts: list[Markup] = [Markup("<b>{}</b>").format(viewer.body(brief.body_id))]
    if entry.abolished_on is not None:
        parts.append(card_screens.abolished(viewer, entry.abolished_on, entry.successor_id))
    elif brief.holder is not None:
        parts.append(card_screens.official(speech, brief.holder))
        parts.append(Markup("\n").join(card_screens.trust(speech, brief.holder, speech.local(viewer.now).date())))
    else:
        parts.append(speech.say("No official is named here at present. The whole card tells who comes next."))
    return Markup("\n\n").join(part for part in parts if part)


def _open(viewer: Viewer, body_id: int) -> tuple[Button, ...]:
    return (Button(viewer.speech.psay("button", "Open in Uakil"), url=_link(viewer, body_id)),)


def _link(viewer: Viewer, body_id: int) -> str:
    return links.to_card(viewer.services.username(), body_id)


def _label(viewer: Viewer, body_id: int) -> str:
    return labels.of(viewer, viewer.tree.by_id[body_id])
