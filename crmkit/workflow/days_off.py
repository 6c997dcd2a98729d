"""Days off of the company and of persons: noted, listed, taken back."""

from dataclasses import dataclass
from datetime import date, timedelta

from crmkit.model.calendar import DayOff
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState
from crmkit.rules.calendar import is_working
from crmkit.store import calendar, people, planned
from crmkit.store.connection import Store
from crmkit.workflow.acting import person_named, refuse_foreign, refuse_unless_for_all
from crmkit.workflow.working_calendar import calendar_between

COMPANY = ("all", "全公司", "全体")  # how people say that nobody works
LONGEST = 366  # days; a longer absence is a slip, or a hand-over


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days off that were noted or taken back. `known`: nothing to write; `visits`: open visits planned on them."""

    days: tuple[DayOff, ...]
    whose: Person | None
    known: int
    visits: int
    removed: bool = False
    past: int = 0  # days that are over
    idle: int = 0  # days nobody works on anyway


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


def whose_days(store: Store, act: Act, policy: Policy, word: str | None) -> Person | None:
    """Whose days off are written: the person named, else the customer manager who acts; None is the whole company.

    Raises Refusal: ANSWER_NEEDED when nobody is named and no customer manager acts, ROLE for the company's days and
    RULE not-your-document for another's when somebody else than the market manager writes them.
    """
    if word and word.strip().casefold() in COMPANY:
        refuse_unless_for_all(store, act, policy)
        return None
    acting = [one for one in people.named(store, act.actor) if one.role is Role.CUSTOMER_MANAGER]
    if not word and not acting:
        codes = [one.code for one in people.of_role(store, Role.CUSTOMER_MANAGER)]
        if not codes:  # nobody is entered yet: the only calendar there is
            return whose_days(store, act, policy, COMPANY[0])
        raise Refusal(Fault.ANSWER_NEEDED, flag="--for " + "|".join([*codes, COMPANY[0]]))
    whose = person_named(store, word) if word else acting[0]
    if act.role is not Role.MARKET_MANAGER:
        refuse_foreign(store, act, policy, whose)
    return whose


def take_days_off(
    store: Store,
    act: Act,
    span: tuple[date, date],
    whose: Person | None,
    reason: str,
    *,
    policy: Policy | None = None,
    dry_run: bool = False,
) -> DaysOff:
    """Note the days from span[0] to span[1]; with a policy those nobody works on anyway are counted.

    Raises Refusal(BAD_VALUE).
    """
    wanted = [DayOff(day, whose.id if whose else None, reason) for day in _days(span)]
    known = {off.day for off in calendar.days_off(store, *span) if off.person == (whose.id if whose else None)}
    new = tuple(off for off in wanted if off.day not in known)
    idle = _idle(store, policy, [off.day for off in new]) if policy else 0
    past = sum(off.day < act.today for off in wanted)
    if not dry_run:
        with store.operation(act):
            for off in new:
                calendar.add_day_off(store, off)
    visits = _open_visits(store, span, whose)
    return DaysOff(tuple(wanted), whose, len(wanted) - len(new), visits, past=past, idle=idle)


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


def _idle(store: Store, policy: Policy, days: list[date]) -> int:
    """How many of these are weekends, holidays or days off of the whole company."""
    if not days:
        return 0
    everybodys = calendar_between(store, policy, None, days[0], days[-1], assume_weekdays=True)
    return sum(not is_working(everybodys, day) for day in days)


def _open_visits(store: Store, span: tuple[date, date], whose: Person | None) -> int:
    """Open visits that stand on these days: the next planning moves them."""
    owners = [whose] if whose else people.everyone(store)
    found = [visit for one in owners for visit in planned.between(store, one.id, *span)]
    return sum(visit.state is PlannedState.OPEN for visit in found)
