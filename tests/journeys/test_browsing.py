"""Every body is near: by walking in three taps, four for districts; by typing in one message; by what it is about."""

import pytest

from handlers import places
from handlers.screen import Screen
from handlers.viewer import Viewer
from liaison import people
from liaison.people import LANGUAGES
from tests.journeys.conftest import World
from tests.journeys.dialogues import button, newcomer

MOST_BUTTONS, MOST_IN_ROW = 100, 8  # below one message (Bot API, InlineKeyboardMarkup)


async def viewer(world: World, language: str) -> Viewer:
    """A newcomer's view, without a dialogue."""
    services = world.app.services
    actor = await services.db.write(people.meet, 7001, services.policy, now=services.now())
    actor = await services.db.write(people.choose_language, actor, language, services.policy, now=services.now())
    return Viewer.of(services, actor)


def leads(screen: Screen) -> list[tuple[str, str]]:
    """Label and address of the buttons that lead to another screen."""
    return [(one.text, one.data) for row in screen.rows for one in row if one.data]


async def walked(view: Viewer) -> tuple[dict[int, int], list[Screen]]:
    """How many taps each body's card is away from /start, page turns not counted; and every screen on the way."""
    turns = {view.speech.psay("button", "Next page"), view.speech.psay("button", "Previous page")}
    taps: dict[int, int] = {}
    seen, screens = {"start"}, []
    level, count = ["start"], 0
    while level:
        following: list[str] = []
        for address in level:  # grows by the pages that are turned to
            screens.append(await places.draw(view, address))
            for label, data in leads(screens[-1]):
                if data.startswith("b:"):
                    taps.setdefault(int(data.split(":")[1]), count + 1)
                elif data not in seen and data.split(":")[0] in ("w", "tp"):
                    seen.add(data)
                    (level if label in turns else following).append(data)
        level, count = following, count + 1
    return taps, screens


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_card_is_three_taps_from_the_start_and_districts_four(world: World, language: str) -> None:
    taps, screens = await walked(await viewer(world, language))
    tree = world.app.services.directory().tree
    most = {"central": 3, "region": 3, "region_department": 3, "city": 4, "district": 4, "district_of_city": 4}
    assert {tree.by_id[body].code for body, count in taps.items() if count > most[tree.by_id[body].level]} == set()
    assert set(taps) == {entry.id for entry in tree.entries}
    for screen in screens:
        buttons = [one for row in screen.rows for one in row]
        assert len(buttons) <= MOST_BUTTONS
        assert all(len(row) <= MOST_IN_ROW for row in screen.rows)
        assert all(len((one.data or "").encode()) <= 64 for one in buttons)
        assert all(len(one.text) <= (70 if len(row) == 1 else 30) for row in screen.rows for one in row)
        assert len({one.text for one in buttons}) == len(buttons), "two buttons that read alike"


async def test_every_ministry_and_region_is_one_message_away(world: World) -> None:
    directory = world.app.services.directory()
    entries = [entry for entry in directory.tree.entries if entry.level in ("central", "region")]
    missed = []
    for entry in entries:
        for language in LANGUAGES:
            found = directory.index.find(directory.tree.name(entry.id, language))
            if not found.confident or found.hits[0].body_id != entry.id:
                missed.append((language, entry.code))
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_it_about(world: World, language: str) -> None:
    speech, tree = world.speech(language), world.app.services.directory().tree
    ngo = await newcomer(world, 1001, "Aigerim", language)
    topic = {"en": "Health", "ru": "Здравоохранение", "kk": "Денсаулық сақтау"}[language]
    await world.taps(ngo, speech.say("What is it about?").unescape(), topic)
    ministry = {"en": "Ministry of Healthcare", "ru": "Министерство здравоохранения"}
    ministry["kk"] = "Денсаулық сақтау министрлігі"
    what = speech.say("<b>{topic}</b>\nThese bodies deal with it.", topic=topic)
    who = await ngo.sees(what.splitlines()[1])
    assert who.buttons == [ministry[language], button(speech, "Choose a region"), button(speech, "Back")]
    region = {"en": "Aktobe Region", "ru": "Актюбинская область", "kk": "Ақтөбе облысы"}[language]
    await world.taps(ngo, button(speech, "Choose a region"))
    asked = await ngo.sees(speech.psay("title", "<b>{topic}</b>\nIn which region?", topic=topic).splitlines()[1])
    assert region in asked.buttons
    await world.taps(ngo, region)
    department = tree.name(world.body("dep-aktobe-health"), language)
    assert ngo.shown.buttons[0] == department
    await world.taps(ngo, department)
    await ngo.sees(department)
    await world.taps(ngo, button(speech, "Back"))
    assert ngo.shown.buttons[0] == department


async def test_ones_own_region_decides_between_equals_and_comes_first(world: World) -> None:
    ngo = await world.newcomer(1001, "Aigerim")
    await world.says(ngo, "/my")
    await world.taps(ngo, "Choose my region", "Aktobe Region")
    await ngo.sees("You have no open requests", button="My region: Aktobe Region")
    ngo.looks_away()
    await world.says(ngo, "управление образования")
    await ngo.sees("Department of Education of Aktobe Region")
    await world.says(ngo, "/my")
    await world.taps(ngo, "My region: Aktobe Region", "No region")
    await ngo.sees_toast("Noted: no region comes first.")
    await ngo.sees("You have no open requests", button="Choose my region")
    await world.says(ngo, "управление образования")
    choice = await ngo.sees("Which one do you mean?")
    assert choice.text.startswith("управление образования\n")
    await world.taps(ngo, "Choose my region", "Turkistan Region")
    again = await ngo.sees("Which one do you mean?")
    assert sorted(again.buttons[:-4]) == sorted(choice.buttons[:-5])


async def test_kazakh_names_without_the_country_stand_in_their_own_form(world: World) -> None:
    ngo = await newcomer(world, 1001, "Aigerim", "kk")
    await world.taps(ngo, button(world.speech("kk"), "Central bodies"))
    shown = [label.rpartition(": ")[2] for label in ngo.shown.buttons]
    assert {"Президент Әкімшілігі", "Президенттің Іс Басқармасы", "Үкімет Аппараты", "Бас прокуратура"} <= {*shown}
    assert {"Жоғарғы Сот", "Конституциялық Сот", "Жоғары аудиторлық палата", "Ұлттық Банк"} <= {*shown}
