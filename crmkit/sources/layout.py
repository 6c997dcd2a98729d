"""A layout: for each field of a file, where it stands and how it is read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import REQUIRED, Field, Kind, Reason, VolumeUnit
from crmkit.model.ownfield import AnyField, OwnField
from crmkit.sources import cells, cellwords, headers
from crmkit.sources.cells import Cached, DateOrder, Epoch, Reader
from crmkit.sources.hours import hours
from crmkit.sources.lengths import length_of
from crmkit.sources.ownfields import reader_of_own

Units = dict[AnyField, VolumeUnit | None]
Times = Decimal | int | None
Cut = tuple[int | None, int | None]
WHOLE: Cut = (None, None)


@dataclass(frozen=True, slots=True)
class Column:
    """One field: a column of the file (`index`), or the same text on every row (`constant`)."""

    field: AnyField
    heading: str
    index: int | None
    read: Cached
    constant: str = ""
    cut: Cut = WHOLE  # a slice of the cell: the last five characters, or all but them


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is read. `ignored`: headings no field uses; `units`: headings whose unit changes the figures.

    `stated`: what the heading or the mapping says a column of quantities counts.
    """

    kinds: tuple[Kind, ...]
    columns: tuple[Column, ...]
    stated: Units = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    system: str = "wgs84"  # of the coordinates
    strange: tuple[str, ...] = ()  # headings with a unit that is not known
    serial: frozenset[AnyField] = frozenset()  # day columns of Excel days in a text

    @property
    def converts(self) -> bool:
        """May quantities count something else than cartons?"""
        stated = set(self.stated.values()) - {None, VolumeUnit.CARTON}
        return bool(stated) or any(column.field is Field.VOLUME_UNIT for column in self.columns)

    def heading(self, field: AnyField) -> str:
        """The header of a field's column, "" when the file has none."""
        return next((column.heading for column in self.columns if column.field is field), "")

    def of_kind(self, kind: Kind) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field.kind is kind)


_LARGEST_LINE = 10**9

SCORES = (
    Field.SCORE_DISPLAY, Field.SCORE_STOCK, Field.SCORE_PRICING,
    Field.SCORE_RECOMMENDING, Field.SCORE_ONLINE, Field.SCORE_LAWFUL,
)  # fmt: skip
_READERS: dict[Field, Reader] = {
    Field.CUSTOMER_CODE: cells.code,
    Field.CUSTOMER_NAME: cells.text_of(200),
    Field.LICENCE: cells.code,
    Field.MANAGER: cells.text_of(100),
    Field.STATE: cellwords.word_of(cellwords.STATES),
    Field.GRADE: cellwords.grade,
    Field.MARKET_TYPE: cellwords.word_of(cellwords.MARKETS),
    Field.BUSINESS_TYPE: cellwords.word_of(cellwords.BUSINESSES),
    Field.NEIGHBOURHOOD: cells.text_of(100),
    Field.ROUTE: cells.text_of(100),
    Field.ORDER_WEEKDAY: cellwords.weekday,
    Field.ONLINE: cellwords.yes_or_no,
    Field.VISIT_METHOD: cellwords.word_of(cellwords.METHODS),
    Field.LONGITUDE: cells.degrees_of(180),
    Field.LATITUDE: cells.degrees_of(90),
    Field.ADDRESS: cells.text_of(400),
    Field.CITY: cells.text_of(100),
    Field.CONTACT: cells.text_of(100),
    Field.PHONE: cells.phone,
    Field.CLOSED_WEEKDAYS: cellwords.weekdays,
    Field.HOURS: hours,
    Field.PRODUCT_CODE: cells.code,
    Field.PRODUCT_NAME: cells.text_of(200),
    Field.CATEGORY: cells.text_of(300),
    Field.CATEGORY_1: cells.text_of(100),
    Field.CATEGORY_2: cells.text_of(100),
    Field.CATEGORY_3: cells.text_of(100),
    Field.KEY_BRAND: cellwords.yes_or_no,
    Field.TAR: cells.tar,
    Field.UNITS_PER_CARTON: cells.whole_of(1_000_000, 1),
    Field.PRODUCT_ACTIVE: cellwords.selling,
    Field.ORDER_NUMBER: cells.code,
    Field.ORDER_LINE: cells.whole_of(_LARGEST_LINE),
    Field.ORDER_CUSTOMER: cells.code,
    Field.ORDER_PRODUCT: cells.code,
    Field.VOLUME: cells.volume,
    Field.VOLUME_UNIT: cellwords.volume_unit,
    Field.ALLOWED: cells.volume,
    Field.DEMAND_CUSTOMER: cells.code,
    Field.DEMAND_PRODUCT: cells.text_of(200),
    Field.DEMAND_VOLUME: cells.volume,
    Field.DEMAND_WISH: cells.text_of(400),
    Field.DEMAND_NOTE: cells.text_of(400),
    Field.DEMAND_CHANNEL: cellwords.word_of(cellwords.CHANNELS),
    Field.SCORE_CUSTOMER: cells.code,
    **dict.fromkeys(SCORES, cells.whole_of(5, 1)),
    Field.WAY_FROM: cells.code,
    Field.WAY_TO: cells.code,
}
DAYS = frozenset({Field.OPENED_ON, Field.CLOSED_ON, Field.ORDER_DAY, Field.DEMAND_DAY})
_MONTHS = frozenset({Field.DEMAND_MONTH, Field.SCORE_MONTH})
QUANTITIES = frozenset({Field.VOLUME, Field.ALLOWED, Field.DEMAND_VOLUME})  # columns whose header may name a unit
_AMOUNTS = frozenset({Field.AMOUNT, Field.ORDER_TOTAL})
_NEEDED = frozenset({
    Field.CUSTOMER_CODE, Field.PRODUCT_CODE, Field.ORDER_LINE, *REQUIRED[Kind.ORDERS],
    Field.DEMAND_CUSTOMER, Field.SCORE_CUSTOMER, Field.SCORE_MONTH, *REQUIRED[Kind.DISTANCES],
})  # fmt: skip
KNOWN_WORDS: dict[Field, str] = {
    Field.STATE: cellwords.known_words(cellwords.STATES),
    Field.MARKET_TYPE: cellwords.known_words(cellwords.MARKETS),
    Field.BUSINESS_TYPE: cellwords.known_words(cellwords.BUSINESSES),
    Field.VISIT_METHOD: cellwords.known_words(cellwords.METHODS),
    Field.GRADE: "1-30",
    Field.ORDER_WEEKDAY: "周一-周日",
    Field.HOURS: "09:00-21:30",
    Field.VOLUME_UNIT: " ".join(map(cellwords.unit_word, VolumeUnit)),
    Field.ONLINE: "是 否",
    Field.KEY_BRAND: "是 否",
    Field.DEMAND_CHANNEL: cellwords.known_words(cellwords.CHANNELS),
}


