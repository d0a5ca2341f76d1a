"""Agreed points: read from lines, confirmed, corrected or silent, reminded on their day, counted, seen by whom."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from liaison import drafts, outcome_asking, outcomes, promise_terms, promise_writing, promises
from liaison.drafts import OutOfStep
from liaison.errors import LiaisonError
from liaison.promise_terms import Kept
from liaison.promises import Point
from storage.drafts import Draft
from storage.engine import Database
from storage.meetings import Guest
from storage.notices import Notice
from storage.outcomes import Promise
from storage.people import Membership
from storage.posts import Deputy, Holder
from tests.liaison.cast import NOW, POLICY, Cast
from tests.liaison.met import ASKED, DAY, Met, day

TODAY = day(2)
SILENT = datetime(2026, 12, 10, tzinfo=POLICY.zone)  # five working days after points written on 2 December


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def met(cast: Cast) -> Met:
    return Met.held_in(cast).both()


def told(session: Session) -> None:
    """The points have been delivered."""
    session.execute(update(Notice).where(Notice.kind == "points").values(state="sent"))


@pytest.mark.parametrize(
    ("line", "text", "due_on"),
    [
        ("Answer the letter 15.12", "Answer the letter", day(15)),
        ("Answer the letter, 15.12.", "Answer the letter", day(15)),
        ("Answer the letter – 1.2.2027", "Answer the letter", date(2027, 2, 1)),
        ("Answer the letter 02.12", "Answer the letter", day(2)),  # today
        ("Answer the letter 01.12", "Answer the letter", date(2027, 12, 1)),  # the next such day
        ("Answer the letter 01.12.2026", "Answer the letter 01.12.2026", None),  # past: it stays in the text
        ("Answer the letter 31.02", "Answer the letter 31.02", None),
        ("Answer the letter 29.02.2028", "Answer the letter", date(2028, 2, 29)),
        ("Answer the letter 15.12.2036", "Answer the letter 15.12.2036", None),  # a slip of the pen
        ("Raise the share to 1.5", "Raise the share to", date(2027, 5, 1)),
        ("Buy version 2.13", "Buy version 2.13", None),
        ("1. Answer the letter", "Answer the letter", None),
        ("2)  Answer the letter", "Answer the letter", None),
        ("– Answer the letter", "Answer the letter", None),
        ("15.12", "15.12", None),
        ("Жауап беру\u200b 15.12", "Жауап беру", day(15)),
    ],
)
def test_a_line_is_a_point_and_a_date_at_its_end_its_term(line: str, text: str, due_on: date | None) -> None:
    assert promises.read(line, TODAY) == (Point(text, due_on, "office"),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\n".join(["a point"] * 6), "most-points"),
        (" \n– \n", "too-short"),
        ("x" * 301, "too-long"),
        ("x", "too-short"),
    ],
)
def test_what_is_no_points_is_refused(text: str, code: str) -> None:
    with pytest.raises(LiaisonError) as refusal:
        promises.read(text, TODAY)
    assert refusal.value.code == code


def test_several_lines_are_several_points() -> None:
    read = promises.read("First thing 15.12\n\n  Second thing\n", TODAY)
    assert read == (Point("First thing", day(15), "office"), Point("Second thing", None, "office"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15.12", day(15)),
        (" 1.1.2027 ", date(2027, 1, 1)),
        ("29.2", date(2028, 2, 29)),
        ("1.12.2026", None),
        ("soon", None),
    ],
)
def test_a_typed_date(text: str, found: date | None) -> None:
    assert promises.read_date(text, TODAY) == found


@pytest.mark.parametrize(
    ("day_", "later"), [(day(2), date(2027, 1, 2)), (date(2027, 1, 31), date(2027, 2, 28)), (day(30, 11), day(30))]
)
def test_a_month_later(day_: date, later: date) -> None:
    assert promises.in_a_month(day_) == later


def test_the_dialogue_sets_terms_and_who_promises(met: Met) -> None:
    cast = met.cast
    draft = cast.do(met.ngo, promise_writing.begin, met.id, "ngo", POLICY)
    draft = cast.do(met.ngo, promise_writing.write, draft.key, "One thing\nOther thing\nThird thing\nFourth", POLICY)
    first = draft.rev
    draft = cast.do(met.ngo, promise_writing.look_at, draft.key, draft.rev, 2)
    draft = cast.do(met.ngo, promise_writing.set_term, draft.key, draft.rev, 2, "week", POLICY)
    draft = cast.do(met.ngo, promise_writing.set_by, draft.key, draft.rev, 2, "ngo")
    draft = cast.do(met.ngo, promise_writing.set_term, draft.key, draft.rev, 3, "month", POLICY)
    draft = cast.do(met.ngo, promise_writing.ask_date, draft.key, draft.rev, 4)
    assert draft.step == "date"
    assert cast.refused(met.ngo, promise_writing.say_date, draft.key, "soon", POLICY) == "bad-date"
    draft = cast.do(met.ngo, promise_writing.say_date, draft.key, "20.12", POLICY)
    assert promise_writing.points_of(draft.data) == (
        Point("One thing", None, "office"),
        Point("Other thing", day(9), "ngo"),
        Point("Third thing", date(2027, 1, 2), "office"),
        Point("Fourth", day(20), "office"),
    )
    draft = cast.do(met.ngo, promise_writing.set_term, draft.key, draft.rev, 4, "none", POLICY)
    with pytest.raises(OutOfStep):
        cast.do(met.ngo, promise_writing.send, draft.key, first, POLICY)
    for forged in ((0, "week"), (5, "week"), (1, "year")):
        assert cast.refused(met.ngo, promise_writing.set_term, draft.key, draft.rev, *forged, POLICY) == "not-yours"
    assert cast.refused(met.ngo, promise_writing.set_by, draft.key, draft.rev, 1, "nobody") == "not-yours"
    cast.do(met.ngo, promise_writing.send, draft.key, draft.rev, POLICY)
    assert [row["doer"] for row in cast.rows(Promise)] == ["office", "ngo", "office", "office"]
    assert [one.by for one in met.points()] == ["office", "ngo", "office", "office"]
    assert [row["kind"] for row in cast.rows(Draft)] == ["place"]  # of the confirmation
    kept = [(one.number, one.text, one.due_on, one.by, one.state, one.proposed_by) for one in met.points()]
    assert kept == [
        (1, "One thing", None, "office", "proposed", "ngo"),
        (2, "Other thing", day(9), "ngo", "proposed", "ngo"),
        (3, "Third thing", date(2027, 1, 2), "office", "proposed", "ngo"),
        (4, "Fourth", None, "office", "proposed", "ngo"),
    ]


@pytest.mark.parametrize("writer", ["ngo", "office"])
def test_the_other_party_confirms_what_it_saw(met: Met, writer: str) -> None:
    cast = met.cast
    author, reader, party = (met.ngo, met.official, "office") if writer == "ngo" else (met.official, met.ngo, "ngo")
    met.write(author, writer, "One thing 15.12\nOther thing")
    assert met.due("points") == {reader: None}
    last = met.points()[-1].id
    assert met.refused(author, promises.confirm, writer, last) == "stale"  # one's own
    assert met.refused(reader, promises.confirm, party, last - 1) == "stale"  # not what is there
    cast.do(reader, promises.confirm, met.id, party, last, POLICY)
    assert [(one.state, one.silent) for one in met.points()] == [("agreed", False), ("agreed", False)]
    assert met.due("points") == {reader: "the points changed"}
    assert met.refused(reader, promises.confirm, party, last) == "stale"


def test_a_correction_goes_back_and_takes_the_place_of_all(met: Met) -> None:
    met.write(met.ngo, "ngo", "One thing\nOther thing")
    met.write(met.official, "office", "Other thing, if the board agrees")
    assert [(one.text, one.proposed_by) for one in met.points()] == [("Other thing, if the board agrees", "office")]
    assert [row["state"] for row in met.cast.rows(Promise)] == ["refused", "refused", "proposed"]
    assert met.due("points") == {met.official: "the points changed", met.ngo: None}
    met.confirm(met.ngo, "ngo")
    assert [one.state for one in met.points()] == ["agreed"]


def test_two_who_write_at_once_do_not_overwrite_each_other(met: Met) -> None:
    cast = met.cast
    mine = cast.do(met.ngo, promise_writing.begin, met.id, "ngo", POLICY)
    mine = cast.do(met.ngo, promise_writing.write, mine.key, "Mine", POLICY)
    met.write(met.official, "office", "Theirs")
    assert cast.refused(met.ngo, promise_writing.send, mine.key, mine.rev, POLICY) == "points-changed"
    assert [one.text for one in met.points()] == ["Theirs"]


def test_five_of_a_meeting_are_the_most(met: Met) -> None:
    met.write(met.ngo, "ngo", "One\nTwo two\nThree")
    met.confirm(met.official, "office")
    draft = met.cast.do(met.official, promise_writing.begin, met.id, "office", POLICY)
    draft = met.cast.do(met.official, promise_writing.write, draft.key, "Four\nFive\nSix six", POLICY)
    assert met.cast.refused(met.official, promise_writing.send, draft.key, draft.rev, POLICY) == "most-points"
    met.write(met.official, "office", "Four\nFive")
    met.confirm(met.ngo, "ngo")
    assert [one.number for one in met.points("agreed")] == [1, 2, 3, 4, 5]
    assert met.refused(met.ngo, promise_writing.begin, "ngo") == "stale"


def test_points_need_a_meeting_that_was_held(cast: Cast) -> None:
    met = Met.held_in(cast)
    assert met.refused(met.ngo, promise_writing.begin, "ngo") == "stale"
    met.say(met.ngo, "ngo", "held")
    met.write(met.ngo, "ngo", "One thing")  # as this party says
    assert met.refused(met.official, promise_writing.begin, "office") == "stale"
    judge = cast.coordinator(20)
    met.say(met.official, "office", "not_held", "they")
    cast.database.write_now(told)
    met.duty(promise_terms.agree_silent, SILENT + 30 * DAY)
    assert [one.state for one in met.points()] == ["proposed"]  # a contradiction: silence agrees to nothing
    cast.do(judge, outcomes.settle, met.id, "not_held", POLICY)
    assert met.points() == ()


def test_silence_of_five_working_days_agrees_and_is_marked(met: Met) -> None:
    met.write(met.ngo, "ngo", "One thing")
    met.duty(promise_terms.agree_silent, SILENT)
    assert [one.state for one in met.points()] == ["proposed"]  # never delivered: nobody was silent
    met.cast.database.write_now(told)
    met.duty(promise_terms.agree_silent, SILENT - timedelta(seconds=1))
    assert [one.state for one in met.points()] == ["proposed"]
    met.duty(promise_terms.agree_silent, SILENT)
    assert [(one.state, one.silent) for one in met.points()] == [("agreed", True)]


@pytest.mark.parametrize(
    ("due_on", "asked_at"),
    [
        (day(10), datetime(2026, 12, 10, 10, tzinfo=POLICY.zone)),
        (day(12), datetime(2026, 12, 14, 10, tzinfo=POLICY.zone)),  # a Saturday: on Monday
        (day(16), datetime(2026, 12, 17, 10, tzinfo=POLICY.zone)),  # Independence Day
    ],
)
def test_both_are_reminded_on_the_day_at_ten(met: Met, due_on: date, asked_at: datetime) -> None:
    met.write(met.ngo, "ngo", f"One thing {due_on:%d.%m}\nOther thing")
    met.duty(promise_terms.remind, asked_at - timedelta(hours=1))
    assert [row for row in met.cast.rows(Notice) if row["kind"] == promise_terms.DUE] == []  # not agreed yet
    met.cast.now = ASKED
    met.confirm(met.official, "office")
    met.duty(promise_terms.remind, asked_at - DAY - timedelta(seconds=1))
    assert met.cast.owed(promise_terms.DUE) == []
    for before in (DAY, timedelta(hours=1), timedelta()):
        met.duty(promise_terms.remind, asked_at - before)
    owed = [(row["recipient_id"], row["due_at"]) for row in met.cast.rows(Notice) if row["kind"] == promise_terms.DUE]
    assert owed == [(met.official, asked_at), (met.ngo, asked_at)]
    assert met.due(promise_terms.DUE) == {met.official: None, met.ngo: None}


def agreed(met: Met, text: str = "One thing 10.12", **by: Any) -> int:
    """One agreed point; its id."""
    met.write(met.ngo, "ngo", text, **by)
    met.confirm(met.official, "office")
    return met.points()[-1].id


def test_not_yet_asks_again_on_the_new_day(met: Met) -> None:
    cast = met.cast
    point = agreed(met)
    met.duty(promise_terms.remind, datetime(2026, 12, 10, 10, tzinfo=POLICY.zone))
    cast.do(met.official, promise_terms.decide, point, "week", POLICY)
    assert met.points()[0].due_on == day(17)
    assert met.due(promise_terms.DUE) == {met.official: "the point changed", met.ngo: "the point changed"}
    met.duty(promise_terms.remind, datetime(2026, 12, 17, 10, tzinfo=POLICY.zone))
    assert met.due(promise_terms.DUE) == {met.official: None, met.ngo: None}
    cast.do(met.ngo, promise_terms.decide, point, "month", POLICY)
    assert met.points()[0].due_on == date(2027, 1, 17)


@pytest.mark.parametrize("by", ["office", "ngo"])
def test_whoever_promised_may_drop_it_and_either_may_say_that_it_is_done(met: Met, by: str) -> None:
    cast = met.cast
    promiser, other = (met.official, met.ngo) if by == "office" else (met.ngo, met.official)
    first, second, third = (agreed(met, text, by={1: by}) for text in ("One", "Two two", "Three"))
    assert cast.refused(other, promise_terms.decide, first, "dropped", POLICY) == "not-yours"
    cast.do(promiser, promise_terms.decide, first, "dropped", POLICY)
    cast.do(promiser, promise_terms.decide, second, "done", POLICY)
    cast.do(other, promise_terms.decide, third, "done", POLICY)
    assert [one.state for one in met.points()] == ["dropped", "done", "done"]
    for person, verdict in ((promiser, "done"), (other, "week")):
        assert cast.refused(person, promise_terms.decide, first, verdict, POLICY) == "stale"
    assert cast.refused(promiser, promise_terms.decide, 999, "done", POLICY) == "not-yours"


def test_kept_counts_what_fell_due_and_what_is_decided(met: Met) -> None:
    cast = met.cast
    agreed(met, "Done in time 10.12\nDropped\nNot yet due 20.12\nWithout a date\nOf the NGO", by={5: "ngo"})
    done, dropped, _, _, ours = (one.id for one in met.points())

    def kept(person: int) -> Kept:
        found: Kept = cast.see(person, promise_terms.kept, POLICY)
        return found

    def totals(region: int | None = None) -> Kept:
        found: Kept = cast.database.read_now(promise_terms.totals, POLICY, region_id=region, now=cast.now)
        return found

    assert kept(met.official) == totals() == Kept(0, 0)
    cast.do(met.official, promise_terms.decide, done, "done", POLICY)
    cast.do(met.official, promise_terms.decide, dropped, "dropped", POLICY)
    cast.do(met.ngo, promise_terms.decide, ours, "done", POLICY)  # the NGO's own promise is not the office's
    assert kept(met.official) == totals() == Kept(1, 2)
    cast.now = datetime(2026, 12, 20, 23, tzinfo=POLICY.zone)
    assert kept(met.official) == Kept(1, 2)
    cast.now = datetime(2026, 12, 21, 0, tzinfo=POLICY.zone)
    assert kept(met.official) == totals() == Kept(1, 3)  # its day is over
    assert kept(met.ngo) == Kept(0, 0)
    assert totals(met.body) == Kept(0, 0)


def test_totals_of_a_region(cast: Cast) -> None:
    region = cast.body("region", level="region", region_id=0)
    here, there = Met.held_in(cast, region=region).both(), Met.held_in(cast, code="other", number=30).both()
    for met in (here, there):
        cast.do(met.official, promise_terms.decide, agreed(met), "done", POLICY)
    assert cast.database.read_now(promise_terms.totals, POLICY, region_id=region, now=cast.now) == Kept(1, 1)
    assert cast.database.read_now(promise_terms.totals, POLICY, now=cast.now) == Kept(2, 2)


# Who sees of the points: all of them (with those still proposed), what was agreed, or nothing; None: not even a card.
SEES = {
    "representative": ["agreed", "proposed"],
    "colleague": ["agreed", "proposed"],
    "official": ["agreed", "proposed"],
    "substitute": ["agreed", "proposed"],
    "assistant": ["agreed", "proposed"],
    "guest": ["agreed"],
    "coordinator": [],
    "admin": [],
    "former official": None,
    "another official": None,
    "another NGO": None,
    "stranger": None,
}


def everybody(met: Met) -> dict[str, int]:
    cast = met.cast
    organisation = cast.actor(met.ngo).organisations[0]
    colleague, guest = cast.person(20), cast.ngo(21, "Second Sample NGO")
    cast.add(Membership(organisation_id=organisation, person_id=colleague, title=None, state="present", created_at=NOW))
    theirs = cast.actor(guest).organisations[0]
    cast.add(Guest(meeting_id=met.id, organisation_id=theirs, person_id=guest, state="present", created_at=NOW))
    people = {"representative": met.ngo, "official": met.official, "colleague": colleague, "guest": guest}
    for number, kind in enumerate(("substitute", "assistant"), 30):
        people[kind] = cast.person(number)
        days = {"from_day": TODAY, "until_day": TODAY} if kind == "substitute" else {}
        values = {"post_id": cast.posts[met.body], "person_id": people[kind], "invited_by": met.official}
        cast.add(Deputy(kind=kind, state="accepted", created_at=NOW, **days, **values))
    former = cast.person(40)
    cast.add(Holder(post_id=cast.posts[met.body], full_name="Sample", person_id=former, until=NOW, created_at=NOW))
    return people | {
        "coordinator": cast.coordinator(41),
        "admin": cast.person(900),
        "former official": former,
        "another official": cast.official(cast.body("another"), 42),
        "another NGO": cast.ngo(43, "Third Sample NGO"),
        "stranger": cast.person(44),
    }


def test_who_sees_what_and_who_may_do_what(met: Met) -> None:
    cast, people = met.cast, everybody(met)
    point = agreed(met)
    met.write(met.ngo, "ngo", "Proposed thing")
    last = met.points()[-1].id
    assert set(people) == set(SEES)
    for role, expected in SEES.items():
        person = people[role]
        if expected is None:
            with pytest.raises(LiaisonError) as refusal:
                met.see(person)
            assert refusal.value.code == "not-yours"
        else:
            assert [one.state for one in met.see(person).points] == expected, role
        party = expected == ["agreed", "proposed"]
        if not party:  # neither opens a point, nor says a word about it, nor writes or confirms
            for rule, *args in (
                (promise_terms.see, point),
                (promise_terms.decide, point, "done"),
                (promises.confirm, met.id, "office", last),
                (promise_writing.begin, met.id, "office"),
                (promise_writing.begin, met.id, "ngo"),
            ):
                assert cast.refused(person, rule, *args, POLICY) == "not-yours", role
            assert cast.see(person, promise_terms.kept, POLICY) == Kept(0, 0)
        else:
            assert cast.see(person, promise_terms.see, point, POLICY).point.text == "One thing"


def test_a_silent_outcome_and_its_points_count_together(cast: Cast) -> None:
    met = Met.held_in(cast)
    met.say(met.ngo, "ngo", "held")
    met.write(met.ngo, "ngo", "One thing 01.12.2027")
    cast.database.write_now(told)
    met.duty(promise_terms.agree_silent, SILENT)
    assert [one.state for one in met.points()] == ["proposed"]  # whether it was held is not decided yet
    met.duty(outcome_asking.close_silent)
    met.duty(promise_terms.agree_silent)
    assert (met.state, [(one.state, one.silent) for one in met.points()]) == ("held", [("agreed", True)])


def test_leaving_the_dialogue_sends_nothing(met: Met) -> None:
    draft = met.cast.do(met.ngo, promise_writing.begin, met.id, "ngo", POLICY)
    draft = met.cast.do(met.ngo, promise_writing.write, draft.key, "One thing", POLICY)
    draft = met.cast.do(met.ngo, promise_writing.again, draft.key, draft.rev)
    assert draft.step == "write"
    met.cast.do(met.ngo, promise_writing.leave, draft.key)
    assert met.cast.database.read_now(drafts.find, met.ngo, promise_writing.KIND, now=met.cast.now) is None
    assert met.points() == ()
