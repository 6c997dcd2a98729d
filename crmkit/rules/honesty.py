"""Honesty for the writer first: what a reviewer would stumble over, told to him who can still mend it.

Our default throughout; every threshold is in the policy. Nothing here proves anything: a sign is a question.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import combinations, pairwise

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.honesty import Doubt, Doubtful
from crmkit.model.policy import CapacityPolicy, HonestyPolicy
from crmkit.model.summary import SummaryPart
from crmkit.model.visit import Visit
from crmkit.rules.likeness import alike, exact, numbers, plain
from crmkit.rules.routing import metres_between

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Typed:
    """A visit, whose it was, and when it was typed in (None: not known)."""

    customer: Customer
    visit: Visit
    at: datetime | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        found = self.visit
        return tuple(text for text in (found.anomaly, found.opinion, found.effect) if text)


def doubts_of_visits(
    visits: Sequence[Typed], before: Mapping[int, Visit], honesty: HonestyPolicy, capacity: CapacityPolicy
) -> tuple[Doubtful, ...]:
    """Signs in the visits of some days; `before` is each customer's visit before all of them."""
    made = [one for one in visits if one.visit.visited]
    by_day: dict[date, list[Typed]] = {}
    for one in made:
        by_day.setdefault(one.visit.day, []).append(one)
    found = [*_same_texts(made, honesty), *_last_time(made, before, honesty)]
    for day in sorted(by_day):
        there = by_day[day]
        found += [*_too_close(day, there, honesty), *_too_long(day, there, honesty, capacity)]
        found += _at_once(day, there, honesty)
    return tuple(found)


def doubts_of_summary(
    own: Mapping[SummaryPart, str], before: Mapping[SummaryPart, str], honesty: HonestyPolicy
) -> tuple[Doubtful, ...]:
    """The person's parts of a summary against those of the period before, and against each other."""
    limit = Fraction(honesty.text_percent)
    found = []
    for part, text in own.items():
        like = alike(text, before.get(part), limit, honesty.text_characters)
        if like is not None:
            found.append(Doubtful(Doubt.LAST_TIME, text=text, facts={"part": part.value, "percent": int(like)}))
    for one, other in combinations(own, 2):
        if alike(own[one], own[other], limit, honesty.text_characters) is not None:
            facts: dict[str, str | int] = {"part": one.value, "other": other.value}
            found.append(Doubtful(Doubt.PART_TWICE, text=own[one], facts=facts))
    return tuple(found)


def _same_texts(made: Iterable[Typed], honesty: HonestyPolicy) -> Iterator[Doubtful]:
    """The same words for many customers: compared whole, punctuation and spaces aside, numbers too in a long text."""
    known: dict[str, dict[str, str]] = {}
    for one in made:
        for text in one.texts:
            if len(plain(text)) >= honesty.text_characters:
                known.setdefault(_one_text(text, honesty), {}).setdefault(one.customer.code, text)
    for shops in known.values():
        if len(shops) >= honesty.same_text_customers:
            text = next(iter(shops.values()))
            facts = {"count": len(shops), "numbers_differ": len(set(map(exact, shops.values()))) > 1}
            yield Doubtful(Doubt.SAME_TEXT, customers=tuple(sorted(shops)), text=text, facts=facts)


def _one_text(text: str, honesty: HonestyPolicy) -> str:
    """What makes two texts one: a short fact is told by its numbers (补货2条, 补货3条), a long text is not."""
    return plain(text) if len(plain(text)) >= honesty.numbered_characters else exact(text)


def _copied(text: str, old: str | None, limit: Fraction, honesty: HonestyPolicy) -> Fraction | None:
    """How alike, in percent, where that is a sign; short texts with other numbers are none."""
    like = alike(text, old, limit, honesty.text_characters)
    if like is None or old is None:
        return None
    short = min(len(plain(text)), len(plain(old))) < honesty.numbered_characters
    return None if short and numbers(text) != numbers(old) else like


