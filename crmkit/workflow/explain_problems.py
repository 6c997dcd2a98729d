"""Why a customer is, or is not, a problem customer and a key customer: base, limits, rank, neighbours, rows."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import CustomerMonth, MonthFigures
from crmkit.model.judgement import Baseline
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.provenance import Behind
from crmkit.model.strategy import KeyCandidate, Problem
from crmkit.rules.baseline import area_volume
from crmkit.rules.keycustomers import key_limit
from crmkit.store import customers, keycustomers, provenance
from crmkit.store.connection import Store
from crmkit.workflow.acting import refuse_invalid
from crmkit.workflow.area_findings import findings_of
from crmkit.workflow.judge_customers import judge_customers
from crmkit.workflow.portfolio import history_before, portfolio_of


@dataclass(frozen=True, slots=True)
class MonthBeside:
    """One month of the customer and of the area: volumes in thousandths, ordering days of each."""

    month: Month
    own: CustomerMonth
    own_days: int
    area: int
    area_days: int
    in_base: bool


@dataclass(frozen=True, slots=True)
class WhyProblems:
    """`problems` are those found now from the orders as they are; `matches` the codes abnormal in the area."""

    customer: Customer
    month: Month
    policy: Policy
    baseline: Baseline
    ratio: Fraction | None  # growth against the peers', where the ratio policy judges
    months: tuple[MonthBeside, ...]
    problems: tuple[Problem, ...]
    lost: int
    behind: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class WhyKey:
    """A place on the key list: `above` and `below` are its neighbours, `limit` how many are proposed at most."""

    customer: Customer
    month: Month
    policy: Policy
    candidate: KeyCandidate | None
    limit: int
    valid: int
    above: tuple[tuple[Customer, KeyCandidate], ...]
    below: tuple[tuple[Customer, KeyCandidate], ...]
    problems: tuple[Problem, ...]


def explain_problems(
    store: Store, policy: Policy, manager: Person, month: Month, customer: Customer, today: date, rows: int = 0
) -> WhyProblems:
    """Raises Refusal(RULE, not-valid)."""
    portfolio = portfolio_of(store, policy, manager, month, today)
    if customer.id not in portfolio.by_id:
        refuse_invalid(store, manager, customer)
    found = judge_customers(store, policy, portfolio, findings_of(store, manager, month))
    history = history_before(store, policy, portfolio, month)
    base = found.baselines[customer.id]
    months = _beside(history, customer, base.months)
    begin = next((one.month for one in months if one.in_base), month.plus(-2))
    spans = ((begin, month.plus(-2)), (month.previous, month.previous))
    return WhyProblems(
        customer,
        month,
        policy,
        base,
        found.ratios.get(customer.id),
        months,
        (*found.problems.get(customer.id, ()), *found.matches.get(customer.id, ())),
        found.lost[customer.id],
        tuple(
            provenance.behind(store, first.first, last.last, customer=customer.id, limit=rows) for first, last in spans
        ),
    )


def _beside(history: list[MonthFigures], customer: Customer, count: int) -> tuple[MonthBeside, ...]:
    """The months of the base and the one judged; the base's are the last `count` before it."""
    shown = history[-max(count, 1) - 1 :]
    return tuple(
        MonthBeside(
            one.month,
            one.of(customer.id),
            one.days_of(customer.id),
            area_volume(one),
            one.days_of_area,
            in_base=count > 0 and one is not shown[-1],
        )
        for one in shown
    )


def explain_key(
    store: Store, policy: Policy, manager: Person, month: Month, customer: Customer, today: date, beside: int = 5
) -> WhyKey:
    """Raises Refusal(NOT_FOUND) when the month has no key list yet."""
    candidates = keycustomers.candidates(store, manager.id, month)
    problems = keycustomers.problems(store, manager.id, month)
    if not candidates and not problems:
        way_out = [f"crmkit plan generate --month {month}"]
        raise Refusal(Fault.NOT_FOUND, noun="key-list", value=str(month), known=way_out)
    mine = next((one for one in candidates if one.customer == customer.id), None)
    known = {one.id: one for one in customers.all(store, manager.id)}
    valid = len(portfolio_of(store, policy, manager, month, today).valid)
    rank = mine.rank if mine else 0
    return WhyKey(
        customer,
        month,
        policy,
        mine,
        key_limit(valid, policy.key),
        valid,
        tuple((known[one.customer], one) for one in candidates if mine and 0 < rank - one.rank <= beside),
        tuple((known[one.customer], one) for one in candidates if mine and 0 < one.rank - rank <= beside),
        tuple(one for one in problems if one.customer == customer.id),
    )
