"""The file of `calendar import FILE`: an official calendar nobody's library holds yet.

CSV (comma, semicolon or tab) in UTF-8 or GB18030 with a header: date 日期, working 上班 and, if wished,
name 名称. Strict: a calendar half understood is worse than none, so the first bad line refuses the file.
"""

import csv
import io
import re
from datetime import date
from pathlib import Path

from crmkit.model.calendar import CalendarDay
from crmkit.model.errors import Fault, Refusal

_HEADERS = {
    "date": ("date", "day", "日期", "日子"),
    "working": ("working", "workday", "work", "上班", "是否上班", "工作日", "是否工作日", "班休"),
    "name": ("name", "note", "holiday", "名称", "说明", "备注", "节日"),
}
_WORKING = {
    **dict.fromkeys(("yes", "y", "true", "1", "work", "working", "班", "上班", "补班", "是", "工作日"), True),
    **dict.fromkeys(("no", "n", "false", "0", "off", "holiday", "休", "放假", "休息", "否", "节假日"), False),
}
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|年([0-9]{1,2})月)([0-9]{1,2})日?", re.ASCII)
_LONGEST = 1_000_000  # bytes: ten full years are 50 KB


def read_calendar(path: Path) -> tuple[CalendarDay, ...]:
    """The days of a calendar file, in order of date.

    Raises Refusal: FILE_MISSING, FILE_EMPTY, WRONG_FILE_TYPE (not text), or BAD_CALENDAR with path, line and
    reason, where reason is one of header, columns, date, range, working, twice, empty, long.
    """
    rows = _rows(path, _text(path))
    line, header = rows[0]
    columns = _columns(path, line, header)
    days: dict[date, CalendarDay] = {}
    for number, cells in rows[1:]:
        if len(cells) != len(header):
            raise _bad(path, number, "columns")
        found = _day(path, number, cells, columns)
        if found.day in days:
            raise _bad(path, number, "twice")
        days[found.day] = found
    if not days:
        raise _bad(path, line, "empty")
    return tuple(days[day] for day in sorted(days))


def _bad(path: Path, line: int, reason: str) -> Refusal:
    return Refusal(Fault.BAD_CALENDAR, path=str(path), line=line, reason=reason)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LONGEST + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise Refusal(Fault.FILE_MISSING, path=str(path)) from None
    if not raw.strip():
        raise Refusal(Fault.FILE_EMPTY, path=str(path))
    if len(raw) > _LONGEST:
        raise _bad(path, 1, "long")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix("\ufeff")
    raise Refusal(Fault.WRONG_FILE_TYPE, path=str(path), found="binary", expected="CSV")


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with its line number."""
    first = text.lstrip().splitlines()[0]
    delimiter = next((mark for mark in "\t;," if mark in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error:
        raise _bad(path, reader.line_num, "columns") from None
    return [(line, cells) for line, cells in rows if any(cells)]


def _columns(path: Path, line: int, header: list[str]) -> dict[str, int]:
    """Which column is which; date and working must be there, none twice."""
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        word = next((name for name, words in _HEADERS.items() if cell.lower() in words), None)
        if word is None:
            continue
        if word in found:
            raise _bad(path, line, "header")
        found[word] = at
    if not {"date", "working"} <= found.keys():
        raise _bad(path, line, "header")
    return found


def _day(path: Path, line: int, cells: list[str], columns: dict[str, int]) -> CalendarDay:
    parts = _DATE.fullmatch(cells[columns["date"]])
    if not parts:
        raise _bad(path, line, "date")
    try:
        day = date(int(parts[1]), int(parts[2] or parts[3] or parts[4]), int(parts[5]))
    except ValueError:
        raise _bad(path, line, "date") from None
    if not 1990 <= day.year <= 2100:
        raise _bad(path, line, "range")
    working = _WORKING.get(cells[columns["working"]].lower())
    if working is None:
        raise _bad(path, line, "working")
    name = cells[columns["name"]] if "name" in columns else ""
    return CalendarDay(day, working, name[:200] or None)
