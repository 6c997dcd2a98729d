"""The rejects file: the rows that were not taken, as they stood, so that they can be mended and imported again."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import BinaryIO

from crmkit.model.importing import Rejected
from crmkit.sources.delimited import Table, rows_on

# columns whose heading begins with # are comments: an import of the mended file ignores them
HEADINGS = ("#line", "#column", "#reason")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9.,]+")


def write_rejects(
    stream: BinaryIO, table: Table, rejected: Sequence[Rejected], describe: Callable[[Rejected], str]
) -> None:
    """Write the rejected rows behind three columns of reasons: UTF-8 with a mark, the source's delimiter.

    A row with too few or too many cells keeps them, so that it is refused again until it is mended; a workbook's row
    has as many as its header, though its last ones be blank.
    """
    reasons = {reject.line: reject for reject in rejected}
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=table.delimiter)
    writer.writerow([*HEADINGS, *table.header])
    for line, row in rows_on(table, reasons):
        reject = reasons[line]
        blank = [""] * (len(table.header) - len(row)) if table.from_book else []
        writer.writerow([line, reject.column, describe(reject), *map(guarded, row), *blank])
    text.detach()


def guarded(cell: str) -> str:
    """A cell no spreadsheet takes for a formula; reading takes the guard off again."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell
