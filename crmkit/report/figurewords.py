"""Counted figures as people read them: cartons, money a carton, percent."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from crmkit.model.figures import AMOUNT_SCALE, VOLUME_SCALE, decimal_of

_MOST_PLACES = 9


def cartons(volume: int | Fraction) -> Decimal:
    """Thousandths of a carton as cartons, without zeros behind the point."""
    return trimmed(Fraction(volume) / VOLUME_SCALE)


def trimmed(value: Fraction) -> Decimal:
    """To three places, without zeros behind the point."""
    found = places(value, 3)
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize()


def percent(value: Fraction | Decimal | None) -> Decimal | None:
    """A percentage to one place."""
    return None if value is None else places(Fraction(value), 1)


def money(minor: Fraction | int | None) -> Decimal | None:
    """Minor units as money with two places."""
    return None if minor is None else places(Fraction(minor) / AMOUNT_SCALE, 2)


def apart(actual: Fraction, limit: Fraction, count: int) -> tuple[Decimal, Decimal]:
    """A figure and its limit to so many places, or to as many as tell them apart: 293.68 of 293.69."""
    while places(actual, count) == places(limit, count) and actual != limit and count < _MOST_PLACES:
        count += 1
    return places(actual, count), places(limit, count)


def places(value: Fraction, count: int) -> Decimal:
    """Rounded half up to so many places."""
    return decimal_of(value).quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)


def signed(value: Decimal | None) -> str:
    """+3.5%, -2.0%; a dash where there is nothing to say."""
    return "-" if value is None else f"{value:+}%"
