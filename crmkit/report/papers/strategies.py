"""Step 7, service strategies: the satisfaction target, counts by origin, what each customer gets."""

from collections import Counter
from typing import Any

from crmkit.model.document import DocumentState
from crmkit.model.strategy import StrategyOrigin
from crmkit.report.page import Block, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.headings import following, named, unwritten, whose
from crmkit.report.terms import word
from crmkit.report.words import _
from crmkit.workflow.generate_strategies import MonthStrategies


def strategies(made: MonthStrategies, *, show_all: bool = False, dry_run: bool = False) -> Page:
    """The month's strategies; the list of customers with --all."""
    listed = _per_customer(made)
    return Page(
        title=_("Service strategies"),
        subtitle=whose(made.portfolio.manager, made.portfolio.month),
        schema="strategies/1",
        facts=_facts(made),
        blocks=(
            _origins(made),
            _spread(made),
            *_uncalled(made),
            *((listed,) if show_all else ()),
            *followed(made.consequences, {one.code: one.name for one in made.portfolio.owned.values()}),
            *unwritten(dry_run=dry_run),
        ),
        data=_data(made, dry_run=dry_run),
        rows=listed,
    )


def next_step(made: MonthStrategies) -> str:
    """What to type after it."""
    month = made.portfolio.month
    if made.satisfaction_target is None:
        return following(f"crmkit plan strategies --month {month} --satisfaction 90")
    return following(f"crmkit plan generate --month {month}")


def _facts(made: MonthStrategies) -> tuple[Fact, ...]:
    return (
        Fact(_("State"), word(made.state or DocumentState.DRAFT)),
        Fact(_("Satisfaction target"), made.satisfaction_target or _("not set; needed to submit")),
        Fact(_("Customers"), str(len(made.portfolio.valid))),
        Fact(_("Strategies"), str(len(made.counted))),
        *_hand_facts(made),
    )


def _hand_facts(made: MonthStrategies) -> tuple[Fact, ...]:
    """What people changed of the month's strategies, and so stays when they are generated anew."""
    counts = (
        (_("added {count}"), made.origins[StrategyOrigin.HAND]),
        (_("reworded {count}"), made.reworded),
        (_("dropped {count}"), made.dropped),
    )
    said = [told.format(count=count) for told, count in counts if count]
    return (Fact(_("By hand, kept"), _(", ").join(said)),) if said else ()


def _uncalled(made: MonthStrategies) -> tuple[Block, ...]:
    """Strategies that stand only because a person reworded them."""
    known = made.portfolio.owned
    those = tuple(known[one.customer] for one in made.uncalled if one.customer in known)
    told = _("No longer called for by steps 1 and 2, kept because reworded by hand: ")
    return (Text(told + named(those), "warning"),) if those else ()


def _origins(made: MonthStrategies) -> Table:
    columns = (Column("origin", _("Origin")), Column("count", _("Strategies"), "number"))
    rows = tuple((Term(o.value, word(o)), made.origins[o]) for o in StrategyOrigin if made.origins[o])
    return Table(columns, rows, title=_("Where they come from"), empty=_("No strategy arises this month."))


def _spread(made: MonthStrategies) -> Block:
    """How many customers have how many strategies: what the frequencies will be ranked by."""
    spread = Counter(made.per_customer.get(customer.id, 0) for customer in made.portfolio.valid)
    parts = [_("{number} each: {count}").format(number=number, count=spread[number]) for number in sorted(spread)[::-1]]
    return Text(_("Customers by number of strategies: ") + _("; ").join(parts))


def _per_customer(made: MonthStrategies) -> Table:
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("count", _("Strategies"), "number"),
        Column("codes", _("Which")),
    )
    codes: dict[int, list[str]] = {}
    for strategy in made.counted:
        codes.setdefault(strategy.customer, []).append(f"{strategy.number or ''} {strategy.code}".strip())
    rows = tuple(
        (one.code, one.name, made.per_customer.get(one.id, 0), ", ".join(codes.get(one.id, ())))
        for one in made.portfolio.valid
    )
    return Table(columns, rows, title=_("By customer"))


def _data(made: MonthStrategies, *, dry_run: bool) -> dict[str, Any]:
    known = made.portfolio.owned
    return {
        "month": str(made.portfolio.month),
        "manager": made.portfolio.manager.code,
        "state": (made.state or DocumentState.DRAFT).value,
        "satisfaction_target": made.satisfaction_target,
        "origins": {origin.value: made.origins[origin] for origin in StrategyOrigin},
        "strategies": [
            {
                "customer": known[s.customer].code,
                "number": s.number,
                "code": s.code,
                "origin": s.origin.value,
                "cause": s.cause,
                "state": s.state.value,
                "text": s.text,
            }
            for s in made.strategies
            if s.customer in known
        ],
        "consequences": consequence_data(made.consequences),
        "dry_run": dry_run,
    }
