"""What the demo's page offers beyond a messenger: step into the post of any body, become the coordinator.

The sandbox knows nothing of state bodies; these functions are handed to it (`Sandbox.offers`), and it passes the page's
JSON on to them.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from liaison import cards, directory, invitations, people, reach
from liaison.errors import NotYours
from liaison.people import DEFAULT_LANGUAGE, LANGUAGES
from liaison.policy import Policy

if TYPE_CHECKING:
    from bot.app import App

Json = dict[str, Any]
Offer = Callable[[Json], Awaitable[Json]]

FIRST_OFFICIAL = 700_000_000  # plus the body's number: the Telegram number of the person who steps into its post
FOUND = 8  # bodies shown under the search box


def offers(app: "App") -> dict[str, Offer]:
    """The functions by name. They need the bot only when they are called, so it may be started later.

    "bodies" {"query", "language"?} → {"bodies": [{"id", "name", "official": name or null}]}
    "step" {"body": id} → {"person": Telegram number, "name": the official's or null, "link": the invitation to be
    followed by that person, null for one who holds the post already}; an unknown or abolished body raises ValueError
    "coordinator" {} → {"link": the invitation of a coordinator of the whole country}
    """

    async def bodies(asked: Json) -> Json:
        language = asked.get("language")
        tree, index = app.services.directory().tree, app.services.directory().index
        hits = [hit.body_id for hit in index.find(str(asked.get("query", "")), limit=FOUND).hits]
        present = [number for number in hits if tree.by_id[number].abolished_on is None]
        named = await app.services.db.read(_officials, present)
        shown = language if language in LANGUAGES else DEFAULT_LANGUAGE
        found = [{"id": n, "name": tree.name(n, shown), "official": named[n]} for n in present]
        return {"bodies": found}

    async def step(asked: Json) -> Json:
        services = app.services
        try:
            person, name, payload = await services.db.write(
                step_into, int(asked["body"]), services.policy, now=services.now()
            )
        except NotYours as unknown:
            raise ValueError(f"no such body: {asked['body']}") from unknown
        return {"person": person, "name": name, "link": payload and link(payload)}

    async def coordinator(asked: Json) -> Json:
        invite = invitations.invite_coordinator
        payload = await app.services.db.write(invite, None, invited_by=None, now=app.services.now())
        return {"link": link(payload)}

    def link(payload: str) -> str:
        return f"https://t.me/{app.services.username()}?start={payload}"

    return {"bodies": bodies, "step": step, "coordinator": coordinator}


# The session is not named by its type: on this floor nothing knows the database's library.
def step_into(session: Any, body_id: int, policy: Policy, *, now: datetime) -> tuple[int, str | None, str | None]:
    """Telegram number of the person for a body's post, the name the list gives, and the payload of an invitation that
    he has to open, None where he holds the post already. Raises NotYours for an unknown or abolished body."""
    post = directory.post_of(session, body_id)
    holder = cards.holder(session, post.id)
    name = holder.full_name if holder else None
    for receiver in reach.receivers(session, post.id, policy, now=now):
        if receiver.side == "official":
            return people.actor(session, receiver.person_id, policy, now=now).telegram_id, name, None
    number = FIRST_OFFICIAL + body_id
    known = people.identify(session, number, policy, now=now)
    if known and post.id in known.posts:  # he has blocked the bot
        return number, name, None
    return number, name, invitations.invite_official(session, body_id, invited_by=None, now=now)


def _officials(session: Any, body_ids: list[int]) -> dict[int, str | None]:
    found = {number: cards.holder(session, directory.post_of(session, number).id) for number in body_ids}
    return {number: holder.full_name if holder else None for number, holder in found.items()}
