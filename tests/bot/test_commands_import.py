"""`uakil import`: a dry run needs nothing but the file; what is wrong with a file is said in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.__main__ import app
from storage.engine import Database
from storage.posts import Holder

LIST = """№;Наименование государственного органа;Ф.И.О.;Должность;Телефон;Электронная почта
1;Министерство здравоохранения Республики Казахстан;Үлгібаева Айгүл Сынаққызы;заместитель директора департамента;\
8 (7172) 00-00-00 вн. 101;sample-1@uakil.example
2;Министерство того, чего нет;Мысалов Ерлан;заместитель директора департамента;8 (7172) 00-00-00;
"""


@pytest.fixture(autouse=True)
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory with the list and nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UAKIL_CONFIG", raising=False)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")


def answer(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["import", "list.csv", "--json", *arguments])
    assert result.exit_code == 0, result.stderr
    read: dict[str, Any] = json.loads(result.stdout)
    return read


def holders(session: Session) -> list[Holder]:
    return list(session.scalars(select(Holder)))


def test_a_dry_run_writes_the_form_that_others_rely_on_and_leaves_nothing_behind(tmp_path: Path) -> None:
    read = answer("--dry-run")
    assert list(read) == [
        "format",
        "encoding",
        "region",
        "rows",
        "rejected",
        "ignored",
        "file_problems",
        "changes",
    ]
    assert (read["format"], read["encoding"], read["region"]) == ("csv", "utf-8", None)
    assert read["rows"] == [
        {
            "source_row": 2,
            "body_raw": "Министерство здравоохранения Республики Казахстан",
            "body_id": "min-health",
            "full_name": "Үлгібаева Айгүл Сынаққызы",
            "position": "заместитель директора департамента",
            "phones": ["+77172000000;ext=101"],
            "emails": ["sample-1@uakil.example"],
            "order_no": None,
            "order_date": None,
            "warnings": [],
        }
    ]
    assert [row["source_row"] for row in read["rejected"]] == [3]
    assert read["changes"] == {"same": 0, "changed": 0, "new": 1, "gone": 0}
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_a_dry_run_does_not_mind_settings_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[nonsense]\nx = 1")
    assert answer("--dry-run")["changes"]["new"] == 1


def test_the_region_whose_list_it_is_is_named_by_its_code() -> None:
    assert answer("--dry-run", "--region", "reg-aktobe")["region"] == "reg-aktobe"
    result = CliRunner().invoke(app, ["import", "list.csv", "--dry-run", "--region", "reg-aktobi"])
    assert (result.exit_code, result.stderr) == (
        1,
        "uakil: --region reg-aktobi: no region has this code; did you mean reg-aktobe?\n",
    )


def test_a_list_is_saved_with_its_source_and_a_dry_run_then_compares(tmp_path: Path) -> None:
    assert answer("--source-title", "Тізім", "--source-url", "https://example.kz/list")["changes"]["new"] == 1
    with Database.open(f"sqlite:///{tmp_path / 'uakil.sqlite'}") as database:
        (holder,) = database.read_now(holders)
    assert holder.full_name == "Үлгібаева Айгүл Сынаққызы"
    assert (holder.source_title, holder.source_url) == ("Тізім", "https://example.kz/list")
    assert answer("--dry-run")["changes"] == {"same": 1, "changed": 0, "new": 0, "gone": 0}


def test_the_files_name_is_the_source_where_none_is_given(tmp_path: Path) -> None:
    answer()
    with Database.open(f"sqlite:///{tmp_path / 'uakil.sqlite'}") as database:
        (holder,) = database.read_now(holders)
    assert (holder.source_title, holder.source_url) == ("list.csv", None)


def test_a_person_reads_what_is_left_out_and_that_nothing_was_saved() -> None:
    result = CliRunner().invoke(app, ["import", "list.csv", "--dry-run"])
    lines = result.stdout.splitlines()
    assert lines[0] == "csv, utf-8: officials 1, rows that cannot be taken 1"
    assert lines[1].startswith("  row 3 is left out: ")
    assert lines[2:] == ["Bodies: 0 same, 0 changed, 1 new, 0 gone", "Nothing was saved: this was a dry run."]


def test_a_file_without_the_needed_headings_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    for arguments in ([], ["--dry-run"], ["--json"]):
        result = CliRunner().invoke(app, ["import", "list.csv", *arguments])
        assert result.exit_code == 1
        assert result.stderr.startswith(
            "uakil: list.csv: nothing was taken over. There is no column for the state body "
        )
        assert result.stderr.count("\n") == 1
    read = answer("--dry-run")
    assert read["rows"] == []
    assert [problem.partition(":")[0] for problem in read["file_problems"]] == ["missing-heading"] * 2


def test_what_is_no_file_is_said_so() -> None:
    for name, sentence in (
        ("none.csv", "none.csv: there is no such file."),
        (".", ".: this is a directory; name the file of the list."),
    ):
        result = CliRunner().invoke(app, ["import", name, "--dry-run"])
        assert (result.exit_code, result.stderr) == (1, f"uakil: {sentence}\n")
