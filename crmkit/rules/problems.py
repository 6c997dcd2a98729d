"""Which customers have a problem, and which one (method.md §4, Problems).

Two kinds of codes. Reasons of a *problem customer* 问题客户 come from its own orders and complaints alone:
relative_volume, stopped, carton_value_drop, complaint. Problem codes of an *indicator or product* are matched with
what is abnormal in the area; without the area's target there is nothing to hold them against and they do not arise.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crmkit.model.customer import Customer
from crmkit.model.figures import MonthFigures, decimal_of
from crmkit.model.judgement import Baseline
from crmkit.model.month import Month
from crmkit.model.policy import Policy, ProblemPolicy, RatioPolicy
from crmkit.model.strategy import Problem
from crmkit.rules.anomaly import peer_ratio
from crmkit.rules.baseline import area_volume, baseline
from crmkit.rules.peers import peers_of

RELATIVE_VOLUME = "relative_volume"
STOPPED = "stopped"
CARTON_VALUE_DROP = "carton_value_drop"
COMPLAINT = "complaint"
PEER_RATIO = "peer_ratio"  # the ratio policy's warning, in the place of relative_volume

Exact = Decimal | Fraction | int


def problem_customer(
    base: Baseline, current: MonthFigures, before: MonthFigures, complaints: int, policy: ProblemPolicy
) -> tuple[Problem, ...]:
    """The reasons that make one customer a problem customer, in the order of the method.

    `current` is M-1, `before` M-2, `complaints` the open ones. Ordered means a net volume above 0, so a month of
    returns only is a month with nothing ordered [our default].
    """
    found = (
        _relative_volume(base, current, policy),
        _stopped(base.customer, current, before),
        _carton_value_drop(base, policy),
        Problem(base.customer, COMPLAINT, str(complaints), "0") if complaints > 0 else None,
    )
    return tuple(problem for problem in found if problem)


def peer_ratio_problem(customer: int, found: Fraction | None, policy: RatioPolicy) -> Problem | None:
    """The ratio policy's reason, instead of relative_volume: growth against the peers' at or below 0.8."""
    if found is None or found > Fraction(policy.warning):
        return None
    return Problem(customer, PEER_RATIO, _text(found), str(policy.warning))


def indicator_problem(
    customer: int,
    code: str,
    actual: Exact | None,
    own_base: Exact | None,
    area_target: Exact | None,
    area_base: Exact | None,
    policy: ProblemPolicy,
) -> Problem | None:
    """`volume`, `carton_value` or `key_brand_growth`: at or below 0.95 × (own base × area target ÷ area base).

    For key_brand_growth give key-brand volumes: actual and own base those of the customer, area_base the area's base
    volume, area_target = area_base × (1 + growth aimed at): a growth cannot be scaled by a growth that may be 0 or
    negative [our default]. None (no code) where a figure is missing or a base is not above 0.
    """
    if actual is None or own_base is None or area_target is None or area_base is None:
        return None
    if own_base <= 0 or area_base <= 0:
        return None
    share = Fraction(own_base) * Fraction(area_target) / Fraction(area_base)
    limit = Fraction(policy.indicator_factor) * share
    return Problem(customer, code, _text(Fraction(actual)), _text(limit)) if actual <= limit else None


def on_shelf_problems(product: str, targets: AbstractSet[int], ordered: AbstractSet[int]) -> tuple[Problem, ...]:
    """on_shelf:P — target customers of P without an order in M-1."""
    return _without_order(f"on_shelf:{product}", targets - ordered)


def sell_through_problems(
    product: str, ordered_before: AbstractSet[int], ordered: AbstractSet[int]
) -> tuple[Problem, ...]:
    """sell_through:P — ordered in the three months before M-1 (rates.sell_through_months), not in M-1."""
    return _without_order(f"sell_through:{product}", ordered_before - ordered)


def repurchase_problems(
    product: str, ordered_before_last: AbstractSet[int], ordered: AbstractSet[int]
) -> tuple[Problem, ...]:
    """repurchase:P — ordered in M-2, not in M-1."""
    return _without_order(f"repurchase:{product}", ordered_before_last - ordered)


def stock_out_problems(product: str, unserved: Mapping[int, int]) -> tuple[Problem, ...]:
    """stock_out:P — demand lines of P served with nothing, by customer."""
    return tuple(
        Problem(customer, f"stock_out:{product}", str(lines), "0")
        for customer, lines in sorted(unserved.items())
        if lines > 0
    )


def lost_volume(base: Baseline, current: MonthFigures, before: MonthFigures) -> int:
    """What the customer fell short by in M-1, thousandths, never below 0: against its expected volume, or, where
    there is no base to judge by, against M-2. Rounded half up [our default].
    """
    actual = current.of(base.customer).volume
    expected = base.expected_volume
    short = Fraction(before.of(base.customer).volume) - actual if expected is None else expected - actual
    return max(0, (2 * short.numerator + short.denominator) // (2 * short.denominator))


def by_customer(problems: Collection[Problem]) -> dict[int, tuple[Problem, ...]]:
    """Problems grouped by customer, in the order given."""
    grouped: dict[int, list[Problem]] = {}
    for problem in problems:
        grouped.setdefault(problem.customer, []).append(problem)
    return {customer: tuple(found) for customer, found in grouped.items()}


def _relative_volume(base: Baseline, current: MonthFigures, policy: ProblemPolicy) -> Problem | None:
    if base.expected_volume is None or base.relative_volume is None:
        return None
    actual = current.of(base.customer).volume
    if actual > Fraction(policy.relative_volume) * base.expected_volume:
        return None
    return Problem(base.customer, RELATIVE_VOLUME, str(base.relative_volume), str(policy.relative_volume))


def _stopped(customer: int, current: MonthFigures, before: MonthFigures) -> Problem | None:
    now, then = current.of(customer).volume, before.of(customer).volume
    return Problem(customer, STOPPED, str(now), str(then)) if then > 0 >= now else None


def _carton_value_drop(base: Baseline, policy: ProblemPolicy) -> Problem | None:
    if base.carton_value is None or base.current_carton_value is None or base.carton_value <= 0:
        return None
    limit = base.carton_value * (100 - Fraction(policy.carton_value_drop_percent)) / 100
    if base.current_carton_value > limit:
        return None
    return Problem(base.customer, CARTON_VALUE_DROP, _text(base.current_carton_value), _text(limit))


def _without_order(code: str, customers: AbstractSet[int]) -> tuple[Problem, ...]:
    return tuple(Problem(customer, code, "0", "1") for customer in sorted(customers))


def _text(exact: Fraction) -> str:
    return str(decimal_of(exact))


def matching(problems: Sequence[Problem], abnormal: AbstractSet[str]) -> tuple[Problem, ...]:
    """The problems that match an abnormal indicator or product of the area: same code."""
    return tuple(problem for problem in problems if problem.code in abnormal)


@dataclass(frozen=True, slots=True)
class ProblemFindings:
    """What a manager's figures say: the reasons of each problem customer, lost volume and baseline of every valid
    customer.
    """

    problems: dict[int, tuple[Problem, ...]]
    lost: dict[int, int]
    baselines: dict[int, Baseline]


def find_problem_customers(
    valid: Sequence[Customer],
    history: Sequence[MonthFigures],
    first_orders: Mapping[int, Month],
    complaints: Mapping[int, int],
    policy: Policy,
) -> ProblemFindings:
    """Every problem customer of M by its own figures, with its reasons.

    `history` are the manager's months up to M-1, oldest first, without gaps, at least M-2 and M-1; all customers he
    owns are in them, for the area is all his customers. `first_orders` is the month of each customer's first order,
    `complaints` the number of open ones. Under the ratio policy growth against the peers (M-1 against M-2, per
    ordering day; peers as for the operating effect) stands in the place of relative volume [our default].
    """
    *past, before, current = history
    areas = {figures.month: area_volume(figures) for figures in history}
    past = [*past, before]
    bases = {one.id: baseline(one.id, current, past, first_orders.get(one.id), areas, policy.baseline) for one in valid}
    found = {
        customer: problem_customer(base, current, before, complaints.get(customer, 0), policy.problem)
        for customer, base in bases.items()
    }
    if policy.anomaly.rule == "ratio":
        found = _by_peers(valid, found, current, before, policy)
    lost = {customer: lost_volume(base, current, before) for customer, base in bases.items()}
    return ProblemFindings({customer: codes for customer, codes in found.items() if codes}, lost, bases)


def peer_ratios(
    valid: Sequence[Customer], current: MonthFigures, before: MonthFigures, policy: Policy
) -> dict[int, Fraction | None]:
    """(1+g)/(1+g_peers) of every valid customer, M-1 against M-2 per ordering day; None = not judged."""
    peers = peers_of(valid, policy.effect)
    summed: dict[int, tuple[Fraction, Fraction]] = {}  # per group of peers, which peers_of makes once

    def found(one: Customer) -> Fraction | None:
        members = peers(one)[1]
        if id(members) not in summed:
            summed[id(members)] = _per_day(current, members), _per_day(before, members)
        return peer_ratio(_per_day(current, [one]), _per_day(before, [one]), *summed[id(members)])

    return {one.id: found(one) for one in valid}


def _by_peers(
    valid: Sequence[Customer],
    found: Mapping[int, tuple[Problem, ...]],
    current: MonthFigures,
    before: MonthFigures,
    policy: Policy,
) -> dict[int, tuple[Problem, ...]]:
    ratios = peer_ratios(valid, current, before, policy)

    def warning(one: Customer) -> tuple[Problem, ...]:
        problem = peer_ratio_problem(one.id, ratios[one.id], policy.ratio)
        return (problem,) if problem else ()

    def others(one: Customer) -> tuple[Problem, ...]:
        return tuple(problem for problem in found[one.id] if problem.code != RELATIVE_VOLUME)

    return {one.id: (*warning(one), *others(one)) for one in valid}


def _per_day(figures: MonthFigures, customers: Sequence[Customer]) -> Fraction:
    """The customers' volume per ordering day of each."""
    return sum((Fraction(figures.of(one.id).volume, max(figures.days_of(one.id), 1)) for one in customers), Fraction(0))
