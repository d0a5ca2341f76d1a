"""Invented officials for the demo and the tests, plainly marked: nobody shown there exists."""

from collections.abc import Sequence

from liaison.bodies import BodyEntry, Tree
from liaison.list_files import ListFile
from liaison.list_rows import ListRow

VACANT = 12  # bodies left without an official, so that vacancies are seen too
MARK = "(үлгі)"  # "sample"
SOURCE = "Үлгі тізім / Образец списка / Sample list"

# Surnames made of the words sample, example, trial, draft, fairy tale, game, dream, pattern: no family has them.
SURNAMES = ("Үлгібаев", "Мысалов", "Сынақов", "Нобаев", "Ертегиев", "Ойынбаев", "Қиялов", "Өрнекбаев")
MEN = ("Ерлан", "Нұрлан", "Асқар", "Дәурен", "Қанат", "Бауыржан", "Талғат", "Жандос", "Мұрат", "Сәкен", "Әділ")
WOMEN = ("Айгүл", "Әсел", "Динара", "Гүлнәр", "Жанар", "Меруерт", "Сәуле", "Толқын", "Қарлығаш", "Үміт", "Шолпан")
FATHERS = ("Мысал", "Сынақ", "Нобай", "Үлгі", "Қиял")

# The lowest rank that may be named, by the level of the body; a committee has no departments' directors.
POSITIONS = {
    "central": "Департамент директорының орынбасары",
    "committee": "Комитет төрағасының орынбасары",
    "region": "Әкім аппараты басшысының орынбасары",
    "region_department": "Басқарма басшысының орынбасары",
    "city": "Қала әкімінің орынбасары",
    "district": "Аудан әкімінің орынбасары",
    "district_of_city": "Қаладағы аудан әкімінің орынбасары",
}


def sample_list(tree: Tree) -> ListFile:
    """An official for every body but twelve, always the same ones, in the form of a list that was read."""
    bodies = [entry for entry in tree.entries if entry.abolished_on is None]
    vacant = vacancies(bodies)
    rows = tuple(_row(number, entry) for number, entry in enumerate(bodies, start=1) if entry.code not in vacant)
    return ListFile(name="sample", encoding="utf-8", rows=rows)


def vacancies(bodies: Sequence[BodyEntry]) -> frozenset[str]:
    """The codes of the bodies that stay vacant: evenly spread, so that every level has some."""
    return frozenset(bodies[(2 * number + 1) * len(bodies) // (2 * VACANT)].code for number in range(VACANT))


def _row(number: int, entry: BodyEntry) -> ListRow:
    return ListRow(
        source_row=number,
        body_raw=entry.code,
        body_id=entry.id,
        full_name=_name(number),
        position=POSITIONS["committee" if entry.level == "central" and entry.parent_id else entry.level],
        # No subscriber has 00-00-00; the extension keeps two officials apart.
        phones=(f"+77172000000;ext={number:03}",),
        emails=(f"{entry.code}@uakil.example",),  # .example belongs to nobody (RFC 2606)
        order_no=None,
        order_date=None,
    )


def _name(number: int) -> str:
    """A name by number; the lists have lengths without a common divisor, so that it takes long to come round."""
    woman = number % 2 == 1
    surname = SURNAMES[number % len(SURNAMES)] + ("а" if woman else "")
    first = (WOMEN if woman else MEN)[number % len(MEN)]
    return f"{surname} {first} {FATHERS[number % len(FATHERS)]}{'қызы' if woman else 'ұлы'} {MARK}"
