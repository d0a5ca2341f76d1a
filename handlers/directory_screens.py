"""Bodies on the screen: the card with its official, the several hits of a query, and browsing from level to body."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from handlers.screen import Button, Rows, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import contacts, directory, drafts, holders, requests
from liaison.bodies import BodyEntry
from liaison.cards import HolderCard
from liaison.directory import BodyCard, Rung

PAGE = 8  # bodies on a page of browsing
BUTTON_LENGTH = 70  # characters of a body's name on a button; phones wrap it into two lines
COUNTRY = {"kk": "Қазақстан Республикасының ", "ru": " Республики Казахстан", "en": " of the Republic of Kazakhstan"}


async def card(viewer: Viewer, rest: list[str]) -> Screen:
    """``b:ID[:BACK]``: the card of a body. BACK is the address to return to, with dots for colons."""
    body_id = number(rest[0])
    back = rest[1].replace(".", ":") if len(rest) > 1 else "start"
    found = await viewer.read(directory.card, viewer.tree, body_id, viewer.policy, now=viewer.now)
    keeper = viewer.actor.coordinates and await viewer.read(holders.keeps, viewer.actor, body_id)
    draft = await viewer.read(drafts.find, viewer.actor.id, requests.KIND, now=viewer.now)
    unfinished = draft is not None and draft.data["body"] != body_id
    return Screen(_card_text(viewer, found), _card_rows(viewer, found, back, keeper, unfinished))


async def hits(viewer: Viewer, rest: list[str]) -> Screen:
    """``h:ID.ID.…``: the bodies a query fitted equally well, to choose from."""
    ids = [number(one) for one in ".".join(rest).split(".")]  # the way back writes dots, an address colons
    return choose(viewer, ids, viewer.speech.say("Which one do you mean?"))


def choose(viewer: Viewer, ids: Sequence[int], question: str) -> Screen:
    """A question over several bodies, each a button to its card and back again."""
    back = "h." + ".".join(map(str, ids))
    rows = [(Button(_label(viewer, viewer.tree.by_id[one]), f"b:{one}:{back}"),) for one in ids]
    return Screen(question, (*rows, *_doors(viewer.speech)))


def nothing_found(viewer: Viewer, nearest: Sequence[int]) -> Screen:
    """No body fits: the nearest names and the way to browse."""
    say = viewer.speech.say
    text = say("I found no state body for that. Perhaps you mean one of these, or you browse the list.")
    if not nearest:
        text = say("I found no state body for that. Write a name, a place or a topic, or browse the list.")
        return Screen(text, _doors(viewer.speech))
    return choose(viewer, nearest, text)


async def browse(viewer: Viewer, rest: list[str]) -> Screen:
    """``w:c:PAGE`` central bodies, ``w:m:ID:PAGE`` a ministry, ``w:r:PAGE`` regions, ``w:g:ID[:KIND:PAGE]`` one."""
    say, tree, lang = viewer.speech.say, viewer.tree, viewer.speech.language
    psay = viewer.speech.psay
    kind = rest[0]
    if kind == "c":
        return _page(viewer, psay("title", "Central state bodies"), tree.central(lang), "w:c", number(rest[1]), "start")
    if kind == "r":
        return _page(viewer, say("Regions and cities of republican significance"), tree.regions(lang), "w:r",
                     number(rest[1]), "start")  # fmt: skip
    if kind == "m":
        body_id = number(rest[1])
        entries = (tree.by_id[body_id], *tree.committees(body_id, lang))
        title = say("{body} and what belongs to it", body=tree.name(body_id, lang))
        return _page(viewer, title, entries, f"w:m:{body_id}", number(rest[2]), "w:c:0")
    region_id = number(rest[1])
    if len(rest) == 2:
        return _region(viewer, region_id)
    below = {"d": tree.departments, "c": tree.cities, "a": tree.districts, "t": tree.city_districts}[rest[2]]
    title = psay("title", "{body}: choose a body", body=tree.name(region_id, lang))
    return _page(
        viewer, title, below(region_id, lang), f"w:g:{region_id}:{rest[2]}", number(rest[3]), f"w:g:{region_id}"
    )


def _region(viewer: Viewer, region_id: int) -> Screen:
    say, tree = viewer.speech.say, viewer.tree
    psay = viewer.speech.psay
    below = (
        ("d", tree.departments(region_id), psay("button", "Departments")),
        ("c", tree.cities(region_id), psay("button", "Cities")),
        ("a", tree.districts(region_id), psay("button", "Districts")),
        ("t", tree.city_districts(region_id), say("Districts of the city")),
    )
    rows: list[tuple[Button, ...]] = [
        (Button(_label(viewer, tree.by_id[region_id]), f"b:{region_id}:w.g.{region_id}"),)
    ]
    rows += [(Button(name, f"w:g:{region_id}:{kind}:0"),) for kind, entries, name in below if entries]
    rows.append((Button(psay("button", "Back"), "w:r:0"),))
    return Screen(say("<b>{body}</b>\nWhat are you looking for?", body=viewer.body(region_id)), tuple(rows))


def _page(viewer: Viewer, title: str, entries: Sequence[BodyEntry], address: str, page: int, back: str) -> Screen:
    speech = viewer.speech
    shown = [entry for entry in entries if entry.abolished_on is None]
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(page, 0), pages - 1)
    here = f"{address}:{page}".replace(":", ".")
    rows = [
        (Button(_label(viewer, entry), _leads_to(viewer, entry, address, here)),)
        for entry in shown[page * PAGE : (page + 1) * PAGE]
    ]
    turn = []
    if page > 0:
        turn.append(Button(speech.psay("button", "Previous page"), f"{address}:{page - 1}"))
    if page < pages - 1:
        turn.append(Button(speech.psay("button", "Next page"), f"{address}:{page + 1}"))
    text = Markup("<b>{}</b>").format(title)
    if pages > 1:
        text += "\n" + speech.psay("line", "Page {page} of {pages}", page=page + 1, pages=pages)
    return Screen(text, (*rows, tuple(turn), (Button(speech.psay("button", "Back"), back),)))


def _leads_to(viewer: Viewer, entry: BodyEntry, address: str, here: str) -> str:
    """From the first level on to what is below, where there is anything; else to the card."""
    if address == "w:r":
        return f"w:g:{entry.id}"
    if address == "w:c" and viewer.tree.committees(entry.id):
        return f"w:m:{entry.id}:0"
    return f"b:{entry.id}:{here}"


def _label(viewer: Viewer, entry: BodyEntry) -> str:
    """A body's name on a button: without the country, which all share, and cut at a word where it is too long."""
    lang = viewer.speech.language
    text = viewer.tree.name(entry.id, lang).replace(COUNTRY[lang], "")
    text = text[:1].upper() + text[1:]
    if entry.level in ("district", "district_of_city") and entry.region_id is not None:
        region = viewer.tree.short(entry.region_id, lang)
        text = f"{text} ({region})" if len(text) + len(region) <= BUTTON_LENGTH else text
    return text if len(text) <= BUTTON_LENGTH else text[: BUTTON_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def _doors(speech: Speech) -> Rows:
    return (
        (Button(speech.psay("button", "Central bodies"), "w:c:0"), Button(speech.psay("button", "Regions"), "w:r:0")),
        (Button(speech.psay("button", "Back"), "start"),),
    )


def _card_text(viewer: Viewer, found: BodyCard) -> Markup:
    say = viewer.speech.say
    parts: list[str] = [Markup("<b>{}</b>").format(viewer.body(found.body_id))]
    if found.abolished_on is not None:
        parts.append(say("This body was abolished on {date}.", date=viewer.speech.date(found.abolished_on)))
        if found.successor_id is not None:
            parts.append(say("Its duties passed to: {body}.", body=viewer.body(found.successor_id)))
    if found.holder is not None:
        parts += [official(viewer.speech, found.holder), hours(viewer, found), trust(viewer.speech, found.holder)]
    elif found.abolished_on is None:
        parts.append(_vacancy(viewer, found.rung))
    if found.holder is None and found.reachable:
        parts.append(say("A request for a meeting sent from here goes to the coordinator, who passes it on."))
    if not found.reachable and found.abolished_on is None:
        parts.append(
            say(
                "A request cannot be sent from here yet: neither this official nor a coordinator has joined. "
                "Please call or write."
            )
        )
    return Markup("\n\n").join(part for part in parts if part)


def official(speech: Speech, holder: HolderCard) -> Markup:
    """Name, position, phones and e-mail of an official; phones and addresses can be tapped."""
    lines = [Markup("<b>{}</b>").format(holder.full_name)]
    if holder.position:
        lines.append(escape(holder.position))
    lines += [phone(speech, one) for one in holder.phones]
    lines += [speech.psay("line", "E-mail: {email}", email=one) for one in holder.emails]
    return Markup("\n").join(lines)


def phone(speech: Speech, e164: str) -> Markup:
    """A phone number as a line; Telegram makes the international form tappable."""
    number = contacts.show_phone(e164)
    if number.extension:
        return speech.psay(
            "line", "Phone: {number}, extension {extension}", number=number.number, extension=number.extension
        )
    return speech.psay("line", "Phone: {number}", number=number.number)


def hours(viewer: Viewer, found: BodyCard) -> Markup:
    """When the official receives: his own windows, else the working hours of the bodies."""
    speech = viewer.speech
    if not found.windows:
        times = ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in viewer.policy.hours)
        return speech.psay("line", "Hours: working days, {times} ({offset})", times=times, offset=speech.utc_offset)
    days = ", ".join(
        f"{speech.weekday(window['weekday'])} {window['start']}–{window['end']}" for window in found.windows
    )
    return speech.psay("line", "Reception: {times} ({offset})", times=days, offset=speech.utc_offset)


