"""An NGO finds an official: by name, by several languages, by browsing."""

from tests.journeys.conftest import World


async def test_a_clear_name_shows_the_card_at_once(world: World) -> None:
    await world.name_official("min-health", "Үлгі Айгүл (sample)")
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, "Ministry of Healthcare")
    card = await ngo.sees("Ministry of Healthcare of the Republic of Kazakhstan")
    assert "Үлгі Айгүл (sample)" in card.text
    assert "Deputy head of department" in card.text
    assert "+7 7172 00 00 00" in card.text
    assert "sample@sample.example" in card.text
    assert "Published: Sample list" in card.text
    assert "Verified on 1 Dec 2026 by the published list." in card.text
