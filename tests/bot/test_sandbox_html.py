"""Telegram's HTML: entities in UTF-16 units, and its words for what it does not take."""

from typing import Any

import pytest

from bot.sandbox.errors import Breach
from bot.sandbox.html import parse_html
from bot.sandbox.unparse import to_html

GOOD: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("plain & simple", "plain & simple", []),
    ("&lt;b&gt; &amp;amp; &quot;&#39;&#x4d8;&nbsp;", "<b> &amp; \"'Ә&nbsp;", []),
    ("<b>a</b><strong>b</strong>", "ab", [
        {"type": "bold", "offset": 0, "length": 1}, {"type": "bold", "offset": 1, "length": 1}]),
    ("😀<i>x</i><em>ы</em>", "😀xы", [
        {"type": "italic", "offset": 2, "length": 1}, {"type": "italic", "offset": 3, "length": 1}]),
    ("<u>a</u><ins>b</ins><s>c</s><strike>d</strike><del>e</del>", "abcde", [
        {"type": "underline", "offset": 0, "length": 1}, {"type": "underline", "offset": 1, "length": 1},
        {"type": "strikethrough", "offset": 2, "length": 1}, {"type": "strikethrough", "offset": 3, "length": 1},
        {"type": "strikethrough", "offset": 4, "length": 1}]),
    ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", [
        {"type": "spoiler", "offset": 0, "length": 1}, {"type": "spoiler", "offset": 1, "length": 1}]),
    ('<a href="https://gov.kz/?a=1&amp;b=2">go</a>', "go", [
        {"type": "text_link", "url": "https://gov.kz/?a=1&b=2", "offset": 0, "length": 2}]),
    ("<a href='tg://user?id=7'>me</a>", "me", [
        {"type": "text_mention", "user": {"id": 7, "is_bot": False, "first_name": ""}, "offset": 0, "length": 2}]),
    ("<code>x</code><pre>y</pre>", "xy", [
        {"type": "code", "offset": 0, "length": 1}, {"type": "pre", "offset": 1, "length": 1}]),
    ('<pre><code class="language-python">x</code></pre>', "x", [
        {"type": "pre", "language": "python", "offset": 0, "length": 1}]),
    ("<blockquote>a</blockquote><blockquote expandable>b</blockquote>", "ab", [
        {"type": "blockquote", "offset": 0, "length": 1}, {"type": "expandable_blockquote", "offset": 1, "length": 1}]),
    ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍", [
        {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286", "offset": 0, "length": 2}]),
    ('<tg-time unix="1792000000" format="wDt">15 October</tg-time>', "15 October", [
        {"type": "date_time", "unix_time": 1792000000, "date_time_format": "wDt", "offset": 0, "length": 10}]),
    ("<B>a<I>b</I></B>", "ab", [
        {"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 1}]),
    ("<b></b>x", "x", []),
    ("<b>x</>", "x", [{"type": "bold", "offset": 0, "length": 1}]),
]  # fmt: skip
BAD = [
    ("a<x>b</x>", 'Unsupported start tag "x" at byte offset 1'),
    ("Әb<br>", 'Unsupported start tag "br" at byte offset 3'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
    ("<a href=ab/c>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<a =1>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="z">x</tg-emoji>', "Invalid custom emoji identifier specified"),
    ('<tg-time unix="soon">x</tg-time>', "Invalid date specified"),
    ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities"),
]
BENT = [
    ("<code>a<b>b</b></code>", ["pre and code entities can't contain any other entities"]),
    ("<blockquote>a<blockquote>b</blockquote></blockquote>", ["blockquote entities can't be nested"]),
    ('<a href="tel:+77010000000">call</a>', ["link 'tel:+77010000000' is not one that Telegram shows"]),
]


@pytest.mark.parametrize(("source", "text", "entities"), GOOD)
def test_tags_become_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    parsed = parse_html(source)

    assert (parsed.text, parsed.entities, parsed.remarks) == (text, entities, [])


@pytest.mark.parametrize(("source", "words"), BAD)
def test_what_telegram_does_not_take_is_told_in_its_words(source: str, words: str) -> None:
    with pytest.raises(Breach) as refused:
        parse_html(source)

    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(("source", "remarks"), BENT)
def test_rules_that_telegram_bends_silently_are_remarked(source: str, remarks: list[str]) -> None:
    assert parse_html(source).remarks == remarks


@pytest.mark.parametrize(
    "source",
    [
        "a &lt;&amp; b",
        "😀 <b>x <i>y</i></b> z",
        '<a href="https://gov.kz/?a=1&amp;b=2">go</a>',
        '<tg-time unix="1792000000" format="wDt">then</tg-time>',
        "<blockquote expandable>long</blockquote>",
        "<b><i>x</i></b>y<code>z</code>",
    ],
)
def test_entities_become_the_same_html_again(source: str) -> None:
    parsed = parse_html(source)

    assert to_html(parsed.text, parsed.entities) == source
