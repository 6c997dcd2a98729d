"""Planning anew with the fewest moves: everything that can stay on its day of the plan before stays there.

The search is that of another solver, in which leaving an old day costs more than any road. First only those may
move who must; where that leaves somebody without a day, everybody may, and the answer is brought home where there
is room. It is held against a bound: each customer alone, days without a limit. Where the two differ and the case is
small enough, all ways out of the overfull days are tried (branch and bound), and the search is repeated with what
need not move held fast.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crmkit.model.planning import Metres, Problem, Solution, Solver, Spot, Stop

_SHARE = 5  # of the effort: few visits are free in the first search
_MOST_STOPS = 40  # more are not searched exhaustively
_MOST_CHAINS = 3_000  # of one customer
_MOST_NODES = 4_000

Chain = tuple[int, ...]  # a day for each duty that may stand, in time
Price = Callable[[int, int], int | None]  # what a duty costs on a day; None where it may not stand


class SteadySolver:
    """Another solver, made to move as little as it can of `Stop.old`."""

    def __init__(self, inner: Solver) -> None:
        self._inner = inner
        self.name = inner.name

    def route(self, metres: Metres, stops: tuple[int, ...]) -> tuple[int, ...]:
        """A short order of these stops."""
        return self._inner.route(metres, stops)

    def solve(self, problem: Problem, *, seed: int, effort: int) -> Solution:
        """First all visits that fit, then the fewest moves, then the cost of the inner solver."""
        bound = least_moves(problem)
        still = self._inner.solve(_only_who_must(problem), seed=seed, effort=-(-effort // _SHARE))
        if not _left_out(problem, still) and moves(problem, still.days) == bound:
            return replace(still, least_moves=bound)
        found = self._held(problem, self._inner.solve(problem, seed=seed, effort=effort), seed)
        if not _left_out(problem, found) and moves(problem, found.days) == bound:
            return replace(found, least_moves=bound)
        fewest = _Fewest(problem).search()
        if fewest is None:
            return replace(found, least_moves=bound)
        chosen = {
            (s, k): day for s, chain in enumerate(fewest) for k, day in zip(_live(problem.stops[s]), chain, strict=True)
        }
        bound = moves(problem, chosen)
        held = (_fixed(problem, chosen, free_movers=free) for free in (True, False))
        tries = [found, *(self._inner.solve(one, seed=seed, effort=effort) for one in held)]
        best = min(tries, key=lambda one: (len(_left_out(problem, one)), moves(problem, one.days), one.cost))
        return replace(best, least_moves=bound)

    def _held(self, problem: Problem, found: Solution, seed: int) -> Solution:
        """The answer with its visits brought home, the days' roads made anew; itself where nothing comes home."""
        home = _brought_home(problem, found.days)
        if home == found.days:
            return found
        again = self._inner.solve(_fixed(problem, home, free_movers=False), seed=seed, effort=1)
        return again if len(_left_out(problem, again)) <= len(_left_out(problem, found)) else found


def moves(problem: Problem, days: Mapping[Spot, int]) -> int:
    """Visits of the plan before that left their day; visits that were not in it are none."""
    return sum(
        _moves_of(stop, [days[s, k] for k in range(len(stop.duties)) if (s, k) in days])
        for s, stop in enumerate(problem.stops)
    )


def least_moves(problem: Problem) -> int:
    """A lower bound of the moves of every plan with all visits: each customer alone, with days of any room."""
    return sum(_fewest_alone(problem, s) for s in range(len(problem.stops)))


def _moves_of(stop: Stop, new: Sequence[int]) -> int:
    away = len(set(new) - set(stop.old))
    return max(0, away - max(0, len(new) - stop.had))


def _fewest_alone(problem: Problem, s: int) -> int:
    stop = problem.stops[s]
    live = _live(stop)
    found = cheapest_chain(problem, stop, lambda _duty, day: int(day not in stop.old))
    return _moves_of(stop, found) if found and live else 0


def _live(stop: Stop) -> list[int]:
    return [k for k, duty in enumerate(stop.duties) if duty.days]


