"""A local Telegram: a Bot API server on loopback with Telegram's documented limits and Telegram's errors.

The demo and the journey tests talk to it over HTTP exactly as the bot talks to Telegram. It knows nothing of the bot:
it imports none of the other packages and not the Telegram library.
"""

from .chats import Chat, Message
from .faults import Fault
from .inline import InlineResult, InlineResults
from .log import Call, Remark
from .people import Person, Toast
from .server import Sandbox

__all__ = ["Call", "Chat", "Fault", "InlineResult", "InlineResults", "Message", "Person", "Remark", "Sandbox", "Toast"]
