"""How alike two texts are [our measure]: 2 × common pairs of neighbouring characters ÷ all pairs of both, in percent.

Before that, case, full and half width, punctuation and spaces are made one or left out, and every number is one and
the same: a text copied with other figures in it is copied. A pair that stands twice counts twice. It needs no words,
so it serves Chinese as well as English; the order of whole sentences matters little.
"""

import re
from collections import Counter
from fractions import Fraction
from unicodedata import normalize

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LEFT_OUT = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The characters of a text that count; each number is one 0."""
    return _LEFT_OUT.sub("", _NUMBER.sub("0", normalize("NFKC", text).casefold()))


def exact(text: str) -> str:
    """The characters of a text that count, the numbers as they stand."""
    return _LEFT_OUT.sub("", normalize("NFKC", text).casefold())


def numbers(text: str) -> list[str]:
    """The numbers of a text, in order."""
    return _NUMBER.findall(normalize("NFKC", text))


def likeness(first: str, second: str) -> Fraction:
    """0 nothing in common … 100 the same; two texts without a pair of characters are 0."""
    one, other = _pairs(plain(first)), _pairs(plain(second))
    both = one.total() + other.total()
    return Fraction(200 * (one & other).total(), both) if both else Fraction(0)


def alike(first: str, second: str | None, percent: Fraction, characters: int) -> Fraction | None:
    """How alike, where that is `percent` or more and both are long enough for it to be no chance; else None."""
    if second is None or min(len(plain(first)), len(plain(second))) < characters:
        return None
    found = likeness(first, second)
    return found if found >= percent else None


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))
