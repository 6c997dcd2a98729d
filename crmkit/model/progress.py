"""Progress inside the month: how far it is, and each item to date against its base and its target."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from crmkit.model.market import Indicator


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days passed of those of the month, up to `until`; `whole`: the month is over."""

    passed: int
    days: int
    until: date
    whole: bool


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """One indicator to date, `actual` and `base` in its own unit: cartons, money a carton, a number.

    Key-brand growth is told by the key brands' cartons, `growth` is its figure in percent. `target` is that of the
    whole month, `due` what it asks for by now, `reached` the share of the target in percent; None where there is
    nothing to say.
    """

    indicator: Indicator
    actual: Fraction | None
    base: Fraction | None
    growth: Fraction | None
    target: Decimal | None = None
    due: Fraction | None = None
    reached: Fraction | None = None
