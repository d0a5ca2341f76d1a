"""When an official receives: set in a few taps by himself or by the coordinator, and then the only times offered."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sandbox.people import Person
from handlers.people_screens import NATIVE_NAMES
from storage.drafts import Draft
from storage.meetings import Meeting
from storage.people import Person as PersonRow
from storage.posts import Deputy, Post, PostDay
from storage.records import AuditEntry
from tests.journeys.conftest import START, World
from tests.journeys.dialogues import HEALTH, asks, at, button, confirmed, known, opens_card, to_times
from tests.journeys.test_reports import coordinator

NOT_YOURS = "This is not open to you, or it is not there any more. Nothing was changed."


async def opens_reception(world: World, official: Person) -> None:
    """From /my to the hours."""
    await world.says(official, "/my")
    await world.taps(official, "My reception")
    await official.sees("When the official meets NGOs\nMinistry of Healthcare of the Republic of Kazakhstan")


def times(person: Person) -> list[str]:
    return [label.removeprefix("Chosen: ") for label in person.shown.buttons if label.startswith("Chosen: ")]


async def post(world: World) -> dict[str, Any]:
    body = world.body(HEALTH)
    return next(row for row in await world.rows(Post) if row["body_id"] == body)


def deputy(session: Session, telegram_id: int, body_id: int, kind: str) -> None:
    """Let a person answer beside or instead of the official of a body."""
    person_id = session.scalars(select(PersonRow.id).where(PersonRow.telegram_id == telegram_id)).one()
    post_id = session.scalars(select(Post.id).where(Post.body_id == body_id)).one()
    days = {"from_day": date(2026, 11, 1), "until_day": date(2026, 12, 31)} if kind == "substitute" else {}
    given: dict[str, Any] = {"state": "accepted", "invited_by": person_id, "created_at": START, **days}
    session.add(Deputy(post_id=post_id, person_id=person_id, kind=kind, **given))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
async def test_an_official_receives_on_two_afternoons_after_two_taps(world: World, language: str) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official", NATIVE_NAMES[language])
    speech = world.speech(language)
    await world.says(official, "/my")
    await world.taps(official, button(speech, "My reception"))
    await world.taps(official, button(speech, "Tue and Thu 15–17"))
    await official.sees_toast(speech.psay("toast", "Saved."))
    shown = official.shown.text
    days = ", ".join(f"{speech.weekday(day)} 15:00–17:00" for day in (1, 3))
    assert speech.psay("line", "Reception: {times} ({offset})", times=days, offset="UTC+5") in shown
    assert all(len(label) <= 30 for label in official.shown.buttons)

    ngo = await known(world, language=language)
    await to_times(world, ngo, language)
    chosen = [speech.psay("button", "Chosen: {time}", time=speech.slot(at(day, 15))) for day in (3, 8, 10)]
    assert ngo.shown.buttons[:3] == [str(label) for label in chosen]
    await world.taps(ngo, button(speech, "Other days"), speech.short_day(date(2026, 12, 3)))
    assert [label for label in ngo.shown.buttons if ":" in label] == ["15:00", "15:30", "16:00", "16:30"]


async def test_hours_of_ones_own_in_five_taps_and_taken_away_again(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    await opens_reception(world, official)
    assert "Hours: working days, 09:00–13:00, 14:30–18:30 (UTC+5)" in official.shown.text
    await world.taps(official, "Own hours…")
    await official.sees("The first hours you choose take the place of the working hours.", button="Done")
    await world.taps(official, "Thu")
    asked = await official.sees("Thursday: from which hour?")
    assert [label for label in asked.buttons if ":" in label][:11] == [
        "08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "14:30"
    ]  # fmt: skip
    await world.taps(official, "15:00")
    asked = await official.sees("Thursday, from 15:00: until which hour?")
    assert asked.buttons[0] == "15:30"
    await world.taps(official, "17:00")
    week = await official.sees("Reception: Thu 15:00–17:00 (UTC+5)", button="Thu 15:00–17:00")
    await world.taps(official, "Tue", "10:00", "11:00")
    await official.sees("Reception: Tue 10:00–11:00, Thu 15:00–17:00 (UTC+5)")
    await world.taps(official, "Tue 10:00–11:00", "Remove 10:00–11:00", "Thu 15:00–17:00")
    await official.sees("These are your only hours: without them the working hours hold again.")
    await world.taps(official, "Remove 15:00–17:00", "Done")
    await official.sees("Hours: working days, 09:00–13:00, 14:30–18:30 (UTC+5)")
    assert (await post(world))["windows"] is None
    assert week.message_id == official.shown.message_id
    changes = [row["details"]["what"] for row in await world.rows(AuditEntry) if row["what"] == "reception-changed"]
    assert changes == ["windows"] * 4


async def test_length_free_time_notice_and_number_bound_what_is_offered(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    await opens_reception(world, official)
    await world.taps(official, "Tue and Thu 15–17")
    for door, choice, line in (
        ("Length", "45 minutes", "Meeting: 45 minutes"),
        ("Free time after", "15 minutes", "Kept free after each: 15 minutes"),
        ("Notice", "3 days", "To be asked for 3 days ahead"),
        ("Most a day", "1", "At most 1 meeting a day"),
    ):
        await world.taps(official, door)
        assert "At present: " in official.shown.text
        await world.taps(official, choice)
        await official.sees(line, button="Own hours…")
    official.looks_away()
    first, second = await known(world), await known(world, 1002, "Dana", organisation="Second NGO")
    await to_times(world, first)
    assert times(first) == ["Tue 8 Dec 15:00", "Thu 10 Dec 15:00", "Tue 15 Dec 15:00"]
    await world.taps(first, "Other days", "Tue 8 Dec")
    assert [label for label in first.shown.buttons if ":" in label] == ["15:00", "16:00"]
    await world.taps(first, "Back", "Use these 3 times", "Send")
    await opens_card(world, second)
    await world.taps(second, "Request a meeting")
    await world.taps(second, next(topic for topic in second.shown.buttons if topic != "Health"), "In person")
    assert times(second) == ["Thu 17 Dec 15:00", "Tue 22 Dec 15:00", "Thu 24 Dec 15:00"]  # the others are full

    await opens_reception(world, official)
    await world.taps(official, "Most a day", "No limit", "Free time after", "None", "Notice", "Same day")
    lines = "No time is kept free between meetings\nCan be asked for on the same day\nAs many meetings a day as fit in"
    assert lines in official.shown.text


async def test_a_day_off_and_a_day_with_other_hours(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    await opens_reception(world, official)
    await world.taps(official, "Days off, other hours")
    days = await official.sees("Tue 1 Dec: 09:00–13:00, 14:30–18:30\nWed 2 Dec: 09:00–13:00, 14:30–18:30\n")
    assert "\nSat 5 Dec: no reception\n" in days.text
    assert (days.buttons[0], days.buttons[-2:], len(days.buttons)) == ("Tue 1 Dec", ["Mon 14 Dec", "Back"], 15)
    await world.taps(official, "Wed 2 Dec", "No reception")
    await official.sees("Wed 2 Dec: no reception")
    await world.taps(official, "Sat 5 Dec", "Other hours…", "10:00", "11:00")
    await official.sees("Sat 5 Dec: 10:00–11:00")
    ngo = await known(world)
    card = await opens_card(world, ngo)
    hours = "Hours: working days, 09:00–13:00, 14:30–18:30 (UTC+5)\nWed 2 Dec: no reception\nSat 5 Dec: 10:00–11:00"
    assert hours in card.text
    await world.taps(ngo, "Request a meeting", "Health", "In person")
    assert times(ngo) == ["Thu 3 Dec 09:00", "Thu 3 Dec 14:30", "Fri 4 Dec 09:00"]
    await world.taps(ngo, "Other days")
    assert ngo.shown.buttons[:4] == ["Thu 3 Dec", "Fri 4 Dec", "Sat 5 Dec", "Mon 7 Dec"]

    await world.taps(official, "Wed 2 Dec")
    assert official.shown.buttons == ["Other hours…", "As usual", "Back"]
    await world.taps(official, "As usual", "Sat 5 Dec", "As usual")
    assert "Sat 5 Dec: no reception" in official.shown.text
    assert await world.rows(PostDay) == []


async def test_a_holiday_is_told_and_cannot_be_opened(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    await world.move(days=7)
    await opens_reception(world, official)
    await world.taps(official, "Days off, other hours")
    days = await official.sees("Wed 16 Dec: holiday")
    assert "Wed 16 Dec" not in days.buttons
    await world.sandbox.settled(official.forges(f"ra:{world.body(HEALTH)}:h:20261216:1000:1100"))
    await official.sees_toast("This day is a holiday: there is no reception. Nothing was changed.")
    assert await world.rows(PostDay) == []


async def test_confirmed_meetings_are_named_before_and_after_and_stay(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo = await known(world)
    number = await confirmed(world, ngo, official)  # Wednesday 2 December, 09:00
    line = f"– Wed 2 Dec 09:00, {number}, Sample NGO «Umit»"
    await opens_reception(world, official)
    assert line not in official.shown.text
    await world.taps(official, "Days off, other hours", "Wed 2 Dec")
    await official.sees(f"Confirmed on this day; these meetings stay, whatever you choose:\n{line}")
    await world.taps(official, "No reception")
    await official.sees_toast("Saved. 1 confirmed meeting lies outside the hours; it stays.")
    outside = f"Confirmed meetings outside the hours; they stay as they are:\n{line}"
    await official.sees(outside)
    await world.taps(official, "Wed 2 Dec", "As usual", "Back", "Tue and Thu 15–17")
    await official.sees(outside)
    await world.taps(official, "Own hours…", "Wed")
    await official.sees(f"Confirmed on this weekday; these meetings stay, whatever you choose:\n{line}")
    official.looks_away()
    await world.says(ngo, "/my")
    await ngo.sees(number, button=f"{number}, Wed 2 Dec 09:00")


async def test_the_coordinator_sets_the_hours_of_a_body_from_its_card(world: World) -> None:
    await world.name_official(HEALTH, "Sample Official")
    keeper = await coordinator(world, 3001)
    await opens_card(world, keeper)
    await world.taps(keeper, "Reception hours", "Tue and Thu 15–17", "Back")
    card = await keeper.sees("Reception: Tue 15:00–17:00, Thu 15:00–17:00 (UTC+5)", button="Reception hours")
    assert "My reception" not in card.buttons
    ngo = await known(world)
    await to_times(world, ngo)
    assert times(ngo) == ["Thu 3 Dec 15:00", "Tue 8 Dec 15:00", "Thu 10 Dec 15:00"]
    await world.says(keeper, "/my")
    assert "My reception" not in keeper.shown.buttons
    (entry,) = [row for row in await world.rows(AuditEntry) if row["what"] == "reception-changed"]
    assert entry["details"]["body"] == world.body(HEALTH)


async def test_the_officials_own_room_for_online_meetings(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    await opens_reception(world, official)
    assert "No link for online meetings is set." in official.shown.text
    await world.taps(official, "Online link")
    asked = "Please send the link to the official's own room for online meetings"
    assert (await official.sees(asked)).buttons == ["Back"]
    await world.says(official, "http://meet.sample.example/room")
    again = await official.sees("https")
    assert asked in again.text
    await world.says(official, "meet.sample.example/room")
    again = await official.sees("Please send the link alone; it begins with https://. Nothing was lost.")
    assert asked in again.text
    await world.restart()
    await world.says(official, "https://meet.sample.example/room?a=1&b=2")
    await official.sees("Online: https://meet.sample.example/room?a=1&b=2", button="Online link")
    assert (await post(world))["online_link"] == "https://meet.sample.example/room?a=1&b=2"
    await world.taps(official, "Online link")
    await official.sees(asked, button="Remove the link")
    await world.taps(official, "Back", "Online link", "Remove the link")
    await official.sees("No link for online meetings is set.")
    await world.taps(official, "Online link")
    await world.says(official, "/cancel")
    await official.sees("The link for online meetings was left as it was.")
    assert await world.rows(Draft) == []


async def test_fresh_times_are_proposed_with_one_tap_when_those_of_a_request_are_gone(world: World) -> None:
    official, ngo = await world.official_of(HEALTH, 2001, "Sample Official"), await known(world)
    number = await asks(world, ngo)  # Wednesday 09:00 and 14:30, Thursday 09:00
    await world.go_to(at(2, 16))
    await world.says(official, "/my")
    await world.taps(official, f"Open {number}")
    assert "None of the offered times" not in official.shown.text
    await world.go_to(at(3, 9))
    await world.says(official, "/my")
    await world.taps(official, f"Open {number}")
    gone = "None of the offered times can be taken any more. These suit both sides:\n"
    fresh = ["Friday 4 December, 09:00", "Friday 4 December, 14:30", "Monday 7 December, 09:00"]
    assert official.shown.text.endswith(gone + "\n".join(f"– {when} (UTC+5)" for when in fresh))
    stale = official.shown.button("Propose these 3 times") or {}
    ngo.looks_away()
    await world.taps(official, "Propose these 3 times")
    assert gone not in official.shown.text
    await world.rest()
    await ngo.sees(number, button="Accept Fri 4 Dec 14:30")
    await world.sandbox.settled(official.forges(stale["callback_data"]))  # tapped twice
    meetings = await world.rows(Meeting)
    assert [(row["state"], row["round"]) for row in meetings] == [("offered", 2)]
    await world.taps(ngo, "Accept Fri 4 Dec 14:30")
    assert [(row["state"], row["starts_at"]) for row in await world.rows(Meeting)] == [("confirmed", at(4, 14, 30))]
    await world.rest()
    for data in ("fp:1:x", "fp:1", f"fp:{meetings[0]['id']}:202612040400", "fp:99:202612040400"):
        before = await world.everything()
        await world.sandbox.settled(ngo.forges(data))
        assert await world.everything() == before


async def test_nobody_else_opens_or_changes_it(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    ngo, substitute = await known(world), await world.newcomer(2002, "Substitute")
    body = world.body(HEALTH)
    await world.db.write(deputy, 2002, body, "substitute")
    strangers = [
        "rw:{}", "rw:{}:p", "ra:{}:p:tue-thu", "ra:{}:w:3:1500:1700", "ra:{}:r:3:1500:1700", "ra:{}:v:length:45",
        "ra:{}:c:20261203", "ra:{}:h:20261203:1000:1100", "ra:{}:u:20261203", "ra:{}:l", "ra:{}:n", "ra:{}:q", "ra",
        "ra:x:p:tue-thu", "rw:x",
    ]  # fmt: skip
    own = [
        "ra:{}:p:nights", "ra:{}:p", "ra:{}:w:7:1500:1700", "ra:{}:w:3:1500", "ra:{}:w:3:2500:2600", "ra:{}:w:3:15:17",
        "ra:{}:v:length:7", "ra:{}:v:speed:1", "ra:{}:v:length:x", "ra:{}:c:20261301", "ra:{}:c:2026", "ra:{}:c",
        "ra:{}:z", "ra:{}:h:20261203:1000", "rw:{}:z", "rw:{}:d:7", "rw:{}:d", "rw:{}:s:3", "rw:{}:s:3:9999",
        "rw:{}:v:speed", "rw:{}:o:20261301", "rw:{}:b", "rw:{}:b:1:2",
    ]  # fmt: skip
    before = await world.everything()
    for person, forged in ((ngo, strangers), (substitute, strangers), (official, own)):
        await opens_card(world, person)
        for data in forged:
            person.looks_away()
            await world.sandbox.settled(person.forges(data.format(body)))
            await person.sees_toast(NOT_YOURS)
    assert await world.everything() == before
    assert await world.rows(PostDay) == []


async def test_an_assistant_sets_the_hours_too(world: World) -> None:
    await world.official_of(HEALTH, 2001, "Sample Official")
    assistant = await world.newcomer(2002, "Assistant")
    await world.says(assistant, "/my")
    assert "My reception" not in assistant.shown.buttons
    await world.db.write(deputy, 2002, world.body(HEALTH), "assistant")
    await opens_reception(world, assistant)
    await world.taps(assistant, "Tue and Thu 15–17", "Back")
    assert "My reception" in assistant.shown.buttons
    assert len((await post(world))["windows"]) == 2


async def test_a_window_removed_meanwhile_and_hours_that_cannot_be(world: World) -> None:
    official = await world.official_of(HEALTH, 2001, "Sample Official")
    body = world.body(HEALTH)
    await opens_reception(world, official)
    await world.taps(official, "Tue and Thu 15–17")
    for data, told in (
        (f"ra:{body}:r:4:1500:1700", "This has been decided already. Here is how it stands now."),
        (f"ra:{body}:w:3:1700:1500", "These hours cannot be kept. Nothing was changed; please choose others."),
        (f"ra:{body}:w:3:1300:1430", "No meeting fits into these hours beside lunch. Please choose longer ones."),
    ):
        await world.sandbox.settled(official.forges(data))
        await official.sees_toast(told)
        assert "Reception: Tue 15:00–17:00, Thu 15:00–17:00 (UTC+5)" in official.shown.text
        assert "Done" in official.shown.buttons
    assert len((await post(world))["windows"]) == 2
