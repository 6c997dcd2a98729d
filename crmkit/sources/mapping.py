"""The mapping file of `--map`: TOML that says which column is which field.

    [orders]
    number = { column = "Invoice/Item Number", without_last = 5 }
    line = { column = "Invoice/Item Number", last = 5 }
    day = { column = "Date", order = "mdy" }
    customer = "Store Number"
    volume = { column = "Bottles Sold", unit = "carton" }

Tables: customers, products, orders, demand, scores, distances; keys: the names in model/importing.py. A key is a
column's header, or a table of `column`, `value` (the same on every row), `values` (translations), `default` (for words
they do not name), `order` (ymd, mdy, dmy), `unit` (carton, case, crate, stick, pack), `times` (of an amount; of a
length the metres in one), `last`, `without_last` (a part of a cell), `pair` (1 or 2: a number of a pair in brackets
that ends the cell, as in `1 Main St (42.4, -92.3)`).

Above the tables: `encoding`, `delimiter`, `sheet` (of a workbook), `nulls` (words that mean a blank cell), `system` of
the coordinates (wgs84, gcj02, bd09), `others` ("headings": columns the mapping does not name are found by their
headings), `fingerprint` (of the header a saved mapping is for).
"""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Field, Kind, VolumeUnit
from crmkit.sources.cells import Cached, DateOrder, Epoch, of_pair
from crmkit.sources.coordinates import SYSTEMS
from crmkit.sources.headers import recognise, take_apart, volume_unit
from crmkit.sources.layout import (
    QUANTITIES,
    Column,
    Cut,
    Layout,
    Units,
    finish,
    missing_fields,
    reader_of,
    times_of,
    translated,
    without_words,
)

_SPEC: dict[str, type] = {
    "column": str,
    "value": str,
    "values": dict,
    "default": str,
    "order": str,
    "unit": str,
    "times": int,
    "last": int,
    "without_last": int,
    "pair": int,
}
BY_HEADINGS = "headings"
_EXPECTED = {str: "mapping-text", int: "mapping-number", dict: "mapping-translations"}
_TEXTS = ("encoding", "delimiter", "sheet", "system", "others", "fingerprint")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, read and checked; its columns are looked up in a header by `layout_for`."""

    path: Path
    text: str
    kinds: tuple[Kind, ...]
    specs: dict[Field, dict[str, Any]]
    settings: dict[str, str]
    nulls: tuple[str, ...] = ()

    @property
    def system(self) -> str:
        return self.settings.get("system", "wgs84")

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises Refusal: FILE_MISSING, BAD_MAPPING with line and reason."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise Refusal(Fault.FILE_MISSING, path=str(path)) from error
    except UnicodeDecodeError as error:
        raise Refusal(Fault.BAD_MAPPING, path=str(path), line=1, reason="UTF-8") from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(Fault.BAD_MAPPING, path=str(path), line=_line_in(str(error)), reason="toml") from error
    return _Check(path, text).mapping(content)


def _line_in(message: str) -> int:
    words = message.replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else 1


@dataclass(frozen=True, slots=True)
class _Check:
    """Turns the parsed file into a Mapping, naming the line of what is wrong."""

    path: Path
    text: str

    def refuse(self, within: str, at: str, reason: str, **facts: str) -> Refusal:
        """A refusal; its reason is a code whose words are in report/mappingwords.py."""
        line = self.line_of(within, at)
        return Refusal(Fault.BAD_MAPPING, path=str(self.path), line=line, reason=reason, **facts)

    def line_of(self, table: str, key: str) -> int:
        """The line on which a key stands; the table's own line, or 1, when it is not found."""
        within, place = "", 1
        for number, line in enumerate(self.text.splitlines(), 1):
            stripped = line.strip()
            if stripped.startswith("["):
                within = stripped.strip("[] ")
                if within == table or within.startswith(f"{table}.{key}"):
                    place = number
            elif within == table and key and stripped.partition("=")[0].strip().strip('"') == key:
                return number
        return place

    def mapping(self, content: dict[str, Any]) -> Mapping:
        tables = {name: table for name, table in content.items() if isinstance(table, dict)}
        for name in tables:
            if name not in list(Kind):
                raise self.refuse(name, "", "mapping-table", table=name)
        settings = {name: value for name, value in content.items() if name not in tables}
        nulls = settings.pop("nulls", [])
        self.check_settings(settings, nulls)
        if not tables:
            raise self.refuse("", "", "mapping-no-table")
        specs = {
            self.field(name, key): self.spec(name, key, value) for name, t in tables.items() for key, value in t.items()
        }
        kinds = tuple(kind for kind in Kind if kind in tables)
        return Mapping(self.path, self.text, kinds, specs, settings, tuple(nulls))

    def check_settings(self, settings: dict[str, Any], nulls: object) -> None:
        for name, value in settings.items():
            if name not in _TEXTS:
                raise self.refuse("", name, "mapping-key", key=name)
            if not isinstance(value, str):
                raise self.refuse("", name, "mapping-text", key=name)
        if not isinstance(nulls, list) or any(not isinstance(word, str) for word in nulls):
            raise self.refuse("", "nulls", "mapping-words", key="nulls")
        for name, choices in (("system", SYSTEMS), ("others", (BY_HEADINGS,))):
            if settings.get(name, choices[0]) not in choices:
                raise self.refuse("", name, "mapping-one-of", key=name, fields=" ".join(choices))

    def field(self, table: str, key: str) -> Field:
        try:
            return Field(f"{table}.{key}")
        except ValueError:
            known = " ".join(field.key for field in Field if field.kind == table)
            raise self.refuse(table, key, "mapping-field", key=key, fields=known) from None

    def spec(self, table: str, key: str, value: object) -> dict[str, Any]:
        spec = {"column": value} if isinstance(value, str) else value
        if not isinstance(spec, dict):
            raise self.refuse(table, key, "mapping-spec", key=key)
        for name, part in spec.items():
            if name not in _SPEC:
                raise self.refuse(table, key, "mapping-word", key=key, word=name, fields=" ".join(_SPEC))
            if not isinstance(part, _SPEC[name]) or isinstance(part, bool):
                raise self.refuse(table, key, _EXPECTED[_SPEC[name]], key=f"{key}.{name}")
        if ("column" in spec) == ("value" in spec):
            raise self.refuse(table, key, "mapping-either", key=key)
        self.check_choices(table, key, spec)
        return spec

    def check_choices(self, table: str, key: str, spec: dict[str, Any]) -> None:
        for name, choices in (("order", get_args(DateOrder)), ("unit", tuple(VolumeUnit))):
            if spec.get(name, choices[0]) not in choices:
                raise self.refuse(table, key, "mapping-one-of", key=f"{key}.{name}", fields=" ".join(choices))
        if any(not isinstance(meaning, str) for meaning in spec.get("values", {}).values()):
            raise self.refuse(table, key, "mapping-text", key=f"{key}.values")
        if spec.get("pair", 1) not in (1, 2):
            raise self.refuse(table, key, "mapping-one-of", key=f"{key}.pair", fields="1 2")
        if any(spec.get(name, 1) < 1 for name in ("last", "without_last", "times")):
            raise self.refuse(table, key, "mapping-from-one", key=key)


