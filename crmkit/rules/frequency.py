"""Who is visited how often (method.md §4, Frequency).

Key customers weekly. The others are ranked by their number of service strategies, most first, ties by last month's
volume (higher first, never below 0), then by customer code: the top 20 % weekly, the bottom 30 % monthly, the rest
twice a month.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from crmkit.model.customer import Customer, CustomerState, Frequency
from crmkit.model.policy import FrequencyPolicy
from crmkit.model.strategy import Aside, FrequencyLine, FrequencySource, Override, TieBorder, TieBreak

NO_OVERRIDES: Mapping[int, Override] = {}


def frequency_counts(others: int, policy: FrequencyPolicy) -> tuple[int, int, int]:
    """How many of the others are visited (weekly, twice a month, monthly).

    top = (20n+50)//100, bottom = (30n+50)//100, the rest between (method.md §4). Where a policy's shares leave
    nothing between and both round up, the bottom gives way [our default: more visits rather than fewer].
    """
    top = min(others, (policy.top_percent * others + 50) // 100)
    bottom = min(others - top, (policy.bottom_percent * others + 50) // 100)
    return top, others - top - bottom, bottom


def frequency_lines(
    valid: Sequence[Customer],
    keys: Collection[int],
    strategies: Mapping[int, int],
    volumes: Mapping[int, int],
    policy: FrequencyPolicy,
    overrides: Mapping[int, Override] = NO_OVERRIDES,
) -> tuple[FrequencyLine, ...]:
    """One line per valid customer: key customers by code first, then the others by rank.

    `strategies` counts the service strategies of M (see rules.strategies.strategy_counts; absent = 0 = last, not
    left out), `volumes` are those of M-1 in thousandths. A hand override changes its own line only: the customer
    keeps its rank and nobody else moves up [our default].
    """
    volume = {customer.id: max(0, volumes.get(customer.id, 0)) for customer in valid}
    count = {customer.id: strategies.get(customer.id, 0) for customer in valid}
    key = sorted((customer for customer in valid if customer.id in keys), key=lambda customer: customer.code)
    others = sorted(
        (customer for customer in valid if customer.id not in keys),
        key=lambda customer: (-count[customer.id], -volume[customer.id], customer.code),
    )
    tied = _sizes([count[customer.id] for customer in others])
    places = [(customer, 0, Frequency.WEEKLY) for customer in key]
    places += _placed(others, policy)
    return tuple(
        _line(customer, rank, frequency, count, volume, tied, overrides) for customer, rank, frequency in places
    )


def tie_borders(lines: Sequence[FrequencyLine], policy: FrequencyPolicy) -> tuple[TieBorder, ...]:
    """Where the weekly and the monthly border run through equal numbers of strategies, from the top down.

    Needs the lines of `frequency_lines` and their policy. A tie may span both borders; then both say so. Overridden
    lines stand where their rank put them.
    """
    ranked = sorted((line for line in lines if line.rank), key=lambda line: line.rank)
    top, between, bottom = frequency_counts(len(ranked), policy)
    middle = Frequency.TWICE_MONTHLY if between else Frequency.MONTHLY
    borders = [_border(ranked, top, Frequency.WEEKLY, middle)]
    if between and bottom:
        borders.append(_border(ranked, top + between, Frequency.TWICE_MONTHLY, Frequency.MONTHLY))
    return tuple(border for border in borders if border)


def new_customer_line(customer: int, policy: FrequencyPolicy) -> FrequencyLine:
    """The line of a customer new in mid-month: the policy's frequency until the next approval."""
    return FrequencyLine(
        customer, Frequency(policy.new_customer), FrequencySource.NEW, rank=0, strategies=0, volume=0, tied=0
    )


def _placed(others: Sequence[Customer], policy: FrequencyPolicy) -> list[tuple[Customer, int, Frequency]]:
    top, between, bottom = frequency_counts(len(others), policy)
    given = [Frequency.WEEKLY] * top + [Frequency.TWICE_MONTHLY] * between + [Frequency.MONTHLY] * bottom
    return [
        (customer, rank, frequency)
        for rank, (customer, frequency) in enumerate(zip(others, given, strict=True), start=1)
    ]


def _line(
    customer: Customer,
    rank: int,
    frequency: Frequency,
    count: Mapping[int, int],
    volume: Mapping[int, int],
    tied: Mapping[int, int],
    overrides: Mapping[int, Override],
) -> FrequencyLine:
    override = overrides.get(customer.id)
    source = FrequencySource.RANK if rank else FrequencySource.KEY
    number = count[customer.id]
    return FrequencyLine(
        customer=customer.id,
        frequency=override.frequency if override else frequency,
        source=FrequencySource.OVERRIDE if override else source,
        rank=rank,
        strategies=number,
        volume=volume[customer.id],
        tied=tied[number] if rank else 0,
        note=override.note if override else None,
    )


def _sizes(sorted_counts: Sequence[int]) -> dict[int, int]:
    return {number: len(list(group)) for number, group in groupby(sorted_counts)}


def _border(ranked: Sequence[FrequencyLine], at: int, upper: Frequency, lower: Frequency) -> TieBorder | None:
    """The border between the lines before and from position `at`; None where no tie runs through it."""
    if not 0 < at < len(ranked) or ranked[at - 1].strategies != ranked[at].strategies:
        return None
    same = ranked[at].strategies
    above = [line.customer for line in ranked[:at] if line.strategies == same]
    below = [line.customer for line in ranked[at:] if line.strategies == same]
    by = TieBreak.CODE if ranked[at - 1].volume == ranked[at].volume else TieBreak.VOLUME
    tied = len(above) + len(below)
    return TieBorder(upper, lower, same, len(above), tied, by, tuple(reversed(above)), tuple(below))


def asides(
    lines: Sequence[FrequencyLine],
    customers: Mapping[int, Customer],
    valid: Collection[int],
    gone: Collection[int],
    decided: Collection[int],
) -> list[tuple[int, Aside]]:
    """Whom a submitted list and life tell differently, by customer code [our default: method.md §4, hand-over].

    `gone` were handed over after submit; of them `decided` are on a plan of their new manager.
    """
    found = [(line.customer, why) for line in lines if (why := _aside(customers[line.customer], gone, decided))]
    found += [(key, Aside.UNLISTED) for key in set(valid) - {line.customer for line in lines}]
    return sorted(found, key=lambda one: customers[one[0]].code)


def _aside(customer: Customer, gone: Collection[int], decided: Collection[int]) -> Aside | None:
    if customer.id in decided:
        return Aside.ELSEWHERE
    if customer.state is not CustomerState.ACTIVE:
        return Aside.INACTIVE
    return Aside.FOLLOWED if customer.id in gone else None


def written(lines: Sequence[FrequencyLine], told: Sequence[tuple[int, Aside]]) -> tuple[FrequencyLine, ...]:
    """The lines approval writes."""
    without = {customer for customer, why in told if why is not Aside.FOLLOWED}
    return tuple(line for line in lines if line.customer not in without)
