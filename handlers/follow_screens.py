"""What a person follows, how much of a region, and what changed there."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from handlers import labels
from handlers.screen import Button, Screen, number
from handlers.viewer import Viewer
from liaison import follows, news
from liaison.errors import NotYours
from liaison.follows import FollowCard
from liaison.news import Change

PAGE = 8  # entries on a page
TOLD = 15  # bodies in one message of news
ROOM = 3500  # characters of these; a message holds 4096 (Bot API, sendMessage)
CARDS = 8  # buttons to cards below it
Row = tuple[Button, ...]


async def how_much(viewer: Viewer, rest: list[str]) -> Screen:
    """``fq:BODY``: of a region, only the akimat or all bodies? Raises NotYours for what is no region."""
    body_id = number(rest[0])
    if viewer.tree.by_id[body_id].level != "region":
        raise NotYours("follow", f"body {body_id} is no region")
    speech, followed = viewer.speech, await viewer.read(follows.state, viewer.actor, body_id)
    labelled = {"body": speech.psay("button", "Only the akimat"), "region": speech.psay("button", "The whole region")}
    rows: list[Row] = [
        (Button(label, f"ff:{body_id}:{scope}"),) for scope, label in labelled.items() if scope not in followed
    ]
    if followed:
        rows.append((Button(speech.psay("button", "Unfollow"), f"ff:{body_id}:none"),))
    rows.append((Button(speech.psay("button", "Back"), f"b:{body_id}"),))
    head = Markup("<b>{}</b>").format(viewer.body(body_id))
    return Screen(Markup("\n\n").join((head, _state(viewer, followed))), tuple(rows))


async def following(viewer: Viewer, rest: list[str]) -> Screen:
    """``fw[:PAGE]``: all that one follows, each with a way to its card and a button to follow it no longer."""
    speech, asked = viewer.speech, number(rest[0]) if rest else 0
    found = await viewer.read(follows.mine, viewer.actor)
    if not found:
        hint = speech.say("You follow no body yet. Tap “Follow” on a card: you will be told when its official changes.")
        return Screen(hint, (_back(viewer),))
    pages = -(-len(found) // PAGE)
    page = min(asked, pages - 1)
    shown = list(enumerate(found, start=1))[page * PAGE : (page + 1) * PAGE]
    parts = [
        speech.say(
            "<b>What you follow</b>\nWhat changed is told at {time} ({offset}), in one message a day at most.",
            time=f"{news.AT:%H:%M}",
            offset=speech.utc_offset,
        )
    ]
    parts.append(Markup("\n").join(Markup("{}. {}").format(n, _name(viewer, one)) for n, one in shown))
    if pages > 1:
        parts.append(speech.psay("line", "Page {page} of {pages}", page=page + 1, pages=pages))
    rows = [_entry(viewer, n, one, page) for n, one in shown]
    return Screen(Markup("\n\n").join(parts), (*rows, _turn(viewer, page, pages), _back(viewer)))


async def changed(viewer: Viewer, rest: list[str]) -> Screen:
    """``nw:DATE``: what changed at the bodies one follows, as it stands now; nothing left: what one follows."""
    day = date.fromisoformat(rest[0])
    if day < viewer.now.date() - news.KEPT:  # an old message, or forged
        return await following(viewer, [])
    found = await viewer.read(news.to_tell, viewer.actor.id, day)
    if not found:
        return await following(viewer, [])
    lines = _fitting([_line(viewer, one) for one in found])
    title = viewer.speech.say("<b>What changed at the bodies you follow</b>")
    more = len(found) - len(lines)
    if more:
        lines.append(viewer.speech.npsay("line", "And one more.", "And {n} more.", more))
    rows: list[Row] = [
        (Button(labels.of(viewer, viewer.tree.by_id[one.body_id]), f"b:{one.body_id}:nw.{rest[0]}"),)
        for one in found[:CARDS]
    ]
    rows.append((Button(viewer.speech.psay("button", "What I follow"), "fw"),))
    return Screen(Markup("\n\n").join((title, *lines)), tuple(rows))


def _state(viewer: Viewer, followed: frozenset[str]) -> Markup:
    say = viewer.speech.say
    if "region" in followed:
        return say("You follow the whole region: the akimat, its departments, cities and districts.")
    if "body" in followed:
        return say("You follow only the akimat. Would you rather follow the whole region?")
    return say(
        "What do you want to follow: only the akimat, or the whole region with its departments, cities and districts? "
        "You will be told when an official changes."
    )


def _name(viewer: Viewer, one: FollowCard) -> Markup:
    body = viewer.body(one.body_id)
    if one.scope == "region":
        return viewer.speech.psay("line", "{body} and the whole region", body=body)
    return Markup("{}").format(body)


def _entry(viewer: Viewer, n: int, one: FollowCard, page: int) -> Row:
    entry = viewer.tree.by_id[one.body_id]
    label = labels.region(viewer, entry) if one.scope == "region" else labels.of(viewer, entry)
    return (
        Button(labels.cut(f"{n}. {label}", labels.HALF), f"b:{one.body_id}:fw.{page}"),
        Button(viewer.speech.psay("button", "Unfollow {n}", n=n), f"fu:{one.id}:{page}"),
    )


def _turn(viewer: Viewer, page: int, pages: int) -> Row:
    psay = viewer.speech.psay
    turn = [Button(psay("button", "Previous page"), f"fw:{page - 1}")] if page > 0 else []
    if page < pages - 1:
        turn.append(Button(psay("button", "Next page"), f"fw:{page + 1}"))
    return tuple(turn)


def _line(viewer: Viewer, one: Change) -> Markup:
    say, speech = viewer.speech.say, viewer.speech
    if one.abolished_on is not None and one.successor_id is not None:
        day, successor = speech.date(one.abolished_on), viewer.body(one.successor_id)
        said = say("This body was abolished on {date}; its successor: {body}.", date=day, body=successor)
    elif one.abolished_on is not None:
        said = say("This body was abolished on {date}.", date=speech.date(one.abolished_on))
    elif one.official is not None:
        said = say("The official is now {name}.", name=one.official)
    else:
        said = say("No official is named here at present.")
    return Markup("<b>{}</b>\n{}").format(viewer.body(one.body_id), said)


def _fitting(lines: Sequence[Markup]) -> list[Markup]:
    """As many lines as one message holds."""
    kept: list[Markup] = []
    room = ROOM
    for line in lines[:TOLD]:
        room -= len(line.striptags()) + 2
        if room < 0:
            break
        kept.append(line)
    return kept


def _back(viewer: Viewer) -> Row:
    return (Button(viewer.speech.psay("button", "Back"), "my"),)
