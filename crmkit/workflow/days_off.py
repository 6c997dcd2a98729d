"""Days off of the company and of persons: noted, listed, taken back."""

from dataclasses import dataclass
from datetime import date, timedelta

from crmkit.model.calendar import DayOff
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.visit import PlannedState
from crmkit.store import calendar, people, planned
from crmkit.store.connection import Store

LONGEST = 366  # days; a longer absence is a slip, or a hand-over


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days off that were noted or taken back. `known`: nothing to write; `visits`: open visits planned on them."""

    days: tuple[DayOff, ...]
    whose: Person | None
    known: int
    visits: int
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ListedDaysOff:
    """Days off from today on; `people` by id."""

    days: tuple[DayOff, ...]
    people: dict[int, Person]


def list_days_off(store: Store, today: date, whose: Person | None) -> ListedDaysOff:
    """Days off from today on: everybody's, or those that touch one person."""
    found = calendar.days_off(store, today, date.max)
    mine = [off for off in found if whose is None or off.person in (None, whose.id)]
    return ListedDaysOff(tuple(mine), {person.id: person for person in people.everyone(store)})


def take_days_off(
    store: Store, act: Act, span: tuple[date, date], whose: Person | None, reason: str, *, dry_run: bool = False
) -> DaysOff:
    """Note the days from span[0] to span[1]. Raises Refusal(BAD_VALUE)."""
    wanted = [DayOff(day, whose.id if whose else None, reason) for day in _days(span)]
    known = {off.day for off in calendar.days_off(store, *span) if off.person == (whose.id if whose else None)}
    new = tuple(off for off in wanted if off.day not in known)
    if not dry_run:
        with store.operation(act):
            for off in new:
                calendar.add_day_off(store, off)
    return DaysOff(tuple(wanted), whose, len(wanted) - len(new), _open_visits(store, span, whose))


def return_days_off(
    store: Store, act: Act, span: tuple[date, date], whose: Person | None, reason: str, *, dry_run: bool = False
) -> DaysOff:
    """Take days off back. Raises Refusal: NOT_FOUND when none of these days is one, BAD_VALUE."""
    person, days = whose.id if whose else None, set(_days(span))
    found = tuple(off for off in calendar.days_off(store, *span) if off.person == person and off.day in days)
    if not found:
        raise Refusal(Fault.NOT_FOUND, noun="day-off", value=span[0].isoformat(), known="crmkit calendar off")
    if not dry_run:
        with store.operation(act):
            for off in found:
                calendar.remove_day_off(store, off)
    return DaysOff(found, whose, 0, 0, removed=True)


def _days(span: tuple[date, date]) -> list[date]:
    length = (span[1] - span[0]).days + 1
    if not 1 <= length <= LONGEST:
        raise Refusal(Fault.BAD_VALUE, option="--to", value=span[1].isoformat(), expected=f"{span[0]} + 0-365")
    return [span[0] + timedelta(days=n) for n in range(length)]


def _open_visits(store: Store, span: tuple[date, date], whose: Person | None) -> int:
    """Open visits that stand on these days: the next planning moves them."""
    owners = [whose] if whose else people.everyone(store)
    found = [visit for one in owners for visit in planned.between(store, one.id, *span)]
    return sum(visit.state is PlannedState.OPEN for visit in found)