def trust(speech: Speech, holder: HolderCard) -> Markup:
    """Who published the naming and when it was last verified, in words."""
    date = speech.date(holder.verified_at) if holder.verified_at else ""
    verified = {
        "official": speech.say("Verified on {date} by the official.", date=date),
        "coordinator": speech.say("Verified on {date} by the coordinator.", date=date),
        "list": speech.say("Verified on {date} by the published list.", date=date),
    }
    lines: list[Markup] = []
    if holder.source_title and holder.source_url:
        link = Markup('<a href="{}">{}</a>').format(holder.source_url, holder.source_title)
        lines.append(speech.psay("line", "Published: {source}", source=link))
    elif holder.source_title:
        lines.append(speech.psay("line", "Published: {source}", source=holder.source_title))
    known = holder.verified_at is not None and holder.verified_by in verified
    lines.append(verified[holder.verified_by or ""] if known else speech.psay("line", "Not verified yet."))
    return Markup("\n").join(lines)


def _vacancy(viewer: Viewer, rung: Rung | None) -> Markup:
    say = viewer.speech.say
    if rung is None:
        return say("No official is named here at present.")
    body = viewer.body(rung.body_id)
    reasons = {
        "parent": say("No official is named here at present. Next is the body above it: {body}.", body=body),
        "internal-policy": say(
            "No official is named here at present. Next is the region's department for internal policy, "
            "which works with NGOs: {body}.",
            body=body,
        ),
        "region": say("No official is named here at present. Next is the region's akimat: {body}.", body=body),
        "civil-society": say(
            "No official is named here at present. Next is the committee for civil society, which keeps the list: "
            "{body}.",
            body=body,
        ),
    }
    text = reasons[rung.reason]
    return text if rung.holder is None else Markup("\n\n").join((text, official(viewer.speech, rung.holder)))


