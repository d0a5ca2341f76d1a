"""Every screen has an address, the callback data that leads to it: `b:12` is the card of body 12, `m:7` meeting 7.

So a tap, a reply owed after an outage and an update that came twice all draw the same, present, screen.
"""

from collections.abc import Awaitable, Callable

from handlers import (
    batch_screens,
    browse_screens,
    calendar_files,
    card_screens,
    deputy_screens,
    desk_screens,
    directory_screens,
    follow_screens,
    handover_screens,
    join_wishes,
    meeting_screens,
    my_screens,
    outcome_screens,
    people_screens,
    promise_screens,
    proposal_screens,
    reception_screens,
    redirect_screens,
    report_screens,
    request_screens,
    sharing_screens,
    stand_in_screens,
    talk_screens,
    today_screens,
)
from handlers.screen import Screen
from handlers.viewer import Viewer
from liaison.errors import NotYours

Draw = Callable[[Viewer, list[str]], Awaitable[Screen]]

PLACES: dict[str, Draw] = {
    "start": people_screens.start,
    "help": people_screens.help_,
    "privacy": people_screens.privacy,
    "lang": people_screens.language,
    "inv": people_screens.invitation,
    "iv": people_screens.invitation_made,
    "t": people_screens.membership,
    "b": card_screens.card,
    "h": directory_screens.hits,
    "w": browse_screens.browse,
    "tp": browse_screens.topic,
    "rg": browse_screens.my_region,
    "d": request_screens.question,
    "cp": request_screens.confirmed,
    "m": meeting_screens.meeting,
    "jn": join_wishes.wish,
    "jl": join_wishes.leaving,
    "tk": talk_screens.word,
    "to": talk_screens.reported,
    "pd": proposal_screens.place,
    "sn": meeting_screens.sent,
    "pk": meeting_screens.place_kept,
    "bt": batch_screens.together,
    "ow": batch_screens.waiting,
    "ic": calendar_files.file,
    "lo": calendar_files.pin,
    "my": my_screens.mine,
    "oc": outcome_screens.outcome,
    "oy": outcome_screens.why,
    "yp": promise_screens.point,
    "td": today_screens.day,
    "wc": report_screens.wrong_contact,
    "rp": report_screens.report,
    "desk": desk_screens.front,
    "rl": desk_screens.reported,
    "qm": desk_screens.missed,
    "qq": desk_screens.miss,
    "qc": desk_screens.candidates,
    "sh": sharing_screens.share,
    "fd": sharing_screens.find,
    "ol": sharing_screens.old_link,
    "fq": follow_screens.how_much,
    "fw": follow_screens.following,
    "nw": follow_screens.changed,
    "dp": deputy_screens.page,
    "dy": deputy_screens.one,
    "dl": deputy_screens.opened,
    "si": stand_in_screens.told,
    "bw": stand_in_screens.back,
    "bf": handover_screens.brief,
    "nh": handover_screens.changed,
    "ov": handover_screens.over,
    "lg": handover_screens.leave,
    "le": handover_screens.is_leaving,
    "vac": handover_screens.vacant,
    "rd": redirect_screens.which,
    "rf": redirect_screens.found,
    "rb": redirect_screens.why,
    "rw": reception_screens.reception,
}


async def draw(viewer: Viewer, place: str) -> Screen:
    """The screen at an address, as it is now. Raises LiaisonError, NotYours for an address that leads nowhere."""
    kind, *rest = place.split(":")
    if kind not in PLACES:
        raise NotYours("place", f"no place {place!r}")
    try:
        return await PLACES[kind](viewer, rest)
    except (ValueError, IndexError, KeyError) as broken:  # a forged address: numbers missing or not numbers
        raise NotYours("place", f"broken place {place!r}") from broken
