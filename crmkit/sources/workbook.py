"""Workbooks (XLSX, old XLS) → text: a child process reads one sheet, with limits, and this side takes its CSV."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import crmkit
from crmkit.model.errors import Fault, Refusal
from crmkit.sources.decoding import Book, TextFile, digest_of

MOST_SECONDS = 300  # on the wall
EXPECTED = "csv, tsv, csv.gz, xlsx, xls"


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet as text, and the other sheets the book shows."""

    text: TextFile
    shown: tuple[str, ...]


def read_sheet(
    path: Path, name: Path, target: Path, into: BinaryIO, sheet: str | None = None, *, visible_only: bool = False
) -> SheetRead:
    """Write one sheet, the first shown when none is named, as CSV into `target`, open for writing as `into`.

    Raises Refusal: WRONG_FILE_TYPE for what is no workbook that can be read, NOT_FOUND for a sheet, DAMAGED_BOOK.
    """
    report = _child(path, into, {"sheet": sheet, "visible_only": visible_only})
    if "other" in report:
        raise Refusal(Fault.WRONG_FILE_TYPE, path=str(name), found=report["other"], expected=EXPECTED)
    if "no_sheet" in report:
        raise Refusal(Fault.NOT_FOUND, noun="sheet", value=sheet or "", known=", ".join(report["no_sheet"]) or "-")
    if "damaged" in report:
        raise Refusal(Fault.DAMAGED_BOOK, path=str(name), reason=report["damaged"])
    book = Book(
        report["format"],
        report["sheet"],
        tuple(other for other in report["sheets"] if other != report["sheet"]),
        report["epoch"],
        report["hidden_rows"],
        report["hidden_columns"],
        report["merged"],
        report["filtered"],
    )
    text = TextFile(target, digest_of(path), "utf-8", False, report["lines"] + 1, name, book)
    return SheetRead(text, tuple(report["shown"]))


def _child(path: Path, into: BinaryIO, options: dict[str, Any]) -> dict[str, Any]:
    """Run the reader; whatever ends it early is told as damage."""
    root = str(Path(crmkit.__file__).parents[1])
    words = [
        sys.executable,
        "-P",
        "-m",
        "crmkit.sources.workbook_reading",
        os.fspath(path.absolute()),
        json.dumps(options),
    ]
    environment = {**os.environ, "PYTHONPATH": root, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            words, stdin=subprocess.DEVNULL, stdout=into, stderr=subprocess.PIPE, env=environment, cwd=path.parent,
            timeout=MOST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"other": "workbook too large"}
    try:
        report: dict[str, Any] = json.loads(done.stderr.decode("utf-8", "replace").splitlines()[-1])
    except (IndexError, ValueError):
        return {"other": "workbook too large"} if done.returncode < 0 else {"damaged": f"exit {done.returncode}"}
    return report
