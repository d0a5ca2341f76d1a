"""The calendar file through the life of a meeting, the link to Google, the pin and the online room, over HTTP."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from ical.event import Event

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from storage.meetings import Meeting
from storage.posts import Post
from tests.journeys.conftest import World
from tests.journeys.dialogues import HEALTH, asks, at, confirmed, known
from tests.liaison.ics import read

ROOM = "https://zoom.example/j/12345"
ZONES = ("Asia/Almaty", "Europe/Berlin", "America/New_York")


async def people(world: World, language: str = "en") -> tuple[Person, Person]:
    """The NGO's person and the official."""
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    return await known(world, language=language), official


def event_in(message: Message, method: str) -> Event:
    """The event of the file that came with a message."""
    found, event = read(message.document or b"")
    assert (found, message.file_name) == (method, "UKL-26-000001.ics")
    assert event.uid == "UKL-26-000001@uakil"
    return event


def link(message: Message, label: str) -> str:
    """The address that a button opens."""
    button = message.button(label)
    assert button is not None
    return str(button["url"])


async def test_one_event_from_the_confirmation_to_the_cancellation(world: World) -> None:
    ngo, official = await people(world)
    await confirmed(world, ngo, official, place=None)
    files = [event_in(next(m for m in ngo.chat.newest() if m.document), "PUBLISH")]
    await world.taps(official, "Name the place")
    await world.says(official, "Әкімдік, каб. 214; B кіреберісі")
    await world.rest()
    files.append(event_in(await ngo.sees("The place of meeting"), "PUBLISH"))
    assert files[1].location == "Әкімдік, каб. 214; B кіреберісі"
    for zone, hour in zip(ZONES, ("09:00", "05:00", "23:00"), strict=True):
        start = files[1].start
        assert isinstance(start, datetime)
        assert start.astimezone(ZoneInfo(zone)).strftime("%H:%M") == hour
    assert files[1].start == at(2, 9)
    await world.taps(ngo, "Cancel the meeting", "Illness")
    await world.rest()
    files.append(event_in(await official.sees("Meeting UKL-26-000001 is cancelled"), "CANCEL"))
    assert files[2].status == "CANCELLED"
    assert files[0].start == files[1].start == files[2].start
    assert [one.sequence for one in files] == [2, 3, 4]


async def test_a_moved_meeting_is_the_same_event_at_another_time(world: World) -> None:
    ngo, official = await people(world)
    await confirmed(world, ngo, official)
    await world.says(ngo, "/my")
    await world.taps(ngo, "Move to another time", "Use these 3 times", "Send")
    await world.rest()
    first = event_in(next(m for m in official.chat.newest() if m.document), "PUBLISH")
    await world.taps(official, "Take it off my calendar")  # while it is nowhere
    gone = event_in(official.shown, "CANCEL")
    await world.taps(official, "Confirm Thu 3 Dec 09:00", "Skip for now")
    await world.rest()
    moved = event_in(await ngo.sees("Confirmed: meeting"), "PUBLISH")
    assert (first.start, gone.start, moved.start) == (at(2, 9), at(2, 9), at(3, 9))
    assert (first.sequence or 0) < (gone.sequence or 0) < (moved.sequence or 0)


async def test_a_move_that_is_declined_takes_the_meeting_off_the_calendar(world: World) -> None:
    ngo, official = await people(world)
    await confirmed(world, ngo, official)
    await world.says(ngo, "/my")
    await world.taps(ngo, "Move to another time", "Use these 3 times", "Send")
    await world.rest()
    await world.taps(official, "Decline", "No time at present")
    await world.rest()
    event = event_in(await ngo.sees("Request UKL-26-000001 was declined"), "CANCEL")
    assert (event.start, event.status) == (at(2, 9), "CANCELLED")


async def test_the_file_on_demand_is_of_the_present(world: World) -> None:
    ngo, official = await people(world)
    await confirmed(world, ngo, official)
    await world.says(ngo, "/my")
    await world.taps(ngo, "Calendar file")
    again = event_in(ngo.shown, "PUBLISH")
    assert (again.location, again.sequence) == ("Room 214", (await world.rows(Meeting))[0]["rev"])
    button = next(m for m in ngo.chat.newest() if m.button("Calendar file"))
    await world.taps(official, "Cancel the meeting", "Illness")
    await world.rest()
    await world.sandbox.settled(ngo.taps("Calendar file", button))  # an old button gives what is right now
    gone = event_in(ngo.shown, "CANCEL")
    assert "off your calendar" in ngo.shown.text
    assert (again.sequence or 0) < (gone.sequence or 0)