def reader_of(field: Field, *, order: DateOrder = "ymd", times: Times = 1, epoch: Epoch | None = None) -> Reader:
    """How a field is read; a needed one gives the reason BLANK for a blank cell."""
    if field in DAYS:
        read = cells.day_of(order, epoch)
    elif field in _MONTHS:
        read = cells.month_of(epoch)
    elif field in _AMOUNTS:
        read = cells.amount_of(int(times or 1))
    elif field is Field.WAY_LENGTH:
        read = length_of(times)
    else:
        read = _READERS[field]
    return needed(read) if field in _NEEDED else read


def needed(read: Reader) -> Reader:
    def read_needed(text: str) -> Any:
        value = read(text)
        return Reason.BLANK if value is None else value

    return read_needed


def translated(read: Reader, values: dict[str, str], default: str | None) -> Reader:
    """A reader behind the translations of a mapping file; words it does not name pass unless there is a default."""
    known = {cells.half_width(word).casefold(): meaning for word, meaning in values.items()}

    def read_translated(text: str) -> Any:
        word = cells.half_width(text).casefold()
        return read(known.get(word, text if default is None else default))

    return read_translated


def without_words(read: Reader, nulls: Collection[str]) -> Reader:
    """A reader for which certain words are blank cells."""
    known = frozenset(cells.half_width(word).casefold() for word in nulls)

    def read_unless_null(text: str) -> Any:
        return read("" if cells.half_width(text).casefold() in known else text)

    return read_unless_null


def by_headers(
    path: str,
    header: tuple[str, ...],
    kinds: tuple[Kind, ...] = (),
    order: DateOrder = "ymd",
    epoch: Epoch | None = None,
) -> Layout:
    """The layout a header row tells by itself.

    Raises Refusal: NO_HEADER with what was expected and found; HALF_ORDERS for order lines that lack a column, which
    would else be taken for a list of the products in them.
    """
    chosen = kinds or headers.kinds_of(header)
    lacking = headers.half_orders(header) if chosen and not kinds else ()
    if lacking and Kind.ORDERS not in chosen:
        only = " ".join(f"--kind {kind}" for kind in chosen)
        facts = {"expected": expected_headers(lacking), "found": " ".join(header)[:500], "kinds": only}
        raise Refusal(Fault.HALF_ORDERS, path=path, **facts)
    columns: list[Column] = []
    for kind in chosen:
        found = headers.recognise(header, kind)
        columns += [
            Column(field, header[index], index, Cached(_reader(field, header[index], order, epoch)))
            for field, index in found.items()
        ]
    missing = missing_fields(chosen, columns, updating=bool(kinds))
    if not chosen or missing:
        meant = headers.twice_encoded(header)
        if meant:
            raise Refusal(Fault.TWICE_ENCODED, path=path, found=" ".join(header)[:200], meant=meant[:200])
        missing = missing or _nearest(header)
        raise Refusal(Fault.NO_HEADER, path=path, expected=expected_headers(missing), found=" ".join(header)[:500])
    return finish(header, chosen, columns, _units(columns))


