"""Customers that are perhaps one shop: suggested with the reasons, never merged alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from crmkit.model.code import normal_code
from crmkit.model.customer import Customer, Likeness
from crmkit.model.personal import phones
from crmkit.rules.importing import lookalikes
from crmkit.rules.routing import metres_between

_CROWD = 20  # a value that so many customers share tells nothing: the exchange's phone, the market hall's address
_WEIGHT = {
    Likeness.LICENCE: 8,
    Likeness.NAME_AND_PLACE: 6,
    Likeness.PHONE: 4,
    Likeness.NAME_AND_CONTACT: 3,
    Likeness.ADDRESS: 2,
    Likeness.CODE: 1,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers, the lower code first, and why they may be one; the strongest reason first."""

    first: Customer
    second: Customer
    reasons: tuple[Likeness, ...]


def likely_duplicates(customers: Iterable[Customer], metres: int) -> tuple[Pair, ...]:
    """Pairs that share a licence, a phone, an address, name and contact, name and place (at most `metres` apart), or
    whose codes look alike. Most and strongest reasons first, then by code. [our default]
    """
    listed = sorted(customers, key=lambda one: one.code)
    found: dict[tuple[str, str], set[Likeness]] = defaultdict(set)
    for reason, one, other in _likenesses(listed, metres):
        found[one.code, other.code].add(reason)
    known = {one.code: one for one in listed}
    pairs = [
        Pair(known[a], known[b], tuple(sorted(why, key=lambda reason: -_WEIGHT[reason])))
        for (a, b), why in found.items()
    ]
    return tuple(sorted(pairs, key=lambda p: (-sum(_WEIGHT[r] for r in p.reasons), p.first.code, p.second.code)))


def _likenesses(listed: Sequence[Customer], metres: int) -> Iterator[tuple[Likeness, Customer, Customer]]:
    keys: tuple[tuple[Likeness, Callable[[Customer], str]], ...] = (
        (Likeness.LICENCE, lambda one: normal_code(one.licence or "")),
        (Likeness.ADDRESS, lambda one: _plain(one.address)),
        (Likeness.NAME_AND_CONTACT, lambda one: _plain(one.name) + "\n" + _plain(one.contact) if one.contact else ""),
    )
    for reason, key in keys:
        for one, other in _sharing(listed, key):
            yield reason, one, other
    for one, other in _sharing_any(listed, lambda one: phones(one.phone)):
        yield Likeness.PHONE, one, other
    for one, other in _sharing(listed, lambda one: _plain(one.name)):
        if one.place and other.place and metres_between(one.place, other.place) <= metres:
            yield Likeness.NAME_AND_PLACE, one, other
    known = {one.code: one for one in listed}
    for group in lookalikes(known):
        for a, b in combinations(group, 2):
            yield Likeness.CODE, known[a], known[b]


def _sharing(listed: Sequence[Customer], key: Callable[[Customer], str]) -> Iterator[tuple[Customer, Customer]]:
    return _sharing_any(listed, lambda one: filter(None, (key(one),)))


def _sharing_any(
    listed: Sequence[Customer], keys: Callable[[Customer], Iterable[str]]
) -> Iterator[tuple[Customer, Customer]]:
    """Pairs that have one of their keys in common."""
    groups: dict[str, list[Customer]] = defaultdict(list)
    for one in listed:
        for key in keys(one):
            groups[key].append(one)
    for group in groups.values():
        if len(group) <= _CROWD:
            yield from combinations(group, 2)


def _plain(text: str | None) -> str:
    """Width, case and blanks make no difference."""
    return "".join(normal_code(text or "").split())