def _card_rows(viewer: Viewer, found: BodyCard, back: str, keeper: bool, unfinished: bool) -> Rows:
    psay = viewer.speech.psay
    rows: list[tuple[Button, ...]] = []
    if found.reachable:
        rows.append((Button(psay("button", "Request a meeting"), f"rq:{found.body_id}", style="primary"),))
    if found.holder is not None and found.holder.phones:
        rows.append((Button(psay("button", "Contact card"), f"vc:{found.body_id}"),))
    if found.rung is not None and found.abolished_on is None:
        here = f"b.{found.body_id}"
        rows.append((Button(_label(viewer, viewer.tree.by_id[found.rung.body_id]), f"b:{found.rung.body_id}:{here}"),))
    if found.successor_id is not None:
        rows.append((Button(_label(viewer, viewer.tree.by_id[found.successor_id]), f"b:{found.successor_id}"),))
    if unfinished:
        rows.append((Button(psay("button", "Continue my request"), f"d:{requests.KIND}"),))
    if keeper and found.abolished_on is None:
        rows.append((Button(psay("button", "Name an official"), f"nm:{found.body_id}"),))
        if found.holder is not None:
            rows.append((Button(psay("button", "Invite the official"), f"iv:{found.body_id}"),))
    rows.append((Button(psay("button", "Back"), back),))
    return tuple(rows)