def understands(mapping: Mapping, header: tuple[str, ...]) -> bool:
    """Does this row have all the columns the mapping names?"""
    named = [spec["column"] for spec in mapping.specs.values() if "column" in spec]
    return bool(named) and all(_find(header, name) is not None for name in named)


def layout_for(mapping: Mapping, header: tuple[str, ...], epoch: Epoch | None = None) -> Layout:
    """The layout of a file with this header. Raises Refusal(BAD_MAPPING) for a column the file does not have."""
    check = _Check(mapping.path, mapping.text)
    columns = [_column(check, field, mapping, header, epoch) for field in mapping.specs]
    columns += _others(mapping, header, epoch)
    missing = missing_fields(mapping.kinds, columns, updating=True)
    if missing:
        table, fields = str(missing[0].kind), " ".join(field.key for field in missing)
        raise check.refuse(table, "", "mapping-needs", table=table, fields=fields)
    units: Units = {c.field: _unit(mapping, c) for c in columns if c.field in QUANTITIES}
    return finish(header, mapping.kinds, columns, units, mapping.system)


def _others(mapping: Mapping, header: tuple[str, ...], epoch: Epoch | None) -> list[Column]:
    """The columns a mapping leaves to their headings, if it says so."""
    if mapping.settings.get("others") != BY_HEADINGS:
        return []
    found = {field: place for kind in mapping.kinds for field, place in recognise(header, kind).items()}
    named = [
        Mapping(mapping.path, mapping.text, mapping.kinds, {field: {"column": header[place]}}, {}, mapping.nulls)
        for field, place in found.items()
        if field not in mapping.specs
    ]
    check = _Check(mapping.path, mapping.text)
    return [_column(check, field, one, header, epoch) for one in named for field in one.specs]


def _unit(mapping: Mapping, column: Column) -> VolumeUnit | None:
    """What a column of quantities counts, by the mapping, else by its heading."""
    said = mapping.specs.get(column.field, {}).get("unit") if isinstance(column.field, Field) else None
    return VolumeUnit(said) if said else volume_unit(column.heading)


def _column(check: _Check, field: Field, mapping: Mapping, header: tuple[str, ...], epoch: Epoch | None) -> Column:
    spec = mapping.specs[field]
    order: DateOrder = spec.get("order", "ymd")
    index = _find(header, spec["column"]) if "column" in spec else None
    heading = header[index] if index is not None else ""
    read = reader_of(field, order=order, times=spec.get("times", times_of(field, heading)), epoch=epoch)
    if "pair" in spec:
        read = of_pair(read, spec["pair"])
    if mapping.nulls:
        read = without_words(read, mapping.nulls)
    if "values" in spec or "default" in spec:
        read = translated(read, spec.get("values", {}), spec.get("default"))
    if "value" in spec:
        return Column(field, field.key, None, Cached(read), spec["value"])
    if index is None:
        column, found = repr(spec["column"]), ", ".join(header)[:500]
        raise check.refuse(field.kind, field.key, "mapping-column", column=column, header=found)
    return Column(field, heading, index, Cached(read), cut=_cut(spec))


def _find(header: tuple[str, ...], name: str) -> int | None:
    if name in header:
        return header.index(name)
    wanted = take_apart(name)
    same = [index for index, text in enumerate(header) if (h := take_apart(text)).word == wanted.word and h.word]
    return same[0] if len(same) == 1 else None


def _cut(spec: dict[str, Any]) -> Cut:
    if "last" in spec:
        return (-spec["last"], None)
    return (None, -spec["without_last"]) if "without_last" in spec else (None, None)
