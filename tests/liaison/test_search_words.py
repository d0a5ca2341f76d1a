"""Word lists: the shipped ones fit the directory, a coordinator's lines take effect, a wrong line is named."""

import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from liaison.bodies import shipped_tree
from liaison.search import Index
from liaison.topics import department_kind
from liaison.words import DEPARTMENT, WORDS_FOLDER, WordsFileError, read_words, shipped_words

TREE = shipped_tree()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("askers.txt", "expansions.tsv", "noise.txt", "places.tsv", "subjects.tsv", "synonyms.tsv"):
        shutil.copy(WORDS_FOLDER / name, tmp_path / name)
    return tmp_path


def add(path: Path, line: str) -> int:
    """Add a line to a file and return its number."""
    text = path.read_text(encoding="utf-8").rstrip("\n") + f"\n{line}\n"
    path.write_text(text, encoding="utf-8")
    return text.count("\n")


def test_the_shipped_lists_name_only_what_there_is() -> None:
    lists = shipped_words()
    kinds = {department_kind(entry, TREE) for entry in TREE.entries}
    for target in (target for subject in lists.subjects for target in subject.targets):
        if target.startswith(DEPARTMENT):
            assert target.removeprefix(DEPARTMENT) in kinds
        else:
            assert any(fnmatchcase(code, target) for code in TREE.by_code), target
    assert set(lists.places) <= set(TREE.by_code)


def test_words_of_a_coordinator_take_effect(folder: Path) -> None:
    def first(query: str) -> tuple[str | None, bool]:
        found = Index.build(TREE, read_words(folder)).find(query)
        return (TREE.by_id[found.hits[0].body_id].code if found.hits else None), found.confident

    assert first("фыфыфы тараз") == ("city-zhambyl-taraz", False)
    add(folder / "subjects.tsv", "dep:health;min-health\tфыфыфы")
    assert first("фыфыфы тараз")[0] == "dep-zhambyl-health"
    add(folder / "places.tsv", "city-akmola-kosshy\tЗазеркалье")
    assert first("акимат зазеркалья") == ("city-akmola-kosshy", True)
    add(folder / "expansions.tsv", "кукумин\tминистерство юстиции")
    assert first("кукумин") == ("min-justice", True)
    assert first("союз спорта минюст")[1] is False
    add(folder / "askers.txt", "союз спорта")
    assert first("союз спорта минюст") == ("min-justice", True)
    add(folder / "noise.txt", "абракадабра")
    assert first("абракадабра минюст") == ("min-justice", True)


@pytest.mark.parametrize(
    ("name", "line", "why"),
    [
        ("synonyms.tsv", "akimat", "two filled cells with one tab between them are needed"),
        ("synonyms.tsv", "akimat\tаким", "'akimat' is there twice"),
        ("subjects.tsv", "dep:health\tврач;;больница", "an empty item between two semicolons"),
        ("places.tsv", "reg-abai\tАбай\tещё", "two filled cells with one tab between them are needed"),
        ("expansions.tsv", "собес\tчто-то", "'собес' is there twice"),
        ("expansions.tsv", "\tчто-то", "two filled cells with one tab between them are needed"),
        ("askers.txt", "фонд; союз", "one phrase a line is needed, without tabs and semicolons"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, name: str, line: str, why: str) -> None:
    number = add(folder / name, line)
    with pytest.raises(WordsFileError) as caught:
        read_words(folder)
    assert str(caught.value) == f"{name}, line {number}: {why}"
