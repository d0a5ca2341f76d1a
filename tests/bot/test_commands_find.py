"""`uakil find`: no settings, no token, no database; one JSON object a line for programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app

HEALTH = {
    "kk": "Қазақстан Республикасының Денсаулық сақтау министрлігі",
    "ru": "Министерство здравоохранения Республики Казахстан",
    "en": "Ministry of Healthcare of the Republic of Kazakhstan",
}


@pytest.fixture(autouse=True)
def broken_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that nothing could start with: looking up must not even read it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[nonsense]\nx = 1")


def test_one_json_object_a_line_for_each_query() -> None:
    typed = f"{HEALTH['ru']}\n\n  минздрав \r\n"
    result = CliRunner().invoke(app, ["find", "--json", "--limit", "2"], input=typed)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["query"] for answer in answers] == [HEALTH["ru"], "", "  минздрав "]
    for answer in answers:
        assert list(answer) == ["query", "results", "confident", "ms"]
        assert isinstance(answer["ms"], float)
        assert len(answer["results"]) <= 2
    found, nothing, short = answers
    assert found["confident"] is True
    assert found["results"][0]["id"] == short["results"][0]["id"] == "min-health"
    assert list(found["results"][0]) == ["id", "name", "score"]
    assert 0 < found["results"][0]["score"] <= 1
    assert (nothing["results"], nothing["confident"]) == ([], False)
    assert HEALTH["kk"] in result.stdout  # letters, not \\u escapes


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_names_are_given_in_the_language_asked_for(lang: str) -> None:
    result = CliRunner().invoke(app, ["find", "--json", "--lang", lang, "Ministry", "of", "Healthcare"])
    answer = json.loads(result.stdout)
    assert answer["query"] == "Ministry of Healthcare"
    assert answer["results"][0] == {"id": "min-health", "name": HEALTH[lang], "score": answer["results"][0]["score"]}


def test_a_person_reads_the_score_the_code_and_the_name() -> None:
    result = CliRunner().invoke(app, ["find", "--lang", "ru", HEALTH["ru"]])
    first, second, *_ = result.stdout.splitlines()
    assert first == f"{HEALTH['ru']}: found"
    assert second.split()[1] == "min-health"
    assert second.endswith(HEALTH["ru"])


def test_nothing_found_is_said() -> None:
    assert CliRunner().invoke(app, ["find", "1"]).stdout == "1: nothing found\n"


def test_each_answer_is_there_before_the_next_query_and_a_closed_pipe_is_no_trace(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "find", "--json"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for query in ("минздрав", "денсаулық"):
            running.stdin.write(f"{query}\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["query"] == query
        running.stdout.close()
        running.stdin.write("минздрав\n")
        running.stdin.close()
        assert running.stderr is not None
        assert running.stderr.read() == ""
        assert running.wait() == 1
