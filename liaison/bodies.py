"""The directory of state bodies as one immutable picture: names, levels, who stands above whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from liaison.shipped_file import LANGS, read_shipped
from storage.bodies import Body, BodyName
from storage.records import Counter

DIRECTORY_COUNTER = "directory"
# The Kazakh alphabet; it holds the Russian one in its usual order, so one order serves both languages.
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACE = {letter: chr(0xE000 + place) for place, letter in enumerate(_ALPHABET)}
_ORDER = str.maketrans(_PLACE)


@dataclass(frozen=True, slots=True)
class BodyEntry:
    """A state body as all see it. A region's ``region_id`` is its own id; ``names`` and ``shorts`` go by language."""

    id: int
    code: str
    level: str
    parent_id: int | None
    region_id: int | None
    names: Mapping[str, str] = field(hash=False)
    shorts: Mapping[str, str] = field(hash=False)
    aliases: tuple[str, ...] = ()
    website: str | None = None
    abolished_on: date | None = None
    successor_id: int | None = None


class Tree:
    """All bodies at one version of the directory. Immutable, so threads may share it.

    Lists leave out abolished bodies; ``by_id`` and ``by_code`` hold them too, since old cards and links name them.
    """

    def __init__(self, entries: Iterable[BodyEntry], version: int = 0) -> None:
        self.entries: tuple[BodyEntry, ...] = tuple(entries)
        self.version = version
        self.by_id: Mapping[int, BodyEntry] = MappingProxyType({entry.id: entry for entry in self.entries})
        self.by_code: Mapping[str, BodyEntry] = MappingProxyType({entry.code: entry for entry in self.entries})
        children: defaultdict[int | None, list[BodyEntry]] = defaultdict(list)
        for entry in self.entries:
            if entry.abolished_on is None:
                children[entry.parent_id].append(entry)
        self._children = {parent: tuple(below) for parent, below in children.items()}

    def children(self, body_id: int | None, *levels: str, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Bodies right below one (None: those without a parent), of these levels, sorted if a language is given."""
        found = self._children.get(body_id, ())
        if levels:
            found = tuple(entry for entry in found if entry.level in levels)
        return self.in_order(found, lang) if lang else found

    def central(self, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Ministries, agencies and other central bodies without a parent, sorted if a language is given."""
        return self.children(None, "central", lang=lang)

    def committees(self, body_id: int, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Committees of a ministry or another central body."""
        return self.children(body_id, "central", lang=lang)

    def regions(self, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Akimats of regions and of cities of republican significance."""
        return self.children(None, "region", lang=lang)

    def departments(self, region_id: int, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Departments of a region's akimat."""
        return self.children(region_id, "region_department", lang=lang)

    def cities(self, region_id: int, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Akimats of cities of a region."""
        return self.children(region_id, "city", lang=lang)

    def districts(self, region_id: int, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Akimats of districts of a region."""
        return self.children(region_id, "district", lang=lang)

    def city_districts(self, body_id: int, lang: str | None = None) -> tuple[BodyEntry, ...]:
        """Districts of a city, below a city or a region that is a city."""
        return self.children(body_id, "district_of_city", lang=lang)

    def parent(self, body_id: int) -> BodyEntry | None:
        """The body one rung above, if any. Raises KeyError for an unknown id."""
        above = self.by_id[body_id].parent_id
        return None if above is None else self.by_id.get(above)

    def region(self, body_id: int) -> BodyEntry | None:
        """The region a body belongs to (a region: itself), None for central ones. Raises KeyError for an unknown id."""
        region = self.by_id[body_id].region_id
        return None if region is None else self.by_id.get(region)

    def name(self, body_id: int, lang: str) -> str:
        """The full name in a language, else in the next one known. Raises KeyError for an unknown id."""
        return _first(self.by_id[body_id].names, lang) or self.by_id[body_id].code

    def short(self, body_id: int, lang: str) -> str:
        """The short name in that very language, else the full name: a short name of another language says nothing."""
        return self.by_id[body_id].shorts.get(lang) or self.name(body_id, lang)

    def in_order(self, entries: Iterable[BodyEntry], lang: str) -> tuple[BodyEntry, ...]:
        """Sort bodies by name as the alphabet of the language wants it (Kazakh letters in their places)."""
        return tuple(sorted(entries, key=lambda entry: self.name(entry.id, lang).casefold().translate(_ORDER)))


def load(session: Session) -> Tree:
    """The directory as it stands in the database, with its version."""
    names: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    columns = (BodyName.body_id, BodyName.kind, BodyName.lang, BodyName.text)
    for body_id, kind, lang, text in session.execute(select(*columns).order_by(BodyName.id)):
        names[body_id].append((kind, lang, text))
    bodies = session.execute(
        select(
            Body.id,
            Body.code,
            Body.level,
            Body.parent_id,
            Body.region_id,
            Body.website,
            Body.abolished_on,
            Body.successor_id,
        ).order_by(Body.id)
    )
    entries = [
        BodyEntry(
            id=row.id,
            code=row.code,
            level=row.level,
            parent_id=row.parent_id,
            region_id=row.region_id,
            names=_of_kind(names[row.id], "name"),
            shorts=_of_kind(names[row.id], "short"),
            aliases=tuple(text for kind, _, text in names[row.id] if kind == "alias"),
            website=row.website,
            abolished_on=row.abolished_on,
            successor_id=row.successor_id,
        )
        for row in bodies
    ]
    return Tree(entries, directory_version(session))


def directory_version(session: Session) -> int:
    """How many times the directory has changed; 0 before the first load."""
    return session.scalar(select(Counter.value).where(Counter.name == DIRECTORY_COUNTER)) or 0


def shipped_tree() -> Tree:
    """The directory straight from the shipped file, with row numbers (from 1) as ids. Needs no database."""
    rows = read_shipped()
    ids = {row.code: number for number, row in enumerate(rows, start=1)}
    return Tree(
        BodyEntry(
            id=ids[row.code],
            code=row.code,
            level=row.level,
            parent_id=None if row.parent is None else ids[row.parent],
            region_id=None if row.region is None else ids[row.region],
            names=MappingProxyType(row.names),
            shorts=MappingProxyType(row.shorts),
            aliases=row.aliases,
            website=row.website,
        )
        for row in rows
    )


def _of_kind(names: Sequence[tuple[str, str, str]], wanted: str) -> Mapping[str, str]:
    return MappingProxyType({lang: text for kind, lang, text in names if kind == wanted})


def _first(texts: Mapping[str, str], lang: str) -> str | None:
    return next((texts[known] for known in (lang, *LANGS) if texts.get(known)), None)
