"""Excel days in a text: a spreadsheet saved as CSV may leave 45231 where 2023-11-01 was meant.

A bare number is a day only where every filled cell of its column is one; a column of both kinds is in doubt. A text
cannot tell in which year its numbers begin (1900, or 1904 on old Macs): 1900 is taken and said (our default).
"""

from crmkit.model.importing import Field, Reason
from crmkit.model.ownfield import AnyField, FieldType
from crmkit.sources.delimited import Table, batches
from crmkit.sources.layout import DAYS, WHOLE, Column, Layout

_NO_DOUBT = frozenset({Reason.SERIAL_DATE, Reason.BLANK, None})


def serial_columns(table: Table, layout: Layout) -> dict[AnyField, str]:
    """The day columns of which every filled cell is an Excel day, each with its first cell."""
    left = [column for column in layout.columns if _holds_days(column.field) and column.index is not None]
    first: dict[AnyField, str] = {}
    for batch in batches(table):
        texts = list(zip(*batch.rows, strict=True))
        left = [column for column in left if not texts or _are_serial(column, texts[column.index or 0], first)]
        if not left:
            break
    return {column.field: first[column.field] for column in left if column.field in first}


def _holds_days(field: AnyField) -> bool:
    return field in DAYS if isinstance(field, Field) else field.type is FieldType.DATE


def _are_serial(column: Column, cells: tuple[str, ...], first: dict[AnyField, str]) -> bool:
    for cell in dict.fromkeys(cells):
        value = column.read.read(cell) if column.cut == WHOLE else cell
        if value not in _NO_DOUBT:
            return False
        if value is Reason.SERIAL_DATE:
            first.setdefault(column.field, cell.strip())
    return True
