"""Which column of a list holds what, by its heading in Russian, Kazakh or English (domain notes §1.2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

SEARCHED_ROWS = 40  # a list may begin with a title and an approval stamp

# Headings as they should read, for those with a typo.
KNOWN = {
    "body": (
        "наименование государственного органа",
        "государственный орган",
        "госорган",
        "орган",
        "наименование",
        "мемлекеттік органның атауы",
        "мемлекеттік орган",
        "мекеме",
        "state body",
        "body",
    ),
    "person": ("фио", "фио уполномоченного", "фамилия имя отчество", "таә", "аты жөні", "full name", "name"),
    "position": ("должность", "занимаемая должность", "лауазымы", "position", "title"),
    "phone": (
        "телефон",
        "контактный телефон",
        "рабочий телефон",
        "байланыс телефоны",
        "телефоны",
        "phone",
        "telephone",
    ),
    "email": ("электронная почта", "эл почта", "email", "эл адрес", "электрондық пошта", "электрондық мекенжай"),
    "order": ("№ и дата приказа", "приказ", "бұйрықтың № және күні", "бұйрық", "order no and date"),
    "hours": ("дни приема", "часы приема", "қабылдау күндері"),
    "room": ("кабинет", "room"),
}

# Tried in order: the first word found decides, so that "Должность" wins over the body named after it.
STEMS = (
    ("code", r"^(?:id|code|код|коды|код органа|орган коды|body id|body code|идентификатор)$"),
    ("contacts", r"^контакт(?:ы|ные данные)?$|контактн\w+ данн|байланыс дерек|^contacts?(?: details)?$"),
    ("email", r"e ?mail|почт|эл адрес|электрон|пошта|имейл"),
    ("phone", r"\bтел(?:ефон\w*)?\b|phone|\bсот(?:овый)?\b|\bмоб|\bфакс\b|^байланыс$"),
    ("person", r"\bфио\b|фамили|аты ?жөн|\bтаә\b|\bтаж\b|full ?name|^name$|surname|\bтегі\b"),
    ("order", r"приказ|распоряжени|бұйры|өкім|\border\b|\bdecree\b"),
    ("position", r"должность|лауазымы?\b|position|\btitle\b|\brank\b"),
    ("person", r"должностн\w+ лиц|лауазымды тұлға|уполномоченн\w+ лиц|уәкілетті тұлға|\bofficial\b|^уполномоченн\w+$"),
    ("hours", r"\bприем\w*|қабылдау|reception|\bhours\b"),
    ("room", r"кабинет|\bкаб\b|\broom\b|бөлме"),
    ("address", r"адрес|местонахожд|мекенжай|address|орналасқан"),
    ("region", r"^(?:регион|область|өңір|облыс|region|oblast)"),
    ("body", r"орган(?:а|ы|ов|ның|дар|\b)|мекеме|ведомств|организац|учрежден|\bbody\b|agency|organi[sz]ation|ұйым"),
    ("number", r"^(?:№|n|no|#|рс|пп|№ ?пп|n ?пп|№ ?рс)$"),
)

NEEDED = {
    "body": 'the state body ("Наименование государственного органа", "Мемлекеттік органның атауы" or "State body")',
    "person": 'the name of the official ("Ф.И.О.", "Аты-жөні" or "Full name")',
}


@dataclass(frozen=True)
class Columns:
    """Where the headings stand (``row`` counts from 0) and which columns hold which field."""

    row: int
    headings: tuple[str, ...]
    places: dict[str, tuple[int, ...]]

    def of(self, *fields: str) -> tuple[int, ...]:
        """The columns of these fields, from left to right."""
        return tuple(sorted(place for field in fields for place in self.places.get(field, ())))

    def each(self) -> list[tuple[str, int]]:
        """Every field with its column."""
        return [(field, place) for field, places in self.places.items() for place in places]

    def unused(self) -> tuple[str, ...]:
        """Headings of columns that are not taken over."""
        used = self.of(*(field for field in self.places if field not in ("hours", "room", "address")))
        return tuple(heading for place, heading in enumerate(self.headings) if heading.strip() and place not in used)


def find(rows: Sequence[Sequence[str]]) -> Columns:
    """The row that reads most like headings, among the first ones."""
    best = Columns(-1, (), {})
    for number, row in enumerate(rows[:SEARCHED_ROWS]):
        places: dict[str, list[int]] = {}
        for place, heading in enumerate(row):
            if field := field_of(heading):
                places.setdefault(field, []).append(place)
        if len(places) > len(best.places):
            best = Columns(number, tuple(row), {field: tuple(each) for field, each in places.items()})
    return best


def field_of(heading: str) -> str | None:
    """What a column with this heading holds, None if nothing that is known."""
    folded = _folded(heading)
    if not folded or len(folded) > 120:
        return None
    for field, names in KNOWN.items():
        if folded in names:
            return field
    found = [field for field, pattern in STEMS if re.search(pattern, folded)]
    if "phone" in found and "email" in found:
        return "contacts"
    if found:
        return _order_part(folded) if found[0] == "order" else found[0]
    names_of = {name: field for field, names in KNOWN.items() for name in names}
    close = process.extractOne(folded, names_of.keys(), scorer=fuzz.ratio, score_cutoff=82)
    return names_of[close[0]] if close else None


def missing(columns: Columns, *, sections: bool) -> list[str]:
    """A sentence for each needed heading that is not there. A list may name its bodies in section rows instead."""
    seen = "; ".join(heading.strip() for heading in columns.headings if heading.strip())[:300]
    absent = [field for field in NEEDED if not columns.of(field)]
    if "body" in absent and (columns.of("code") or sections):
        absent.remove("body")
    told = f"The headings found are: {seen}." if columns.places else "No row of headings was found."
    return [f"There is no column for {NEEDED[field]}. {told}" for field in absent]


def _folded(heading: str) -> str:
    """Lower case without dots and hyphens (Ф.И.О. is фио, E-mail is email), other signs as one space."""
    lower = heading.casefold().replace("ё", "е")
    lower = re.sub(r"аты[\s-]+жөні", "аты жөні", lower)
    joined = re.sub(r"[.\-‐‑–/'’`]", "", lower)
    return " ".join(re.sub(r"[^\w№#]+|_", " ", joined).split())


def _order_part(folded: str) -> str:
    number = re.search(r"№|номер|нөмір|\bno\b|number", folded)
    day = re.search(r"дата|күн|\bdate\b|\bот\b", folded)
    if number and not day:
        return "order_no"
    return "order_date" if day and not number else "order"
