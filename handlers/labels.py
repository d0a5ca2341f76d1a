"""Names of bodies short enough for a button: without what everybody knows, and cut at a word where still too long."""

import re

from handlers.viewer import Viewer
from liaison.bodies import BodyEntry

LONGEST = 70  # characters of a body's name on a button of its own; phones wrap it into two lines
HALF = 30  # characters on a button that shares its row
COUNTRY = {
    "kk": re.compile(r"Қазақстан Республикасы(ның)? "),
    "ru": re.compile(r" Республики Казахстан"),
    "en": re.compile(r" of the Republic of Kazakhstan"),
}
# What most central bodies are called, said by the abbreviation already.
KIND = {
    "kk": re.compile(r" (министрлігі|агенттігі)$"),
    "ru": re.compile(r"^(Министерство|Агентство) "),
    "en": re.compile(r"^(Ministry|Agency) (of|for|on) "),
}
# Kazakh words that only the country's name made possessive: «…Республикасының Жоғарғы Соты», but «Жоғарғы Сот».
ALONE = (
    (re.compile(r"^Президентінің Іс "), "Президенттің Іс "),
    (re.compile(r"^Президентінің "), "Президент "),
    (re.compile(r"^Үкіметінің "), "Үкімет "),
    (re.compile(r"прокуратурасы$"), "прокуратура"),
    (re.compile(r"палатасы$"), "палата"),
    (re.compile(r"(Сот|Банк)[ыі]$"), r"\1"),
)
# A region is named by what its akimat's name adds to the word akimat.
AKIMAT = {"kk": re.compile(r" әкімдігі$"), "ru": re.compile(r"^Акимат "), "en": re.compile(r"^Akimat of ")}
# …in the genitive, which is undone for a button of its own.
NOMINATIVE = {
    "kk": ((re.compile(r"сының$"), "сы"),),
    "ru": (
        (re.compile(r"ской области$"), "ская область"),
        (re.compile(r"^области"), "область"),
        (re.compile(r"^города (Астан)ы$"), r"город \1а"),
        (re.compile(r"^города (Шымкент)а$"), r"город \1"),
        (re.compile(r"^города"), "город"),
    ),
    "en": (),
}


def of(viewer: Viewer, entry: BodyEntry) -> str:
    """The name on a button of its own; a district says its region where there is room."""
    text = _capital(_plain(viewer, entry))
    if entry.level in ("district", "district_of_city") and entry.region_id is not None:
        region = viewer.tree.short(entry.region_id, viewer.speech.language)
        text = f"{text} ({region})" if len(text) + len(region) <= LONGEST else text
    return cut(text, LONGEST)


def within(viewer: Viewer, entry: BodyEntry, region_id: int) -> str:
    """The name of a region's body where the region is known already: «Управление здравоохранения»."""
    lang = viewer.speech.language
    name = AKIMAT[lang].sub("", viewer.tree.name(region_id, lang))
    text = _plain(viewer, entry)
    joined = {"kk": f"{name} ", "ru": f" {name}", "en": f" of {name}"}[lang]
    return cut(_capital(text.replace(joined, "", 1)), LONGEST)


def abbreviated(viewer: Viewer, entry: BodyEntry) -> str:
    """A central body with its abbreviation first: «МЗ: здравоохранения»."""
    lang = viewer.speech.language
    text = _plain(viewer, entry)
    short = (entry.shorts.get(lang) or "").removeprefix("ҚР ").removesuffix(" РК")
    if not short or " " in short:
        return cut(_capital(text), LONGEST)
    return cut(f"{short}: {KIND[lang].sub('', text)}", LONGEST)


def region(viewer: Viewer, entry: BodyEntry) -> str:
    """A region on half a row, by its own name and not its akimat's."""
    lang = viewer.speech.language
    text = AKIMAT[lang].sub("", viewer.tree.name(entry.id, lang))
    for genitive, nominative in NOMINATIVE[lang]:
        text = genitive.sub(nominative, text)
    return cut(_capital(text), HALF)


def cut(text: str, most: int) -> str:
    """A text of at most so many characters; a longer one ends at a word, with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",") + "…"


def _plain(viewer: Viewer, entry: BodyEntry) -> str:
    lang = viewer.speech.language
    text, without = COUNTRY[lang].subn("", viewer.tree.name(entry.id, lang))
    if lang == "kk" and without:
        for possessive, alone in ALONE:
            text = possessive.sub(alone, text)
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
