"""The running month to date: one manager's, or the whole team's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from crmkit.model.errors import Fault, Refusal
from crmkit.model.market import AreaSum, Base, Indicator
from crmkit.model.month import Month
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.progress import Pace, ProgressLine
from crmkit.rules.market import base_of
from crmkit.rules.progress import growth, pace_of, progress_lines, with_january
from crmkit.rules.validity import ordering_since, valid_customers
from crmkit.store import customers, figures, market, people, targets
from crmkit.store.connection import Store
from crmkit.workflow.working_calendar import calendar_between

Areas = Mapping[int, AreaSum]


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """One manager's month to date; `before` what the base's days held (None: no base), `valid` his valid customers.

    `joint` are January and February together, now and in the base, None in other months.
    """

    manager: Person
    now: AreaSum
    before: AreaSum | None
    valid: int
    lines: tuple[ProgressLine, ...]
    joint: tuple[AreaSum, AreaSum] | None = None

    @property
    def joint_growth(self) -> tuple[Fraction | None, Fraction | None]:
        """Growth of volume and of key-brand volume of January and February together, in percent."""
        if self.joint is None:
            return None, None
        now, before = self.joint
        return growth(now.volume, before.volume), growth(now.key_volume, before.key_volume)

    def plus(self, other: "AreaProgress", pace: Pace) -> "AreaProgress":
        """Both areas together; targets of areas are not added up."""
        now = self.now + other.now
        before = self.before + other.before if self.before and other.before else None
        both = self.joint and other.joint and (self.joint[0] + other.joint[0], self.joint[1] + other.joint[1])
        lines = progress_lines(now, before, pace, {})
        return AreaProgress(self.manager, now, before, self.valid + other.valid, lines, both)


@dataclass(frozen=True, slots=True)
class Progress:
    """A month to date. `orders_end` is the file's last day with an order, None in a file without any; `base` None
    when the file holds neither last year's month nor last month.
    """

    month: Month
    as_of: date
    pace: Pace
    base: Base | None
    areas: tuple[AreaProgress, ...]
    orders_end: date | None

    @property
    def orders_are_behind(self) -> bool:
        """Do the file's orders end before the day asked about, so that the month is counted only up to there?"""
        return self.orders_end == self.pace.until < min(self.as_of, self.month.last)

    @property
    def whole_team(self) -> AreaProgress:
        """All areas together; each customer belongs to one."""
        return reduce(lambda one, other: one.plus(other, self.pace), self.areas)


def show_progress(store: Store, policy: Policy, manager: Person | None, month: Month, as_of: date) -> Progress:
    """A month to date, of one manager or (None) of everybody who has customers.

    Raises Refusal: BAD_VALUE for a day before the month, GATE (step 0) where nobody has customers.
    """
    if as_of < month.first:
        raise Refusal(Fault.BAD_VALUE, option="--month", value=str(month), expected=f"<= {Month.of(as_of)}")
    managers = [manager] if manager else _with_customers(store)
    if not managers:
        raise Refusal(Fault.GATE, step=0, needs="customers", way_out="crmkit import FILE…")
    # working days of a year nobody published are counted Monday to Friday: figures are facts, never gated
    calendar = calendar_between(store, policy, None, month.plus(-13).first, month.last, assume_weekdays=True)
    span = figures.order_span(store)
    pace = pace_of(calendar, month, as_of, span[1] if span else None)
    base = base_of(calendar, month, pace.until, _first_order(store, manager))
    areas = _areas(store, policy, managers, month, pace, base)
    return Progress(month, as_of, pace, base, areas, span[1] if span else None)


def _first_order(store: Store, manager: Person | None) -> date | None:
    if manager:
        return market.first_order(store, manager.id)
    span = figures.order_span(store)
    return span[0] if span else None


def _with_customers(store: Store) -> list[Person]:
    owners = {customer.manager for customer in customers.all(store)}
    return [person for person in people.of_role(store, Role.CUSTOMER_MANAGER) if person.id in owners]


def _areas(
    store: Store, policy: Policy, managers: list[Person], month: Month, pace: Pace, base: Base | None
) -> tuple[AreaProgress, ...]:
    one = managers[0].id if len(managers) == 1 else None
    now = market.areas(store, month.first, pace.until, one)
    then = market.areas(store, base.first, base.last, one) if base else None
    joint = _joint(store, month, pace, base, one)
    valid = _valid(store, policy, managers, pace)
    return tuple(_area(store, person, month, pace, now, then, joint, valid[person.id]) for person in managers)


def _area(
    store: Store, person: Person, month: Month, pace: Pace, now: Areas, then: Areas | None,
    joint: tuple[Areas, Areas] | None, valid: int,
) -> AreaProgress:  # fmt: skip
    nothing = AreaSum()
    mine = now.get(person.id, nothing)
    before = None if then is None else then.get(person.id, nothing)
    both = (joint[0].get(person.id, nothing), joint[1].get(person.id, nothing)) if joint else None
    lines = progress_lines(mine, before, pace, _targets(store, person, month))
    return AreaProgress(person, mine, before, valid, lines, both)


def _targets(store: Store, person: Person, month: Month) -> dict[Indicator, Decimal]:
    """The month's targets that a manager has set or confirmed."""
    kept = targets.indicators(store, person.id, month)
    return {indicator: one.target for indicator, one in kept.items() if one.in_force}


def _valid(store: Store, policy: Policy, managers: list[Person], pace: Pace) -> dict[int, int]:
    """How many valid customers each manager has."""
    everyone = customers.all(store)
    ordering = figures.ordering(store, ordering_since(pace.until, policy.valid), pace.until)
    return {one.id: len(valid_customers(everyone, one.id, ordering, policy.valid).valid) for one in managers}


def _joint(
    store: Store, month: Month, pace: Pace, base: Base | None, manager: int | None
) -> tuple[Areas, Areas] | None:
    both = with_january(base, month)
    if both is None:
        return None
    now = market.areas(store, month.previous.first, pace.until, manager)
    return now, market.areas(store, both.first, both.last, manager)
