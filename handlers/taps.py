"""What the buttons do: each by the first part of its data."""

from collections.abc import Awaitable, Callable

from telegram import Update

from handlers import (
    attachments,
    coordinators,
    deputies,
    desk,
    follows,
    joins,
    lookup,
    meetings,
    outcomes,
    people,
    promises,
    proposals,
    reception,
    redirects,
    reports,
    requests,
    sharing,
    talks,
    today,
    venues,
)
from handlers.context import Context
from handlers.places import PLACES
from liaison.errors import NotYours

Handler = Callable[[Update, Context], Awaitable[None]]

# The first part of a button's data, and what it does. What only leads to a screen is in ``places.PLACES``.
TAPS: dict[str, Handler] = {
    "l": people.choose_language,
    "ti": people.let_in,
    "vc": lookup.contact_card,
    "qr": sharing.qr,
    "hc": lookup.choose,
    "rs": lookup.set_region,
    "rq": requests.begin,
    "nt": requests.begin_new_times,
    "q": requests.step,
    "mc": meetings.confirm,
    "ma": meetings.accept,
    "mu": meetings.undo,
    "op": proposals.begin,
    "pp": proposals.step,
    "mo": meetings.other_times,
    "ot": meetings.other_times_bare,
    "md": meetings.decline,
    "mx": meetings.cancel,
    "mw": meetings.withdraw,
    "fs": attachments.show,
    "pc": meetings.change_place,
    "pl": meetings.last_place,
    "ps": meetings.skip_place,
    "po": venues.own_room,
    "pv": venues.new_room,
    "pr": venues.keep_room,
    "bk": meetings.leave_words,
    "os": outcomes.say,
    "oa": outcomes.answered,
    "oj": outcomes.settle,
    "on": outcomes.ask_again,
    "yf": outcomes.confirm_points,
    "yw": promises.begin,
    "yd": promises.decide,
    "yq": promises.step,
    "tc": today.take,
    "rd": redirects.begin,
    "rb": redirects.choose,
    "rr": redirects.send,
    "rk": redirects.leave,
    "lv": deputies.begin_leave,
    "lx": deputies.step,
    "da": deputies.answer,
    "de": deputies.end,
    "as": deputies.invite_assistant,
    "lg": deputies.leave_post,
    "iv": coordinators.invite,
    "nm": coordinators.name_official,
    "nb": coordinators.leave_naming,
    "wr": reports.choose_reason,
    "wa": reports.agree,
    "ws": reports.send_bare,
    "wl": reports.leave,
    "rc": reports.close,
    "qt": desk.this_is,
    "qa": desk.name_it,
    "qn": desk.means_none,
    "ql": desk.leave,
    "fo": follows.toggle,
    "ff": follows.choose,
    "fu": follows.unfollow,
    "ra": reception.tapped,
    "fp": reception.propose_fresh,
    "jq": joins.ask_line,
    "js": joins.send_bare,
    "jb": joins.leave_line,
    "jy": joins.answer,
    "jx": joins.leave,
    "jo": joins.own_request,
    "jw": joins.own_request_after,
    "tw": talks.write,
    "tb": talks.leave,
    "tm": talks.mute,
    "tr": talks.report,
    "tj": talks.judge,
}


async def tapped(update: Update, context: Context) -> None:
    """Any button: what it does by its first part, else the screen whose address it is."""
    kind = context.tap[0]
    handler = TAPS.get(kind) or (lookup.walk if kind in PLACES else None)
    if handler is None:
        raise NotYours("button", f"unknown button {kind!r}")
    await handler(update, context)
