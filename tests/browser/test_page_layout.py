"""Nothing runs over its place, and the Kazakh letters are there: in three languages, on a desktop and on a phone."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.stream import PAGE
from tests.browser.conftest import ALMATY, SIZES, Stack, Visit, Visits, call

ROLES = ("ngo", "official", "coordinator")
LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
LONG_DAY = datetime(2026, 9, 30, 20, 0, tzinfo=ALMATY)
KAZAKH = "әіңғүұқөһӘІҢҒҮҰҚӨҺ"

# Every element that is shown: does its content fit, and does it stand inside of the window? What is cut with an
# ellipsis on purpose, or scrolls from top to bottom, is no fault.
OVERFLOWING = """() => {
    const name = (one) => `${one.tagName.toLowerCase()}.${one.className?.baseVal ?? one.className}`;
    const found = [];
    const complain = (one, what) => found.push(`${name(one)} ${what}: ${one.textContent.slice(0, 60)}`);
    for (const one of document.querySelectorAll("body, body *")) {
        const box = one.getBoundingClientRect();
        if (!box.width || !box.height || one.closest("svg")) continue;
        const style = getComputedStyle(one);
        if (box.left < -0.5 || box.right > innerWidth + 0.5) complain(one, `stands outside, ${box.left}-${box.right}`);
        if (style.display === "inline") continue;
        const cut = style.textOverflow === "ellipsis" && style.overflow === "hidden";
        const opens = one.matches(".menu, .faults");  // what pops up beside it is looked at by itself
        if (!cut && !opens && one.scrollWidth > one.clientWidth + 1)
            complain(one, `holds ${one.scrollWidth} in ${one.clientWidth}`);
        const outer = one.parentElement.getBoundingClientRect();
        if (!outer.width || ["absolute", "fixed"].includes(style.position)) continue;
        const around = getComputedStyle(one.parentElement);
        const left = outer.left + parseFloat(around.paddingLeft), right = outer.right - parseFloat(around.paddingRight);
        if (box.left < left - 1.5 || box.right > right + 1.5)
            complain(one, `leaves ${name(one.parentElement)}`);
    }
    if (document.documentElement.scrollHeight > innerHeight) found.push("the page scrolls");
    return found;
}"""

# Each letter is drawn in the font of the page, beside a character that no font has: its box is what a missing letter
# looks like.
DRAWN = """(letters) => {
    const draw = (letter, font) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 60 });
        const context = canvas.getContext("2d", { willReadFrequently: true });
        context.font = font;
        context.fillText(letter, 10, 42);
        return [...context.getImageData(0, 0, 60, 60).data].filter((_, place) => place % 4 === 3).join();
    };
    const results = {};
    for (const place of ["h1", ".pane-state", "textarea", "button"]) {
        const family = getComputedStyle(document.querySelector(place)).fontFamily;
        const drawn = [...letters].map((letter) => draw(letter, `32px ${family}`));
        const missing = ["\\u{10FFFD}", "\\uFFFF", " "].map((letter) => draw(letter, `32px ${family}`));
        const lost = drawn.filter((one) => missing.includes(one));
        results[place] = { distinct: new Set(drawn).size, missing: lost.length };
    }
    return results;
}"""


async def fill(sandbox: Sandbox) -> None:
    """The widest things that a chat may have to show, on a day with a long name."""
    sandbox.clock.put(LONG_DAY.timestamp() - datetime.now(UTC).timestamp())
    long_word = "Қазақстанреспубликасыныңмәдениетжәнеақпаратминистрлігі" * 2
    rows = [
        [
            {
                "text": "Батырманың өте ұзын жазуы, бірнеше жолға сыймай тұрғандай",
                "callback_data": "a",
                "style": "primary",
            }
        ],
        [{"text": f"{number} қараша", "callback_data": str(number)} for number in range(1, 5)],
        [{"text": long_word[:60], "callback_data": "b", "style": "danger"}, {"text": "Иә", "callback_data": "c"}],
    ]
    for chat in (1001, 1002, 1003):
        text = f"{long_word} <pre>{'x' * 120}</pre><blockquote>{long_word}</blockquote> https://a.example/{'y' * 90}"
        buttons = {"inline_keyboard": rows}
        await call(sandbox, "sendMessage", chat_id=chat, text=text, parse_mode="HTML", reply_markup=buttons)
        await call(sandbox, "sendContact", chat_id=chat, phone_number="77172000000", first_name=long_word[:60])
        person = sandbox.people[chat]
        person.sends_document(f"{long_word}.ics", b"x" * 4000)
        person.says(long_word)


async def check(page: Page) -> None:
    await page.wait_for_timeout(50)  # a frame, so that what was opened is laid out
    assert await page.evaluate(OVERFLOWING) == []


async def look_at_everything(visit: Visit) -> None:
    page = visit.page
    await check(page)
    guide = page.locator(".guide summary")
    await guide.click()
    await check(page)
    if not await page.locator(".guide ol").is_visible():
        await guide.click()
        await check(page)
    await guide.click()
    await page.locator(".faults summary").click()
    await check(page)
    await page.locator(".faults summary").click()
    for role in ROLES:
        await visit.tab(role)
        await check(page)
        for button in await visit.pane(role).locator(".menu > button").all():
            await button.click()
            await check(page)
            await page.keyboard.press("Escape")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_wide_contents_stay_in_their_place(alone: Sandbox, visits: Visits, language: str, size: str) -> None:
    await fill(alone)
    visit = await visits.open(alone, language, size)
    await expect(visit.pane("ngo").locator(".own")).to_have_count(2)
    await look_at_everything(visit)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_demo_fits_and_can_be_read(stack: Stack, visits: Visits, language: str, size: str) -> None:
    visit = await visits.open(stack.sandbox, language, size)
    await check(visit.page)
    await visit.pane("ngo").locator(".start").click()
    await visit.tap("ngo", LANGUAGES[language])
    await visit.say("ngo", {"kk": "Ақтөбе", "ru": "Актобе", "en": "Aktobe"}[language])
    await expect(visit.pane("ngo").locator(".own")).to_have_count(2)
    await stack.sandbox.quiet()
    await visit.tab("official")
    await visit.pane("official").get_by_role("searchbox").fill("Ақтөбе")
    await expect(visit.pane("official").locator(".results button").first).to_be_visible()
    await check(visit.page)
    await visit.page.keyboard.press("Escape")
    await look_at_everything(visit)


@pytest.mark.parametrize("size", SIZES)
async def test_kazakh_letters_are_drawn(alone: Sandbox, visits: Visits, size: str) -> None:
    visit = await visits.open(alone, "kk", size)
    for place, drawn in (await visit.page.evaluate(DRAWN, KAZAKH)).items():
        assert drawn == {"distinct": len(KAZAKH), "missing": 0}, place


async def test_every_text_is_there_in_three_languages(alone: Sandbox, visits: Visits) -> None:
    visit = await visits.open(alone, "kk", "desktop")
    texts: dict[str, list[str]] = await visit.page.evaluate("import('/texts.js').then((module) => module.TEXTS)")
    for key, spoken in texts.items():
        assert len(spoken) == len(LANGUAGES), key
        assert all(text.strip() for text in spoken), key
        assert len({frozenset(re.findall(r"{\w+}", text)) for text in spoken}) == 1, key
    code = "".join(file.read_text(encoding="utf-8") for file in PAGE.glob("*.js"))
    unused = [key for key in texts if not re.search(rf'"{key}"|\b{key}: {{', code)]
    assert unused == []
