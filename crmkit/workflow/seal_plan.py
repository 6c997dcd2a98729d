"""The seal of a plan, made in the same operation as the plan: digests of all it was made from, and what came out."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from crmkit.model.customer import Customer
from crmkit.model.distance import GivenWay
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy, flat
from crmkit.model.strategy import FrequencyLine, FrequencySource, Standing
from crmkit.model.verifying import Recipe, SealKind
from crmkit.model.visit import PlannedState
from crmkit.rules.validity import ordering_since
from crmkit.rules.verifying import digest
from crmkit.solvers.choosing import best
from crmkit.solvers.engine import kernel_digest
from crmkit.store import (
    brand,
    customers,
    debts,
    distances,
    documents,
    figures,
    frequencies,
    keycustomers,
    market,
    operating,
    plan_seals,
    planned,
    sealing,
    strategies,
    visits,
)
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import MONTHS_BACK
from crmkit.workflow.working_calendar import calendar_of_month

_ONE_DAY = timedelta(days=1)
_BY_HAND = (Standing.ADDED, Standing.REMOVED)


def seal_visits(
    store: Store,
    act: Act,
    op: int,
    policy: Policy,
    manager: Person,
    month: Month,
    recipe: Recipe,
    inputs: Mapping[str, str],
) -> None:
    """Seal the dated visits as they stand now; `inputs` were taken before they were written."""
    listing = visit_listing(store, manager, month)
    engine = engine_of(recipe.solver)
    plan_seals.add(
        store, act, op, manager.id, month, SealKind.VISITS, engine, recipe, kept_policy(policy), inputs, listing
    )


def seal_month_plan(store: Store, act: Act, op: int, policy: Policy, manager: Person, month: Month) -> None:
    """Seal the frequencies of a month plan that is being approved."""
    inputs = plan_inputs(store, policy, manager, month, act.today)
    listing = frequency_listing(store, manager, frequencies.lines(store, manager.id, month))
    kept = kept_policy(policy)
    plan_seals.add(store, act, op, manager.id, month, SealKind.PLAN, engine_of(""), Recipe(), kept, inputs, listing)


def engine_of(solver: str) -> str:
    """Which search made a plan, to the bit; of a month plan none."""
    kernel = f" {kernel_digest()}" if solver == best().solver.name else ""
    return f"{solver}{kernel}" if solver else "-"


def kept_policy(policy: Policy) -> dict[str, str]:
    """The policy's numbers; its name and the words of strategies decide nothing."""
    left_out = ("strategy.", "name", "version")
    return {key: str(value) for key, value in flat(policy).items() if not key.startswith(left_out)}


def visit_listing(store: Store, manager: Person, month: Month) -> list[str]:
    """The month's visits, "code day"; cancelled ones are none."""
    codes = {one.id: one.code for one in customers.all(store)}
    plans = planned.between(store, manager.id, month.first, month.last)
    return sorted(
        f"{codes[plan.customer]} {plan.day.isoformat()}" for plan in plans if plan.state is not PlannedState.CANCELLED
    )


def frequency_listing(store: Store, manager: Person, lines: Iterable[FrequencyLine]) -> list[str]:
    """A month plan's frequencies, "code frequency source"."""
    codes = {one.id: one.code for one in customers.all(store)}
    return sorted(f"{codes[line.customer]} {line.frequency.value} {line.source.value}" for line in lines)


