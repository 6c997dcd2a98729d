"""Ways by road between shops out of a file into the store: what cannot be a road is refused by name."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crmkit.model.customer import Customer
from crmkit.model.distance import GivenWay, Pair
from crmkit.model.importing import CellChange, Counted, Field, Kind, Notice, Reason, Rejected
from crmkit.rules.distance import LONGEST_METRES, can_be_zero, mean, pair_of, too_short
from crmkit.rules.importing import stranger
from crmkit.sources.reading import ColumnBatch, read_columns
from crmkit.store import customers, distances
from crmkit.workflow.import_base_data import SHOWN_CHANGES
from crmkit.workflow.import_source import Brought, Run

Why = tuple[Field, Reason, str]


def import_distances(run: Run) -> Brought:
    """Write the ways of a file. One that differs there and back counts with its mean; one with two lengths in the same
    direction is refused with all its rows.
    """
    load = _Load(run)
    for batch in read_columns(run.source.table, run.source.layout, Kind.DISTANCES):
        load.take(batch)
        run.progress(len(batch.lines))
    load.write()
    return load.brought


@dataclass
class _Load:
    """The running state of one file: every length of every direction with the lines it stands on."""

    run: Run
    brought: Brought = field(default_factory=Brought)
    lengths: dict[tuple[int, int], dict[int, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        store = self.run.store
        self.known, self.keys = {one.id: one for one in customers.all(store)}, customers.keys(store)

    def take(self, batch: ColumnBatch) -> None:
        self.brought.count(batch)
        columns = (batch.columns[name] for name in (Field.WAY_FROM, Field.WAY_TO, Field.WAY_LENGTH))
        for line, start, end, metres in zip(batch.lines, *columns, strict=True):
            why = self._take(line, start, end, metres)
            if why is not None:
                self._refuse(line, why)

    def _take(self, line: int, start: str, end: str, metres: int) -> Why | None:
        for name, code in ((Field.WAY_FROM, start), (Field.WAY_TO, end)):
            if code not in self.keys:
                return (name, *stranger(code, self.keys))
        one, other = self.known[self.keys[start]], self.known[self.keys[end]]
        if one.id == other.id and metres == 0:
            return None
        reason = _reason(one, other, metres)
        if reason is not None:
            return (Field.WAY_LENGTH, reason, _told(one, other, metres))
        self.lengths.setdefault((one.id, other.id), {}).setdefault(metres, []).append(line)
        return None

    def _refuse(self, line: int, why: Why) -> None:
        self.brought.rejected.append(Rejected(line, self.run.source.layout.heading(why[0]), why[1], why[2]))

    def write(self) -> None:
        """Write what is new or different; a way that stands as it stood is left."""
        twice = {pair_of(*way) for way, found in self.lengths.items() if len(found) > 1}
        for pair in sorted(twice):
            self._refuse_pair(pair)
        ways = list(self._ways(twice))
        ends = {end for way in ways for end in way.pair}
        before = {way.pair: way for way in distances.between(self.run.store, ends)}
        changed = [way for way in ways if before.get(way.pair) != way]
        distances.put(self.run.store, changed)
        new = sum(way.pair not in before for way in changed)
        self.brought.counted = Counted(new, len(changed) - new, len(ways) - len(changed))
        longer = [(before[way.pair], way) for way in changed if way.pair in before]
        self.brought.changes = [
            CellChange(Kind.DISTANCES, self._name(way.pair), "length", old.metres, way.metres)
            for old, way in longer[:SHOWN_CHANGES]
            if old.metres != way.metres
        ]

    def _refuse_pair(self, pair: Pair) -> None:
        found = [self.lengths.get(way, {}) for way in (pair, pair[::-1])]
        told = " | ".join(_metres(metres) for one in found if len(one) > 1 for metres in one)
        why = (Field.WAY_LENGTH, Reason.TWO_LENGTHS, f"{self._name(pair)}: {told}")
        for line in (line for one in found for lines in one.values() for line in lines):
            self._refuse(line, why)

    def _ways(self, twice: set[Pair]) -> Iterator[GivenWay]:
        """A way for each pair; says how many differ there and back."""
        differing: list[tuple[int, Pair, int, int]] = []
        for pair in sorted({pair_of(*way) for way in self.lengths} - twice):
            there, back = (next(iter(self.lengths.get(way, {})), None) for way in (pair, pair[::-1]))
            if there is not None and back is not None and there != back:
                differing.append((abs(there - back), pair, there, back))
            first, second = there if there is not None else back, back if back is not None else there
            assert first is not None
            assert second is not None
            one, other = self.known[pair[0]], self.known[pair[1]]
            yield GivenWay(one.id, other.id, mean(first, second), one.place, other.place)
        if differing:
            _apart, pair, there, back = max(differing)
            largest = f"{self._name(pair)}: {there} / {back} → {_metres(mean(there, back))}"
            self.brought.notices.append((Notice.THERE_AND_BACK, f"{len(differing)} ({largest})"))

    def _name(self, pair: Pair) -> str:
        return f"{self.known[pair[0]].code}–{self.known[pair[1]].code}"


def _reason(one: Customer, other: Customer, metres: int) -> Reason | None:
    """Why so long a way between two shops cannot be."""
    if one.id == other.id:
        return Reason.TO_ITSELF
    if metres > LONGEST_METRES:
        return Reason.TOO_FAR
    if too_short(metres, one.place, other.place) is not None:
        return Reason.BELOW_STRAIGHT
    return Reason.NO_WAY if metres == 0 and not can_be_zero(one.place, other.place) else None


def _told(one: Customer, other: Customer, metres: int) -> str:
    straight = too_short(metres, one.place, other.place)
    below = f" < {_metres(straight)}" if straight is not None else ""
    return f"{one.code}–{other.code}: {_metres(metres)}{below}"


def _metres(metres: int) -> str:
    return f"{metres} m"
