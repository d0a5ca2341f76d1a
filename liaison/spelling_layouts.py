"""Words typed with the keyboard in the wrong language: ЙЦУКЕН, the Kazakh layout and QWERTY, each for each."""

_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
# The Kazakh layout is the Russian one with Kazakh letters on the row of digits.
_DIGITS = "234589 0-=".replace(" ", "")
_DIGITS_SHIFTED = "@#$%*()_+"
_KAZAKH = "әіңғүұқөһ"

_TO_RUSSIAN = str.maketrans(_KEYS + _SHIFTED.lower(), _RUSSIAN * 2)
_TO_KAZAKH = {**_TO_RUSSIAN, **str.maketrans(_DIGITS + _DIGITS_SHIFTED, _KAZAKH * 2)}
_SIGNS = frozenset("[];`")
_TO_LATIN = str.maketrans(_RUSSIAN + _KAZAKH, _KEYS + _DIGITS)


def retyped(text: str) -> list[str]:
    """What a cleaned text would have been on the other layouts; only readings that differ from it."""
    if not any(letter.isalpha() for letter in text):
        return []
    if any("Ѐ" <= letter <= "ԯ" for letter in text):
        # "хлеб" would be "[kt,": signs inside a word tell that nobody meant it.
        readings = [reading for reading in (text.translate(_TO_LATIN),) if not _SIGNS & {*reading}]
    else:
        readings = [text.translate(_TO_RUSSIAN), text.translate(_TO_KAZAKH)]
    return [reading for reading in dict.fromkeys(readings) if reading != text]
