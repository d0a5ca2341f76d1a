"""The whole job: look up, request, confirm with one tap, both are reminded."""

from datetime import datetime

from bot.sandbox.people import Person
from tests.journeys.conftest import ALMATY, World

BODY = "Ministry of Healthcare"


async def known_representative(world: World, number: int = 1001, name: str = "Aigerim") -> Person:
    """Somebody who has agreed and told who he is, through an abandoned first request."""
    ngo = await world.newcomer(number, name)
    await world.says(ngo, BODY)
    await world.taps(ngo, "Request a meeting", "I agree")
    await world.says(ngo, "Sample NGO «Umit»")
    await world.taps(ngo, "Without a BIN")
    await world.says(ngo, "Sampleva Aigerim")
    await world.says(ngo, "director")
    await ngo.sees("What is the meeting about?")
    await world.taps(ngo, "Cancel the request")
    ngo.looks_away()
    return ngo


async def test_request_confirm_and_both_reminders(world: World) -> None:
    official = await world.official_of("min-health", 2001, "Sample Official")
    ngo = await known_representative(world)

    await world.says(ngo, BODY)
    taps = ["Request a meeting", "Health", "In person", "Use these 3 times", "Send"]
    await world.taps(ngo, *taps)
    sent = await ngo.sees("is sent.")
    assert "UKL-26-000001" in sent.text
    await ngo.sees("not confirmed yet")

    await world.app.idle()
    request = await official.sees("ACTION NEEDED: please answer the request for a meeting UKL-26-000001")
    assert "Sample NGO «Umit»" in request.text
    assert [label for label in request.buttons if label.startswith("Confirm ")] == [
        "Confirm Wed 2 Dec 09:00",
        "Confirm Wed 2 Dec 14:30",
        "Confirm Thu 3 Dec 09:00",
    ]
    await world.taps(official, "Confirm Wed 2 Dec 14:30")
    await official.sees("Where will it be?")
    await world.says(official, "Mangilik El 8, room 214")
    await world.app.idle()

    for person in (ngo, official):
        told = await person.sees("Confirmed: meeting UKL-26-000001")
        assert "Wednesday 2 December, 14:30 (UTC+5)" in told.text
        placed = await person.sees("The place of meeting UKL-26-000001 is named")
        assert "Place: Mangilik El 8, room 214" in placed.text
        calendar = (placed.document or b"").decode()
        assert "METHOD:PUBLISH" in calendar
        assert "DTSTART:20261202T093000Z" in calendar
        assert "SEQUENCE:3" in calendar

    await world.go_to(datetime(2026, 12, 1, 14, 31, tzinfo=ALMATY))
    for person in (ngo, official):
        reminder = await person.sees("Reminder: meeting UKL-26-000001")
        assert "It begins in 24 hours." in reminder.text
        assert "Place: Mangilik El 8, room 214" in reminder.text
        assert "Cancel the meeting" in reminder.buttons
    await world.go_to(datetime(2026, 12, 2, 12, 31, tzinfo=ALMATY))
    for person in (ngo, official):
        reminder = await person.sees("It begins in 2 hours.")
    states = [state for kind, state in await world.notices() if kind == "remind"]
    assert states.count("sent") == 4
    assert states.count("owed") == 0
