"""Who visits whom in a team: proposes which customers change hands, and hands them over when it is applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.assigning import NOBODY, AreaFigures, Assigner, Change, Impossible, Shortage, Team, TeamFigures
from crmkit.model.customer import Customer, CustomerState
from crmkit.model.distance import Given
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.planning import Client, Standing
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState
from crmkit.rules.assigning import Member, area_figures, changes, impossible, keeps_limits, state_team, worth
from crmkit.rules.balancing import balanced
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.rules.settling import settle
from crmkit.rules.validity import ordering_since, valid_customers
from crmkit.solvers.choosing import Chosen, best
from crmkit.store import customers, documents, figures, frequencies, people, planned, visits
from crmkit.store.connection import Store
from crmkit.workflow.acting import person_named, refuse_unless_for_all
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.set_customer import open_visits
from crmkit.workflow.transfer_customers import hand_to
from crmkit.workflow.visit_problem import clients_of_records
from crmkit.workflow.working_calendar import calendar_of_month


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """Who changes hands and why, and each manager's month before and after. `first` is the first day of the month
    that is planned for.
    """

    month: Month
    first: date
    managers: tuple[Person, ...]
    changes: tuple[Change, ...]
    before: TeamFigures
    after: TeamFigures
    orphans: int  # customers nobody had
    fixed: int  # customers who stay for an appointment or a printed visit
    most_moved: int
    limit: int  # customers of one manager
    seed: int
    solver: str
    applied: bool
    provisional: bool
    unplaced: int = 0  # customers without coordinates and without given ways: theirs are assumed
    settled: tuple[tuple[Person, DocumentState], ...] = ()  # who gives or gets, with a plan no longer a draft


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a team plan starts from."""

    policy: Policy
    month: Month
    start: date
    members: tuple[Member, ...]
    clients: tuple[Client, ...]
    standing: tuple[Standing, ...]
    team: Team
    given: Given


def assign_team(
    store: Store,
    act: Act,
    policy: Policy,
    month: Month,
    *,
    managers: Sequence[str] = (),
    keep: int = 0,
    seed: int = 1,
    effort: str = "quick",
    assume_weekdays: bool = False,
    apply: bool = False,
    chosen: Chosen | None = None,
) -> TeamPlan:
    """Propose who visits whom in a month, and hand over when `apply`. Without `managers`: all of the file, and the
    customers who have none.

    Raises Refusal: ROLE when somebody else than the market manager applies it; RULE team-of-one, month-gone,
    team-limit, team-fixed, team-keep; GATE (step 0) without customers; CALENDAR_UNPUBLISHED.
    """
    if apply:
        refuse_unless_for_all(store, act, policy)
    if act.today > month.last:
        way_out = "crmkit plan team --month next"
        raise Refusal(Fault.RULE, rule="plan-in-the-past", day=month.last.isoformat(), way_out=way_out)
    using = chosen or best()
    ground = _ground(store, act, policy, month, _managers(store, managers), keep, assume_weekdays, whole=not managers)
    team, present = ground.team, ground.team.owners
    _refuse_impossible(impossible(team))
    figured = _Figures(ground, using, seed, using.efforts["quick"])
    before = figured.of(present)
    assigner: Assigner = using.assigner
    found = assigner.assign(team, seed=seed, effort=using.efforts[effort]).owners
    found = balanced(team, found, figured.of)
    after = figured.of(found)
    stays = keeps_limits(team, present) and worth(team, present, before) <= worth(team, found, after)
    owners, after = (present, before) if stays else (found, after)
    plan = TeamPlan(
        month=month,
        first=ground.start,
        managers=tuple(member.person for member in ground.members),
        changes=changes(team, owners, ground.clients),
        before=TeamFigures(before),
        after=TeamFigures(after),
        orphans=present.count(NOBODY),
        fixed=sum(team.fixed),
        most_moved=team.most_moved,
        limit=policy.base_data.customers_per_manager,
        seed=seed,
        solver=assigner.name,
        applied=apply,
        unplaced=_unplaced(ground),
        provisional=any(member.calendar.provisional for member in ground.members),
    )
    if apply:
        _hand_over(store, act, plan)
    return replace(plan, settled=_settled(store, plan))


def _unplaced(ground: _Ground) -> int:
    with_ways = {end for pair in ground.given for end in pair}
    return sum(one.customer.place is None and one.customer.id not in with_ways for one in ground.clients)


def _settled(store: Store, plan: TeamPlan) -> tuple[tuple[Person, DocumentState], ...]:
    touched = {person.id for one in plan.changes for person in (one.owner, one.to) if person}
    plans = ((one, documents.find(store, one.id, plan.month, DocumentKind.PLAN)) for one in plan.managers)
    return tuple(
        (one, found.state)
        for one, found in plans
        if one.id in touched and found and found.state is not DocumentState.DRAFT
    )


def _managers(store: Store, words: Sequence[str]) -> list[Person]:
    """Two or more customer managers, by code."""
    found = [person_named(store, word) for word in words] or people.of_role(store, Role.CUSTOMER_MANAGER)
    for person in found:
        if person.role is not Role.CUSTOMER_MANAGER:
            raise Refusal(Fault.ROLE, role=person.role.value, needed=Role.CUSTOMER_MANAGER.value)
    team = {person.code: person for person in found}
    if len(team) < 2:
        raise Refusal(Fault.RULE, rule="team-of-one", way_out="crmkit team list")
    return [team[code] for code in sorted(team)]


