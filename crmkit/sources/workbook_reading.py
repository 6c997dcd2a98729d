"""The child process that reads one sheet of a workbook: `python -P -m crmkit.sources.workbook_reading PATH OPTIONS`.

It writes the sheet's rows to stdout as CSV, one line a row, so that a line's number is the row's, and at the end one
line of JSON to stderr: what it found, or why it stopped. Memory, time and size are limited where the system can.
"""

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmkit.sources.xlsx import NoSheetError
from crmkit.sources.zipped import BadZipError, examine_zip

MOST_MEMORY = 1 << 30  # address space; the resident part stays below half of it
MOST_SECONDS = 240  # of the processor
MOST_OUTPUT = 1 << 30
_OTHER_ZIPS = {"xl/workbook.bin": "xlsb", "word/document.xml": "docx", "ppt/presentation.xml": "pptx"}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LINE_ENDS = str.maketrans({"\r": " ", "\n": " ", "\x0b": " ", "\x0c": " ", "\x85": " ", "\u2028": " ", "\u2029": " "})


class OtherTypeError(Exception):
    """The file is of another kind than its bytes promised; the text names it."""


def main(path: str, options: str) -> int:
    """Read one sheet. The options are JSON: sheet (or null), visible_only."""
    limit()
    wanted = json.loads(options)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="")
    report = read(Path(path), out, wanted["sheet"], visible_only=wanted["visible_only"])
    sys.stderr.write(json.dumps(report))
    return 0


def read(path: Path, out: Any, wanted: str | None = None, *, visible_only: bool = False) -> dict[str, Any]:
    """Write a sheet as CSV to `out`; tell what was found, or why nothing could be: other, no_sheet, damaged."""
    try:
        report = _copy(path, out, wanted, visible_only=visible_only)
        out.flush()
    except (BadZipError, OtherTypeError) as error:
        return {"other": str(error)}
    except NoSheetError as error:
        return {"no_sheet": list(error.args)}
    except MemoryError:
        return {"other": "workbook too large"}
    except Exception as error:  # whatever the libraries say of a broken file, it is a broken file
        return {"damaged": type(error).__name__}
    return report


def limit() -> None:
    """Bound memory, processor time and output, where the system has limits."""
    try:
        import resource
    except ImportError:  # Windows has none; the zip checks and the parent's clock stay
        return
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _open(path: Path, wanted: str | None) -> Any:
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"PK"
    if zipped:
        _check_names(path, examine_zip(path).names)
        from crmkit.sources import xlsx

        return xlsx.open_sheet(path, wanted)
    if _ENCRYPTED in path.read_bytes():
        raise OtherTypeError("xlsx with a password")
    from crmkit.sources import xls

    return _open_old(xls, path, wanted)


def _open_old(xls: Any, path: Path, wanted: str | None) -> Any:
    from xlrd.biffh import XLRDError

    try:
        return xls.open_sheet(path, wanted)
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise OtherTypeError("xls with a password") from error
        if "workbook" in str(error).lower():
            raise OtherTypeError("doc, wps or another OLE file") from error
        raise


def _check_names(path: Path, names: frozenset[str]) -> None:
    for name, other in _OTHER_ZIPS.items():
        if name in names:
            raise OtherTypeError(other)
    if "mimetype" in names and "content.xml" in names:
        raise OtherTypeError("ods")
    if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
        raise OtherTypeError("zip")


def _copy(path: Path, out: Any, wanted: str | None, *, visible_only: bool) -> dict[str, Any]:
    sheet = _open(path, wanted)
    writer = csv.writer(out, lineterminator="\n")
    empty, lines, hidden_rows, hidden_columns = 0, 0, 0, set()
    for number, row in enumerate(sheet.rows, 1):
        texts = [text.translate(_LINE_ENDS) for text in row]
        filled = {place for place, text in enumerate(texts, 1) if text}
        hidden_columns |= filled & sheet.hidden.columns
        hidden = number in sheet.hidden.rows and bool(filled)
        hidden_rows += hidden
        if visible_only:
            texts = [] if hidden else [("" if p in sheet.hidden.columns else t) for p, t in enumerate(texts, 1)]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            empty += 1
            continue
        out.write("\n" * empty)
        lines, empty = lines + empty + 1, 0
        writer.writerow(texts)
    return {
        "format": sheet.format, "sheet": sheet.name,
        "sheets": sheet.names, "shown": sheet.shown, "epoch": sheet.epoch, "lines": lines,
        "hidden_rows": hidden_rows, "hidden_columns": len(hidden_columns), "merged": sheet.hidden.merged,
        "filtered": sheet.hidden.filtered, "uncalculated": len(sheet.hidden.uncalculated),
    }  # fmt: skip


def arguments() -> Iterator[str]:
    yield from sys.argv[1:3]


if __name__ == "__main__":
    sys.exit(main(*arguments()))