def _left_out(problem: Problem, solution: Solution) -> list[Spot]:
    return [(s, k) for s, stop in enumerate(problem.stops) for k in _live(stop) if (s, k) not in solution.days]


def _apart(problem: Problem, stop: Stop, before: int, after: int, days: tuple[int, int]) -> bool:
    """Do two neighbouring duties keep their gap on these days?"""
    one, other = stop.duties[before], stop.duties[after]
    gap = problem.days[days[1]].position - problem.days[days[0]].position
    tied = other.max_gap if one.number + 1 == other.number else 0
    return gap >= other.min_gap and (not tied or gap <= tied)


def cheapest_chain(problem: Problem, stop: Stop, price: Price) -> Chain | None:
    """The cheapest days for all duties of a customer that keep the gaps; of equals the earliest."""
    live = _live(stop)
    best: dict[int, tuple[int, Chain]] = {}
    for n, k in enumerate(live):
        now: dict[int, tuple[int, Chain]] = {}
        for day in stop.duties[k].days:
            own = price(k, day)
            if own is None:
                continue
            reach = (
                [(0, ())]
                if n == 0
                else [found for before, found in best.items() if _apart(problem, stop, live[n - 1], k, (before, day))]
            )
            if reach:
                cost, chain = min(reach)
                now[day] = cost + own, (*chain, day)
        best = now
    return min(best.values())[1] if best else None


def _only_who_must(problem: Problem) -> Problem:
    """The problem in which every customer who could stay on his old days, were it for him alone, does."""
    stays: dict[Spot, int] = {}
    for s, stop in enumerate(problem.stops):
        chain = cheapest_chain(problem, stop, lambda _duty, day, old=stop.old: int(day not in old))  # type: ignore[misc]
        if chain is not None and all(day in stop.old for day in chain):
            stays.update({(s, k): day for k, day in zip(_live(stop), chain, strict=True)})
    return _fixed(problem, stays, free_movers=False)


def _fixed(problem: Problem, chosen: Mapping[Spot, int], *, free_movers: bool) -> Problem:
    """The problem with every chosen visit on its day; `free_movers`: those off their old days may go anywhere."""
    stops = []
    for s, stop in enumerate(problem.stops):
        duties = []
        for k, duty in enumerate(stop.duties):
            day = chosen.get((s, k))
            if day is None or (free_movers and day not in stop.old):
                duties.append(duty)
            else:
                duties.append(replace(duty, days=(day,), wishes=(duty.wishes[duty.days.index(day)],)))
        stops.append(replace(stop, duties=tuple(duties)))
    return replace(problem, stops=tuple(stops))


def _brought_home(problem: Problem, days: Mapping[Spot, int]) -> dict[Spot, int]:
    """Customers moved to cheaper chains of old days, one after the other, where the days have room for that."""
    at = dict(days)
    room = [day.room - day.standing_load for day in problem.days]
    for (s, k), day in at.items():
        room[day] -= problem.stops[s].duties[k].load
    for s, stop in enumerate(problem.stops):
        live = _live(stop)
        here = [at[s, k] for k in live if (s, k) in at]
        if len(here) < len(live) or not _moves_of(stop, here):
            continue
        for k in live:
            room[at[s, k]] += stop.duties[k].load
        chain = cheapest_chain(problem, stop, _home_price(stop, room, dict(zip(live, here, strict=True))))
        if chain is not None and _moves_of(stop, chain) < _moves_of(stop, here):
            at.update({(s, k): day for k, day in zip(live, chain, strict=True)})
        for k in live:
            room[at[s, k]] -= stop.duties[k].load
    return at


def _home_price(stop: Stop, room: Sequence[int], now: Mapping[int, int]) -> Price:
    """An old day is cheapest, then the day where the visit stands; a day without room is none."""

    def price(k: int, day: int) -> int | None:
        if room[day] < stop.duties[k].load:
            return None
        return 0 if day in stop.old else 100 + (day != now[k])

    return price


