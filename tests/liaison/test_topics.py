"""Topics: names, who covers what, mistakes in the file."""

from pathlib import Path

import pytest

from liaison import topics
from liaison.bodies import shipped_tree

TREE = shipped_tree()


def ids(code: str) -> list[str]:
    return [topic.id for topic in topics.topics_for(TREE.by_code[code], TREE)]


def codes(topic_id: str, region: str | None = None) -> list[str]:
    region_id = None if region is None else TREE.by_code[region].id
    return [body.code for body in topics.bodies_for(topic_id, TREE, region_id)]


def test_names_in_three_languages() -> None:
    assert len(topics.all_topics()) == 26
    assert topics.all_topics()[-1].id == "other"
    assert [topics.name("youth", lang) for lang in ("kk", "ru", "en")] == ["Жастар", "Молодежь", "Youth"]
    with pytest.raises(KeyError):
        topics.name("weather", "ru")


def test_a_body_has_its_own_topics() -> None:
    assert ids("dep-almaty-region-nature") == ["ecology", "water-land"]
    assert ids("dep-abai-youth") == ["youth"]
    assert ids("min-ecology") == ["ecology"]
    assert ids("min-education") == ["children", "education"]
    assert ids("reg-east") == ["sport-tourism", "probation"]
    assert ids("dist-ulytau-zhanaarka") == []


def test_a_topic_has_its_bodies() -> None:
    assert codes("migration") == ["com-labour-migration", "com-internal-migration-service"]
    assert codes("youth", "reg-shymkent") == ["dep-shymkent-youth", "dep-shymkent-internal-policy"]
    assert codes("youth", "reg-pavlodar") == ["dep-pavlodar-internal-policy"]
    assert codes("probation", "reg-north") == ["reg-north", "dep-north-internal-policy"]
    with pytest.raises(KeyError):
        codes("weather")


def test_every_topic_leads_to_somebody_everywhere() -> None:
    for topic in topics.all_topics():
        assert topics.bodies_for(topic.id, TREE), topic.id
        for region in TREE.regions():
            assert topics.bodies_for(topic.id, TREE, region.id), (topic.id, region.code)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id,kk,ru\n", "topics.csv, line 1: the headings must be id,kk,ru,en,central,regional"),
        ("id,kk,ru,en,central,regional\na,б,в,г,д\n", "topics.csv, line 2: six filled cells are needed"),
        ("id,kk,ru,en,central,regional\na,b,c,d,e,f\na,b,c,d,e,f\n", "topics.csv, line 3: 'a' is there twice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "topics.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(topics.TopicsFileError) as caught:
        topics.read_topics(file)
    assert str(caught.value) == why
