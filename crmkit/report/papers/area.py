"""Step 2, area statistics: the matrix of effect and ability with counts and names, as a picture, and by group."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from crmkit.model.area import AreaGroup, AreaPlace, GradeBand
from crmkit.model.customer import MarketType
from crmkit.model.operating import Quadrant
from crmkit.report.page import Block, Cell, Column, Fact, Page, Scatter, Table, Term, coded
from crmkit.report.papers.headings import named, whose
from crmkit.report.terms import word
from crmkit.report.words import _
from crmkit.workflow.area_statistics import AreaStatistics

_ROWS = ((Quadrant.KEEP, Quadrant.UNLOCK), (Quadrant.COACH, Quadrant.SUPPORT))
_NAMED = 6


def statistics(found: AreaStatistics, *, show_all: bool = False) -> Page:
    """The matrix, its picture, who stands where, and the groups."""
    blocks: list[Block] = [_matrix(found), _picture(found), _names(found, show_all=show_all)]
    blocks.append(_groups(_("By market type"), found.markets, MarketType))
    blocks.append(_groups(_("By grade"), found.grades, GradeBand))
    return Page(
        title=_("Area statistics"),
        subtitle=whose(found.portfolio.manager, found.portfolio.month),
        schema="area-statistics/1",
        facts=_facts(found),
        blocks=tuple(blocks),
        data=_data(found),
        rows=_customers(found),
    )


def _facts(found: AreaStatistics) -> tuple[Fact, ...]:
    means = _("effect {effect}, ability {ability}").format(
        effect=_mean(found.whole.effect), ability=_mean(found.whole.ability)
    )
    return Fact(_("Customers"), str(found.whole.count)), Fact(_("On average"), means)


def _matrix(found: AreaStatistics) -> Table:
    """Counts and shares; effect high on the left, ability high above, as in the state's own table."""
    columns = (Column("ability", ""), Column("high", _("effect high")), Column("low", _("effect low")))
    rows = tuple(
        (side, *(f"{word(place)} {_share(found.whole, place)}" for place in places))
        for side, places in zip((_("ability high"), _("ability low")), _ROWS, strict=True)
    )
    return Table(columns, rows, title=_("Quadrants"))


def _share(group: AreaGroup, place: Quadrant) -> str:
    """56 (24 %)."""
    count = group.quadrants[place]
    return f"{count} ({(200 * count + group.count) // (2 * group.count)}%)" if group.count else "0"


def _picture(found: AreaStatistics) -> Scatter:
    """Effect across, ability up: so high/high stands above on the right, as people draw it."""
    dots = Counter((round(one.effect, 0), round(one.ability, 0)) for one in found.places if one.effect is not None)
    corners = (Quadrant.UNLOCK, Quadrant.KEEP, Quadrant.SUPPORT, Quadrant.COACH)
    fields = tuple(f"{word(place)} {found.whole.quadrants[place]}" for place in corners)
    return Scatter(
        title=_("Where the customers stand"),
        across=_("Operating effect"),
        up=_("Operating ability"),
        least=(0, 20),
        cuts=(found.policy.effect.cut, found.policy.ability.cut),
        fields=(fields[0], fields[1], fields[2], fields[3]),
        dots=tuple((x, y, count) for (x, y), count in sorted(dots.items())),
    )


def _names(found: AreaStatistics, *, show_all: bool) -> Table:
    columns = (
        Column("quadrant", _("Quadrant")),
        Column("count", _("How many"), "number"),
        Column("who", _("Customers")),
    )
    rows: list[tuple[Cell, ...]] = []
    for place in (*Quadrant, None):
        members = [one.customer for one in found.places if one.quadrant is place]
        if members:
            title = Term(place.value, word(place)) if place else Term("none", _("no data"))
            rows.append((title, len(members), named(members, show_all=show_all, first=_NAMED)))
    return Table(columns, tuple(rows), title=_("Who stands where"))


def _groups(title: str, groups: Sequence[AreaGroup], words: type[MarketType] | type[GradeBand]) -> Table:
    columns = (
        Column("group", ""),
        Column("customers", _("Customers"), "number"),
        *(Column(place.value, word(place), "number") for place in Quadrant),
        Column("effect", _("Effect"), "number"),
        Column("ability", _("Ability"), "number"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Term(group.word or "unknown", word(words(group.word)) if group.word else _("not known")),
            group.count,
            *(group.quadrants[place] for place in Quadrant),
            _mean(group.effect),
            _mean(group.ability),
        )
        for group in groups
    )
    return Table(columns, rows, title=title)


def _mean(value: Any) -> str:
    return "-" if value is None else f"{value:.1f}"


def _customers(found: AreaStatistics) -> Table:
    """Every customer, for spreadsheets."""
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("market_type", _("Market type")),
        Column("grade", _("Grade"), "number"),
        Column("effect", _("Operating effect"), "number"),
        Column("ability", _("Operating ability"), "number"),
        Column("quadrant", _("Quadrant")),
    )
    return Table(columns, tuple(map(_customer, found.places)))


def _customer(one: AreaPlace) -> tuple[Cell, ...]:
    customer = one.customer
    market = customer.market_type
    return (
        customer.code,
        customer.name,
        Term(market.value, word(market)) if market else None,
        customer.grade,
        None if one.effect is None else round(one.effect, 1),
        round(one.ability, 1),
        Term(one.quadrant.value, word(one.quadrant)) if one.quadrant else None,
    )


def _data(found: AreaStatistics) -> dict[str, Any]:
    return {
        "month": str(found.portfolio.month),
        "manager": found.portfolio.manager.code,
        "whole": _group_data(found.whole),
        "market_types": [_group_data(group) for group in found.markets],
        "grades": [_group_data(group) for group in found.grades],
        "customers": _customers(found).records(),
    }


def _group_data(group: AreaGroup) -> dict[str, Any]:
    return {
        "group": group.word,
        "customers": group.count,
        "quadrants": {place.value: count for place, count in group.quadrants.items()},
        "effect": coded(group.effect),
        "ability": coded(group.ability),
    }
