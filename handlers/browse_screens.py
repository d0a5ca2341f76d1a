"""Walking to a body without typing: by level and region, or by what it is about. At most three taps to a card."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from handlers import labels
from handlers.screen import Button, Screen, by, number, paired
from handlers.viewer import Viewer
from liaison import topics
from liaison.bodies import BodyEntry, Tree

PAGE = 8  # bodies on a page, one in a row
ON_ONE_PAGE = 96  # buttons that fit below one message with the way back (Bot API: 100 buttons)
Row = tuple[Button, ...]


async def browse(viewer: Viewer, rest: list[str]) -> Screen:
    """``w:c`` central bodies, ``w:r`` regions, ``w:g:ID[:KIND:PAGE]`` a region, ``w:m:ID:PAGE`` what is below."""
    kind = rest[0]
    if kind == "c":
        return _central(viewer)
    if kind == "r":
        return _regions(viewer)
    body_id = number(rest[1])
    if kind == "m":
        return _below(viewer, body_id, number(rest[2]))
    if len(rest) == 2:
        return _region(viewer, body_id)
    return _inside(viewer, body_id, rest[2], number(rest[3]))


async def topic(viewer: Viewer, rest: list[str]) -> Screen:
    """``tp`` all topics, ``tp:ID`` central bodies of one and one's own region's, ``tp:ID:REGION`` those of a region,
    ``tp:ID:r`` the regions to choose from."""
    if not rest:
        return _topics(viewer)
    if len(rest) == 1:
        return _topic(viewer, rest[0])
    if rest[1] == "r":
        return _topic_regions(viewer, rest[0])
    return _topic_in(viewer, rest[0], number(rest[1]))


async def my_region(viewer: Viewer, rest: list[str]) -> Screen:
    """``rg:BACK``: which region one works in. BACK is the address to return to, with dots for colons."""
    say = viewer.speech.say
    back = ".".join(rest) or "my"
    buttons = [
        Button(labels.region(viewer, entry), f"rs:{entry.id}:{back}")
        for entry in viewer.tree.regions(viewer.speech.language)
    ]
    text = say("Which region do you work in? Its bodies will come first when several fit.")
    rows: list[Row] = [*by(2, buttons)]
    if viewer.actor.region_id is not None:
        rows.append((Button(viewer.speech.psay("button", "No region"), f"rs:0:{back}"),))
    return Screen(text, (*rows, _back(viewer, back.replace(".", ":"))))


def _central(viewer: Viewer) -> Screen:
    """All on one page by abbreviation: nobody leafs through ministries."""
    entries = viewer.tree.central(viewer.speech.language)[:ON_ONE_PAGE]
    buttons = [Button(labels.abbreviated(viewer, one), _down(viewer, one, "w.c")) for one in entries]
    title = _title(viewer, viewer.speech.psay("title", "Central state bodies"))
    return Screen(title, (*paired(buttons, labels.HALF), _back(viewer, "start")))


def _down(viewer: Viewer, entry: BodyEntry, here: str) -> str:
    """To what is below a body, where there is anything; else to its card."""
    return f"w:m:{entry.id}:0" if viewer.tree.children(entry.id) else f"b:{entry.id}:{here}"


def _regions(viewer: Viewer) -> Screen:
    entries = viewer.tree.regions(viewer.speech.language)
    buttons = [Button(labels.region(viewer, one), f"w:g:{one.id}") for one in entries]
    title = _title(viewer, viewer.speech.say("Regions and cities of republican significance"))
    return Screen(title, (*by(2, buttons), _back(viewer, "start")))


def _below(viewer: Viewer, body_id: int, page: int) -> Screen:
    tree, lang = viewer.tree, viewer.speech.language
    if tree.by_id[body_id].level == "region":
        return _region(viewer, body_id)
    entries = (tree.by_id[body_id], *tree.children(body_id, lang=lang))
    title = viewer.speech.say("{body} and what belongs to it", body=tree.name(body_id, lang))
    back = "w:c" if tree.by_id[body_id].level == "central" else f"b:{body_id}"
    return _page(viewer, title, entries, f"w:m:{body_id}", page, back)


def _region(viewer: Viewer, region_id: int) -> Screen:
    """A region's akimat and departments at once, its cities and districts one tap further."""
    speech, tree, here = viewer.speech, viewer.tree, f"w.g.{region_id}"
    rows: list[Row] = [(Button(labels.of(viewer, tree.by_id[region_id]), f"b:{region_id}:{here}"),)]
    rows += [
        (Button(labels.within(viewer, one, region_id), f"b:{one.id}:{here}"),)
        for one in tree.departments(region_id, speech.language)
    ]
    further = (
        ("c", tree.cities(region_id), speech.psay("button", "Cities")),
        ("a", tree.districts(region_id), speech.psay("button", "Districts")),
        ("t", tree.city_districts(region_id), speech.say("Districts of the city")),
    )
    rows.append(tuple(Button(name, f"w:g:{region_id}:{kind}:0") for kind, entries, name in further if entries))
    text = speech.say("<b>{body}</b>\nWhat are you looking for?", body=viewer.body(region_id))
    return Screen(text, (*rows, _back(viewer, "w:r")))


