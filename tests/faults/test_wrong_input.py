"""What cannot be started ends with one sentence on standard error, and the token stands nowhere."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.sandbox.server import Sandbox
from storage import migrate
from storage.engine import Database
from tests.faults.books import Books
from tests.faults.conftest import FreshUrl
from tests.faults.life import Life, environment, nursery
from tests.faults.main_job import BODY, STEPS, cast_of
from tests.faults.telegram_here import local_telegram

TOKEN = "7654321:AAHsample-Token_of_35_characters_xyz"


async def refused(
    sandbox: Sandbox, url: str, folder: Path, command: str = "run", **more: str
) -> tuple[int | None, str, list[str]]:
    """Run a command that cannot do its work: exit code, standard output, and the lines of standard error.

    What the log says before (JSON, as no terminal reads it) is left out.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", command),
        cwd=folder,
        env=environment(sandbox, url, **more),
        stdout=PIPE,
        stderr=PIPE,
    )
    async with asyncio.timeout(60):
        output, errors = await process.communicate()
    lines = errors.decode().splitlines()
    for line in (*lines, output.decode()):
        assert "Traceback" not in line
        assert sandbox.token.partition(":")[2] not in line
    return process.returncode, output.decode(), [line for line in lines if not line.startswith("{")]


async def test_an_unknown_key(fresh_sqlite: FreshUrl, tmp_path: Path) -> None:
    async with local_telegram() as sandbox:
        code, output, lines = await refused(sandbox, fresh_sqlite(), tmp_path, web__prot="80")
    assert (code, output, lines) == (2, "", ["uakil: web.prot: no such key; did you mean web.port?"])


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_token_that_telegram_does_not_know(fresh_sqlite: FreshUrl, tmp_path: Path, mode: str) -> None:
    more = {"telegram__token": TOKEN, "log__level": "debug", "telegram__mode": mode}
    if mode == "webhook":
        more |= {"telegram__webhook_url": "https://bot.sample.example/hook", "telegram__secret_token": "sample-secret"}
    async with local_telegram() as sandbox:
        code, output, lines = await refused(sandbox, fresh_sqlite(), tmp_path, **more)
    assert (code, output) == (2, "")
    assert lines == [
        "uakil: Telegram does not accept the bot's token: compare telegram.token (and telegram.base_url) with what "
        "@BotFather shows."
    ]


async def test_a_directory_in_place_of_the_database(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    await says_of_the_database(f"sqlite:///{tmp_path / 'folder'}", tmp_path, str(tmp_path / "folder"))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
async def test_a_database_that_may_not_be_written(fresh_sqlite: FreshUrl, tmp_path: Path) -> None:
    url = fresh_sqlite()
    place = str(make_url(url).database)
    os.chmod(place, 0o400)
    await says_of_the_database(url, tmp_path, place)


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    await says_of_the_database(f"sqlite:///{tmp_path / 'missing' / 'uakil.sqlite'}", tmp_path, "missing")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all, this is not a database. " * 100)
    await says_of_the_database(f"sqlite:///{tmp_path / 'letter.txt'}", tmp_path, "letter.txt")


async def test_a_role_without_rights(
    fresh_postgres: FreshUrl, postgres_admin: "psycopg.Connection[tuple[str]]", tmp_path: Path
) -> None:
    url = make_url(fresh_postgres())
    postgres_admin.execute("CREATE ROLE sample_guest LOGIN PASSWORD 'sample-password'")
    try:
        guest = url.set(username="sample_guest", password="sample-password").render_as_string(hide_password=False)
        (line,) = await says_of_the_database(guest, tmp_path, str(url.database))
        assert "sample-password" not in line
    finally:
        postgres_admin.execute("DROP ROLE sample_guest")


async def test_a_second_bot_on_the_same_file(fresh_sqlite: FreshUrl, tmp_path: Path) -> None:
    url = fresh_sqlite()
    with Database.open(url, exclusive=True):
        (line,) = await says_of_the_database(url, tmp_path, str(make_url(url).database))
    assert "is in use by a running bot" in line


async def test_tables_that_are_too_old(empty_postgres_url: str, tmp_path: Path) -> None:
    (line,) = await says_of_the_database(empty_postgres_url, tmp_path, "")
    assert "uakil migrate" in line
    assert migrate.current(empty_postgres_url) is None  # and nothing was changed


async def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    url = "postgresql+psycopg://sample:sample-password@127.0.0.1:9/sample"
    (line,) = await says_of_the_database(url, tmp_path, "")
    assert "sample-password" not in line


async def says_of_the_database(url: str, folder: Path, named: str) -> list[str]:
    """One sentence that names the database; returns the lines of standard error."""
    async with local_telegram() as sandbox:
        code, output, lines = await refused(sandbox, url, folder)
    assert (code, output) == (1, "")
    assert len(lines) == 1, "\n".join(lines)
    assert re.fullmatch(r"uakil: [A-Z].*\.", lines[0]), lines[0]
    assert named in lines[0]
    return lines


async def test_the_token_stands_nowhere_in_the_output_of_a_whole_journey(
    fresh_sqlite: FreshUrl, tmp_path: Path
) -> None:
    """With everything logged, and with failures that quote addresses."""
    with Books(fresh_sqlite()) as books:
        async with nursery() as forked, local_telegram(token=TOKEN, answers_lost=True) as sandbox:
            cast = cast_of(sandbox, books.invite_official(BODY, "Sample Official"))
            async with Life(sandbox, books.url, tmp_path, forked=forked, log__level="debug") as life:
                await life.start()
                await life.serves()
                sandbox.faults.lose("setMy*", count=1)
                sandbox.faults.gateway("getUpdates", count=1)
                sandbox.faults.drop("answerCallbackQuery", count=1)
                for step in STEPS:
                    if (number := step.act(cast)) is not None:
                        await sandbox.settled(number)
                    await step.seen(cast)
                await sandbox.quiet()
                code, _ = await life.stop()
    assert code == 0
    for failure in ("updates cannot be fetched", "tap-not-answered"):
        assert failure in life.output
    for secret in (TOKEN, TOKEN.partition(":")[2]):
        assert secret not in life.output
