"""The buttons by which a meeting gets into people's calendars, onto their maps and into its online room."""

from handlers.screen import Button
from handlers.viewer import Viewer
from liaison import documents, venues
from liaison.cards import MeetingCard
from liaison.topics import name

Row = tuple[Button, ...]
# A meeting that had a time and has none in these states is taken out of calendars, not put in.
AWAY = frozenset({"requested", "offered", "declined", "withdrawn", "cancelled", "expired", "redirected"})


def rows(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """The buttons that lead to the calendar, the online room and the map."""
    psay = viewer.speech.psay
    if card.starts_at is not None and card.state in AWAY and not card.over:
        return [(Button(psay("button", "Take it off my calendar"), f"ic:{card.id}"),)]
    if card.state != "confirmed" or card.over:
        return []
    found: list[Row] = []
    if card.room:
        found.append((Button(psay("button", "Join online"), url=card.room),))
    if card.pin:
        pin = Button(psay("button", "Send the pin"), f"lo:{card.id}")
        found.append((Button(psay("button", "Open the map"), url=map_link(card.pin)), pin))
    file = Button(psay("button", "Calendar file"), f"ic:{card.id}")
    found.append((Button(psay("button", "Add to Google"), url=google_link(viewer, card)), file))
    return found


def google_link(viewer: Viewer, card: MeetingCard) -> str:
    """The address under which Google Calendar offers to add a confirmed meeting. Raises ValueError without a time."""
    if card.starts_at is None or card.ends_at is None:
        raise ValueError("a meeting without a time cannot be added to a calendar")
    topic = viewer.speech.psay("line", "Topic: {topic}", topic=name(card.topic, viewer.speech.language)).unescape()
    described = "\n".join(part for part in (card.number, topic, card.agenda) if part)
    return documents.google_link(
        card.starts_at, card.ends_at, summary=summary(viewer, card), description=described, location=card.place
    )


def summary(viewer: Viewer, card: MeetingCard) -> str:
    """The title of a meeting in a calendar: who meets whom."""
    body = viewer.body(card.body_id)
    return viewer.speech.psay("line", "{organisation} – {body}", organisation=card.organisation, body=body).unescape()


def map_link(at: venues.Pin) -> str:
    """OpenStreetMap at a pin: it opens in any browser, without an account or an app."""
    latitude, longitude = (f"{degrees:.5f}" for degrees in at)
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"


def room_buttons(viewer: Viewer, card: MeetingCard, key: str) -> list[Row]:
    """What answers the question for the link of an online meeting besides a link that is typed."""
    psay = viewer.speech.psay
    found: list[Row] = []
    if card.own_room and card.own_room != card.place:
        mine = card.side == "official"
        own = psay("button", "My online room") if mine else psay("button", "The office's online room")
        found.append((Button(own, f"po:{card.id}:{key}"),))
    if card.mode == "online" and viewer.policy.video_base:
        found.append((Button(psay("button", "New video room"), f"pv:{card.id}:{key}"),))
    return found


def keep_button(viewer: Viewer, card: MeetingCard) -> list[Row]:
    """[Offer this link every time] for the address of an online meeting that the post does not have yet."""
    may_keep = card.side in ("official", "assistant", "coordinator", "admin")  # the hours are not the substitute's
    if not may_keep or card.room in (None, card.own_room) or not venues.lasting(card.room or ""):
        return []
    return [(Button(viewer.speech.psay("button", "Offer this link every time"), f"pr:{card.id}"),)]