def _inside(viewer: Viewer, region_id: int, kind: str, page: int) -> Screen:
    below = _INSIDE[kind]
    title = viewer.speech.psay("title", "{body}: choose a body", body=viewer.body(region_id))
    entries = below(viewer.tree, region_id, viewer.speech.language)
    return _page(viewer, title, entries, f"w:g:{region_id}:{kind}", page, f"w:g:{region_id}", region_id)


def _cities(tree: Tree, region_id: int, lang: str) -> tuple[BodyEntry, ...]:
    """A region's cities, each followed by its districts, which so are no tap further."""
    cities = tree.cities(region_id, lang)
    return tuple(one for city in cities for one in (city, *tree.city_districts(city.id, lang)))


_INSIDE: dict[str, Callable[[Tree, int, str], tuple[BodyEntry, ...]]] = {
    "c": _cities,
    "a": Tree.districts,
    "t": Tree.city_districts,
}


def _topics(viewer: Viewer) -> Screen:
    buttons = [
        Button(topics.name(one.id, viewer.speech.language), f"tp:{one.id}")
        for one in topics.all_topics()
        if one.id != "other"
    ]
    title = _title(viewer, viewer.speech.say("What is it about?"))
    return Screen(title, (*paired(buttons, labels.HALF), _back(viewer, "start")))


def _topic(viewer: Viewer, topic_id: str) -> Screen:
    tree, home, here = viewer.tree, viewer.actor.region_id, f"tp.{topic_id}"
    entries = [*topics.bodies_for(topic_id, tree)]
    if home is not None:
        entries = [*topics.bodies_for(topic_id, tree, home)[:1], *entries]
    rows: list[Row] = [(Button(labels.of(viewer, one), f"b:{one.id}:{here}"),) for one in entries]
    rows.append((Button(viewer.speech.psay("button", "Choose a region"), f"tp:{topic_id}:r"),))
    return Screen(_who(viewer, topic_id), (*rows, _back(viewer, "tp")))


def _topic_regions(viewer: Viewer, topic_id: str) -> Screen:
    buttons = [
        Button(labels.region(viewer, one), f"tp:{topic_id}:{one.id}")
        for one in viewer.tree.regions(viewer.speech.language)
    ]
    name = topics.name(topic_id, viewer.speech.language)
    text = viewer.speech.psay("title", "<b>{topic}</b>\nIn which region?", topic=name)
    return Screen(text, (*by(2, buttons), _back(viewer, f"tp:{topic_id}")))


def _topic_in(viewer: Viewer, topic_id: str, region_id: int) -> Screen:
    entries = topics.bodies_for(topic_id, viewer.tree, region_id)
    here = f"tp.{topic_id}.{region_id}"
    rows = [(Button(labels.of(viewer, one), f"b:{one.id}:{here}"),) for one in entries]
    return Screen(_who(viewer, topic_id), (*rows, _back(viewer, f"tp:{topic_id}:r")))


def _who(viewer: Viewer, topic_id: str) -> Markup:
    name = topics.name(topic_id, viewer.speech.language)
    return viewer.speech.say("<b>{topic}</b>\nThese bodies deal with it.", topic=name)


def _page(
    viewer: Viewer,
    title: str,
    entries: Sequence[BodyEntry],
    address: str,
    page: int,
    back: str,
    region_id: int | None = None,
) -> Screen:
    pages = max(1, -(-len(entries) // PAGE))
    page = min(page, pages - 1)
    here = f"{address}:{page}".replace(":", ".")
    shown = entries[page * PAGE : (page + 1) * PAGE]
    rows: list[Row] = [
        (Button(labels.within(viewer, one, region_id) if region_id else labels.of(viewer, one), f"b:{one.id}:{here}"),)
        for one in shown
    ]
    speech = viewer.speech
    turn = [Button(speech.psay("button", "Previous page"), f"{address}:{page - 1}")] if page > 0 else []
    if page < pages - 1:
        turn.append(Button(speech.psay("button", "Next page"), f"{address}:{page + 1}"))
    text = _title(viewer, title)
    if pages > 1:
        text += "\n" + speech.psay("line", "Page {page} of {pages}", page=page + 1, pages=pages)
    return Screen(text, (*rows, tuple(turn), _back(viewer, back)))


def _title(viewer: Viewer, text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)


def _back(viewer: Viewer, address: str) -> Row:
    return (Button(viewer.speech.psay("button", "Back"), address),)
