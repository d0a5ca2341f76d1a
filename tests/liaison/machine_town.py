"""A small town for the state machine: two NGOs, two posts, the people behind them, the clock and a delivery without
Telegram. Everything is done through the rules; what they refuse changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from liaison import (
    confirming,
    deliveries,
    deputies,
    duties,
    holders,
    invitations,
    meetings,
    presence,
    redirects,
)
from liaison.deliveries import Drop, Settled
from liaison.errors import LiaisonError
from liaison.slots import Span
from storage.engine import Database
from storage.meetings import Meeting, Step
from storage.posts import Deputy
from storage.schema import Table
from tests.liaison.cast import POLICY, Cast
from tests.liaison.owed import MACHINE

RULES = replace(POLICY, undo=timedelta(seconds=60))
NGOS = ("umit", "alem")
OFFICE = ("official", "successor", "neighbour", "coordinator")  # the neighbour is the official next door, who stands in
EVERYBODY = NGOS + OFFICE
Outcome = Literal["sent", "retry", "blocked"]


class Town:
    """Everybody of one run. The database is emptied first, so that a run depends on nothing before it."""

    def __init__(self, database: Database) -> None:
        database.write_now(_emptied)
        self.cast = cast = Cast(database)
        self.bodies = (cast.body("first", "region", region_id=0), cast.body("second"))
        self.people = {"official": cast.official(self.bodies[0], 10, "Sample Official")}
        self.people["neighbour"] = cast.official(self.bodies[1], 11, "Sample Neighbour")
        self.people["successor"] = cast.person(12)
        self.people["coordinator"] = cast.coordinator(20)
        self.people |= {name: cast.ngo(30 + n, name) for n, name in enumerate(NGOS)}
        self.meetings: list[int] = []
        self.there = set(self.people.values())  # who was in reach all the time

    def act(self, who: str, rule: Callable[..., Any], *args: Any, **more: Any) -> bool:
        """Let somebody do something; False if a rule refused."""
        try:
            self.cast.do(self.people[who], rule, *args, **more)
        except LiaisonError:
            return False
        return True

    def meeting(self, which: int, *states: str) -> int:
        """A meeting in one of these states, so that most acts are possible; the number 5, or none of them: any."""
        rows = [row["id"] for row in self.cast.rows(Meeting) if row["state"] in states]
        chosen = self.meetings if which == 5 or not rows else rows
        return chosen[which % len(chosen)]

    def spans(self, day: int, *minutes: int) -> tuple[Span, ...]:
        """Half-hours so many days ahead, from 09:00 and so many minutes on."""
        local = self.cast.now.astimezone(RULES.zone).date() + timedelta(days=day)
        start = datetime.combine(local, time(9), RULES.zone)
        starts = sorted({start + timedelta(minutes=each) for each in minutes})
        return tuple(Span(at, at + RULES.slot_length) for at in starts)

    def request(self, ngo: str, where: int, times: tuple[Span, ...]) -> bool:
        """An NGO asks a body for a meeting; False if nobody can be reached there."""
        person = self.people[ngo]
        wish = meetings.Wish(
            draft_key=f"draft-{len(self.meetings)}",
            organisation_id=self.cast.actor(person).organisations[0],
            body_id=self.bodies[where],
            topic="health",
            mode="in_person",
            agenda=None,
            phone=None,
            times=times,
        )
        try:
            self.meetings.append(self.cast.do(person, meetings.request, wish, RULES))
        except LiaisonError as refusal:  # when everybody has blocked the bot
            if refusal.code != "nobody":
                raise
            return False
        return True

    def slot(self, which: int, meeting: int) -> int:
        """A time of the present offer, or one that nobody offered."""
        slots = self.cast.see(self.people["coordinator"], meetings.see, meeting).slots
        return slots[which % len(slots)].id if slots else 0

    def take_back(self, who: str, which: int) -> None:
        """Whoever took the last step undoes it while he can; or somebody tries."""
        rows = [row for row in self.cast.rows(Meeting) if row["undo_until"] and row["undo_until"] > self.cast.now]
        if which == 5 or not rows:
            self.act(who, confirming.undo, self.meeting(which), RULES)
            return
        chosen = rows[which % len(rows)]["id"]
        last = [row["actor_id"] for row in self.cast.rows(Step) if row["meeting_id"] == chosen][-1]
        self.act(next(name for name, person in self.people.items() if person == last), confirming.undo, chosen, RULES)

    def pass_on(self, who: str, meeting: int, where: int) -> None:
        """Not his area: the request goes to the other body, where it is a new one."""
        reason = {"reason": "Not ours"}
        if self.act(who, redirects.redirect, meeting, self.bodies[where], reason, RULES):
            self.meetings = [row["id"] for row in self.cast.rows(Meeting)]

    def leave(self, first: int, last: int) -> None:
        """The official goes away from one day to another, and asks the neighbour to stand in."""
        today = self.cast.now.astimezone(RULES.zone).date()
        days = (today + timedelta(days=first), today + timedelta(days=max(first, last)))
        self.act("official", deputies.ask, self.bodies[0], days, self.people["neighbour"], None, RULES)

    def stand_in(self, which: int, *, accepts: bool) -> None:
        """The neighbour answers whether he stands in."""
        if rows := self.cast.rows(Deputy):
            self.act("neighbour", deputies.answer, rows[which % len(rows)]["id"], RULES, accepts=accepts)

    def end_leave(self, who: str, which: int) -> None:
        """Somebody ends a leave before its time."""
        if rows := self.cast.rows(Deputy):
            self.act(who, deputies.end, rows[which % len(rows)]["id"], RULES)

    def name(self, who: str) -> None:
        """The coordinator names another official for the first body, who has not joined yet."""
        named = {"full_name": f"Sample {who}", "position": "", "contact": "+77172000000"}
        self.act("coordinator", holders.name_official, self.bodies[0], **named, policy=RULES)

    def join(self, who: str) -> None:
        """Somebody opens the link by which an official is bound."""
        link = invitations.invite_from_chat
        try:
            payload = self.cast.do(self.people["coordinator"], link, self.bodies[0])
        except LiaisonError:
            return
        self.act(who, invitations.accept, payload, RULES, display_name=f"Sample {who}")

    def reach(self, who: str, *, reachable: bool) -> None:
        """Somebody blocks the bot, or comes back."""
        self.there.discard(self.people[who])
        telegram_id = self.cast.actor(self.people[who]).telegram_id
        self.cast.database.write_now(presence.note, telegram_id, RULES, reachable=reachable, now=self.cast.now)

    def wait(self, span: timedelta) -> None:
        """Time passes, and the daily duties are done."""
        self.cast.now += span
        self.cast.database.write_now(duties.run_due, RULES, now=self.cast.now, machine_now=MACHINE + span)

    def deliver(self, outcome: Outcome, most: int = 100) -> int:
        """Send what is due, with that outcome; how much there was."""
        write, read, clocks = self.cast.database.write_now, self.cast.database.read_now, {"now": self.cast.now}
        lease = timedelta(minutes=1)
        taken = write(deliveries.claim, owner="town", machine_now=MACHINE, lease=lease, limit=most, **clocks)
        decided = read(deliveries.prepare, [one.id for one in taken], RULES, **clocks)
        settled = [self._settled(due, outcome) for due in decided]
        write(deliveries.settle, settled, RULES, owner="town", machine_now=MACHINE, **clocks)
        return len(taken)

    def calm(self) -> None:
        """Nothing can be taken back any more, and all that is due has gone out."""
        self.wait(RULES.undo)
        while self.deliver("sent"):
            pass

    def _settled(self, due: deliveries.Due | Drop, outcome: Outcome) -> Settled:
        if isinstance(due, Drop):
            return Settled(due.notice_id, "dropped", reason=due.reason)
        if due.meeting_id is not None:
            try:  # as it is rendered
                self.cast.see(due.recipient.id, meetings.see, due.meeting_id, side=due.details.get("as"))
            except LiaisonError:
                return Settled(due.notice_id, "dropped", reason="no part in it")
        if outcome == "sent":
            return Settled(due.notice_id, "sent", message_id=due.notice_id)
        self.there.discard(due.recipient.id if outcome == "blocked" else 0)
        if outcome == "retry":
            return Settled(due.notice_id, "retry")
        return Settled(due.notice_id, "dropped", reason="blocked", blocked=True)


def _emptied(session: Session) -> None:
    for table in reversed(Table.metadata.sorted_tables):
        session.execute(table.delete())
