"""What single cells of a list say: a person's name, an order and its date, a rank, whose a mailbox is."""

import re
from dataclasses import dataclass
from datetime import date

LONGEST_NAME = 200
NAME = re.compile(r"[^\W\d_]+(?:[-'’ʼ.][^\W\d_]+)*\.?")
VACANT = re.compile(r"ваканс|вакант|\bvacan|^бос(?: орын\w*| лауазым\w*)?$", re.IGNORECASE)

# Mail anybody can open; gov.kz and the domains of bodies are not among them.
PERSONAL_MAIL = re.compile(
    r"@(?:(?:mail|inbox|bk|list|internet|xmail|rambler|lenta|ro|myrambler)\.ru|mail\.kz|ya\.ru|yandex\.\w+(?:\.\w+)?"
    r"|gmail\.com|googlemail\.com|yahoo\.\w+|hotmail\.\w+|outlook\.\w+|live\.\w+|icloud\.com|me\.com|proton\.me"
    r"|protonmail\.com)$",
    re.IGNORECASE,
)

# The floor of §1.1 of the domain notes is a recommendation, so what is read here only ever warns.
BELOW = re.compile(
    r"специалист|эксперт|консультант|инспектор|помощник|советник|референт|методист|отдел|сектор"
    r"|маман|сарапшы|кеңесші|көмекші|бөлім|specialist|expert|consultant|inspector|assistant|advis[eo]r|division",
    re.IGNORECASE,
)
HEAD = re.compile(
    r"руководи|начальник|директор|председат|\bаким|министр|\bглав[аы]\b|управляющ|секретар|заместител"
    r"|басшы|бастық|төраға|әкім|орынбасар|хатшы|\bhead|director|chair|akim|minister|chief|secretary|deputy",
    re.IGNORECASE,
)
BELOW_DIRECTOR = re.compile(
    r"(?:руководител|начальник)\w* управлени|басқарма\w* (?:басшы|бастығ)|head of (?:unit|office)"
)
AKIM = re.compile(r"\bаким\b|(?:заместител\w*|зам\.?) акима|\bәкім(?:і|інің орынбасары)?\b|\bakim\b", re.IGNORECASE)
AKIMS_OFFICE = re.compile(r"аппарат|\boffice\b", re.IGNORECASE)

MONTHS = {
    stem: number
    for number, stems in enumerate(
        (
            "янв қаң jan",
            "фев ақп feb",
            "мар нау mar",
            "апр сәу apr",
            "мая май мам may",
            "июн мау jun",
            "июл шіл jul",
            "авг там aug",
            "сен қыр sep",
            "окт қаз oct",
            "ноя қар nov",
            "дек жел dec",
        ),
        start=1,
    )
    for stem in stems.split()
}
DATES = (
    re.compile(r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4})(?:\s*(?:г(?:ода?)?\b\.?|ж(?:ылы)?\b\.?))?"),
    re.compile(r"\b(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})\s+(?P<w>[^\W\d_]{3,})\s+(?P<y>\d{4})(?:\s*(?:г(?:ода?)?\b\.?|ж(?:ылы)?\b\.?))?"),
    re.compile(r"\b(?P<y>\d{4})\s*(?:жылғы|ж\.?|г\.?)\s*(?P<d>\d{1,2})[\s-]+(?P<w>[^\W\d_]{3,})"),
)
ORDER_NUMBER = re.compile(
    r"(?:№|\bno\b\.?|\bномер\w*|\bнөмір\w*)\s*(?P<marked>[^\s,;]+)|(?P<bare>\S*\d\S*)", re.IGNORECASE
)


@dataclass(frozen=True)
class Order:
    """The order that named an official."""

    number: str | None
    day: date | None


def is_vacant(text: str) -> bool:
    """Whether the cell says that nobody holds the post."""
    return bool(VACANT.search(text))


def read_name(text: str) -> str | None:
    """Surname, name and patronymic as they are written, or None for what is no person's name."""
    name = re.sub(r"^\d+[.)]\s*", "", text).strip(" ,;:")
    words = name.split()
    if not 2 <= len(words) <= 6 or len(name) > LONGEST_NAME or not all(map(NAME.fullmatch, words)):
        return None
    return name


def is_personal(email: str) -> bool:
    """Whether a mailbox is at a public mail service."""
    return bool(PERSONAL_MAIL.search(email))


def is_below_rank(position: str, level: str) -> bool:
    """Whether a position seems lower than recommended for a body of that level.

    Central: deputy director of a department; a region: deputy head of the akim's office; its departments: deputy head;
    districts, and by our reading cities: deputy akim.
    """
    if BELOW.search(position) or not HEAD.search(position):
        return True
    if level == "central":
        return bool(BELOW_DIRECTOR.search(position.casefold()))
    if level in ("district", "city", "district_of_city"):
        return not AKIM.search(position) or bool(AKIMS_OFFICE.search(position))
    return False


def read_order(text: str) -> Order:
    """The number and the date in a cell such as "№ 12-Ө от 05.03.2026" or "2026 жылғы 5 наурыз № 12"."""
    for pattern in DATES:
        if (match := pattern.search(text)) and (day := _day(match)):
            return Order(_number(text[: match.start()] + " " + text[match.end() :]), day)
    return Order(_number(text), None)


def _number(text: str) -> str | None:
    """What stands after №, else the first word with a digit in it."""
    found = sorted(ORDER_NUMBER.finditer(text), key=lambda match: match["marked"] is None)
    number = (found[0]["marked"] or found[0]["bare"]).strip(' .:()«»"=+@-') if found else ""
    return number[:60] or None


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = int(parts["m"]) if parts.get("m") else MONTHS.get(parts["w"].casefold()[:3], 0)
    try:
        return date(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        return None
