"""`uakil run`, `migrate` and `demo` as processes: what they print, how they end, and what cannot be started."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.sample_officials import MARK, VACANT, sample_list
from liaison.bodies import shipped_tree
from storage import migrate
from storage.engine import Database

TOKEN = {"UAKIL__TELEGRAM__TOKEN": "123456:SANDBOX", "UAKIL__TELEGRAM__BASE_URL": "http://127.0.0.1:9"}


@pytest.fixture(autouse=True)
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory without a configuration, and an environment without our variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UAKIL_CONFIG", raising=False)


def refused(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """How a command ends that cannot start: exit code and standard error."""
    result = CliRunner().invoke(app, list(arguments), env=environment)
    assert result.stdout == ""
    return result.exit_code, result.stderr


def test_settings_that_cannot_be_used_stop_the_start_with_one_sentence() -> None:
    sentence = "uakil: telegram.mdoe: no such key; did you mean telegram.mode?\n"
    for command in ("run", "migrate"):
        assert refused({"UAKIL__TELEGRAM__MDOE": "x"}, command) == (2, sentence)


def test_the_settings_may_be_named_before_or_after_the_command(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[web]\nprot = 1")
    sentence = "uakil: web.prot: no such key; did you mean web.port?\n"
    assert refused({}, "--config", "other.toml", "run") == (2, sentence)
    assert refused({}, "run", "--config", "other.toml") == (2, sentence)


def test_without_a_token_it_is_said_where_to_put_one() -> None:
    assert refused({}, "run") == (
        2,
        "uakil: telegram.token: is not set; get one from @BotFather and put it into the environment as "
        "UAKIL__TELEGRAM__TOKEN, or into a file named by telegram.token_file\n",
    )


def test_an_old_zone_table_stops_the_start(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={**os.environ, **TOKEN, "UAKIL__CALENDAR__UTC_OFFSET": "+06:00"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "uakil: calendar.utc_offset: the time zone Asia/Almaty is at UTC+5 on " in result.stderr
    assert "Traceback" not in result.stderr


def test_migrate_makes_the_tables_once(tmp_path: Path) -> None:
    for _ in range(2):
        result = CliRunner().invoke(app, ["migrate"])
        assert (result.exit_code, result.stdout) == (0, f"The tables are at revision {migrate.head()}.\n")
    assert migrate.current(f"sqlite:///{tmp_path / 'uakil.sqlite'}") == migrate.head()


def test_a_second_bot_on_the_same_database_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    with Database.open(sqlite_url, exclusive=True):
        result = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            cwd=tmp_path,
            env={**os.environ, **TOKEN, "UAKIL__DATABASE__URL": sqlite_url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert re.search(r"^uakil: The database .* is in use by a running bot", result.stderr, re.MULTILINE)
    assert "Traceback" not in result.stderr


def test_the_demo_prints_its_address_alone_on_a_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    environment = {**os.environ, "TMPDIR": str(place), "UAKIL__TELEGRAM__MDOE": "must not be read"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", line)
        with urllib.request.urlopen(f"{line.strip()}/sandbox/state") as answer:
            assert answer.status == 200
        running.send_signal(signal.SIGTERM)
        rest, errors = running.communicate(timeout=20)
    assert (running.returncode, rest, errors) == (0, "", "")
    assert list(place.iterdir()) == []


def test_the_demo_says_when_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, sentence = refused({}, "demo", "--port", str(port))
    assert code == 1
    assert sentence.startswith(f"uakil: port {port} cannot be used for the page (")


def test_sample_officials_are_marked_and_leave_twelve_bodies_vacant() -> None:
    tree = shipped_tree()
    listed = sample_list(tree)
    assert len(listed.rows) == len(tree.entries) - VACANT
    assert listed == sample_list(tree)
    assert len({row.full_name for row in listed.rows}) > 250
    for row in listed.rows:
        assert row.full_name.endswith(MARK)
        assert row.position
        assert row.phones[0].startswith("+77172000000;ext=")
        assert row.emails[0].endswith("@uakil.example")