async def test_the_link_to_google_names_time_and_place(world: World) -> None:
    ngo, official = await people(world)
    await confirmed(world, ngo, official)
    for person in (ngo, official):
        told = next(m for m in person.chat.newest() if m.button("Add to Google"))
        query = parse_qs(urlsplit(link(told, "Add to Google")).query)
        assert query["dates"] == ["20261202T040000Z/20261202T043000Z"]
        assert query["location"] == ["Room 214"]
        assert "UKL-26-000001" in query["details"][0]


@pytest.mark.parametrize("named", [True, False])
async def test_a_pin_answers_where_and_is_sent_on_demand(world: World, named: bool) -> None:
    ngo, official = await people(world)
    await asks(world, ngo)
    await world.taps(official, "Confirm Wed 2 Dec 09:00")
    await world.rest()
    pin = {"latitude": 51.12822, "longitude": 71.43056}
    sent = official.sends_venue("Sample House", "Mangilik El 8", **pin) if named else official.sends_location(**pin)
    await world.sandbox.settled(sent)
    await official.sees("Thank you. Both sides are being told.")
    await world.rest()
    told = next(m for m in ngo.chat.newest() if m.document)
    place = "Sample House, Mangilik El 8" if named else "51.12822, 71.43056"
    assert f"Place: {place}" in told.text
    event = event_in(told, "PUBLISH")
    assert event.geo is not None
    assert (event.geo.lat, event.geo.lng) == (51.12822, 71.43056)
    assert link(told, "Open the map") == (
        "https://www.openstreetmap.org/?mlat=51.12822&mlon=71.43056#map=17/51.12822/71.43056"
    )
    await world.taps(ngo, "Send the pin")
    body = ngo.shown.body
    assert body["location"] == pin
    assert ("venue" in body) is named


async def test_a_pin_that_nobody_asked_for_or_for_an_online_meeting_is_not_understood(world: World) -> None:
    ngo, official = await people(world)
    await world.sandbox.settled(ngo.sends_location())
    await ngo.sees("I read texts only.")
    await asks(world, ngo, mode="online")
    await world.taps(official, "Confirm Wed 2 Dec 09:00")
    await world.sandbox.settled(official.sends_location())
    await official.sees("This meeting is no visit")
    assert (await world.rows(Meeting))[0]["pin"] is None


async def test_a_link_is_kept_for_the_next_time_and_told_only_when_confirmed(world: World) -> None:
    ngo, official = await people(world)
    await asks(world, ngo, mode="online")
    await world.taps(official, "Confirm Wed 2 Dec 09:00")
    await world.says(official, "http://zoom.example/j/12345")
    await official.sees("Please send an address that begins with https://")
    await world.says(official, ROOM)
    await world.taps(official, "Offer this link every time")
    await world.rest()
    told = next(m for m in ngo.chat.newest() if m.document)
    assert link(told, "Join online") == ROOM
    assert event_in(told, "PUBLISH").url == ROOM
    ngo.looks_away()
    await asks(world, ngo, mode="online")
    assert ROOM not in ngo.shown.text
    await world.taps(official, "Confirm Thu 3 Dec 09:00", "My online room")
    await world.rest()
    assert [row["place"] for row in await world.rows(Meeting)] == [ROOM, ROOM]
    assert ROOM in {row["online_link"] for row in await world.rows(Post)}


@pytest.mark.parametrize("world", [{"meetings": {"video_base": "https://meet.example.kz/"}}], indirect=True)
async def test_a_room_of_ones_own_server_is_made_by_one_tap(world: World) -> None:
    ngo, official = await people(world)
    await asks(world, ngo, mode="online")
    await world.taps(official, "Confirm Wed 2 Dec 09:00", "New video room")
    await world.rest()
    room = link(next(m for m in ngo.chat.newest() if m.document), "Join online")
    assert room.startswith("https://meet.example.kz/uakil-") and len(room) == 54
    assert "Offer this link every time" not in official.shown.buttons
    await world.go_to(at(2, 7))  # two hours before
    assert link(await ngo.sees("Reminder: meeting"), "Join online") == room


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_the_buttons_in_the_other_languages(world: World, language: str) -> None:
    ngo, official = await people(world, language)
    await asks(world, ngo, language)
    await world.taps(official, "Confirm Wed 2 Dec 09:00", "Skip for now")
    await world.rest()
    told = next(m for m in ngo.chat.newest() if m.document)
    wanted = [str(world.speech(language).psay("button", text)) for text in ("Add to Google", "Calendar file")]
    assert [label for label in told.buttons if label in wanted] == wanted
    summary = event_in(told, "PUBLISH").summary or ""
    assert world.app.services.directory().tree.name(world.body(HEALTH), language) in summary
