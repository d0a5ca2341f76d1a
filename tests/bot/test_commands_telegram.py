"""`uakil check` and `uakil invite`, with and without a Bot API server that answers."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.__main__ import app
from bot.sandbox import Sandbox
from storage.bodies import Body
from storage.engine import Database
from storage.people import Invitation, Person, Role
from storage.posts import Post

DEAD_END = "http://127.0.0.1:9"  # the port of "discard", on which nothing listens
NOBODY = (
    "RED people: nobody can be reached, so no meeting can be asked for; `uakil invite --coordinator` prints a link for "
    "a coordinator, or put your Telegram id into access.admins and press /start in the bot"
)


@pytest.fixture(scope="module")
def telegram() -> Iterator[Sandbox]:
    """A Bot API server in a thread of its own, since the commands run a loop of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    sandbox = Sandbox()
    asyncio.run_coroutine_threadsafe(sandbox.start(), loop).result()
    yield sandbox
    asyncio.run_coroutine_threadsafe(sandbox.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(autouse=True)
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory without a configuration, and an environment without our variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UAKIL_CONFIG", raising=False)


@pytest.fixture
def known(telegram: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The environment names the server and its token."""
    monkeypatch.setenv("UAKIL__TELEGRAM__TOKEN", telegram.token)
    monkeypatch.setenv("UAKIL__TELEGRAM__BASE_URL", telegram.url)
    return telegram


def run(*arguments: str) -> tuple[int, list[str], list[str]]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()


def invited(session: Session) -> list[tuple[str, str | None]]:
    body = select(Invitation.kind, Body.code).outerjoin(Post, Post.id == Invitation.post_id)
    body = body.outerjoin(Body, (Body.id == Post.body_id) | (Body.id == Invitation.region_id)).order_by(Invitation.id)
    return [(kind, code) for kind, code in session.execute(body)]


def test_a_fresh_install_is_told_what_is_still_to_be_done(tmp_path: Path) -> None:
    code, lines, errors = run("check")
    assert (code, errors) == (1, [])
    assert lines == [
        "ok  configuration: every key is known and every value can be used",
        "ok  database: uakil.sqlite is not there yet; `uakil run` makes it at its first start",
        "RED token: not set; get one from @BotFather and put it into UAKIL__TELEGRAM__TOKEN",
        "ok  time zone: Asia/Almaty is at the configured offset",
        NOBODY,
    ]
    assert list(tmp_path.iterdir()) == []


def test_everything_is_in_order(known: Sandbox, tmp_path: Path) -> None:
    assert run("invite", "--coordinator")[0] == 0

    def appoint(session: Session) -> None:
        invitation = session.scalars(select(Invitation)).one()
        person = Person(telegram_id=1, created_at=invitation.created_at)
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id, kind="coordinator", created_at=invitation.created_at))

    with Database.open(f"sqlite:///{tmp_path / 'uakil.sqlite'}") as database:
        database.write_now(appoint)
    assert run("check") == (
        0,
        [
            "ok  configuration: every key is known and every value can be used",
            "ok  database: it can be opened, and its tables are those of this release",
            f"ok  token: it belongs to @{known.username}",
            "ok  inline mode: it is on; cards can be shared into any chat",
            "ok  time zone: Asia/Almaty is at the configured offset",
            "ok  people: somebody can be reached for every post (officials 0, coordinators 1, administrators 0)",
        ],
        [],
    )


def test_inline_mode_that_is_off_is_red_and_says_how_to_turn_it_on(known: Sandbox) -> None:
    known.switches.put("inline_mode", False)
    try:
        code, lines, _ = run("check")
    finally:
        known.switches.put("inline_mode", True)
    assert code == 1
    assert lines[3] == (
        "RED inline mode: it is off, so no card can be shared by typing the bot's name in another chat; send "
        "/setinline to @BotFather, choose the bot and a text for the empty line"
    )


def test_each_thing_that_is_wrong_is_red(known: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uakil.sqlite").write_text("this is no database")
    monkeypatch.setenv("UAKIL__TELEGRAM__TOKEN", "123456:WRONG")
    monkeypatch.setenv("UAKIL__CALENDAR__UTC_OFFSET", "+06:00")
    code, lines, _ = run("check")
    assert code == 1
    assert [line.partition(":")[0] for line in lines] == [
        "ok  configuration",
        "RED database",
        "RED token",
        "RED time zone",
        "RED people",
    ]
    assert lines[2] == "RED token: Telegram does not know it; compare telegram.token with what @BotFather shows"
    assert lines[3].startswith("RED time zone: calendar.utc_offset: the time zone Asia/Almaty is at UTC+5 on ")
    assert "WRONG" not in "".join(lines)


def test_a_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UAKIL__TELEGRAM__TOKEN", "123456:SECRET")
    monkeypatch.setenv("UAKIL__TELEGRAM__BASE_URL", DEAD_END)
    token = run("check")[1][2]
    assert token.startswith(f"RED token: {DEAD_END} does not answer (")
    assert token.endswith("); check network and telegram.base_url")
    assert "SECRET" not in token


def test_wrong_settings_are_the_only_finding(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[telegram]\nmdoe = "polling"')
    assert run("check") == (1, ["RED configuration: telegram.mdoe: no such key; did you mean telegram.mode?"], [])


def test_a_bot_with_a_wrong_token_does_not_start(known: Sandbox, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={**os.environ, "UAKIL__TELEGRAM__TOKEN": "123456:WRONG-TOKEN", "UAKIL__WEB__PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == (
        "uakil: Telegram does not accept the bot's token: compare telegram.token (and telegram.base_url) "
        "with what @BotFather shows."
    )
    assert "Traceback" not in result.stderr
    assert "WRONG-TOKEN" not in result.stderr


def test_an_official_is_invited_by_code_or_by_name(known: Sandbox, tmp_path: Path) -> None:
    for words in (["min-health"], ["Министерство", "здравоохранения", "Республики", "Казахстан"]):
        code, (link,), (whom,) = run("invite", *words)
        assert code == 0
        assert link.startswith(f"https://t.me/{known.username}?start=i_")
        assert len(link.partition("start=")[2]) <= 64
        assert whom == (
            "The official of: Қазақстан Республикасының Денсаулық сақтау министрлігі. "
            "Good for 14 days, for the first who opens it."
        )
    with Database.open(f"sqlite:///{tmp_path / 'uakil.sqlite'}") as database:
        assert database.read_now(invited) == [("official", "min-health")] * 2


def test_a_coordinator_is_invited_for_a_region_or_the_country(known: Sandbox, tmp_path: Path) -> None:
    assert run("invite", "--coordinator", "--region", "reg-aktobe")[2] == [
        "A coordinator of: Ақтөбе облысының әкімдігі. Good for 14 days, for the first who opens it."
    ]
    assert run("invite", "--coordinator")[2] == [
        "A coordinator of: the whole country. Good for 14 days, for the first who opens it."
    ]
    with Database.open(f"sqlite:///{tmp_path / 'uakil.sqlite'}") as database:
        assert database.read_now(invited) == [("coordinator", "reg-aktobe"), ("coordinator", None)]


def test_without_an_answer_from_telegram_the_message_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    code, (message,), errors = run("invite", "min-health")
    assert code == 0
    assert message.startswith("/start i_")
    assert errors[1] == "No link, since the bot's name is not known (telegram.token is not set). Send to the bot:"
    monkeypatch.setenv("UAKIL__TELEGRAM__TOKEN", "123456:SECRET")
    monkeypatch.setenv("UAKIL__TELEGRAM__BASE_URL", DEAD_END)
    code, (message,), errors = run("invite", "min-health")
    assert code == 0
    assert message.startswith("/start i_")
    assert "SECRET" not in "".join(errors)


@pytest.mark.parametrize(
    "arguments",
    [[], ["min-health", "--coordinator"], ["min-health", "--region", "reg-aktobe"], ["--region", "reg-abai"]],
)
def test_it_must_be_clear_who_is_invited(arguments: list[str]) -> None:
    assert run("invite", *arguments) == (
        2,
        [],
        ["uakil: invite: name a body, or give --coordinator, with --region CODE for one region."],
    )


def test_a_text_that_may_mean_several_bodies_lists_them() -> None:
    code, lines, errors = run("invite", "министерство")
    assert (code, lines) == (1, [])
    assert errors[0] == "uakil: министерство: several bodies may be meant; name one by its code:"
    assert len(errors) > 2


def test_a_text_that_means_no_body_is_refused() -> None:
    assert run("invite", "1") == (1, [], ["uakil: 1: no body is known by this name; `uakil find` searches for it."])
