"""Areas without a calendar: customers at the border between two areas go to the other one while that is cheaper.

Cheap is near (the ways to a few customers of the area, once for each visit), evenly loaded, and with the owner one
has. Whole numbers and a fixed order: the same areas everywhere. The plain assigner, and where the kernel's begins.
"""

from collections import Counter
from collections.abc import Sequence

from crmkit.model.assigning import NOBODY, Assignment, Team

_ASKED = 12  # neighbours whose area a customer may go to
_NEAREST = 2  # customers whose ways say how far an area is
_SWEEPS = 40
OF_A_DAY = 10  # visits that share the way out from the middle of an area
_HUGE = 10**12


class DistrictAssigner:
    """Plain Python: needs nothing, knows no days."""

    name = "districts"

    def assign(self, team: Team, *, seed: int, effort: int = 0) -> Assignment:
        """The cheaper of the areas as they are and areas drawn anew, borders mended; `effort` is not needed."""
        found = [districts(team)]
        anew = districts(team, drawn_anew(team))
        if moved(team, anew) <= team.most_moved:
            found.append(anew)
        return Assignment(min(found, key=lambda owners: (_Districts(team, owners).total(), owners)), effort, seed)


def moved(team: Team, owners: Sequence[int]) -> int:
    """How many leave the manager they have."""
    return sum(NOBODY != was != now for was, now in zip(team.owners, owners, strict=True))


def districts(team: Team, first: Sequence[int] | None = None) -> tuple[int, ...]:
    """Everybody with one manager, within the limits; near, even, few hands changed. Begins with the owners, or with
    other areas.
    """
    board = _Districts(team, team.owners if first is None else first)
    board.deal_out()
    for _ in range(_SWEEPS):
        if not board.sweep():
            break
    return tuple(board.owners)


def middles(team: Team, owners: Sequence[int]) -> list[int]:
    """The stop in the middle of each area: with the shortest ways to all its visits; stop 0 where it has none."""
    return [_middle(team, [stop for stop, owner in enumerate(owners) if owner == at]) for at in range(len(team.areas))]


def _middle(team: Team, members: list[int]) -> int:
    metres, weight = team.problem.metres, [max(1, len(stop.duties)) for stop in team.problem.stops]
    return min(members, key=lambda one: (sum(metres[one][other] * weight[other] for other in members), one), default=0)


def drawn_anew(team: Team) -> tuple[int, ...]:
    """Areas as if nobody had a customer: around stops far from each other, each the area of who has most of it."""
    metres, count = team.problem.metres, len(team.areas)
    if not metres:
        return ()
    seeds = [0]
    while len(seeds) < count:
        seeds.append(max(range(len(metres)), key=lambda one: (min(metres[one][seed] for seed in seeds), -one)))
    groups = [0] * len(metres)
    for _ in range(_SWEEPS):
        groups = [min(range(count), key=lambda at: (metres[one][seeds[at]], at)) for one in range(len(metres))]
        again = middles(team, groups)
        if again == seeds:
            break
        seeds = again
    taken = _matched(team, groups)
    return tuple(
        owner if held else taken[group] for owner, held, group in zip(team.owners, team.fixed, groups, strict=True)
    )


def _matched(team: Team, groups: Sequence[int]) -> dict[int, int]:
    """Which area takes which group: those with most customers of it first."""
    pairs = Counter(zip(groups, team.owners, strict=True))
    everything = range(len(team.areas))
    order = sorted((-pairs[group, area], group, area) for group in everything for area in everything)
    taken: dict[int, int] = {}
    for _, group, area in order:
        if group not in taken and area not in taken.values():
            taken[group] = area
    return taken


