"""A generated directory of many bodies, shaped like the shipped one: for time and memory, not for quality."""

import random
from collections.abc import Iterator

from liaison.bodies import BodyEntry, Tree, shipped_tree

_STARTS = (
    "Ақ",
    "Қара",
    "Жаңа",
    "Сары",
    "Көк",
    "Қызыл",
    "Бес",
    "Үш",
    "Мың",
    "Тас",
    "Ай",
    "Күн",
    "Алтын",
    "Темір",
    "Бай",
)
_MIDDLES = (
    "бұла",
    "мол",
    "ер",
    "дәр",
    "ғыл",
    "шы",
    "жар",
    "тоғ",
    "қайы",
    "сен",
    "бек",
    "нұр",
    "мер",
    "лік",
    "ора",
    "төс",
)
_ENDS = ("су", "тау", "көл", "бұлақ", "төбе", "сай", "арал", "жол", "дала", "қоныс", "кент", "өзен", "құм", "шат", "ой")
_PLAIN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")


def generated_tree(bodies: int, seed: int = 1) -> Tree:
    """The shipped bodies and as many made-up districts as are needed for the number; the same for the same seed."""
    shipped = shipped_tree()
    more = bodies - len(shipped.entries)
    return Tree((*shipped.entries, *_districts(shipped, more, random.Random(seed))))


def _districts(shipped: Tree, count: int, chance: random.Random) -> Iterator[BodyEntry]:
    regions = shipped.regions()
    first = len(shipped.entries) + 1
    for number in range(first, first + count):
        region = chance.choice(regions)
        place = chance.choice(_STARTS) + "".join(chance.sample(_MIDDLES, 2)) + chance.choice(_ENDS)
        plain = place.translate(_PLAIN)
        region_ru, region_kk = (
            region.names["ru"].removeprefix("Акимат "),
            region.names["kk"].removesuffix("ның әкімдігі"),
        )
        yield BodyEntry(
            id=number,
            code=f"dist-made-{number}",
            level="district",
            parent_id=region.id,
            region_id=region.id,
            names={
                "kk": f"{place} ауданының әкімдігі",
                "ru": f"Акимат {plain}ского района",
                "en": f"Akimat of {plain} District",
            },
            shorts={"ru": f"Акимат {plain}ского р-на", "kk": f"{place} ауд. әкімдігі"},
            aliases=(
                f"Акимат {plain}ского района {region_ru}",
                f"{region_kk} {place} ауданының әкімдігі",
                f"{plain}ский райакимат",
                f"Аппарат акима {plain}ского района",
                f"{place} ауданы әкімінің аппараты",
                f"{plain}ский район",
                f"{place} ауданы",
            ),
        )
