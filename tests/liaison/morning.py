"""The morning's messages to followers: naming officials, and sending what is due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from liaison import deliveries, holders, news
from liaison.deliveries import Drop, Settled
from storage.notices import Notice
from tests.liaison.cast import POLICY, Cast
from tests.liaison.owed import MACHINE

ZONE = POLICY.zone
LEASE = timedelta(hours=1)
CONTACT = "8 (7172) 00-00-01"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in December 2026 on the country's clock."""
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def name(cast: Cast, keeper: int, body: int, full_name: str, contact: str = CONTACT) -> None:
    cast.do(keeper, holders.name_official, body, full_name=full_name, position="Head", contact=contact)


def deliver(cast: Cast, now: datetime) -> dict[int, list[tuple[int, str | None]]]:
    """Send what is due: who is told of which bodies and of whom there. Fails if somebody gets two messages."""
    cast.now = now
    run: dict[str, Any] = {"owner": "a", "now": now, "machine_now": MACHINE}
    claimed = cast.database.write_now(deliveries.claim, **run, lease=LEASE, limit=1000)
    decided = cast.database.read_now(deliveries.prepare, [one.id for one in claimed], POLICY, now=now)
    told: dict[int, list[tuple[int, str | None]]] = {}
    settled = []
    for one in decided:
        if isinstance(one, Drop):
            settled.append(Settled(one.notice_id, "dropped", reason=one.reason))
            continue
        if one.kind != news.KIND:  # that a duty is over, for example
            settled.append(Settled(one.notice_id, "sent", message_id=1))
            continue
        assert one.recipient.id not in told
        found = cast.database.read_now(news.to_tell, one.recipient.id, date.fromisoformat(one.details["day"]))
        told[one.recipient.id] = [(change.body_id, change.official) for change in found]
        settled.append(Settled(one.notice_id, "sent", message_id=1))
    cast.database.write_now(deliveries.settle, settled, POLICY, **run)
    return told


def due(cast: Cast) -> list[tuple[int, datetime]]:
    return [(row["recipient_id"], row["due_at"]) for row in cast.rows(Notice) if row["kind"] == news.KIND]
