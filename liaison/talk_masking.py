"""Phones, mail addresses and accounts are taken out of a word between the sides: they are not passed on.

What is written to get round it, such as digits spelled out as words, gets through; a word can be reported.
"""

import re

MASK = "•••"

_DIGIT = r"[\d⁰¹²³⁴-⁹₀-₉①-⑨⓪]"  # \d has the digits of every script
_GAP = r"(?:[\s().\-‐‑‒–—−_/\\|*·•+~'\ufe0f\u20e3]|,(?=\S)){0,4}"  # what people write between the digits of a phone
_RUN = rf"(?:\+\s?|\(\s?)?{_DIGIT}(?:{_GAP}{_DIGIT})*[\ufe0f\u20e3]*"
_MAIL = r"[\w.+%-]+\s?[@＠]\s?[\w-]+(?:\s?\.\s?[\w-]+)+"
_SPELLED_MAIL = (
    r"[\w.+%-]+\s?(?:\(at\)|\[at\]|\bсобака\b)\s?[a-z0-9-]+(?:\s?(?:\.|\bточка\b|\(dot\)|\[dot\])\s?[a-z]{2,})+"
)
_ACCOUNT = r"(?<!\w)[@＠](?:[A-Za-z]\w{2,}|\s[A-Za-z]\w{4,})"
_REST = r"[^\s,;<>()«»“”\"]"  # of an address, up to what ends it in a sentence
_MESSENGER = (
    r"(?:\bhttps?:\s?//\s?)?(?:\bwww\.)?"
    r"(?:\b[\w-]+\.t\.me\b|\bt\s?\.\s?me\s?/|\btelegram\s?\.\s?(?:me|dog)\s?/|\bwa\.me\s?/|\bapi\.whatsapp\.com\s?/"
    rf"|\btg:\s?//){_REST}*(?:(?<=/)\s{_REST}+)?"
)
_OURS = r"\bUKL-\d\d-\d{6}(?!\d)"  # the number of a meeting, which both sides know
_LINK = re.compile(rf"({_OURS})|{_MAIL}|{_SPELLED_MAIL}|{_MESSENGER}|{_ACCOUNT}", re.IGNORECASE)
_PHONE = re.compile(rf"({_OURS})|{_RUN}")

_HOUR = r"(?:[01]?\d|2[0-3])[.\-][0-5]\d"
_DATE = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])[./\-](?:0?[1-9]|1[0-2])[./\-]20\d\d|20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
)
_SHORT_DATE = r"(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.(?:2\d|3\d)"
_WHEN = rf"(?:{_DATE}|{_SHORT_DATE}|{_HOUR})"
_TIMES = re.compile(rf"{_WHEN}(?:\s?[\s\-–—]\s?{_WHEN})*")
_LOCAL = re.compile(r"\d-\d\d-\d\d")  # as villages write theirs
MOST_DIGITS = 5  # a room, a year, a house; more in a row may be a phone


def mask(text: str) -> tuple[str, bool]:
    """The text with ``MASK`` in place of every phone, mail address and account, and whether there was any.

    Dates, hours and the numbers of meetings stay. Masking what is masked changes nothing.
    """
    without = _LINK.sub(lambda match: match[1] or MASK, text)
    masked = _PHONE.sub(_phone, without)
    return masked, masked != text


def _phone(match: re.Match[str]) -> str:
    run = match[0]
    if match[1] or _TIMES.fullmatch(run.strip()):
        return run
    digits = len(re.findall(_DIGIT, run))
    return MASK if digits > MOST_DIGITS or _LOCAL.fullmatch(run) else run
