"""Several offices with their officials, for the tests of who answers for whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from liaison import deputies, invitations
from liaison.deputy_days import Days
from tests.liaison.cast import POLICY, Cast

TODAY = date(2026, 12, 1)  # of NOW, on the country's calendar


@dataclass
class Offices:
    """Departments of one region, each with a bound official; a coordinator of the region and an NGO."""

    cast: Cast
    region: int
    bodies: list[int]
    officials: list[int]
    keeper: int
    ngo: int


def offices(cast: Cast, count: int = 3) -> Offices:
    """So many departments, side by side."""
    region = cast.body("reg-sample", "region", region_id=0)
    bodies = [
        cast.body(f"dep-sample-{n}", "region_department", region_id=region, parent_id=region) for n in range(count)
    ]
    officials = [cast.official(body, 10 + n, f"Sample Official {n}") for n, body in enumerate(bodies)]
    return Offices(cast, region, bodies, officials, cast.coordinator(90, region), cast.ngo(30))


def days(first: int, last: int) -> Days:
    """From so many days after today until so many, both included."""
    return TODAY + timedelta(days=first), TODAY + timedelta(days=last)


def ask(here: Offices, which: int, whom: int, span: Days, by: int | None = None) -> int:
    """An official (or ``by``) asks another one to stand in; the arrangement."""
    asker = here.officials[which] if by is None else by
    given = (here.bodies[which], span, here.officials[whom], None, POLICY)
    return int(here.cast.do(asker, deputies.ask, *given))


def stands_in(here: Offices, which: int, whom: int, span: Days) -> int:
    """Ask, and accept."""
    deputy_id = ask(here, which, whom, span)
    here.cast.do(here.officials[whom], deputies.answer, deputy_id, POLICY, accepts=True)
    return deputy_id


def binds(here: Offices, body_id: int, person_id: int, name: str = "Account Name") -> Any:
    """A person opens an invitation for the post of a body."""
    link = here.cast.database.write_now(invitations.invite_official, body_id, invited_by=None, now=here.cast.now)
    return here.cast.do(person_id, invitations.accept, link, POLICY, display_name=name)
