"""Ability scores out of a file into the store (step 2): one row a customer, a blank cell is not scored."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from crmkit.model.importing import Counted, Field, Kind, Notice, Reason, Rejected
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem, ScoreOrigin
from crmkit.rules.importing import far_month, stranger
from crmkit.rules.operating import origin_of_row
from crmkit.sources.layout import SCORES
from crmkit.sources.reading import ColumnBatch, read_columns
from crmkit.store import customers, operating, people
from crmkit.workflow.acting import refuse_foreign
from crmkit.workflow.import_base_data import listed
from crmkit.workflow.import_demand import month_is_open
from crmkit.workflow.import_source import Brought, Run

ITEMS = dict(zip(SCORES, AbilityItem, strict=True))
Why = tuple[Field, Reason, str]
Key = tuple[int, Month]


def import_scores(run: Run) -> Brought:
    """Write the scores of a file. A row that repeats last month's scores is marked carried, any other entered; the
    operating state that was generated from other scores is open again.
    """
    load = _Load(run)
    for batch in read_columns(run.source.table, run.source.layout, Kind.SCORES):
        load.take(batch)
        run.progress(len(batch.lines))
    load.write()
    return load.brought


@dataclass
class _Load:
    """The running state of one file; of two rows of one customer and month the later counts."""

    run: Run
    brought: Brought = field(default_factory=Brought)
    given: dict[Key, dict[AbilityItem, int]] = field(default_factory=dict)
    carried: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        store = self.run.store
        self.customers, self.keys = {one.id: one for one in customers.all(store)}, customers.keys(store)
        self.open = cache(lambda manager, month: month_is_open(store, manager, month))
        self.scores = cache(lambda manager, month: operating.scores(store, manager, month))

    def take(self, batch: ColumnBatch) -> None:
        self.brought.count(batch)
        for place, line in enumerate(batch.lines):
            why = self._take({name: cells[place] for name, cells in batch.columns.items() if isinstance(name, Field)})
            if why is not None:
                heading = self.run.source.layout.heading(why[0])
                self.brought.rejected.append(Rejected(line, heading, why[1], why[2]))

    def _take(self, row: dict[Field, Any]) -> Why | None:
        code, month = row[Field.SCORE_CUSTOMER], Month.parse(row[Field.SCORE_MONTH])
        key = self.keys.get(code)
        if key is None:
            return (Field.SCORE_CUSTOMER, *stranger(code, self.keys))
        manager = self.customers[key].manager
        if manager is None:
            return (Field.SCORE_CUSTOMER, Reason.NOT_VALID, code)
        far = far_month(month, self.run.today)
        if far:
            return (Field.SCORE_MONTH, Reason.MONTH_FAR, far)
        if not self.open(manager, month):
            return (Field.SCORE_MONTH, Reason.MONTH_SUBMITTED, f"{code} {month}")
        self.given[(key, month)] = {item: row[name] for name, item in ITEMS.items() if row.get(name) is not None}
        return None

    def write(self) -> None:
        """Write what changed; a state generated from what changed is computed only."""
        self._refuse_foreign()
        changed = {(self.customers[key].manager, month) for key, month in self.given if self._write(key, month)}
        for manager, month in changed:
            if manager is not None and operating.state(self.run.store, manager, month) == "generated":
                operating.set_state(self.run.store, manager, month, "computed")
        if self.carried:
            self.brought.notices.append((Notice.CARRIED_SCORES, listed(self.carried)))

    def _refuse_foreign(self) -> None:
        run = self.run
        for manager in {self.customers[key].manager for key, _month in self.given}:
            if manager is not None:
                refuse_foreign(run.store, run.act, run.policy, people.by_id(run.store, manager))

    def _write(self, key: int, month: Month) -> bool:
        customer, given = self.customers[key], self.given[(key, month)]
        known = self.scores(customer.manager, month).get(key, {})
        before = {item: score for item, (score, _origin) in known.items()}
        last = self.scores(customer.manager, month.previous).get(key, {})
        new = {item: score for item, score in given.items() if before.get(item) != score}
        if not new:
            self.brought.counted = self.brought.counted.plus(Counted(unchanged=1))
            return False
        origin = origin_of_row(given, {item: score for item, (score, _origin) in last.items()})
        self.carried += [customer.code] if origin is ScoreOrigin.CARRIED else []
        self._put(month, [(key, item, score) for item, score in new.items()], origin)
        counted = Counted(changed=1) if known else Counted(new=1)
        self.brought.counted = self.brought.counted.plus(counted)
        return True

    def _put(self, month: Month, rows: list[tuple[int, AbilityItem, int]], origin: ScoreOrigin) -> None:
        operating.write_scores(self.run.store, month, rows, origin, self.run.act)