class _Districts:
    """Areas while they are changed."""

    def __init__(self, team: Team, first: Sequence[int]) -> None:
        self.team, self.problem = team, team.problem
        self.owners = list(first)
        self.loads = [sum(duty.load for duty in stop.duties) for stop in self.problem.stops]
        self.visits = [max(1, len(stop.duties)) for stop in self.problem.stops]
        self.days = [max(1, sum(room >= 0 for room in area.rooms)) for area in team.areas]
        self.near = [self._neighbours(stop) for stop in range(len(self.owners))]
        self.used = [sum(area.standing_loads) for area in team.areas]
        self.members = [0] * len(team.areas)
        self.moved = 0
        for stop, owner in enumerate(self.owners):
            if owner != NOBODY:
                self._count(stop, owner, 1)
        total = sum(self.loads) + sum(sum(area.standing_loads) for area in team.areas)
        self.mean = max(1, total // sum(self.days))

    def _neighbours(self, stop: int) -> list[int]:
        row = self.problem.metres[stop]
        order = sorted(range(len(row)), key=lambda other: (row[other], other))
        return [other for other in order if other != stop]

    def _count(self, stop: int, area: int, one: int) -> None:
        self.used[area] += one * self.loads[stop]
        self.members[area] += one
        if NOBODY != self.team.owners[stop] != area:
            self.moved += one

    def deal_out(self) -> None:
        """Customers without a manager get the cheapest; managers with too many give some to those who may have
        more.
        """
        for stop in sorted(range(len(self.owners)), key=lambda one: (-self.visits[one], one)):
            if self.owners[stop] == NOBODY:
                self._give(stop, self._cheapest(stop, [*range(len(self.team.areas))]))
        for area, limits in enumerate(self.team.areas):
            while self.members[area] > limits.most:
                offers = [(self._gain(stop, to), stop, to) for stop in self._of(area) for to in self._open(stop, area)]
                if not offers:
                    break
                _, stop, to = min(offers)
                self._give(stop, to)

    def _of(self, area: int) -> list[int]:
        return [stop for stop, owner in enumerate(self.owners) if owner == area]

    def _open(self, stop: int, area: int) -> list[int]:
        others = [at for at in range(len(self.team.areas)) if at != area and self.team.may(stop, at)]
        return [at for at in others if self.members[at] < self.team.areas[at].most]

    def _cheapest(self, stop: int, areas: list[int]) -> int:
        fits = [at for at in areas if self.members[at] < self.team.areas[at].most] or areas
        return min(fits, key=lambda at: (self._cost(stop, at) + self._uneven(at, self.loads[stop]), at))

    def _give(self, stop: int, to: int) -> None:
        if self.owners[stop] != NOBODY:
            self._count(stop, self.owners[stop], -1)
        self.owners[stop] = to
        self._count(stop, to, 1)

    def sweep(self) -> bool:
        """Everybody once to the cheapest area of his neighbours; did anybody go?"""
        went = False
        for stop, owner in enumerate(self.owners):
            near = {self.owners[other] for other in self.near[stop][:_ASKED]}
            offers = [(self._gain(stop, at), at) for at in self._open(stop, owner) if at in near]
            gain, to = min(offers, default=(0, NOBODY))
            if gain < 0 and self._may_move(stop, to):
                self._give(stop, to)
                went = True
        return went

    def _may_move(self, stop: int, to: int) -> bool:
        was = self.team.owners[stop]
        leaves = was not in (NOBODY, to) and self.owners[stop] == was
        return not leaves or self.moved < self.team.most_moved

    def _gain(self, stop: int, to: int) -> int:
        """What going to another area costs; below 0 it saves."""
        here, load = self.owners[stop], self.loads[stop]
        road = self._cost(stop, to) - self._cost(stop, here)
        return road + self._uneven(to, load) + self._uneven(here, -load)

    def _cost(self, stop: int, area: int) -> int:
        """Ways to the area's customers nearest to this one, for each of his visits, and handing over."""
        row = self.problem.metres[stop]
        ways = []
        for other in self.near[stop]:
            if self.owners[other] == area:
                ways.append(row[other])
                if len(ways) == _NEAREST:
                    break
        road = sum(ways) // len(ways) if ways else 0
        handing = self.team.hand_over if self.team.owners[stop] not in (NOBODY, area) else 0
        return self.problem.weights.travel * road * self.visits[stop] + handing

    def total(self) -> int:
        """What all areas cost; the way out from their middles too, shared by the visits of a day."""
        road = sum(self._cost(stop, owner) for stop, owner in enumerate(self.owners))
        at = middles(self.team, self.owners)
        out = sum(self.problem.metres[at[owner]][s] * self.visits[s] for s, owner in enumerate(self.owners))
        road += self.problem.weights.travel * out // OF_A_DAY
        return road + sum(self._uneven_price(area, load) for area, load in enumerate(self.used))

    def _uneven(self, area: int, more: int) -> int:
        """What so much more load changes in an area's price of uneven days."""
        return self._uneven_price(area, self.used[area] + more) - self._uneven_price(area, self.used[area])

    def _uneven_price(self, area: int, load: int) -> int:
        apart = load - self.mean * self.days[area]
        weight = self.problem.weights.evenness * 100_000
        room = sum(max(0, room) for room in self.team.areas[area].rooms)
        over = max(0, load - room) * _HUGE // max(1, room) // 1000
        return weight * apart * apart // (self.days[area] * self.mean * self.mean) + over
