"""Restating an operating state: what late orders would change, per customer (step 2; after submit nothing moves)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal

from crmkit.model.figures import CustomerMonth
from crmkit.model.month import Month
from crmkit.model.operating import Effect, Quadrant
from crmkit.model.restating import CustomerRestated, Input

Inputs = Mapping[int, Mapping[Month, Input]]
Quadrants = Mapping[int, Quadrant | None]
PLACES = 12  # digits behind the point an effect is kept with


def restated(
    old: Mapping[int, Effect],
    new: Mapping[int, Effect],
    quadrants: tuple[Quadrants, Quadrants],
    inputs: tuple[Inputs, Inputs],
    weak_below: Decimal,
) -> tuple[CustomerRestated, ...]:
    """Every customer of the old state whose effect, quadrant, weak items or own figures would be otherwise, in the
    order of `old`. Effects are compared as they are kept, to twelve places.
    """
    found = (_restated(key, old[key], new[key], quadrants, inputs, weak_below) for key in old if key in new)
    return tuple(one for one in found if _differs(one))


def moved_quadrants(
    customers: tuple[CustomerRestated, ...],
) -> Counter[tuple[Quadrant | None, Quadrant | None]]:
    """How many customers would move from which quadrant to which."""
    return Counter(one.quadrant for one in customers if one.quadrant[0] is not one.quadrant[1])


def _restated(
    key: int,
    before: Effect,
    after: Effect,
    quadrants: tuple[Quadrants, Quadrants],
    inputs: tuple[Inputs, Inputs],
    weak_below: Decimal,
) -> CustomerRestated:
    was, now = before.weak_items(weak_below), after.weak_items(weak_below)
    return CustomerRestated(
        customer=key,
        effect=(_kept(before.score), _kept(after.score)),
        quadrant=(quadrants[0].get(key), quadrants[1].get(key)),
        weak_came=tuple(item for item in now if item not in was),
        weak_went=tuple(item for item in was if item not in now),
        moved=tuple(_moved(inputs[0].get(key, {}), inputs[1].get(key, {}))),
    )


def _differs(one: CustomerRestated) -> bool:
    both = (one.effect, one.quadrant)
    return any(old != new for old, new in both) or bool(one.weak_came or one.weak_went or one.moved)


def _kept(score: Decimal | None) -> Decimal | None:
    return None if score is None else round(score, PLACES).normalize()


def _moved(old: Mapping[Month, Input], new: Mapping[Month, Input]) -> Iterator[tuple[Month, str, int, int]]:
    """Figures that differ in months of which both sides are known."""
    for month in sorted(old.keys() & new.keys()):
        for name in (field.name for field in fields(CustomerMonth) if field.name != "customer"):
            was, now = (getattr(side[month].figures, name) for side in (old, new))
            if was != now:
                yield month, name, was, now