def understands(header: tuple[str, ...], kinds: tuple[Kind, ...]) -> bool:
    """Would by_headers take this row?"""
    found = {field for kind in kinds for field in headers.recognise(header, kind)}
    needed_fields = {field for kind in kinds for field in REQUIRED[kind] if field in _NEEDED}
    return needed_fields <= found if kinds else bool(headers.kinds_of(header))


def _reader(field: Field, heading: str, order: DateOrder, epoch: Epoch | None) -> Reader:
    return reader_of(field, order=order, times=times_of(field, heading), epoch=epoch)


def times_of(field: Field, heading: str) -> Times:
    """What the unit in a heading multiplies its figures by; of lengths None when it names no unit."""
    if field is Field.WAY_LENGTH:
        return headers.length_unit(heading)
    return headers.amount_times(heading) if field in _AMOUNTS else 1


def _units(columns: list[Column]) -> Units:
    return {c.field: headers.volume_unit(c.heading) for c in columns if c.field in QUANTITIES}


def missing_fields(kinds: tuple[Kind, ...], columns: list[Column], *, updating: bool) -> tuple[Field, ...]:
    """Needed fields without a column; a file whose kind is named may bring codes and changes only."""
    present = {column.field for column in columns}
    wanted = [field for kind in kinds for field in REQUIRED[kind] if not updating or field in _NEEDED]
    return tuple(field for field in wanted if field not in present)


def _nearest(header: tuple[str, ...]) -> tuple[Field, ...]:
    """What the header lacks to be of the kind it is nearest to; nothing when it is near to none."""
    lacks = []
    for kind in Kind:
        found = headers.recognise(header, kind)
        if set(REQUIRED[kind]) & set(found):
            lacks.append((tuple(field for field in REQUIRED[kind] if field not in found), len(found)))
    return min(lacks, key=lambda one: (len(one[0]), -one[1]), default=((), 0))[0]


def expected_headers(missing: tuple[Field, ...]) -> str:
    """The headers that would have been understood: for the fields missed, or for every kind."""
    wanted = missing or tuple(field for kind in Kind for field in REQUIRED[kind])
    return " ".join(dict.fromkeys("/".join(headers.WORDS[field].split("|")[:1]) for field in wanted))


def finish(
    header: tuple[str, ...],
    kinds: tuple[Kind, ...],
    columns: list[Column],
    stated: Units,
    system: str = "wgs84",
) -> Layout:
    """The layout with what the header holds beside it."""
    used = {column.index for column in columns}
    ignored = tuple(t for index, t in enumerate(header) if index not in used and t and not t.startswith("#"))
    units = tuple(
        column.heading
        for column in columns
        if stated.get(column.field) not in (None, VolumeUnit.CARTON)
        or (isinstance(column.field, Field) and times_of(column.field, column.heading) not in (None, 1))
    )
    strange = tuple(column.heading for column in columns if _is_strange(column, stated))
    return Layout(kinds, tuple(columns), stated, ignored, units, system, strange)


def _is_strange(column: Column, stated: Units) -> bool:
    if column.field in _AMOUNTS:
        return headers.strange_unit(column.heading, headers.AMOUNT_UNITS)
    if column.field is Field.WAY_LENGTH:
        return headers.strange_unit(column.heading, headers.LENGTH_UNITS)
    unsaid = column.field in QUANTITIES and stated.get(column.field) is None
    return unsaid and headers.strange_unit(column.heading, headers.VOLUME_UNITS)


def with_own(layout: Layout, header: tuple[str, ...], own: Sequence[OwnField], epoch: Epoch | None = None) -> Layout:
    """The layout with the columns that bear exactly the name of an own field, where it brings customers."""
    if Kind.CUSTOMERS not in layout.kinds:
        return layout
    used = {column.index for column in layout.columns}
    free = {" ".join(text.split()).casefold(): index for index, text in enumerate(header) if index not in used}
    pairs = [(one, free[one.name.casefold()]) for one in own if one.name.casefold() in free]
    found = tuple(Column(one, header[index], index, Cached(reader_of_own(one, epoch))) for one, index in pairs)
    taken = {column.heading for column in found}
    ignored = tuple(text for text in layout.ignored if text not in taken)
    return replace(layout, columns=(*layout.columns, *found), ignored=ignored)


def with_serial(layout: Layout, read_as_days: Layout, serial: Collection[AnyField]) -> Layout:
    """The layout with some columns taken from another one of the same file, in which bare numbers are days."""
    pairs = zip(layout.columns, read_as_days.columns, strict=True)
    columns = tuple(other if column.field in serial else column for column, other in pairs)
    return replace(layout, columns=columns, serial=frozenset(serial))
