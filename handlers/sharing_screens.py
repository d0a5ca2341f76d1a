"""Passing a card on: its link, the way into another chat, the QR picture; and where links lead that came to nothing."""

import re
from dataclasses import replace

from handlers import people_screens
from handlers.screen import Button, Document, Screen, number
from handlers.viewer import Viewer
from liaison import links

FILE_NAME = 60  # characters of a body's name in the name of a file


async def share(viewer: Viewer, rest: list[str]) -> Screen:
    """``sh:BODY``: the link to a card, and the ways to pass it on."""
    psay, body_id = viewer.speech.psay, number(rest[0])
    link = links.to_card(viewer.services.username(), body_id)
    text = viewer.speech.say("Share the card of <b>{body}</b>\n{link}", body=viewer.body(body_id), link=link)
    rows = (
        (Button(psay("button", "Share in a chat"), switch_inline=f"{links.CARD}{body_id}"),),
        (Button(psay("button", "Copy the link"), copy=link), Button(psay("button", "QR picture"), f"qr:{body_id}")),
        (Button(psay("button", "Back"), f"b:{body_id}"),),
    )
    return Screen(text, rows)


def picture(viewer: Viewer, body_id: int, png: bytes) -> Screen:
    """The QR picture as a file, which Telegram does not shrink, with a caption that says whose it is."""
    link = links.to_card(viewer.services.username(), body_id)
    text = viewer.speech.say(
        "<b>{body}</b>\nPrint this and hang it up: a phone's camera opens the card in Uakil.\n{link}",
        body=viewer.body(body_id),
        link=link,
    )
    name = " ".join(re.findall(r"[\w-]+", viewer.body(body_id)))[:FILE_NAME].strip()
    back = ((Button(viewer.speech.psay("button", "Back"), f"b:{body_id}"),),)
    return Screen(text, back, Document(f"{name} QR.png", png, "image/png"))


async def find(viewer: Viewer, rest: list[str]) -> Screen:
    """``fd``: what to look for?"""
    doors = await people_screens.start(viewer, [])
    text = viewer.speech.say(
        "What are you looking for? Write a name, a place or a topic, for example: <i>akimat of Aktobe</i>."
    )
    return replace(doors, text=text)


async def old_link(viewer: Viewer, rest: list[str]) -> Screen:
    """``ol``: a link led to nothing."""
    doors = await people_screens.start(viewer, [])
    note = viewer.speech.say("This link is out of date: what it led to is not there any more.")
    return replace(doors, text=f"{note}\n\n{doors.text}")
