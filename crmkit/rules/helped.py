"""Did the visits help? Flagged customers visited and not, before and after; no word where the numbers do not carry it.

Our default throughout: the method asks for experience, not for statistics. Who is flagged had a bad month, and some
recover without anybody; only the difference between the groups says something, and only between groups that are
large enough and were alike before.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction

from crmkit.model.figures import VOLUME_SCALE, CustomerMonth, MonthFigures
from crmkit.model.helped import Contrast, FlaggedGroup, HelpContrast, HelpLine, HelpVerdict
from crmkit.model.month import Month
from crmkit.model.policy import SummaryPolicy
from crmkit.model.strategy import Problem

Figures = Mapping[int, tuple[Fraction, Fraction]]  # customer → the figure of its problem before and after
Visits = Mapping[int, Collection[date]]  # customer → the days it was visited in the month
Bought = Mapping[tuple[int, str], int]  # customer and product code → net volume of the month

_VOLUMES = ("volume", "relative_volume", "stopped", "peer_ratio")
_VALUES = ("carton_value", "carton_value_drop")


def help_lines(
    problems: Iterable[Problem],
    visits: Visits,
    months: tuple[MonthFigures, MonthFigures],
    bought: tuple[Bought, Bought],
    policy: SummaryPolicy,
) -> tuple[HelpLine, ...]:
    """A line for each problem code that has a figure, by code. `months` and `bought` are those of the month in which
    the problem was found, and of the month worked in. Complaints have no figure and are left out. Where hardly anybody
    was left unvisited, customers visited early or often stand against the others.
    """
    flagged: dict[str, set[int]] = {}
    for problem in problems:
        flagged.setdefault(problem.code, set()).add(problem.customer)
    found = []
    for code, customers in sorted(flagged.items()):
        figures = {c: _both(code, c, months, bought) for c in customers}
        known = {c: both for c, both in figures.items() if both is not None}
        if known:
            seen, unseen = _apart(known, {c for c in known if visits.get(c)})
            word = verdict(seen, unseen, policy)
            others = contrasts(known, visits, months[1].month, policy) if word is HelpVerdict.TOO_FEW else ()
            found.append(HelpLine(code, seen, unseen, word, others))
    return tuple(found)


def contrasts(known: Figures, visits: Visits, month: Month, policy: SummaryPolicy) -> tuple[HelpContrast, ...]:
    """The comparisons whose two groups are large enough: visited early against later or never, several times against
    once.
    """
    middle = month.first + (month.last - month.first) / 2
    early = {c for c in known if any(day <= middle for day in visits.get(c, ()))}
    seen = {c: both for c, both in known.items() if visits.get(c)}
    several = {c for c in seen if len(set(visits[c])) > 1}
    pairs = ((Contrast.EARLY, _apart(known, early)), (Contrast.SEVERAL, _apart(seen, several)))
    judged = (HelpContrast(kind, these, others, verdict(these, others, policy)) for kind, (these, others) in pairs)
    return tuple(one for one in judged if one.verdict is not HelpVerdict.TOO_FEW)


def _apart(known: Figures, chosen: Collection[int]) -> tuple[FlaggedGroup, FlaggedGroup]:
    """The chosen ones and the others."""
    groups = [_group([both for c, both in known.items() if (c in chosen) is among]) for among in (True, False)]
    return groups[0], groups[1]


def verdict(visited: FlaggedGroup, others: FlaggedGroup, policy: SummaryPolicy) -> HelpVerdict:
    """Too few, not alike before, or by how many percentage points more of the visited improved."""
    if min(visited.customers, others.customers) < policy.effect_least:
        return HelpVerdict.TOO_FEW
    if not _alike(visited.before, others.before, policy):
        return HelpVerdict.UNLIKE
    apart = Fraction(100 * visited.improved, visited.customers) - Fraction(100 * others.improved, others.customers)
    if abs(apart) < policy.effect_points:
        return HelpVerdict.SAME
    return HelpVerdict.BETTER if apart > 0 else HelpVerdict.WORSE


def _alike(one: Fraction | None, other: Fraction | None, policy: SummaryPolicy) -> bool:
    """The smaller mean is at least so much of the larger; two nothings are alike."""
    if one is None or other is None:
        return one is other
    low, high = sorted((one, other))
    return high == 0 or (low >= 0 and low >= high * Fraction(policy.effect_alike))


def _group(figures: Collection[tuple[Fraction, Fraction]]) -> FlaggedGroup:
    count = len(figures)
    before, after = (
        Fraction(sum(both[place] for both in figures), count) if count else None for place in (0, 1)
    )
    return FlaggedGroup(count, sum(then > once for once, then in figures), before, after)


def _both(
    code: str, customer: int, months: tuple[MonthFigures, MonthFigures], bought: tuple[Bought, Bought]
) -> tuple[Fraction, Fraction] | None:
    """The figure of a problem before and after; None where it has none."""
    kind, _colon, product = code.partition(":")
    if product:
        then, now = (Fraction(max(0, held.get((customer, product), 0)), VOLUME_SCALE) for held in bought)
        return then, now
    one, other = (_figure(kind, month, customer) for month in months)
    return None if one is None or other is None else (one, other)


def _figure(kind: str, month: MonthFigures, customer: int) -> Fraction | None:
    found: CustomerMonth = month.of(customer)
    days = month.days_of(customer)
    if kind in _VOLUMES:
        return Fraction(found.volume, VOLUME_SCALE * days) if days else None
    if kind in _VALUES:
        return Fraction(found.amount * 10, found.volume) if found.volume > 0 else None
    if kind == "key_brand_growth":
        return Fraction(found.key_volume, VOLUME_SCALE * days) if days else None
    return None