def _refuse_impossible(found: Impossible | None) -> None:
    if found is None:
        return
    figures = {"needed": found.needed, "allowed": found.allowed, "way_out": "crmkit team list"}
    if found.person:
        raise Refusal(Fault.RULE, rule="team-fixed", person=found.person.code, **figures)
    raise Refusal(Fault.RULE, rule="team-keep" if found.shortage is Shortage.KEEP else "team-too-many", **figures)


def _ground(
    store: Store,
    act: Act,
    policy: Policy,
    month: Month,
    managers: list[Person],
    keep: int,
    assume_weekdays: bool,
    *,
    whole: bool,
) -> _Ground:
    start = max(month.first, act.today)
    recent = figures.between(store, ordering_since(act.today, policy.valid), act.today)
    ordering = {customer for customer, found in recent.items() if found.volume > 0}
    everyone = customers.all(store)
    owned = [_valid(policy, everyone, person.id, ordering) for person in managers]
    lost = [one for one in everyone if one.manager is None and one.state is CustomerState.ACTIVE] if whole else []
    planned_for = [*(one for valid in owned for one in valid), *lost]
    if not planned_for:
        raise Refusal(Fault.GATE, step=0, needs="customers", way_out="crmkit import FILE…")
    members = [
        Member(
            person,
            calendar_of_month(store, policy, person.id, month, assume_weekdays=assume_weekdays),
            frozenset(planned.printed_days(store, person.id, month.first, month.last)),
            sum(one.manager == person.id for one in everyone) - len(valid),
        )
        for person, valid in zip(managers, owned, strict=True)
    ]
    calendar = calendar_of_month(store, policy, None, month, assume_weekdays=assume_weekdays)
    span = Span(month, calendar, policy, start, given_ways(store, planned_for))
    lines = [line for person in managers for line in frequencies.lines(store, person.id, month)]
    clients = clients_of_records(planned_for, lines, policy, month)
    standing = _standing(store, month, members, {one.id for one in planned_for}, start)
    team = state_team(span, members, clients, standing, keep=keep)
    return _Ground(policy, month, start, tuple(members), tuple(clients), tuple(standing), team, span.given)


def _valid(policy: Policy, everyone: Sequence[Customer], manager: int, ordering: set[int]) -> tuple[Customer, ...]:
    return valid_customers(everyone, manager, ordering, policy.valid).valid


def _standing(
    store: Store, month: Month, members: Sequence[Member], planned_for: set[int], start: date
) -> list[Standing]:
    """Visits made, and appointments and printed visits still to come: of those planned for."""
    found: list[Standing] = []
    for member in members:
        calendar = member.calendar
        made = visits.of_portfolio(store, member.person.id, calendar.first, calendar.last)
        found += [Standing(visit.customer, visit.day, visit.method, made=True) for visit in made if visit.visited]
        found += [
            Standing(visit.customer, visit.day, visit.method, made=False)
            for visit in planned.between(store, member.person.id, start, month.last)
            if visit.state is PlannedState.OPEN and (visit.pinned or visit.day in member.frozen)
        ]
    return [visit for visit in found if visit.customer in planned_for]


class _Figures:
    """Each manager's month as `crmkit plan visits` would plan it; a portfolio already planned is not planned again."""

    def __init__(self, ground: _Ground, using: Chosen, seed: int, effort: int) -> None:
        self._ground, self._using, self._seed, self._effort = ground, using, seed, effort
        self._known: dict[tuple[int, frozenset[int]], AreaFigures] = {}

    def of(self, owners: Sequence[int]) -> tuple[AreaFigures, ...]:
        """The figures of all managers with these customers."""
        return tuple(self._area(at, owners) for at in range(len(self._ground.members)))

    def _area(self, at: int, owners: Sequence[int]) -> AreaFigures:
        stops = self._ground.team.problem.stops
        mine = frozenset(stop.customer for stop, owner in zip(stops, owners, strict=True) if owner == at)
        if (at, mine) not in self._known:
            self._known[at, mine] = self._planned(at, mine)
        return self._known[at, mine]

    def _planned(self, at: int, mine: frozenset[int]) -> AreaFigures:
        ground, member = self._ground, self._ground.members[at]
        clients = [client for client in ground.clients if client.customer.id in mine]
        standing = [visit for visit in ground.standing if visit.customer in mine]
        span = Span(ground.month, member.calendar, ground.policy, ground.start, ground.given)
        problem = state_problem(span, clients, standing, frozen=member.frozen)
        settled = settle(problem, self._using.solver, seed=self._seed, effort=self._effort)
        return area_figures(member.person, problem, clients, settled, ground.policy.capacity)


def _hand_over(store: Store, act: Act, plan: TeamPlan) -> None:
    """All changes in one operation: open strategies and visits go along."""
    moving: Mapping[str, list[Customer]] = {person.code: [] for person in plan.managers}
    for change in plan.changes:
        moving[change.to.code].append(change.customer)
    with store.operation(act, as_read=True):
        for person in plan.managers:
            mine = moving[person.code]
            hand_to(store, person, mine, [v for one in mine for v in open_visits(store, one.id, act.today)])
