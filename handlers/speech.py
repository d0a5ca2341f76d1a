"""Texts in the reader's language: gettext with plural forms and contexts, values escaped for Telegram's HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from markupsafe import Markup, escape

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "uakil"
LOCALE_OF = {"kk": "kk", "ru": "ru", "en": "en_GB"}  # en_GB: the 24-hour clock


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == "en":  # English is the source
        return NullTranslations()
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as compiled:
        return GNUTranslations(compiled)


def _filled(text: str, values: Mapping[str, Any]) -> str:
    return text.format_map({name: escape(value) for name, value in values.items()}) if values else text


@dataclass(frozen=True)
class Speech:
    """One language. Values put into a text are escaped unless they are ``markupsafe.Markup``."""

    language: str
    zone: ZoneInfo
    utc_offset: str  # shown beside every time, such as UTC+5

    @property
    def locale(self) -> Locale:
        """Babel's locale for dates and numbers."""
        return Locale.parse(LOCALE_OF[self.language])

    def say(self, text: str, /, **values: Any) -> Markup:
        """A whole sentence, translated and filled."""
        return Markup(_filled(_catalogue(self.language).gettext(text), values))

    def psay(self, context: str, text: str, /, **values: Any) -> Markup:
        """A text too short to be understood alone, with its context."""
        return Markup(_filled(_catalogue(self.language).pgettext(context, text), values))

    def nsay(self, one: str, many: str, n: int, /, **values: Any) -> Markup:
        """A sentence with a number in it, in the right plural form; ``{n}`` is the number."""
        return Markup(_filled(_catalogue(self.language).ngettext(one, many, n), {"n": n, **values}))

    def npsay(self, context: str, one: str, many: str, n: int, /, **values: Any) -> Markup:
        """A short text with a number in it, with its context."""
        return Markup(_filled(_catalogue(self.language).npgettext(context, one, many, n), {"n": n, **values}))

    def local(self, at: datetime) -> datetime:
        """The time on the country's clock."""
        return at.astimezone(self.zone)

    def day(self, at: date | datetime) -> str:
        """Weekday and date: «сейсенбі, 1 желтоқсан», «вторник, 1 декабря», "Tuesday 1 December"."""
        if isinstance(at, datetime):
            at = self.local(at).date()
        return format_date(at, "EEEE d MMMM" if self.language == "en" else "EEEE, d MMMM", locale=self.locale)

    def short_day(self, at: date | datetime) -> str:
        """Weekday and date for a button."""
        if isinstance(at, datetime):
            at = self.local(at).date()
        return format_date(at, "EEE d MMM" if self.language == "en" else "EEE, d MMM", locale=self.locale)

    def date(self, at: date | datetime) -> str:
        """A date with the year, in words that end no sentence by themselves (Russian «г.» would)."""
        if isinstance(at, datetime):
            at = self.local(at).date()
        pattern = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'года'"}.get(self.language, "d MMM y")
        return format_date(at, pattern, locale=self.locale)

    def hour(self, at: datetime) -> str:
        """Hours and minutes on the country's clock."""
        return format_time(self.local(at), "HH:mm", locale=self.locale)

    def when(self, at: datetime) -> str:
        """The full time of a meeting: weekday, date, hour and the offset from UTC."""
        return f"{self.day(at)}, {self.hour(at)} ({self.utc_offset})"

    def weekday(self, number: int) -> str:
        """The short name of a weekday; 0 is Monday."""
        return str(self.locale.days["stand-alone"]["abbreviated"][number])

    def slot(self, at: datetime) -> str:
        """A time short enough for a button."""
        return f"{self.short_day(at)} {self.hour(at)}"
