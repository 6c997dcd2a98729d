"""A plan while it is searched: who stands on which day, each day's road and load, and what all that costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from crmkit.model.customer import Frequency, VisitMethod
from crmkit.model.planning import Duty, Problem, Spot, Stop

_NONE = -1
_FULL_ROOM_PRICE = 30_000_000  # what a whole day over its room costs: more than any road
_THOUSAND = 1000

Snapshot = tuple[list[list[int]], list[list[int]], list[int], list[int], int]


@dataclass(frozen=True, slots=True)
class _Link:
    """What two neighbouring duties of one customer may cost together, by days: None where the gap is
    broken.
    """

    table: tuple[tuple[int | None, ...], ...]


class Board:
    """The state of a search. `at[stop][duty]` is a day or -1; `tours[day]` the road, standing stops
    included.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.at = [[_NONE] * len(stop.duties) for stop in problem.stops]
        self.tours: list[list[int]] = [[] for _ in problem.days]
        self.used = [day.standing_load for day in problem.days]
        self.metres = [0] * len(problem.days)
        self.wishes = 0  # wishes and links of everything that stands
        self.out: list[int] = []
        self.movable = [s for s, stop in enumerate(problem.stops) if any(duty.days for duty in stop.duties)]
        self.live = [[k for k, duty in enumerate(stop.duties) if duty.days] for stop in problem.stops]
        self._links: dict[tuple[object, ...], _Link] = {}
        self.mean = self._mean()
        self.patience = problem.weights.travel * 1_000
        for day, planned in enumerate(problem.days):
            for stop in planned.standing:
                self._join(day, stop)

    def _mean(self) -> int:
        loads = sum(self.used) + sum(duty.load for stop in self.problem.stops for duty in stop.duties if duty.days)
        return max(1, loads // max(1, len(self.used)))

    # the cost of a day

    def load(self, day: int, more: int = 0, metres: int = 0) -> int:
        """Units used on a day, road included, after so much more."""
        return self.used[day] + more + self.problem.travel_load(self.metres[day] + metres)

    def over(self, day: int) -> int:
        """Units over the day's room; negative where there is room left."""
        return self.load(day) - self.problem.days[day].room

    def _price(self, day: int, load: int) -> int:
        """What a day of this load costs: uneven, or over its room."""
        room = max(1, self.problem.days[day].room)
        uneven = self.problem.weights.evenness * 100 * _THOUSAND * (load - self.mean) ** 2 // self.mean**2
        return uneven + max(0, load - room) * _FULL_ROOM_PRICE // room

    def total(self) -> int:
        """The cost of everything, in thousandths of a weight."""
        days = sum(self._price(day, self.load(day)) for day in range(len(self.used)))
        return days + self.problem.weights.travel * sum(self.metres) + self.wishes

    # roads

    def detour(self, day: int, stop: int) -> tuple[int, int]:
        """The fewest metres that a stop adds to a day's road, and where it goes in."""
        tour = self.tours[day]
        if not tour:
            return 0, 0
        row, ways = self.problem.metres[stop], self.problem.metres
        best, place = row[tour[0]], 0
        if row[tour[-1]] < best:
            best, place = row[tour[-1]], len(tour)
        before, way = tour[0], row[tour[0]]
        for at, here in enumerate(tour):
            step = row[here]
            if at and way + step - ways[before][here] < best:
                best, place = way + step - ways[before][here], at
            before, way = here, step
        return best, place

    def _join(self, day: int, stop: int) -> None:
        metres, place = self.detour(day, stop)
        self.tours[day].insert(place, stop)
        self.metres[day] += metres

    def _leave(self, day: int, stop: int) -> None:
        tour, ways = self.tours[day], self.problem.metres
        at = tour.index(stop)
        before = tour[at - 1] if at else None
        after = tour[at + 1] if at + 1 < len(tour) else None
        gone = (ways[before][stop] if before is not None else 0) + (ways[stop][after] if after is not None else 0)
        back = ways[before][after] if before is not None and after is not None else 0
        self.metres[day] -= gone - back
        del tour[at]

    def measure(self) -> None:
        """Measure all roads anew, after their order changed."""
        ways = self.problem.metres
        self.metres = [sum(ways[a][b] for a, b in pairwise(tour)) for tour in self.tours]

    # one visit

    def put(self, place: Spot, day: int) -> None:
        """Let one duty stand on a day."""
        stop, k = place
        duty = self.problem.stops[stop].duties[k]
        self.wishes -= self._chain_cost(stop)
        self.at[stop][k] = day
        self.wishes += self._chain_cost(stop)
        self.used[day] += duty.load
        if duty.method is VisitMethod.ONSITE:
            self._join(day, stop)

    def take(self, place: Spot) -> None:
        """Take one duty off its day."""
        stop, k = place
        duty, day = self.problem.stops[stop].duties[k], self.at[stop][k]
        self.wishes -= self._chain_cost(stop)
        self.at[stop][k] = _NONE
        self.wishes += self._chain_cost(stop)
        self.used[day] -= duty.load
        if duty.method is VisitMethod.ONSITE:
            self._leave(day, stop)

    def may_stand(self, place: Spot, day: int) -> bool:
        """Do the gaps to the customer's other visits let this duty stand there? Room is not asked."""
        stop, k = place
        days, live = self.at[stop], self.live[stop]
        at = live.index(k)
        before = next((other for other in reversed(live[:at]) if days[other] >= 0), None)
        after = next((other for other in live[at + 1 :] if days[other] >= 0), None)
        fits_before = before is None or self._link(stop, before, k).table[days[before]][day] is not None
        return fits_before and (after is None or self._link(stop, k, after).table[day][days[after]] is not None)

    # all visits of a customer

    def remove(self, stop: int) -> None:
        """Take a customer off all his days."""
        for k, day in enumerate(self.at[stop]):
            if day >= 0:
                self.take((stop, k))

    def insert(self, stop: int, ways: Sequence[int] | None = None) -> None:
        """Let a customer stand on the cheapest chain of days that keeps his gaps; days may go over
        their room at a price. `ways` replaces detours by metres to each day's zone.
        """
        duties = self.problem.stops[stop].duties
        costs: list[dict[int, int]] = []
        back: list[dict[int, int]] = []
        for n, k in enumerate(self.live[stop]):
            own = self._costs(stop, duties[k], ways)
            if n == 0:
                costs.append(own)
                back.append({})
                continue
            link = self._link(stop, self.live[stop][n - 1], k).table
            now: dict[int, int] = {}
            came: dict[int, int] = {}
            for day, cost in own.items():
                reach = [
                    (earlier + together, before)
                    for before, earlier in costs[-1].items()
                    if (together := link[before][day]) is not None
                ]
                if reach:
                    least, came[day] = min(reach)
                    now[day] = least + cost
            costs.append(now)
            back.append(came)
        self._stand(stop, costs, back)

    def _stand(self, stop: int, costs: list[dict[int, int]], back: list[dict[int, int]]) -> None:
        day = min((cost, day) for day, cost in costs[-1].items())[1]
        for n in range(len(costs) - 1, -1, -1):
            self.put((stop, self.live[stop][n]), day)
            day = back[n].get(day, _NONE)

    def _costs(self, stop: int, duty: Duty, ways: Sequence[int] | None) -> dict[int, int]:
        """What each possible day of a duty costs now: wish, road, and the day's growing load."""
        road = duty.method is VisitMethod.ONSITE
        travel = self.problem.weights.travel
        found: dict[int, int] = {}
        for day, wish in zip(duty.days, duty.wishes, strict=True):
            more = 0
            if road:
                more = self.detour(day, stop)[0] if ways is None else ways[day]
            now, then = self.load(day), self.load(day, duty.load, more)
            found[day] = wish + travel * more + self._price(day, then) - self._price(day, now)
        return found

    def _chain_cost(self, stop: int) -> int:
        """Wishes and links of a customer's standing visits."""
        cost, before = 0, _NONE
        for k in self.live[stop]:
            day = self.at[stop][k]
            if day < 0:
                continue
            duty = self.problem.stops[stop].duties[k]
            cost += duty.wishes[duty.days.index(day)]
            if before >= 0:
                cost += self._link(stop, before, k).table[self.at[stop][before]][day] or 0
            before = k
        return cost

    def link_table(self, stop: int, before: int, after: int) -> tuple[tuple[int | None, ...], ...]:
        """What two neighbouring duties of a customer cost together: [day of the one][day of the other]."""
        return self._link(stop, before, after).table

    def _link(self, stop: int, before: int, after: int) -> _Link:
        one = self.problem.stops[stop]
        duty = one.duties[after]
        tied = duty.max_gap if one.duties[before].number + 1 == duty.number else 0
        key = (duty.min_gap, tied, one.preferred, one.frequency)
        if key not in self._links:
            self._links[key] = _Link(_table(self.problem, one, duty.min_gap, tied))
        return self._links[key]

    # going back

    def snapshot(self) -> Snapshot:
        """Everything that changes, to go back to."""
        return (
            [list(days) for days in self.at],
            [list(tour) for tour in self.tours],
            list(self.used),
            list(self.metres),
            self.wishes,
        )

    def restore(self, saved: Snapshot) -> None:
        """Go back to a snapshot."""
        at, tours, used, metres, self.wishes = saved
        self.at = [list(days) for days in at]
        self.tours = [list(tour) for tour in tours]
        self.used, self.metres = list(used), list(metres)


def _table(problem: Problem, stop: Stop, least: int, most: int) -> tuple[tuple[int | None, ...], ...]:
    low, high = stop.preferred
    weights = problem.weights

    def together(one: int, other: int) -> int | None:
        gap = problem.days[other].position - problem.days[one].position
        if gap < least or (most and gap > most):
            return None
        cost = weights.preferred_gap * max(low - gap, gap - high, 0) if most else 0
        same = problem.days[one].day.isoweekday() == problem.days[other].day.isoweekday()
        if stop.frequency is Frequency.WEEKLY and not same:
            cost += weights.same_weekday
        return cost * _THOUSAND

    count = range(len(problem.days))
    return tuple(tuple(together(one, other) for other in count) for one in count)
