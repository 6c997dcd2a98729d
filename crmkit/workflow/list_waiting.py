"""Every plan that waits for the market manager, with what is unusual in each; and who has not handed in yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crmkit.model.document import DocumentState
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.review import PlanFacts, Unusual, Waiting
from crmkit.rules.unusual import unusual
from crmkit.store import customers, documents, people, review
from crmkit.store.connection import Store
from crmkit.workflow.gather_review import TeamCounts, count_team, deadline_of, plan_facts


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """One manager's month that waits, `age` calendar days; the signs, most telling first."""

    manager: Person
    waiting: Waiting
    age: int
    facts: PlanFacts
    signs: tuple[Unusual, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Whose month is not handed in, and whether the deadline is over."""

    manager: Person
    month: Month
    late: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits, the longest waiting first. `month` is the one asked for; None: all of them."""

    month: Month | None
    today: date
    waiting: tuple[WaitingPlan, ...]
    missing: tuple[Missing, ...]


def list_waiting(store: Store, policy: Policy, month: Month | None, today: date) -> Desk:
    """Read only. Without a month those of every month; who has not handed in is told of the months that wait, of the
    one asked for, or of the running one.
    """
    found = review.waiting(store, month)
    months = {one.month for one in found} or {month or Month.of(today)}
    teams = {one: count_team(store, policy, one) for one in {one.month for one in found}}
    plans = tuple(_plan(store, policy, teams[one.month], one, today) for one in found)
    missing = (lacking for one in sorted(months, key=str) for lacking in _missing(store, policy, one, today))
    return Desk(month, today, plans, tuple(missing))


def _plan(store: Store, policy: Policy, team: TeamCounts, one: Waiting, today: date) -> WaitingPlan:
    manager = people.by_id(store, one.manager)
    facts = plan_facts(store, policy, team, manager, today)
    return WaitingPlan(manager, one, (today - one.since).days, facts, unusual(facts, policy))


def _missing(store: Store, policy: Policy, month: Month, today: date) -> Iterable[Missing]:
    """Managers with customers whose two documents are not both handed in."""
    states: dict[int, list[DocumentState]] = {}
    for document in documents.of_month(store, month):
        states.setdefault(document.manager, []).append(document.state)
    owners = {owner for owner in customers.active_codes(store).values() if owner is not None}
    for manager in (person for person in people.everyone(store) if person.id in owners):
        handed = [state for state in states.get(manager.id, ()) if state is not DocumentState.DRAFT]
        if len(handed) < 2:
            end = deadline_of(store, policy, manager, month)
            yield Missing(manager, month, end is not None and today > end)
