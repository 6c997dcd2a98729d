"""A daily sheet that crmkit wrote as a table and a person filled in: each row what one shop's line says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import EveningText, Mark, Piece, ShopLine
from crmkit.sources.delimited import Table, rows_on
from crmkit.sources.marks import checked_pieces, clock_in, missed_piece, plain, way_piece

SHEET, SHOP, NAME, CODE, STATE = "sheet", "shop", "name", "code", "state"
_TEXTS = (Mark.ANOMALY, Mark.OPINION, Mark.EFFECT)
_LISTS = (Mark.ITEM, Mark.PROMISE)
_CLOCKS = (Mark.ARRIVED, Mark.LEFT)
HEADS: Mapping[str, str] = {
    SHEET: "sheet code|表号",
    SHOP: "short code|短码",
    CODE: "customer code|客户编码",
    NAME: "name|客户名称",
    STATE: "visited, or why not|拜访情况",
    Mark.DONE: "★ tasks done|★完成序号",
    Mark.ITEM: "● done|●临时任务",
    Mark.PROMISE: "promised|承诺事项",
    Mark.VERIFIED: "verified|核实结果",
    Mark.ARRIVED: "arrived|到店",
    Mark.LEFT: "left|离店",
    Mark.ANOMALY: "market anomaly|市场异常信息",
    Mark.OPINION: "opinions and wishes|客户意见建议",
    Mark.EFFECT: "effect and impressions|拜访效果及感受",
}
"""What stands over each column, English and Chinese."""
_NEEDED = (SHOP, STATE)
_MADE = frozenset({"visited", "yes", "y", "1", "√", "✓", "✔", "★", "已拜访", "拜访", "是", "到"})
_EVERY_LINE = range(1, 1 << 40)
_DAY_MINUTES = 24 * 60


def understands(header: Sequence[str]) -> bool:
    """Is this the head of a sheet to fill in?"""
    return all(name in _columns(header) for name in _NEEDED)


def _columns(header: Sequence[str]) -> dict[str, int]:
    heads = [plain(cell).strip() for cell in header]
    names = {name: tuple(map(plain, words.split("|"))) for name, words in HEADS.items()}
    found = {name: next((at for at, head in enumerate(heads) if head in words), -1) for name, words in names.items()}
    return {name: at for name, at in found.items() if at >= 0}


def read_filled(table: Table) -> EveningText:
    """What the rows say, by their lines; a row nobody wrote anything into says nothing.

    Raises Refusal(NO_HEADER) for a table that is no sheet of crmkit.
    """
    columns = _columns(table.header)
    if not understands(table.header):
        known = ", ".join(HEADS[name].replace("|", " / ") for name in _NEEDED)
        raise Refusal(Fault.BAD_VALUE, option="FILE", value=str(table.file.name), expected=known)
    shops: list[ShopLine] = []
    sheets: dict[str, int] = {}
    lost: list[tuple[int, str]] = []
    for line, row in rows_on(table, _EVERY_LINE):
        cells = {name: _unguarded(row[at]) for name, at in columns.items() if at < len(row)}
        pieces = tuple(_pieces(cells))
        if sheet := plain(cells.get(SHEET, "")).strip(" #").upper():
            sheets.setdefault(sheet, line)
        if not pieces and not cells.get(STATE):
            continue
        shop, extra = _shop(cells)
        if shop:
            shops.append(ShopLine(line, shop, extra, pieces))
        else:
            lost.append((line, " ".join(filter(None, cells.values()))))
    return EveningText(tuple(shops), tuple((line, code) for code, line in sheets.items()), tuple(lost))


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from calculating it."""
    return cell.removeprefix("'").strip()


def _shop(cells: Mapping[str, str]) -> tuple[str, bool]:
    """The short code; on a row added by hand the code or the name of a customer, who was not planned."""
    if short := plain(cells.get(SHOP, "")).strip().upper():
        return short, False
    return cells.get(CODE) or cells.get(NAME, ""), True


def _pieces(cells: Mapping[str, str]) -> Iterator[Piece]:
    yield from _state(cells.get(STATE, ""))
    if stars := plain(cells.get(Mark.DONE, "")).strip("★ "):
        yield Piece(Mark.DONE, code="all" if stars in ("全", "全部", "all") else ",".join(re.findall(r"\d+", stars)))
    elif cells.get(Mark.DONE):
        yield Piece(Mark.DONE)
    for mark in _LISTS:
        for text in re.split(r"[;；\n●•]+", cells.get(mark, "")):
            if text.strip():
                yield Piece(mark, text.strip())
    yield from checked_pieces(cells.get(Mark.VERIFIED, ""))
    for mark in _CLOCKS:
        if typed := cells.get(mark):
            yield Piece(mark, code=_clock(typed))
    for mark in _TEXTS:
        if text := cells.get(mark):
            yield Piece(mark, text)


def _state(typed: str) -> Iterator[Piece]:
    """Nothing for a visit made; its way where another was written; a miss with its reason."""
    word = plain(typed).strip()
    if not word or word in _MADE:
        return
    if way := way_piece(word):
        yield way
        return
    yield missed_piece(re.sub(r"^[✗✘╳❌×x]\s*(?![a-z])", "", typed.strip()))


def _clock(typed: str) -> str:
    """HH:MM; a workbook may hold a part of a day instead. What is no time of day stays as it stands."""
    if found := clock_in(typed):
        return found
    try:
        part = Decimal(typed)
    except InvalidOperation:
        return typed
    if not 0 <= part < 1:
        return typed
    minutes = int(part * _DAY_MINUTES + Decimal("0.5"))
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