def _chains(problem: Problem, stop: Stop) -> Iterator[Chain]:
    """All chains of days that keep a customer's gaps."""
    live = _live(stop)

    def grow(n: int, chain: Chain) -> Iterator[Chain]:
        if n == len(live):
            yield chain
            return
        for day in stop.duties[live[n]].days:
            if n == 0 or _apart(problem, stop, live[n - 1], live[n], (chain[-1], day)):
                yield from grow(n + 1, (*chain, day))

    return grow(0, ())


@dataclass(frozen=True, slots=True)
class _Choice:
    """Where a customer may still stand: his chains with their moves, fewest first."""

    chains: tuple[tuple[int, Chain], ...]

    def without(self, day: int) -> "_Choice":
        return _Choice(tuple(one for one in self.chains if day not in one[1]))

    def only(self, day: int) -> "_Choice":
        return _Choice(tuple(one for one in self.chains if day in one[1]))


class _Fewest:
    """Branch and bound: on an overfull day somebody must leave; every choice of who is tried, cheapest first."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.room = [day.room - day.standing_load for day in problem.days]
        self.nodes = 0

    def search(self) -> list[Chain] | None:
        """A chain for each customer with the fewest moves of all plans; None where there is none, or too much work."""
        if len([stop for stop in self.problem.stops if _live(stop)]) > _MOST_STOPS:
            return None
        choices = []
        for stop in self.problem.stops:
            chains = []
            for chain in _chains(self.problem, stop):
                chains.append((_moves_of(stop, chain), chain))
                if len(chains) > _MOST_CHAINS:
                    return None
            choices.append(_Choice(tuple(sorted(chains))))
        if not all(choice.chains for choice in choices):
            return None
        least = sum(choice.chains[0][0] for choice in choices)
        most = sum(max(moves for moves, _ in choice.chains) for choice in choices)
        for budget in range(least, most + 1):
            found = self._within(choices, budget)
            if found is not None or self.nodes > _MOST_NODES:
                return found
        return None

    def _within(self, choices: list[_Choice], budget: int) -> list[Chain] | None:
        self.nodes += 1
        if self.nodes > _MOST_NODES or sum(choice.chains[0][0] for choice in choices) > budget:
            return None
        chosen, over = self._stand(choices)
        if over is None:
            return chosen
        kept = list(choices)
        leaving = [s for s, chain in enumerate(chosen) if over in chain and self._load(s, chain, over)]
        for s in sorted(leaving, key=lambda one: (self._price(choices[one], over), one)):
            gone = kept[s].without(over)
            if gone.chains:
                found = self._within([*kept[:s], gone, *kept[s + 1 :]], budget)
                if found is not None:
                    return found
            kept[s] = kept[s].only(over)
        return None

    def _price(self, choice: _Choice, day: int) -> int:
        """The moves that leaving a day costs a customer; many where he cannot."""
        gone = choice.without(day).chains
        return gone[0][0] - choice.chains[0][0] if gone else len(self.room)

    def _stand(self, choices: list[_Choice]) -> tuple[list[Chain], int | None]:
        """Everybody on a chain of his fewest moves, those with the least choice first, and the most overfull day."""
        left = list(self.room)
        chosen: list[Chain] = [()] * len(choices)
        equal = [[chain for moves, chain in choice.chains if moves == choice.chains[0][0]] for choice in choices]
        for s in sorted(range(len(choices)), key=lambda one: (len(equal[one]), one)):
            chosen[s] = min(equal[s], key=lambda chain: (self._lack(s, chain, left), chain))
            for day in chosen[s]:
                left[day] -= self._load(s, chosen[s], day)
        worst = min(range(len(left)), key=lambda day: (left[day], day), default=None)
        return chosen, worst if worst is not None and left[worst] < 0 else None

    def _load(self, s: int, chain: Chain, day: int) -> int:
        stop = self.problem.stops[s]
        return stop.duties[_live(stop)[chain.index(day)]].load

    def _lack(self, s: int, chain: Chain, left: Sequence[int]) -> int:
        """How much these days would be overfull, and how full."""
        return sum(max(0, self._load(s, chain, day) - left[day]) * 1000 - left[day] for day in chain)
