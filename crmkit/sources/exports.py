"""Base data as files that an import reads back: default Chinese headers, every cell held against its own reader."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Field, Reason
from crmkit.sources import cellwords, headers
from crmkit.sources.cells import Reader
from crmkit.sources.layout import reader_of

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9.]+")
_WORDS: Mapping[Field, Mapping[StrEnum, str]] = {
    Field.STATE: cellwords.STATES,
    Field.MARKET_TYPE: cellwords.MARKETS,
    Field.BUSINESS_TYPE: cellwords.BUSINESSES,
    Field.VISIT_METHOD: cellwords.METHODS,
}
_FLAGS = {Field.ONLINE: "是 否", Field.KEY_BRAND: "是 否", Field.PRODUCT_ACTIVE: "正常 停产"}
_DAYS = frozenset({Field.ORDER_WEEKDAY, Field.CLOSED_WEEKDAYS})
_DEGREES = frozenset({Field.LATITUDE, Field.LONGITUDE})


def header_of(field: Field) -> str:
    """The header of a field in our own layout: the first Chinese word an import knows."""
    return headers.WORDS[field].split("|")[0]


def text_of(field: Field, value: Any) -> str:
    """A value of the store as the words of a file; "" for none."""
    if value is None:
        return ""
    if field in _WORDS:
        return next(names.split()[0] for code, names in _WORDS[field].items() if code == value)
    if field in _FLAGS:
        return _FLAGS[field].split()[0 if value else 1]
    if field in _DAYS:
        return "、".join(f"周{'一二三四五六日'[int(day) - 1]}" for day in str(value))
    return _degrees(value) if field in _DEGREES else str(value)


def _degrees(millionths: int) -> str:
    sign, whole = "-" if millionths < 0 else "", abs(millionths)
    return f"{sign}{whole // 1_000_000}.{whole % 1_000_000:06d}"


def readable(field: Field, value: Any) -> str:
    """The text of a cell that a spreadsheet takes for no formula and an import reads back as this very value."""
    return readable_by(reader_of(field), text_of(field, value), value)


def readable_by(read: Reader, text: str, value: Any) -> str:
    """Of the ways to write a text the first that is no formula and reads back as `value`; the plain one without any."""
    if not text:
        return text
    ways = (text, f"'{text}", f'="{text}"')
    for way in ways[1:] if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else ways:
        found = read(way)
        if not isinstance(found, Reason) and found == value:
            return way
    return text


ENCODINGS = ("utf-8-sig", "utf-8", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")
_UNMARKED = frozenset({"utf-16-le", "utf-16-be"})  # written with a mark, so that every spreadsheet knows them
_SHOWN_CHARACTERS = 10


def encoding_of(path: Path, wanted: str | None) -> str:
    """The encoding of a table of this name, "xlsx" for a workbook; UTF-8 with a mark when none is wanted.

    Raises Refusal: BAD_VALUE for a suffix or an encoding that is not known, CONFLICTING_OPTIONS for a workbook's.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise Refusal(Fault.BAD_VALUE, option="FILE", value=path.name, expected="*.csv *.xlsx")
    if wanted is not None and wanted.lower() not in ENCODINGS:
        raise Refusal(Fault.BAD_VALUE, option="--encoding", value=wanted, expected=" ".join(ENCODINGS))
    if suffix == ".xlsx" and wanted is not None:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=f"--encoding {wanted}", second=path.name)
    return "xlsx" if suffix == ".xlsx" else (wanted or ENCODINGS[0]).lower()


def write_table(stream: BinaryIO, path: Path, encoding: str, rows: Iterable[Sequence[str]]) -> None:
    """Write a table as `encoding_of` says: a CSV row by row. Raises Refusal(NOT_ENCODABLE), naming the characters."""
    if encoding == "xlsx":
        stream.write(_xlsx(rows))
        return
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", write_through=True)
    text.write("\ufeff" if encoding in _UNMARKED else "")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        try:
            writer.writerow(row)
        except UnicodeEncodeError as error:
            raise _not_encodable(path, encoding, row) from error
    text.detach()


def _not_encodable(path: Path, encoding: str, row: Sequence[str]) -> Refusal:
    """Names the characters of the first row that has some; it is found by the code it begins with."""
    lacking = dict.fromkeys(one for cell in row for one in cell if not _can(one, encoding))
    shown = " ".join([*lacking][:_SHOWN_CHARACTERS])
    return Refusal(Fault.NOT_ENCODABLE, path=str(path), encoding=encoding, characters=shown, code=row[0])


def _can(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Every cell is text: no code loses its zeros, nothing is calculated."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("crmkit")
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for cell, text in zip(cells, row, strict=True):
            cell.data_type = "s" if text else "n"
        sheet.append(cells)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
