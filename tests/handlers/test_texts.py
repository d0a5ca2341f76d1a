"""The texts of the three languages: complete, with their placeholders, tags and plural forms; safe with any value."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po
from markupsafe import escape

from handlers.speech import LOCALES, Speech

ROOT = Path(__file__).parents[2]
HOSTILE = '<b>&_"{x}'
NUMBERS = (1, 2, 5, 11, 21, 101)
LONGEST_BUTTON = 30  # characters; a longer one is cut on a narrow screen
LONGEST_TOAST = 200  # answerCallbackQuery
# What the law calls an appeal or a reception by a head; a request here is neither (see docs).
LEGAL_ACTS = re.compile(r"өтініш|жеке қабылда|обращени|личн\w+ при[её]м", re.IGNORECASE)


class Message(NamedTuple):
    """A text of the code: one form, or singular and plural."""

    context: str | None
    forms: tuple[str, ...]
    file: str

    def __str__(self) -> str:
        return f"{self.file}: {self.context or '-'}: {self.forms[0]!r}"


@cache
def messages() -> tuple[Message, ...]:
    """All texts of the code, found as `make texts` finds them: with the keywords of the Makefile."""
    marked = re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    found = extract_from_dir(
        ROOT / "handlers", [("**.py", "python")], keywords=DEFAULT_KEYWORDS | parse_keywords(marked)
    )
    once = {
        (context, forms): Message(context, forms, file)
        for file, _, text, _, context in found
        for forms in (text if isinstance(text, tuple) else (text,),)
    }
    return tuple(once.values())


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "uakil.po").open("rb") as source:
        return read_po(source, locale=language)


def entry(language: str, message: Message) -> Entry | None:
    return catalogue(language).get(message.forms[0], message.context)


def translated(language: str, message: Message) -> tuple[str, ...]:
    """All forms of a text in a language; none if it is missing."""
    if language == "en":
        return message.forms
    found = entry(language, message)
    if found is None:
        return ()
    return (found.string,) if isinstance(found.string, str) else tuple(found.string or ())


def speech(language: str) -> Speech:
    return Speech(language, ZoneInfo("Asia/Almaty"), "UTC+5")


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


class Reader(HTMLParser):
    """Reads what Telegram would: the tags in order, each closed where it has to be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {[name for name, _ in attrs]}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"


def said(language: str, message: Message, n: int) -> str:
    """A text as the program says it, with a hostile value at every placeholder but the number of a plural."""
    values = dict.fromkeys(placeholders(message.forms[-1]), HOSTILE)
    if len(message.forms) == 2:
        one, many = message.forms
        values.pop("n")
        if message.context is None:
            return speech(language).nsay(one, many, n, **values)
        return speech(language).npsay(message.context, one, many, n, **values)
    if message.context is None:
        return speech(language).say(message.forms[0], **values)
    return speech(language).psay(message.context, message.forms[0], **values)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_text_of_the_code_is_translated_and_nothing_else(language: str) -> None:
    wanting = [
        str(message)
        for message in messages()
        if (found := entry(language, message)) is None or found.fuzzy or not all(translated(language, message))
    ]
    assert not wanting, "\n".join(wanting)
    known = {(message.context, message.forms[0]) for message in messages()}
    ids = [(one.context, one.id if isinstance(one.id, str) else one.id[0]) for one in catalogue(language) if one.id]
    assert [one for one in ids if one not in known] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_compiled_texts_are_those_of_the_source(language: str) -> None:
    say = speech(language)
    stale = [
        str(message)
        for message in messages()
        if len(message.forms) == 1 and translated(language, message) not in ((), ("",))
        if (say.psay(message.context, message.forms[0]) if message.context else say.say(message.forms[0]),)
        != translated(language, message)
    ]
    assert stale == [], "make texts compiles them anew"


@pytest.mark.parametrize(("language", "forms"), [("kk", 2), ("ru", 3)])
def test_plural_forms_are_complete(language: str, forms: int) -> None:
    assert catalogue(language).num_plurals == forms
    header = (LOCALES / language / "LC_MESSAGES" / "uakil.po").read_text(encoding="utf-8").partition("\n\n")[0]
    assert not re.search("@|Date", header), "the header is as `make texts` leaves it"
    counted = {str(one): len(translated(language, one)) for one in messages() if len(one.forms) == 2}
    assert counted == dict.fromkeys(counted, forms)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_form_keeps_the_placeholders(language: str) -> None:
    for message in messages():
        wanted = placeholders(message.forms[-1])
        forms = translated(language, message)
        if language == "en":  # the English singular is for 1 alone, so it may spell the number out
            forms = forms[len(forms) - 1 :]
            assert not placeholders(message.forms[0]) - wanted, str(message)
        assert [placeholders(form) for form in forms] == [wanted] * len(forms), str(message)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_form_keeps_the_tags_and_the_lines(language: str) -> None:
    for message in messages():
        for form in translated(language, message):
            read = Reader(form)
            assert read.tags == Reader(message.forms[0]).tags, str(message)
            assert read.open == [], f"{message}: left open"
            assert form.count("\n") == message.forms[0].count("\n"), str(message)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("n", NUMBERS)