def _last_time(made: Iterable[Typed], before: Mapping[int, Visit], honesty: HonestyPolicy) -> Iterator[Doubtful]:
    """The words of the customer's visit before, again; customers with the same words stand together."""
    limit = Fraction(honesty.text_percent)
    again: dict[str, dict[str, str]] = {}
    renumbered: set[str] = set()
    last = dict(before)
    for one in sorted(made, key=lambda typed: typed.visit.day):
        earlier, last[one.customer.id] = last.get(one.customer.id), one.visit
        for text, old in _pairs(one.visit, earlier) if earlier else ():
            if _copied(text, old, limit, honesty) is not None:
                again.setdefault(plain(text), {}).setdefault(one.customer.code, text)
                if plain(text) == plain(old or "") and exact(text) != exact(old or ""):
                    renumbered.add(plain(text))
    for words, shops in again.items():
        text = next(iter(shops.values()))
        facts = {"count": len(shops), "numbers_differ": words in renumbered}
        yield Doubtful(Doubt.LAST_TIME, None, tuple(sorted(shops)), text, facts)


def _pairs(visit: Visit, earlier: Visit) -> list[tuple[str, str | None]]:
    both = ((visit.effect, earlier.effect), (visit.anomaly, earlier.anomaly), (visit.opinion, earlier.opinion))
    return [(text, old) for text, old in both if text]


def _too_close(day: date, there: Iterable[Typed], honesty: HonestyPolicy) -> Iterator[Doubtful]:
    """Two visits on the road whose times leave no time for the straight way between the shops."""
    timed = sorted(
        (one for one in there if one.visit.method is VisitMethod.ONSITE and one.visit.arrived),
        key=lambda one: (one.visit.arrived or "", one.customer.code),
    )
    for one, following in pairwise(timed):
        gone, came = _minutes(one.visit.left or one.visit.arrived), _minutes(following.visit.arrived)
        needed = _way(one.customer, following.customer, honesty.speed_kmh)
        if came - gone < needed:
            facts: dict[str, str | int] = {"minutes": came - gone, "needed": needed}
            codes = (one.customer.code, following.customer.code)
            yield Doubtful(Doubt.TOO_CLOSE, day, codes, facts=facts)


def _too_long(
    day: date, there: Sequence[Typed], honesty: HonestyPolicy, capacity: CapacityPolicy
) -> Iterator[Doubtful]:
    """Even in short visits and straight ways from shop to nearest shop, more than the day has."""
    shops = [one.customer for one in there if one.visit.method is VisitMethod.ONSITE]
    needed = honesty.visit_minutes * len(shops) + _shortest_ways(shops, honesty.speed_kmh)
    if needed > capacity.day_minutes:
        facts: dict[str, str | int] = {"count": len(shops), "needed": needed, "minutes": capacity.day_minutes}
        yield Doubtful(Doubt.DAY_TOO_LONG, day, facts=facts)


def _at_once(day: date, there: Sequence[Typed], honesty: HonestyPolicy) -> Iterator[Doubtful]:
    times = [one.at for one in there if one.at is not None]
    silent = not any(one.texts for one in there)
    if len(times) >= honesty.at_once_visits and silent and len(times) == len(there):
        seconds = int((max(times) - min(times)).total_seconds())
        if seconds <= honesty.at_once_seconds:
            yield Doubtful(Doubt.AT_ONCE, day, facts={"count": len(times), "seconds": seconds})


def _minutes(clock: str | None) -> int:
    hours, _colon, minutes = (clock or "0:0").partition(":")
    return int(hours) * _HOUR + int(minutes)


def _way(one: Customer, other: Customer, speed_kmh: int) -> int:
    """Whole minutes of the straight way at that speed; 0 where a place is not known."""
    if one.place is None or other.place is None:
        return 0
    return metres_between(one.place, other.place) * _HOUR // (speed_kmh * 1000)


def _shortest_ways(shops: Sequence[Customer], speed_kmh: int) -> int:
    """No tour is shorter: all shops joined by the smallest tree of straight ways, in minutes."""
    placed = [shop.place for shop in shops if shop.place is not None]
    if len(placed) < 2:
        return 0
    joined, waiting, metres = {0}, set(range(1, len(placed))), 0
    nearest = {n: metres_between(placed[0], placed[n]) for n in waiting}
    while waiting:
        pick = min(waiting, key=lambda n: (nearest[n], n))
        metres += nearest[pick]
        waiting.discard(pick)
        joined.add(pick)
        for n in waiting:
            nearest[n] = min(nearest[n], metres_between(placed[pick], placed[n]))
    return metres * _HOUR // (speed_kmh * 1000)
