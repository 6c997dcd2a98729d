"""What followed of a change in the later steps: old → new counts, and names."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmkit.model.consequence import Consequence, Follower
from crmkit.model.market import Indicator
from crmkit.report.page import Block, Cell, Column, Table, Term, Text
from crmkit.report.terms import month_words, word
from crmkit.report.words import _

_SHOWN = 5


def followed(consequences: Sequence[Consequence], names: Mapping[str, str]) -> tuple[Block, ...]:
    """A table of what moved, then who; nothing where nothing hung on it. `names` are those of customers and products
    by code.
    """
    if not consequences:
        return ()
    columns = (
        Column("month", _("Month")),
        Column("what", _("Follows")),
        *(Column(key, said, "number") for key, said in _numbers()),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(map(_row, consequences))
    told = tuple(Text(line, "note") for one in consequences for line in _moved(one, names))
    return (Table(columns, rows, title=_("What followed")), *told)


def _numbers() -> tuple[tuple[str, str], ...]:
    moved = (("came", _("Came")), ("went", _("Went")), ("changed", _("Otherwise")))
    return (("before", _("Before")), ("after", _("After")), *moved)


def _row(one: Consequence) -> tuple[Cell, ...]:
    counts = (one.before, one.after, len(one.came), len(one.went), len(one.changed))
    return (month_words(one.month), Term(one.follower.value, word(one.follower)), *counts)


def _moved(one: Consequence, names: Mapping[str, str]) -> Iterator[str]:
    """One line each for who came, went and stands otherwise."""
    lines = (
        (_("{what} that came: {who}"), one.came),
        (_("{what} that went: {who}"), one.went),
        (_("{what} that stand otherwise: {who}"), one.changed),
    )
    for line, codes in lines:
        if codes:
            yield line.format(what=word(one.follower), who=_listed(one.follower, codes, names))


def consequence_data(consequences: Sequence[Consequence]) -> list[dict[str, Any]]:
    return [
        {
            "month": str(one.month),
            "what": one.follower.value,
            "before": one.before,
            "after": one.after,
            "came": list(one.came),
            "went": list(one.went),
            "changed": list(one.changed),
        }
        for one in consequences
    ]


def _listed(follower: Follower, codes: Sequence[str], names: Mapping[str, str]) -> str:
    said = [_name(follower, code, names) for code in codes[:_SHOWN]]
    more = len(codes) - len(said)
    return _("; ").join(said) + (_(" and {count} more").format(count=more) if more > 0 else "")


def _name(follower: Follower, code: str, names: Mapping[str, str]) -> str:
    if follower is Follower.MARKET_STATE:
        return word(Indicator(code))
    return f"{code} {names[code]}" if code in names else code
