"""getUpdates, setWebhook and what belongs to them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from . import limits
from .calls import Arrived, Handler
from .errors import Breach, Json, Refused

_LONGEST_POLL = 50  # seconds; Telegram cuts longer ones short
_PORTS = (None, 80, 88, 443, 8443)


async def get_updates(arrived: Arrived) -> list[Json]:
    """Unconfirmed updates; a younger poll or a webhook ends it with a conflict."""
    world = arrived.world
    if world.webhook.url:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    limit = arrived.get("limit")
    if limit is not None and not 1 <= limit <= limits.UPDATES:
        arrived.violate(f"limit {limit}, allowed are 1-{limits.UPDATES}")
        limit = None
    world.inbox.allow(arrived.get("allowed_updates"))
    poll = world.inbox.take_over()
    try:
        world.inbox.confirm_below(arrived.get("offset") or 0)
        timeout = min(arrived.get("timeout") or 0, _LONGEST_POLL)
        return await world.inbox.batch(poll, limit or limits.UPDATES, timeout)
    finally:
        world.inbox.release(poll)


def set_webhook(arrived: Arrived) -> bool:
    """Post updates to a URL from now on; an empty one turns it off."""
    world, url = arrived.world, arrived.get("url").strip()
    if arrived.get("drop_pending_updates"):
        world.inbox.forget()
    if not url:
        world.webhook.turn_off()
        return True
    _check_url(url)
    secret = arrived.get("secret_token") or ""
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise Breach("secret token contains unallowed characters")
    connections = arrived.get("max_connections") or 40
    if not 1 <= connections <= limits.WEBHOOK_CONNECTIONS:
        arrived.violate(f"max_connections {connections}, allowed are 1-{limits.WEBHOOK_CONNECTIONS}")
        connections = 40
    world.inbox.allow(arrived.get("allowed_updates"))
    world.inbox.end_poll()
    world.webhook.turn_on(url, secret, connections)
    return True


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname in ("127.0.0.1", "localhost", "::1"):
        return  # a local Bot API server takes http and any port
    if parts.scheme != "https" or not parts.hostname:
        raise Breach("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in _PORTS:
        raise Breach("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(arrived: Arrived) -> bool:
    """Back to getUpdates."""
    if arrived.get("drop_pending_updates"):
        arrived.world.inbox.forget()
    arrived.world.webhook.turn_off()
    return True


def get_webhook_info(arrived: Arrived) -> Json:
    """WebhookInfo."""
    webhook, inbox = arrived.world.webhook, arrived.world.inbox
    info: Json = {"url": webhook.url, "has_custom_certificate": False, "pending_update_count": len(inbox.waiting)}
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if inbox.allowed:
        info["allowed_updates"] = inbox.allowed
    if webhook.last_error:
        info["last_error_date"], info["last_error_message"] = webhook.last_error
    return info


METHODS: dict[str, Handler] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getMe": lambda arrived: arrived.world.me,
    "logOut": lambda arrived: True,
    "close": lambda arrived: True,
}
