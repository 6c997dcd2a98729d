"""Two customers become one: what moves, what is the same twice, what a person must settle first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal

# computed from facts, or said of the customer himself: the one who stays has his own
_OWN_OF_EACH = frozenset(
    {"effect", "problem", "key_candidate", "frequency_line", "own_value", "own_held", "verified", "closed_range"}
    | {"submitted_line", "asked"}
)
_FILLED = (
    *("manager", "grade", "market_type", "business_type", "neighbourhood", "route", "order_weekday", "online"),
    *("visit_method", "frequency", "address", "city", "contact", "phone", "licence", "opened_on", "hours"),
)


class Outcome(StrEnum):
    """What becomes of a row that both customers have for one day or month."""

    GOES = "goes"  # the row of the one merged away is the same, computed or superseded: it goes
    BOTH = "both"  # they can stand side by side
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Clash:
    """A row of each for one key: the columns of the key and all cells but the customer."""

    table: str
    key: Mapping[str, Any]
    kept: Mapping[str, Any]
    dropped: Mapping[str, Any]
    parent: bool = False  # rows of other tables belong to it

    @property
    def when(self) -> str:
        """The key as one reads it: 2026-11-03 or 2026-11 display."""
        return " ".join(str(value) for value in self.key.values() if value not in (None, ""))


def outcome(clash: Clash) -> Outcome:
    """What becomes of the row of the customer merged away. [our default]"""
    if clash.table in _OWN_OF_EACH:
        return Outcome.GOES
    if clash.table == "planned_visit":
        return Outcome.GOES if clash.dropped["state"] == "open" else Outcome.BOTH
    same = {name: value for name, value in clash.dropped.items() if name not in ("id", "op", "number")}
    return Outcome.GOES if same.items() <= clash.kept.items() and not clash.parent else Outcome.CONFLICT


def refuse_merge(keep: Customer, drop: Customer, clashes: Iterable[Clash]) -> None:
    """Raises Refusal(RULE): merge-itself, merge-two-managers, merge-conflict with the records named."""
    if keep.id == drop.id:
        raise Refusal(Fault.RULE, rule="merge-itself", value=keep.code, way_out="crmkit customer duplicates")
    if None not in (keep.manager, drop.manager) and keep.manager != drop.manager:
        way_out = f"crmkit customer transfer {drop.code} --to CODE"
        raise Refusal(Fault.RULE, rule="merge-two-managers", value=f"{keep.code} {drop.code}", way_out=way_out)
    named = [f"{clash.table} {clash.when}" for clash in clashes if outcome(clash) is Outcome.CONFLICT]
    if named:
        shown = "; ".join(named[:10]) + (f" (+{len(named) - 10})" if len(named) > 10 else "")
        raise Refusal(Fault.RULE, rule="merge-conflict", value=shown, way_out=f"crmkit customer show {drop.code}")


def filled(keep: Customer, drop: Customer) -> dict[str, Any]:
    """Blank columns of the one who stays that the other can fill."""
    found = {name: getattr(drop, name) for name in _FILLED if getattr(keep, name) is None}
    values = {name: value for name, value in found.items() if value is not None}
    if keep.place is None and drop.place is not None:
        values |= {"latitude_e6": drop.place.latitude_e6, "longitude_e6": drop.place.longitude_e6}
    if not keep.closed_weekdays and drop.closed_weekdays:
        values["closed_weekdays"] = "".join(map(str, drop.closed_weekdays))
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
