"""Pages about the policy."""

from decimal import Decimal
from typing import Any

from crmkit.report.page import Cell, Column, Page, Table
from crmkit.report.words import _
from crmkit.workflow.compare_policies import PolicyLine


def shown(lines: tuple[PolicyLine, ...]) -> Page:
    """Every number in force."""
    columns = (Column("key", _("Key")), Column("value", _("Value")), Column("origin", _("From")))
    rows = tuple((line.key, _cell(line.value), line.origin) for line in lines)
    return Page(title=_("Policy in force"), schema="policy/1", blocks=(Table(columns, rows),))


def difference(lines: tuple[PolicyLine, ...], other: str, first: str | None = None) -> Page:
    """What another policy would change; `first` names the policy it is held against (None: the one in force)."""
    columns = (Column("key", _("Key")), Column("now", _("Now")), Column("then", _("There")))
    rows = tuple((line.key, _cell(line.value), _cell(line.other)) for line in lines)
    table = Table(columns, rows, empty=_("Both policies say the same."))
    return Page(title=headline(other, first), schema="policy-diff/1", blocks=(table,))


def headline(other: str, first: str | None) -> str:
    """Policy in force against ratio, or standard against ratio."""
    if first is None:
        return _("Policy in force against {other}").format(other=other)
    return _("{first} against {other}").format(first=first, other=other)


def _cell(value: Any) -> Cell:
    return value if isinstance(value, str | int | Decimal) or value is None else str(value)
