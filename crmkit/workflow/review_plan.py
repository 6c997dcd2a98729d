"""One manager's month as the market manager decides on it: what is unusual, what is usual, who decided by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from statistics import median

from crmkit.model.customer import Customer
from crmkit.model.distance import NONE_GIVEN, Given
from crmkit.model.document import DocumentKind, Documents, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.opening import Answer
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.review import PlanCounts, PlanFacts, PlanLoad, Sign, Unusual, Usual, Waiting
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.capacity import on_road
from crmkit.rules.rights import may_decide_on
from crmkit.rules.routing import distances, far_off, route_metres
from crmkit.rules.unusual import key_share, unusual, usual
from crmkit.store import customers, documents, opening_answers, planned, review
from crmkit.store.connection import Store
from crmkit.workflow.acting import whose_month
from crmkit.workflow.gather_review import TeamCounts, count_team, deadline_of, load_share, plan_facts, plan_load
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.settle_documents import states_of, whose_decision
from crmkit.workflow.since_rejection import lines_since_rejection
from crmkit.workflow.way_to_plan import way_to_plan


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One manager's month beside the others'. `metres` is the road of last month's planned visits."""

    manager: Person
    counts: PlanCounts
    load: PlanLoad | None
    metres: int | None

    @property
    def key_share(self) -> Fraction | None:
        """Percent of the customers."""
        return key_share(self.counts)

    @property
    def load_share(self) -> Fraction | None:
        """Percent of the room."""
        return load_share(self.load)


@dataclass(frozen=True, slots=True)
class ReviewedPlan:
    """The page to decide from. `waiting` is None while it is a draft or once it is decided; `usual` goes by sign."""

    manager: Person
    month: Month
    today: date
    states: Documents
    waiting: Waiting | None
    deadline: date | None
    facts: PlanFacts
    signs: tuple[Unusual, ...]
    usual: dict[Sign, Usual]
    team: tuple[TeamLine, ...]
    may_decide: bool  # who looks may approve and reject it
    is_own: bool  # who looks is its customer manager
    unanswered: int = 0  # lines of which something was said when it was sent back, and which stand as they stood
    answers: tuple[Answer, ...] = ()  # that opened the month

    @property
    def unseen(self) -> tuple[Answer, ...]:
        """Proposals that were taken and no person looked at."""
        return tuple(one for one in self.answers if not one.asked)

    @property
    def age(self) -> int | None:
        """Calendar days it waits."""
        return (self.today - self.waiting.since).days if self.waiting else None

    @property
    def has_roads(self) -> bool:
        """Somebody's visits of last month were planned."""
        return any(line.metres is not None for line in self.team)

    @property
    def is_draft(self) -> bool:
        """Something of it is still to be handed in."""
        return DocumentState.DRAFT in (self.states.strategies, self.states.plan) or self.states.plan is None


def review_plan(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> ReviewedPlan:
    """Read only, for everybody. Raises Refusal(GATE) before the strategies of the month were generated."""
    today = act.today
    if documents.find(store, manager.id, month, DocumentKind.STRATEGIES) is None:
        way_out = way_to_plan(store, policy, manager, month, today)
        raise Refusal(Fault.GATE, step=7, needs="strategies-generated", way_out=way_out)
    team = count_team(store, policy, month)
    facts = plan_facts(store, policy, team, manager, today)
    known = {customer.id: customer for customer in customers.all(store)}
    lines = tuple(_line(store, policy, team, one, facts, known, today) for one in team.managers.values())
    waiting = [one for one in review.waiting(store, month) if one.manager == manager.id]
    signs = unusual(facts, policy)
    return ReviewedPlan(
        manager, month, today, states_of(store, manager, month), waiting[0] if waiting else None,
        deadline_of(store, policy, manager, month), facts, signs,
        {one.sign: _usual(store, policy, team, manager, one.sign, lines, today) for one in signs},
        tuple(one for one in lines if one.counts.customers),
        may_decide=may_decide_on(act.actor, act.role, manager.code, policy.month.approval),
        is_own=act.actor == manager.code,
        unanswered=_unanswered(store, manager, month) if facts.since else 0,
        answers=tuple(opening_answers.of_month(store, manager.id, month)),
    )  # fmt: skip


def _unanswered(store: Store, manager: Person, month: Month) -> int:
    return sum(len(one.unmoved) for one in lines_since_rejection(store, manager, month))


def whose_review(store: Store, word: str | None, act: Act, month: Month) -> Person:
    """Whose month is looked at: the one named, a customer manager's own, else the only one that waits.

    Raises Refusal(ANSWER_NEEDED) with the command when they are several.
    """
    try:
        if word or act.role is Role.CUSTOMER_MANAGER:
            return whose_month(store, word, act.actor)
        return whose_decision(store, None, act.actor, month)
    except Refusal as refusal:
        if refusal.fault is Fault.ANSWER_NEEDED:
            codes = str(refusal.facts["flag"]).removeprefix("--manager ")
            refusal.facts["flag"] = f"crmkit review show {codes} --month {month}"
        raise


def _usual(
    store: Store,
    policy: Policy,
    team: TeamCounts,
    manager: Person,
    sign: Sign,
    lines: tuple[TeamLine, ...],
    today: date,
) -> Usual:
    """Last month's figure and the middle of the others'."""
    if sign is not Sign.LOAD:
        return usual(sign, team.last(manager.id), team.by_code, manager.code)
    before = load_share(plan_load(store, policy, manager, team.month.previous, today))
    others = [one for line in lines if line.manager != manager and (one := line.load_share) is not None]
    return Usual(before, median(others) if others else None)


def _line(
    store: Store,
    policy: Policy,
    team: TeamCounts,
    one: Person,
    facts: PlanFacts,
    known: Mapping[int, Customer],
    today: date,
) -> TeamLine:
    load = facts.load if one.code == facts.manager else plan_load(store, policy, one, team.month, today)
    last = team.month.previous
    visits = planned.between(store, one.id, last.first, last.last)
    listed = [visit for visit in visits if visit.state is not PlannedState.CANCELLED]
    given = given_ways(store, [known[key] for key in dict.fromkeys(visit.customer for visit in listed)])
    road = road_of(listed, known, policy, given)
    return TeamLine(one, team.counts.get(one.id, PlanCounts()), load, road)


def road_of(
    visits: Sequence[PlannedVisit], known: Mapping[int, Customer], policy: Policy, given: Given = NONE_GIVEN
) -> int | None:
    """Metres of planned days in the order of their routes, as `plan compare` counts them; None: nothing planned."""
    if not visits:
        return None
    listed = [known[key] for key in dict.fromkeys(visit.customer for visit in visits)]
    lost = {customer.id for customer in far_off(listed)}
    placed = [replace(customer, place=None) if customer.id in lost else customer for customer in listed]
    metres = distances(placed, policy.capacity.detour_percent, given)
    place = {customer.id: at for at, customer in enumerate(listed)}
    days: dict[date, list[int]] = {}
    for visit in sorted(visits, key=lambda one: (one.day, one.position, one.customer)):
        if on_road(visit.method):
            days.setdefault(visit.day, []).append(place[visit.customer])
    return sum(route_metres(metres, day) for day in days.values())