def visit_inputs(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> dict[str, str]:
    """Digests of all that dated visits are made from; visits made count up to the day before `today`."""
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    mine = customers.all(store, manager.id)
    codes = {one.id: one.code for one in mine}
    made = visits.of_portfolio(store, manager.id, calendar.first, min(month.last, today - _ONE_DAY))
    days = [*map(str, calendar.working), "away", *sorted(map(str, calendar.absent))]
    return {
        "customers": digest([*map(_customer, mine), *_ordering(store, policy, manager, codes, today)]),
        "frequencies": digest(
            [f"{_line(line, codes)} {line.rank}" for line in _sorted_lines(store, manager, month, codes)]
        ),
        "calendar": digest(days),
        "ways": ways_digest(store, codes),
        "visits": digest(
            sorted(f"{codes[one.customer]} {one.day} {one.visited} {one.method.value}" for one in made)
        ),
        "debts": digest(_debts(store, manager, month, codes, calendar.first, today)),
    }


def plan_inputs(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> dict[str, str]:
    """Digests of all that a month plan's frequencies are made from. Whether a strategy was finished since does not
    count, its being there does.
    """
    mine = customers.all(store, manager.id)
    codes = {one.id: one.code for one in mine}
    orders = sealing.between(store, month.plus(-MONTHS_BACK).first, month.previous.last, manager.id)
    return {
        "customers": digest([*map(_owned, mine), *_ordering(store, policy, manager, codes, today)]),
        "orders": digest([repr(orders)]),
        "scores": digest(_scores(store, manager, month, codes)),
        "effects": digest(
            sorted(f"{codes[key]} {one.score}" for key, one in operating.effects(store, manager.id, month).items())
        ),
        "strategies": digest(
            sorted(
                f"{codes[one.customer]} {one.code} {one.origin.value} {one.cause}"
                for one in strategies.of_manager(store, manager.id, month)
            )
        ),
        "findings": digest(_findings(store, manager, month)),
        "by hand": digest(_by_hand(store, manager, month, codes)),
    }


def _customer(one: Customer) -> str:
    """Everything of a customer that planning looks at; no name, no phone."""
    place = (one.place.latitude_e6, one.place.longitude_e6) if one.place else None
    frequency = one.frequency.value if one.frequency else None
    where = (place, one.city, one.neighbourhood, one.address, one.order_weekday)
    return f"{_owned(one)} {frequency} {where} {one.closed_weekdays} {sorted(one.closed_ranges)}"


def ways_digest(store: Store, codes: Mapping[int, str]) -> str:
    """Of the given ways between these customers."""
    ways = distances.between(store, codes)
    return digest(sorted(f"{codes[way.one]} {codes[way.other]} {_way(way)}" for way in ways))


def _way(way: GivenWay) -> str:
    places = [place and (place.latitude_e6, place.longitude_e6) for place in (way.one_place, way.other_place)]
    return f"{way.metres} {places}"


def _owned(one: Customer) -> str:
    kind = one.market_type.value if one.market_type else None
    method = one.visit_method.value if one.visit_method else None
    return f"{one.code} {one.state.value} {kind} {one.grade} {method} {one.opened_on}"


def _ordering(
    store: Store, policy: Policy, manager: Person, codes: Mapping[int, str], today: date
) -> list[str]:
    found = figures.ordering(store, ordering_since(today, policy.valid), today, manager.id)
    return ["ordering", *sorted(codes[one] for one in found if one in codes)] if policy.valid.ordering_counts else []


def _debts(
    store: Store, manager: Person, month: Month, codes: Mapping[int, str], first: date, today: date
) -> list[str]:
    """What decides who is owed a visit, beside the visits from `first` on and the plan itself: older visits, what
    stood on no day in months before, what was forgiven and what expired until the day before.
    """
    older = visits.of_portfolio(store, manager.id, date.min, first - _ONE_DAY)
    unfit = [one for one in debts.unfit_of_portfolio(store, manager.id) if one.month < month]
    forgiven = [one for one in debts.forgiven_of_portfolio(store, manager.id) if one.day < today]
    expired = documents.results_approved(store).items()
    found = [
        *(f"{codes[one.customer]} {one.day} {one.visited}" for one in older),
        *(f"{codes[one.customer]} {one.month} {one.since} {one.number} {one.week}" for one in unfit),
        *(f"{codes[one.customer]} forgiven {one.since} {one.day}" for one in forgiven),
        *(f"{whose} {of} expired {day}" for (whose, of), day in expired if day < today),
    ]
    return sorted(found)


def _scores(store: Store, manager: Person, month: Month, codes: Mapping[int, str]) -> list[str]:
    return sorted(
        f"{codes[key]} {item.value} {score}"
        for key, items in operating.scores(store, manager.id, month).items()
        for item, (score, _origin) in items.items()
    )


def _findings(store: Store, manager: Person, month: Month) -> list[str]:
    rates = [f"{one.product} {one.kind.value} {one.final.value}" for one in brand.states(store, manager.id, month)]
    areas = [f"{one.indicator.value} {one.final.value}" for one in market.states(store, manager.id, month)]
    return [*sorted(rates), *sorted(areas)]


def _by_hand(store: Store, manager: Person, month: Month, codes: Mapping[int, str]) -> list[str]:
    keys = keycustomers.candidates(store, manager.id, month)
    lines = _sorted_lines(store, manager, month, codes)
    chosen = [f"{codes[one.customer]} {one.standing.value}" for one in keys if one.standing in _BY_HAND]
    return [*sorted(chosen), *(_line(one, codes) for one in lines if one.source is FrequencySource.OVERRIDE)]


def _sorted_lines(store: Store, manager: Person, month: Month, codes: Mapping[int, str]) -> list[FrequencyLine]:
    lines = frequencies.lines(store, manager.id, month)
    return sorted((one for one in lines if one.customer in codes), key=lambda one: codes[one.customer])


def _line(one: FrequencyLine, codes: Mapping[int, str]) -> str:
    return f"{codes[one.customer]} {one.frequency.value} {one.source.value}"
