"""The axis of a chart: round marks that hold every value and 0."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_STEPS = tuple(Decimal(step) for step in ("1", "2", "2.5", "5", "10"))
_MARKS = 4


def marks(values: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """About five round numbers from the lowest to the highest, 0 among them, evenly spaced."""
    high, low = max((*values, Decimal(0))), min((*values, Decimal(0)))
    step = _step(high - low)
    last = (high / step).to_integral_value(ROUND_CEILING)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    return tuple(n * step for n in range(int(first), int(max(last, first + 1)) + 1))


def mark_words(mark: Decimal) -> str:
    """200, 2.5, -50 or 600,000: no zeros behind the point, no exponent."""
    return f"{mark.normalize():,f}"


def _step(span: Decimal) -> Decimal:
    if span <= 0:
        return Decimal(1)
    rough = span / _MARKS
    power = Decimal(1).scaleb(rough.adjusted())
    return next(step * power for step in _STEPS if step * power >= rough)
