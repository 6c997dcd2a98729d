"""Lengths of ways: 3200, 3.2公里, 1,234.5 km."""

from decimal import ROUND_HALF_UP, Decimal

from crmkit.model.importing import Reason
from crmkit.sources.cells import Reader, half_width, number
from crmkit.sources.headers import LENGTH_UNITS

_LARGEST = Decimal(10**9)
_BY_LENGTH = sorted(LENGTH_UNITS, key=len, reverse=True)  # km before m


def length_of(unit: Decimal | int | None) -> Reader:
    """A reader of lengths in whole metres, half up; the cell's own unit goes before the column's. Without any, whole
    numbers are metres, and a fraction is refused: it is as likely kilometres.
    """

    def length(text: str) -> int | Reason | None:
        plain = half_width(text).casefold().replace(" ", "")
        word = next((one for one in _BY_LENGTH if plain.endswith(one)), "")
        value = number(plain.removesuffix(word))
        if not isinstance(value, Decimal):
            return Reason.BAD_NUMBER if value is None and word else value
        times = LENGTH_UNITS[word] if word else unit
        if times is None and value != int(value):
            return Reason.NO_UNIT
        if not 0 <= value < _LARGEST:
            return Reason.TOO_LARGE
        return int((value * (times or 1)).quantize(Decimal(1), ROUND_HALF_UP))

    return length
