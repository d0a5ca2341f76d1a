"""Calendar files as a calendar reads them: with a library that is not the one that wrote them."""

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event


def read(data: bytes) -> tuple[str | None, Event]:
    """The method and the one event of a file. Raises CalendarParseError for what is no calendar."""
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    (event,) = calendar.events
    assert not (calendar.timezones or calendar.todos or calendar.journal or event.alarm or event.categories)
    return calendar.method, event
