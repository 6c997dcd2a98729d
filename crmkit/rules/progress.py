"""Progress inside the month (method.md §4, Indicators): the pace in working days, growth against the base."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from crmkit.model.calendar import WorkCalendar
from crmkit.model.figures import VOLUME_SCALE
from crmkit.model.market import AreaSum, Base, BaseKind, Indicator
from crmkit.model.month import Month
from crmkit.model.progress import Pace, ProgressLine
from crmkit.rules.calendar import month_days, working_days

FEBRUARY = 2
SHOWN = (
    Indicator.VOLUME,
    Indicator.CARTON_VALUE,
    Indicator.KEY_BRAND_GROWTH,
    Indicator.ORDERS,
    Indicator.ORDERING_CUSTOMERS,
)


def pace_of(calendar: WorkCalendar, month: Month, as_of: date, orders_end: date | None) -> Pace:
    """How far the month is: working days up to `as_of`, both included, of those of the month.

    Where the file's orders end earlier inside the month, it has come as far as they do: days whose orders nobody has
    imported yet are not held against it [our default].
    """
    until = min(as_of, month.last)
    if orders_end is not None and orders_end in month:
        unread = working_days(calendar, orders_end + timedelta(days=1), until)
        until = min(until, orders_end) if unread else until
    passed = len(working_days(calendar, month.first, until))
    return Pace(passed, len(month_days(calendar, month)), until, until == month.last)


def with_january(base: Base | None, month: Month) -> Base | None:
    """January and February together, against those of last year: Spring Festival falls into either. For February only,
    and only where last year is the base.
    """
    if month.number != FEBRUARY or base is None or base.kind is not BaseKind.LAST_YEAR:
        return None
    return Base(base.kind, base.month.previous.first, base.last)


def progress_lines(
    now: AreaSum, base: AreaSum | None, pace: Pace, targets: Mapping[Indicator, Decimal]
) -> tuple[ProgressLine, ...]:
    """Every item to date against the base and, where one is set, the month's target.

    `due` is the target × working days passed ÷ working days where a figure grows with the days (volume, orders), the
    target itself where it is a level (carton value, growth). How many customers have ordered is not due before the end.
    """
    return tuple(_line(one, now, base, pace, targets.get(one)) for one in SHOWN)


def growth(now: Fraction | int | None, before: Fraction | int | None) -> Fraction | None:
    """Growth in percent; None without a figure, or against a base that is not above 0."""
    if now is None or before is None or before <= 0:
        return None
    return 100 * (Fraction(now) - before) / before


def _line(
    indicator: Indicator, now: AreaSum, base: AreaSum | None, pace: Pace, target: Decimal | None
) -> ProgressLine:
    actual, held = _figure(indicator, now), _figure(indicator, base) if base else None
    grown = growth(actual, held)
    if target is None:
        return ProgressLine(indicator, actual, held, grown)
    due = _due(indicator, Fraction(target), pace)
    if indicator.is_growth:
        return ProgressLine(indicator, actual, held, grown, target, due)
    reached = None if actual is None or target <= 0 else 100 * actual / Fraction(target)
    return ProgressLine(indicator, actual, held, grown, target, due, reached)


def _due(indicator: Indicator, target: Fraction, pace: Pace) -> Fraction | None:
    if indicator in (Indicator.VOLUME, Indicator.ORDERS):
        return target * pace.passed / pace.days if pace.days else None
    return None if indicator is Indicator.ORDERING_CUSTOMERS and not pace.whole else target


def _figure(indicator: Indicator, found: AreaSum) -> Fraction | None:
    if indicator is Indicator.CARTON_VALUE:
        return found.carton_value
    counted = {
        Indicator.VOLUME: Fraction(found.volume, VOLUME_SCALE),
        Indicator.KEY_BRAND_GROWTH: Fraction(found.key_volume, VOLUME_SCALE),
        Indicator.ORDERS: Fraction(found.orders),
        Indicator.ORDERING_CUSTOMERS: Fraction(found.customers),
    }
    return counted[indicator]
