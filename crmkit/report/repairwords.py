"""The repairs of a month that cannot hold its visits, each with its effect: for the refusal of a submit."""

from collections.abc import Sequence
from decimal import Decimal

from crmkit.model.planning import RepairKind
from crmkit.report.terms import word
from crmkit.report.words import _, ngettext

_SHOWN = 5


def repairs_words(found: Sequence[tuple[str, int, Decimal, Sequence[str]]]) -> str:
    """A line for each kind of repair: how many visits, what it gives back, whose; the cheapest first."""
    lines = [f"  {place}. {_line(*one)}" for place, one in enumerate(found, start=1)]
    return "\n".join(lines) or _("  none: what is missing cannot be made by phone")


def _line(kind: str, count: int, freed: Decimal, codes: Sequence[str]) -> str:
    said = ngettext("{count} visit: ", "{count} visits: ", count).format(count=count) + word(RepairKind(kind))
    effect = _(" (gives back {days} full days)").format(days=freed)
    more = len(codes) - _SHOWN
    who = ", ".join(codes[:_SHOWN]) + (_(" and {count} more").format(count=more) if more > 0 else "")
    return f"{said}{effect}{_(': ')}{who}"
