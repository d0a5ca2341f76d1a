"""The whole main job step by step, so that a test can put something between any two of its steps, or into one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from tests.journeys.conftest import ALMATY, START

BODY = "min-health"
# How the messages begin that are owed whatever happens.
NOTICES = ("ACTION NEEDED", "Confirmed: meeting", "The place of meeting", "Reminder: meeting")


@dataclass(frozen=True)
class Cast:
    """Who takes part; ``payload`` is the official's invitation."""

    sandbox: Sandbox
    official: Person
    ngo: Person
    payload: str


@dataclass(frozen=True)
class Step:
    """What somebody does, and what is to be seen of it afterwards."""

    name: str
    act: Callable[[Cast], int | None]  # returns the number of its update; None where only time passes
    official_sees: str = ""
    ngo_sees: str = ""
    button: str | None = None  # a part of a label that must be there too

    async def seen(self, cast: Cast) -> None:
        """Wait until everybody sees what he should."""
        for person, text in ((cast.official, self.official_sees), (cast.ngo, self.ngo_sees)):
            if text:
                await person.sees(text, button=self.button, timeout=30)


def _ngo_says(text: str) -> Callable[[Cast], int]:
    return lambda cast: cast.ngo.says(text)


def _ngo_taps(label: str) -> Callable[[Cast], int]:
    return lambda cast: cast.ngo.taps(label)


def put_clock(sandbox: Sandbox, at: datetime) -> None:
    """Set the calendar's clock to a moment."""
    sandbox.clock.put(at.timestamp() - datetime.now(UTC).timestamp())


def _time_comes(day: int, hour: int, minute: int) -> Callable[[Cast], None]:
    return lambda cast: put_clock(cast.sandbox, datetime(2026, 12, day, hour, minute, tzinfo=ALMATY))


STEPS = (
    Step("follows the link", lambda cast: cast.official.start(cast.payload), official_sees="Choose your language"),
    Step("is bound", lambda cast: cast.official.taps("English"), official_sees="You are bound as the official"),
    Step("starts", lambda cast: cast.ngo.start(), ngo_sees="Choose your language"),
    Step("chooses a language", _ngo_taps("English"), ngo_sees="Write what you are looking for"),
    Step("looks up", _ngo_says("Ministry of Healthcare"), ngo_sees="Phone: +7 7172", button="Request a meeting"),
    Step("begins a request", _ngo_taps("Request a meeting"), ngo_sees="First, your consent"),
    Step("agrees", _ngo_taps("I agree"), ngo_sees="What is your organisation called?"),
    Step("names the NGO", _ngo_says("Sample NGO «Umit»"), ngo_sees="Its BIN (12 digits)?"),
    Step("has no BIN", _ngo_taps("Without a BIN"), ngo_sees="Your surname and first name?"),
    Step("says her name", _ngo_says("Sampleva Aigerim"), ngo_sees="Your role in the organisation?"),
    Step("says her role", _ngo_says("director"), ngo_sees="What is the meeting about?"),
    Step("chooses the topic", _ngo_taps("Health"), ngo_sees="How would you like to meet?"),
    Step("chooses the way", _ngo_taps("In person"), ngo_sees="These are the nearest possible times"),
    Step("takes the times", _ngo_taps("Use these 3 times"), ngo_sees="You may write what you want to discuss"),
    Step(
        "sends the request",
        _ngo_taps("Send"),
        ngo_sees="not confirmed yet",
        official_sees="ACTION NEEDED: please answer the request for a meeting UKL-26-000001",
    ),
    Step(
        "confirms",
        lambda cast: cast.official.taps("Confirm Wed 2 Dec 14:30"),
        ngo_sees="Confirmed: meeting UKL-26-000001",
        official_sees="Confirmed: meeting UKL-26-000001",
    ),
    Step(
        "names the place",
        lambda cast: cast.official.says("Mangilik El 8, room 214"),
        ngo_sees="The place of meeting UKL-26-000001 is named",
        official_sees="The place of meeting UKL-26-000001 is named",
    ),
    Step("the day before", _time_comes(1, 14, 31), ngo_sees="in 24 hours", official_sees="in 24 hours"),
    Step("the hour before", _time_comes(2, 12, 31), ngo_sees="in 2 hours", official_sees="in 2 hours"),
)


def cast_of(sandbox: Sandbox, payload: str) -> Cast:
    """The people of the main job; the clock stands at its beginning."""
    put_clock(sandbox, START)
    return Cast(sandbox, sandbox.person(2001, "Sample Official"), sandbox.person(1001, "Aigerim"), payload)


def shown(person: Person) -> list[tuple[str, ...]]:
    """Every state of a message that the bot showed to a person: its text and its buttons, sorted.

    Sorted, since a reply and a notice to the same person may overtake each other.
    """
    return sorted((message.text, *message.buttons) for message in person.chat.shown)