def test_any_value_is_shown_as_it_is_and_breaks_nothing(language: str, n: int) -> None:
    for message in messages():
        said_now = said(language, message, n)
        read = Reader(said_now)
        assert (read.tags, read.open) == (Reader(message.forms[0]).tags, []), str(message)
        shown = placeholders(message.forms[-1]) - Counter(n=len(message.forms) - 1)  # the number is no hostile value
        assert said_now.count(escape(HOSTILE)) == shown.total(), str(message)


HOURS = {
    "en": ["1 hour", "2 hours", "5 hours", "11 hours", "21 hours", "101 hours"],
    "kk": [f"{n} сағаттан" for n in NUMBERS],
    "ru": ["1 час", "2 часа", "5 часов", "11 часов", "21 час", "101 час"],
}
FRAME = {"en": "It begins in {}.", "kk": "Кездесу {} кейін басталады.", "ru": "Встреча начнётся через {}."}


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_numbers_take_the_right_form(language: str) -> None:
    say = speech(language)
    told = [str(say.nsay("It begins in {n} hour.", "It begins in {n} hours.", n)) for n in NUMBERS]
    assert told == [FRAME[language].format(hours) for hours in HOURS[language]]


CHOSEN = {
    "en": ["Use this time", "Use these 2 times", "Use these 5 times"],
    "kk": ["1 уақытты ұсыну", "2 уақытты ұсыну", "5 уақытты ұсыну"],
    "ru": ["Предложить 1 вариант", "Предложить 2 варианта", "Предложить 5 вариантов"],
}


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_a_button_with_a_number_takes_the_right_form(language: str) -> None:
    say = speech(language)
    told = [str(say.npsay("button", "Use this time", "Use these {n} times", n)) for n in (1, 2, 5)]
    assert told == CHOSEN[language]


DATES = [
    ("en", "Tuesday 1 December", "Tue 1 Dec", "Tuesday 1 December, 09:30 (UTC+5)"),
    ("kk", "сейсенбі, 1 желтоқсан", "сс, 1 жел.", "сейсенбі, 1 желтоқсан, 09:30 (UTC+5)"),
    ("ru", "вторник, 1 декабря", "вт, 1 дек.", "вторник, 1 декабря, 09:30 (UTC+5)"),
]


@pytest.mark.parametrize(("language", "day", "short", "when"), DATES)
def test_dates_are_written_as_the_language_writes_them(language: str, day: str, short: str, when: str) -> None:
    say, at = speech(language), datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
    assert (say.day(at), say.short_day(at), say.when(at)) == (day, short, when)
    assert (say.day(date(2026, 12, 1)), say.short_day(date(2026, 12, 1))) == (day, short)
    late = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)  # midnight in Almaty: the next day already
    assert say.day(late) == day


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "3 Aug 2026"), ("kk", "2026 жылғы 3 тамыз"), ("ru", "3 августа 2026 года")],
)
def test_a_date_with_its_year_ends_without_a_full_stop(language: str, written: str) -> None:
    assert speech(language).date(date(2026, 8, 3)) == written


def test_every_text_under_four_words_has_a_context() -> None:
    short = [str(one) for one in messages() if one.context is None and min(map(_words, one.forms)) < 4]
    assert not short, "\n".join(["too short to be understood alone; psay with a context, or more words:", *short])


def _words(text: str) -> int:
    """Words of its own; a placeholder is none."""
    return len(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.sub(r"<[^>]*>|{\w*}", " ", text)))


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_buttons_and_toasts_are_short(language: str) -> None:
    longest = speech(language).slot(datetime(2026, 9, 30, 5, 0, tzinfo=UTC))
    buttons = [
        one for one in messages() if one.context == "button" and not placeholders(one.forms[0]) - Counter(time=1)
    ]
    for message in buttons:
        for form in translated(language, message):
            assert len(form.format(time=longest, n=3)) <= LONGEST_BUTTON, form
    for message in (one for one in messages() if one.file == "errors.py"):
        for form in translated(language, message):
            assert len(form) <= LONGEST_TOAST, form


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_request_is_never_called_an_appeal(language: str) -> None:
    for message in messages():
        for form in translated(language, message):
            assert ("ppeal" in message.forms[0]) == bool(LEGAL_ACTS.search(form)), form


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_quotes_are_those_of_the_language(language: str) -> None:
    assert [form for one in messages() for form in translated(language, one) if re.search("[“”„]", form)] == []


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_help_names_the_button_as_it_is_labelled(language: str) -> None:
    say = speech(language)
    step = say.say("2. On the card, tap “Request a meeting”, choose a topic and times, and send.")
    opening, closing = "“”" if language == "en" else "«»"
    assert f"{opening}{say.psay('button', 'Request a meeting')}{closing}" in step
