"""Questionnaires of direct demand out of a file into the store (step 1): one row a product or wish, joined by customer
and month.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any

from crmkit.model.code import normal_code
from crmkit.model.consequence import Follower
from crmkit.model.customer import Customer
from crmkit.model.demand import NOTE_LENGTH, Channel, Questionnaire
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.importing import STICKS, CellChange, Counted, Field, Kind, Notice, Reason, Rejected
from crmkit.model.month import Month
from crmkit.rules.demand import assigned, edited, is_late, joined, kind_words, wishes_in
from crmkit.rules.importing import far_month, stranger
from crmkit.sources.reading import ColumnBatch, read_columns
from crmkit.store import customers, demand, documents, people, products
from crmkit.store.connection import Store
from crmkit.workflow.import_base_data import SHOWN_CHANGES, listed
from crmkit.workflow.import_source import Brought, Run
from crmkit.workflow.rederive_month import written_and_followed
from crmkit.workflow.working_calendar import deadline_of

Row = dict[Field, Any]
Why = tuple[Field, Reason, str]
Key = tuple[int, Month]


@dataclass(slots=True)
class _Asked:
    """What the rows of one customer and month say; of two rows of one product the later day counts, then the later
    row.
    """

    came_on: date
    channel: Channel
    lines: dict[int, tuple[date, int]] = field(default_factory=dict)
    wishes: dict[str, str | None] = field(default_factory=dict)


def import_demand(run: Run) -> Brought:
    """Write the questionnaires of a file. Lines of a product already there are changed, others stay; a quantity of 0
    takes a line away. A changed questionnaire is no longer confirmed.
    """
    load = _Load(run)
    for batch in read_columns(run.source.table, run.source.layout, Kind.DEMAND):
        load.take(batch)
        run.progress(len(batch.lines))
    load.write()
    return load.brought


def month_is_open(store: Store, manager: int | None, month: Month) -> bool:
    """May direct demand and scores of that month still change: its strategies are not submitted (step 7)?"""
    found = documents.find(store, manager, month, DocumentKind.STRATEGIES) if manager else None
    return found is None or found.state is DocumentState.DRAFT


@dataclass
class _Load:
    """The running state of one file."""

    run: Run
    brought: Brought = field(default_factory=Brought)
    asked: dict[Key, _Asked] = field(default_factory=dict)
    late: dict[str, str] = field(default_factory=dict)
    unconfirmed: list[str] = field(default_factory=list)
    repeated: int = 0

    def __post_init__(self) -> None:
        store = self.run.store
        self.customers = {one.id: one for one in customers.all(store)}
        self.keys, self.products, self.units = customers.keys(store), products.keys(store), products.units(store)
        self.words = kind_words(self.run.policy.strategy.catalogue)
        self.deadline = cache(lambda month: deadline_of(store, self.run.policy, month))
        self.open = cache(lambda manager, month: month_is_open(store, manager, month))

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """Codes of products by name, without blanks and case."""
        found: dict[str, list[str]] = {}
        for code, name in products.names(self.run.store).items():
            found.setdefault(_plain(name), []).append(code)
        return found

    def take(self, batch: ColumnBatch) -> None:
        self.brought.count(batch)
        for line, row in zip(batch.lines, _rows(batch), strict=True):
            why = self._take(row)
            if why is not None:
                heading = self.run.source.layout.heading(why[0])
                self.brought.rejected.append(Rejected(line, heading, why[1], why[2]))

    def _take(self, row: Row) -> Why | None:
        """Take one row, or say why not."""
        key = self.keys.get(row[Field.DEMAND_CUSTOMER])
        if key is None:
            return (Field.DEMAND_CUSTOMER, *stranger(row[Field.DEMAND_CUSTOMER], self.keys))
        customer = self.customers[key]
        came_on = date.fromisoformat(row[Field.DEMAND_DAY]) if row.get(Field.DEMAND_DAY) else self.run.today
        slip = self._slip(row, came_on)
        if slip:
            return slip
        channel = Channel(row.get(Field.DEMAND_CHANNEL) or (Channel.ONLINE if customer.online else Channel.PAPER))
        month = self._month(row, came_on, channel, customer)
        if not self.open(customer.manager, month):
            return (Field.DEMAND_CUSTOMER, Reason.MONTH_SUBMITTED, f"{customer.code} {month}")
        wanted = self._wanted(row)
        if isinstance(wanted[0], Field):
            return wanted
        asked = self.asked.get((key, month))
        said = wishes_in(row.get(Field.DEMAND_WISH), self.words, row.get(Field.DEMAND_NOTE))
        wishes = joined(asked.wishes if asked else {}, said)
        if any(len(note or "") > NOTE_LENGTH for note in wishes.values()):
            return (Field.DEMAND_WISH, Reason.TOO_LONG, "")
        self._add((key, month), came_on, channel, wanted, wishes)
        return None

    def _slip(self, row: Row, came_on: date) -> Why | None:
        """A day to come, or a day or month nobody works on now."""
        if came_on > self.run.today:
            return (Field.DEMAND_DAY, Reason.FUTURE_DATE, came_on.isoformat())
        named = row.get(Field.DEMAND_MONTH)
        months = {Field.DEMAND_DAY: Month.of(came_on), **({Field.DEMAND_MONTH: Month.parse(named)} if named else {})}
        found = ((where, far_month(month, self.run.today)) for where, month in months.items())
        return next(((where, Reason.MONTH_FAR, far) for where, far in found if far), None)

    def _month(self, row: Row, came_on: date, channel: Channel, customer: Customer) -> Month:
        named = Month.parse(row[Field.DEMAND_MONTH]) if row.get(Field.DEMAND_MONTH) else None
        day = self.run.policy.month.questionnaire_day
        month = assigned(came_on, channel, named, day, self.deadline)
        if is_late(came_on, channel, named, day):
            self.late[customer.code] = f"{customer.code} {came_on} → {month}"
        return month

    def _wanted(self, row: Row) -> tuple[int | None, int] | Why:
        """The product's key and the volume in thousandths of a carton; no product: (None, 0)."""
        word, volume = row.get(Field.DEMAND_PRODUCT), row.get(Field.DEMAND_VOLUME)
        if word is None:
            return (None, 0) if volume is None else (Field.DEMAND_PRODUCT, Reason.BLANK, "")
        codes = [normal_code(word)] if normal_code(word) in self.products else self.named.get(_plain(word), [])
        if len(codes) != 1:
            reason = Reason.TWO_PRODUCTS if codes else Reason.UNKNOWN_PRODUCT
            return (Field.DEMAND_PRODUCT, reason, f"{word} ({' '.join(codes)})" if codes else word)
        if volume is None:
            return (Field.DEMAND_VOLUME, Reason.BLANK, "")
        if volume < 0:
            return (Field.DEMAND_VOLUME, Reason.TOO_LARGE, "")
        return self._in_cartons(self.products[codes[0]], volume)

    def _in_cartons(self, product: int, volume: int) -> tuple[int | None, int] | Why:
        per_carton = self.units[product]
        unit = self.run.source.layout.stated.get(Field.DEMAND_VOLUME)
        whole, rest = divmod(volume * STICKS.get(unit, per_carton), per_carton)
        return (Field.DEMAND_VOLUME, Reason.TOO_FINE, "") if rest else (product, whole)

    def _add(
        self, key: Key, came_on: date, channel: Channel, wanted: Any, wishes: dict[str, str | None]
    ) -> None:
        asked = self.asked.setdefault(key, _Asked(came_on, channel))
        if came_on >= asked.came_on:
            asked.came_on, asked.channel = came_on, channel
        product, volume = wanted
        if product is not None:
            before = asked.lines.get(product)
            self.repeated += before is not None and before[1] != volume
            if before is None or came_on >= before[0]:
                asked.lines[product] = (came_on, volume)
        asked.wishes = wishes

    def write(self) -> None:
        """Write what changed, and say what did."""
        owners = {self.customers[customer].manager for customer, _month in self.asked}
        for owner in sorted(owners, key=lambda one: (one is None, one)):
            self._write_of(owner)
        notices = (
            (Notice.LATE_DEMAND, list(self.late.values())),
            (Notice.UNCONFIRMED, self.unconfirmed),
        )
        self.brought.notices += [(notice, listed(told)) for notice, told in notices if told]
        if self.repeated:
            self.brought.notices.append((Notice.LATER_ROW, str(self.repeated)))

    def _write_of(self, owner: int | None) -> None:
        """Write the questionnaires of one manager's customers; strategies and plan drafted before follow."""
        store, known = self.run.store, dict[Month, dict[int, Questionnaire]]()
        keys = [key for key in self.asked if self.customers[key[0]].manager == owner]
        keys.sort(key=lambda one: (one[1], self.customers[one[0]].code))
        months = list(dict.fromkeys(month for _customer, month in keys))

        def write() -> None:
            for key in keys:
                known.setdefault(key[1], demand.of_month(store, key[1]))
                self._write(key, known[key[1]].get(key[0]))

        if owner is None:
            return write()
        manager, run = people.by_id(store, owner), self.run
        _, followed = written_and_followed(store, run.act, run.policy, manager, months, write, Follower.STRATEGIES)
        self.brought.consequences += followed
        return None

    def _write(self, key: Key, before: Questionnaire | None) -> None:
        asked, (customer, month) = self.asked[key], key
        start = Questionnaire(customer, month, asked.came_on, asked.channel)
        lines = {product: volume for product, (_day, volume) in asked.lines.items()}
        after = edited(before, start, lines, asked.wishes)
        if after is before:
            self.brought.counted = self.brought.counted.plus(Counted(unchanged=1))
            return
        demand.write(self.run.store, after)
        code = self.customers[customer].code
        if before is None:
            self.brought.counted = self.brought.counted.plus(Counted(new=1))
            return
        self.brought.counted = self.brought.counted.plus(Counted(changed=1))
        if before.confirmed:
            self.unconfirmed.append(f"{code} {month}")
        if len(self.brought.changes) < SHOWN_CHANGES:
            self.brought.changes += list(self._changes(f"{code}/{month}", before, after))

    def _changes(self, name: str, before: Questionnaire, after: Questionnaire) -> Iterator[CellChange]:
        codes = {key: code for code, key in self.products.items()}
        old, new = ({line.product: line.volume for line in one.lines} for one in (before, after))
        for product in dict.fromkeys([*old, *new]):
            if old.get(product) != new.get(product):
                place = f"{name}/{codes[product]}"
                yield CellChange(Kind.DEMAND, place, "volume", old.get(product), new.get(product))
        yield from _wish_changes(name, before, after)


def _wish_changes(name: str, before: Questionnaire, after: Questionnaire) -> Iterator[CellChange]:
    old, new = ({wish.kind: wish.note or "" for wish in one.wishes} for one in (before, after))
    for kind in dict.fromkeys([*old, *new]):
        if old.get(kind) != new.get(kind):
            yield CellChange(Kind.DEMAND, f"{name}/{kind}", "wish", old.get(kind), new.get(kind))


def _rows(batch: ColumnBatch) -> Iterator[Row]:
    fields: Mapping[Any, list[Any]] = batch.columns
    for cells in zip(*fields.values(), strict=True):
        yield dict(zip(fields, cells, strict=True))


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
