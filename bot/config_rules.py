"""The settings by which the rules go: reminders, requests, meetings, the calendar, the ladder."""

from datetime import date, time, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from bot.config_values import Days, Duration, Offset, Section, WebAddress, wrong
from liaison.calendar import WorkingCalendar
from liaison.policy import Hours, Policy, parse_hours


class Reminders(Section):
    """How long before a meeting both sides are reminded."""

    before: tuple[Duration, ...] = (timedelta(hours=24), timedelta(hours=2))


class Requests(Section):
    """What a request may ask for, and how many there may be."""

    min_notice: Annotated[Days, Field(lt=Policy.horizon_days)] = 1  # calendar days, written "1d"
    undo: Annotated[Duration, Field(ge=timedelta(), le=timedelta(minutes=10))] = Policy.undo
    redirect_within: Annotated[int, Field(ge=1, le=30)] = Policy.redirect_workdays
    most_open: Annotated[int, Field(ge=1)] = Policy.most_open
    most_a_day: Annotated[int, Field(ge=1)] = Policy.most_a_day
    most_to_post: Annotated[int, Field(ge=1)] = Policy.most_to_post


class Meetings(Section):
    """How meetings are held."""

    video_base: WebAddress | None = None

    @field_validator("video_base")
    @classmethod
    def is_safe(cls, address: str | None) -> str | None:
        """The room's name is all that keeps others out, so it must not travel in the clear."""
        if address is not None and (not address.startswith("https://") or "?" in address or "#" in address):
            raise ValueError("must be an address such as https://meet.example.kz/ without ? and #")
        return address


class Calendar(Section):
    """Zone, working days and working hours."""

    timezone: ZoneInfo = ZoneInfo("Asia/Almaty")
    utc_offset: Offset = timedelta(hours=5)
    country: str = "KZ"
    extra_holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()
    hours: Hours = ((time(9), time(13)), (time(14, 30), time(18, 30)))

    @field_validator("hours", mode="before")
    @classmethod
    def read_hours(cls, spans: Any) -> Hours:
        """Spans such as "09:00-13:00". Raises ValueError where one is wrong or two overlap."""
        if isinstance(spans, list | tuple) and all(isinstance(span, str) for span in spans):
            return parse_hours(spans)
        raise ValueError('must be a list of spans, such as ["09:00-13:00", "14:30-18:30"]')

    @model_validator(mode="after")
    def days_are_known(self) -> Self:
        """No day is both off and worked, and the country is one the library knows."""
        if clash := set(self.extra_holidays) & set(self.extra_workdays):
            raise wrong("calendar.extra_workdays", f"{min(clash)} stands among calendar.extra_holidays too")
        try:
            self.workdays()
        except ValueError as error:
            raise wrong("calendar.country", str(error)) from None
        return self

    def workdays(self) -> WorkingCalendar:
        """The working days as the rules ask for them."""
        return WorkingCalendar(self.country, self.extra_holidays, self.extra_workdays)


class Ladder(Section):
    """After how many working days an unanswered request goes one step further."""

    days: tuple[Annotated[int, Field(gt=0)], ...] = (1, 3, 5, 10, 15)

    @field_validator("days")
    @classmethod
    def days_rise(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        """A step on the same day as the one before it, or earlier, would never be seen."""
        if list(days) != sorted(set(days)):
            raise ValueError("must rise from step to step, such as [1, 3, 5, 10, 15]")
        return days
