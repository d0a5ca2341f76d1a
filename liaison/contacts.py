"""Phones, e-mail addresses and business numbers as people write them, read into one strict form."""

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from liaison.errors import LiaisonError

REGION = "KZ"

# One pass over a cell finds numbers and the extensions that follow them: вн. 123, (доб. 12), ішкі 5, ext. 7.
PHONE_OR_EXTENSION = re.compile(
    r"(?:внутр\w*|вн|доб\w*|ішкі\w*|қосымша|қос|ext\w*|;ext)[\s.:=№]*(?P<extension>[0-9]{1,7})"
    r"|(?P<number>\+?\(?[0-9][0-9\s().\-‐‑‒–—]*)",
    re.IGNORECASE,
)

BIN_LABEL = re.compile(r"^(?:бин|бсн|bin)\W*", re.IGNORECASE)


@dataclass(frozen=True)
class PhonesRead:
    """What a cell with phones gave: the numbers in E.164 (with ;ext=), and what could not be read."""

    phones: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class ShownPhone:
    """A phone for people: ``number`` with spaces and without the extension, ``extension`` apart, ``dial`` in E.164."""

    number: str
    extension: str | None
    dial: str


def read_phone(text: str) -> str | None:
    """The one phone number in a text, in E.164 with its extension as ;ext=, or None if there is none or several."""
    read = read_phones(text)
    return read.phones[0] if len(read.phones) == 1 and not read.unread else None


def phones_in(text: str) -> list[str]:
    """All phone numbers in a cell, in order, each once."""
    return list(read_phones(text).phones)


def read_phones(text: str) -> PhonesRead:
    """Read a cell that may hold several numbers, with extensions, labels and short forms.

    "8 (7172) 55-55-55, 55-55-56" is two numbers of one town: the short one takes the code of the number before it.
    Numbers without a country are Kazakhstan's. Fewer than 5 digits in a row are no phone, but a room or a year.
    """
    phones: list[str] = []
    unread: list[str] = []
    extendable = False
    for match in PHONE_OR_EXTENSION.finditer(text):
        if match["extension"] and extendable:
            phones[-1] += f";ext={match['extension']}"
            extendable = False
        elif match["number"] and (found := _numbers(match["number"], phones)):
            phones += found
            extendable = True
        elif match["extension"] or len(_digits(match["number"])) >= 5:
            unread.append(match.group().strip(" -–—.("))
            extendable = False
    return PhonesRead(tuple(dict.fromkeys(phones)), tuple(unread))


def show_phone(e164: str) -> ShownPhone:
    """Split a stored phone into what is shown. Raises ValueError for one that this module did not read."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"not a stored phone: {e164!r}") from error
    dial, extension = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension
    number.extension = None
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return ShownPhone(shown, extension, dial)


def read_email(text: str) -> str | None:
    """The e-mail address, its domain in lower case, or None. Whether mail arrives there is not asked."""
    bare = text.strip().removeprefix("mailto:").strip("<>()[],;. \u00a0\t")
    try:
        return validate_email(bare, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None


def emails_in(text: str) -> tuple[list[str], list[str]]:
    """The addresses of a cell, each once, and the pieces with an @ that are none."""
    pieces = [piece for piece in re.split(r"[\s,;|/]+", text) if "@" in piece]
    read = {piece: read_email(piece) for piece in pieces}
    return list(dict.fromkeys(email for email in read.values() if email)), [p for p, email in read.items() if not email]


def read_bin(text: str) -> str:
    """The 12 digits of a business number (BIN, БСН), spaces and the label taken away.

    Raises LiaisonError "bad-bin" with ``why``: "digits" (something else than digits, such as the letter O),
    "length", "iin" (a person's number: its fifth digit begins a day), "date", "kind" or "check" (a digit is mistaken).
    """
    number = re.sub(r"[\s\u00a0\u202f-]", "", BIN_LABEL.sub("", text.strip()))
    if why := _bin_fault(number):
        raise LiaisonError("bad-bin", why=why)
    return number


def _bin_fault(number: str) -> str | None:
    """What is wrong with a number, by its layout: YYMM, kind (4-6), detail (0-3), serial, check digit."""
    if not re.fullmatch(r"[0-9]*", number):
        return "digits"
    if len(number) != 12:
        return "length"
    if number[4] in "0123":
        return "iin"
    if not 1 <= int(number[2:4]) <= 12:
        return "date"
    if number[4] not in "456" or number[5] not in "0123":
        return "kind"
    return None if _check_digit(number[:11]) == int(number[11]) else "check"


def _check_digit(first: str) -> int:
    """The check digit of eleven digits; 10 where the number would never be issued."""
    for shift in (0, 2):
        total = sum(int(digit) * ((place + shift) % 11 + 1) for place, digit in enumerate(first)) % 11
        if total < 10:
            return total
    return 10


def _numbers(text: str, before: list[str]) -> list[str]:
    """The numbers in one run of digits: one as a rule, several where only spaces part them."""
    if one := _e164(text):
        return [one]
    if before and 5 <= len(_digits(text)) <= 7:
        return _same_town(_digits(text), before[-1])
    words = text.split()
    for cut in range(1, len(words)):
        left, right = _e164(" ".join(words[:cut])), _numbers(" ".join(words[cut:]), [])
        if left and right:
            return [left, *right]
    return []


def _e164(text: str) -> str | None:
    """One number in E.164, or None. "8 (7172) 55-55-5" lacks a digit, though without its spaces it may look whole."""
    if re.match(r"[78][^0-9]", text) and len(_digits(text)) < 11:
        return None
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    # The library knows which ranges are issued today; of Kazakhstan's own any well-formed number is taken, since
    # new ranges are older in print than in a release.
    own = number.country_code == 7 and re.fullmatch(r"7\d{9}", str(number.national_number))
    whole = len(_digits(text)) >= 11 or text.startswith("+")
    if not own and not (whole and phonenumbers.is_valid_number(number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _same_town(short: str, before: str) -> list[str]:
    """A short number with the code of the one before it; nothing where that is a mobile or has another length."""
    number = phonenumbers.parse(before, None)
    whole = str(number.national_number)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    # Almaty's code is 727, though the library shows some of its numbers with 7272.
    code = "727" if whole.startswith("727") else shown.split()[1]
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE or len(code + short) != len(whole):
        return []
    return [f"+{number.country_code}{code}{short}"]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
