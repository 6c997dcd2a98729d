"""Bytes → text: what kind of file it is, which encoding it is in, and whether all of it can be read.

The order of store.md: magic bytes, byte order mark, UTF-16, strict UTF-8, then GB18030 or Big5 by known header words.
General detectors read short GBK as Korean, so none is asked.
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO, BinaryIO, cast

from crmkit.model.errors import Fault, Refusal
from crmkit.sources.headers import is_known

CHUNK = 1 << 18
LONGEST_LINE = 1 << 20  # characters: a longer line is no row of a table
_SAMPLE = 1 << 16
HEADER_ROWS = 20  # where the header is looked for, below titles and blank rows (our default)
_EXPECTED = "csv, tsv, csv.gz, xlsx, xls"
# spreadsheets of other programs: named by their suffix, whatever their bytes look like (bad-input.md 97)
_OTHER_SHEETS = frozenset({"xlsb", "ods", "fods", "et", "ett", "wps", "numbers", "dbf", "docx", "doc", "pdf"})
_BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls")

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"%PDF", "pdf"),
    (b"PAR1", "parquet"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x89PNG", "png"),
)
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "big5")


@dataclass(frozen=True, slots=True)
class Book:
    """Where a text came from when it was a sheet of a workbook. `epoch`: the year its serial days count from."""

    format: str
    sheet: str
    others: tuple[str, ...]
    epoch: int
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: int = 0
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that can be read as text from beginning to end. `name` is what the user calls it."""

    path: Path
    sha256: str
    encoding: str
    compressed: bool
    lines: int
    name: Path
    book: Book | None = None

    @property
    def said(self) -> str:
        """The encoding as it is told; of a workbook its format."""
        return self.book.format if self.book else self.encoding

    def open(self) -> IO[str]:
        """The text from its start, line ends as they are."""
        return io.TextIOWrapper(_bytes_of(self.path, self.compressed), encoding=self.encoding, newline="")


def kind_of(path: Path, name: Path) -> str:
    """What a file is by its first bytes: text, gzip, or a workbook's xlsx and xls.

    Raises Refusal: FILE_MISSING, FILE_EMPTY, WRONG_FILE_TYPE when it is anything else, or not what its name says.
    """
    if not path.exists():
        raise Refusal(Fault.FILE_MISSING, path=str(name))
    if not path.is_file():
        raise Refusal(Fault.WRONG_FILE_TYPE, path=str(name), found="folder", expected=_EXPECTED)
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise Refusal(Fault.FILE_EMPTY, path=str(name))
    found, suffix = _found(head), name.suffix.lower()
    wanted = "gzip" if suffix == ".gz" else "text"
    if suffix in _BOOK_SUFFIXES:
        # any office keeps text and both formats under each of these names
        wanted = found if found in ("xlsx", "zip", "xls", "text") else "xlsx"
    if suffix.lstrip(".") in _OTHER_SHEETS:
        raise Refusal(Fault.WRONG_FILE_TYPE, path=str(name), found=suffix.lstrip("."), expected=_EXPECTED)
    if found != wanted and (suffix or found not in ("gzip", "xlsx", "xls")):  # what came by a pipe has no suffix
        raise Refusal(Fault.WRONG_FILE_TYPE, path=str(name), found=found, expected=suffix.lstrip(".") or "csv")
    return "xlsx" if found == "zip" else found


def _found(head: bytes) -> str:
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "text")
    if found == "zip" and (b"[Content_Types].xml" in head or b"xl/" in head):
        return "xlsx"
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:200].lower()
    if found == "text" and start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<style", b"<meta")):
        return "web page or XML"
    return found


def examine(path: Path, encoding: str | None = None, name: Path | None = None) -> TextFile:
    """Look at a whole text once; `name` is what messages call it. Raises Refusal: those of kind_of, AMBIGUOUS_TEXT,
    DAMAGED_TEXT, BAD_VALUE."""
    name = name or path
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise Refusal(Fault.BAD_VALUE, option="--encoding", value=encoding, expected=" ".join(ENCODINGS))
    compressed = kind_of(path, name) == "gzip"
    sample = _sample(path, name, compressed)
    chosen = encoding.lower() if encoding else _guess(path, name, compressed, sample)
    lines = _read_through(path, name, compressed, chosen)
    return TextFile(path, digest_of(path), chosen, compressed, lines, name)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _bytes_of(path: Path, compressed: bool) -> BinaryIO:
    # gzip's own buffer is 8 KB: a larger one halves the calls
    return cast(BinaryIO, io.BufferedReader(gzip.open(path), CHUNK)) if compressed else path.open("rb", CHUNK)


def _sample(path: Path, name: Path, compressed: bool) -> bytes:
    with _bytes_of(path, compressed) as stream:
        try:
            sample = stream.read(_SAMPLE)
        except (EOFError, OSError, zlib.error) as error:
            raise Refusal(Fault.DAMAGED_TEXT, path=str(name), line=1, byte=0) from error
    if not sample.strip(b"\r\n\t \x00\xef\xbb\xbf"):
        raise Refusal(Fault.FILE_EMPTY, path=str(name))
    return sample


def _guess(path: Path, name: Path, compressed: bool, sample: bytes) -> str:
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    wide = _wide(sample)
    if wide:
        return wide
    broken = _first_break(path, name, compressed)
    if broken is None:
        two_readings(sample, name)
        return "utf-8"
    if _is_damaged_utf8(sample, broken):
        return "utf-8"  # reading it through will name line and byte
    return "big5" if _known_words(sample, "big5") > _known_words(sample, "gb18030") else "gb18030"


def _known_words(sample: bytes, encoding: str) -> int:
    """How many header words the first lines hold when read in this encoding."""
    lines = sample.decode(encoding, "replace").splitlines()[:HEADER_ROWS]
    return sum(is_known(cell) for line in lines for cell in re.split(r"[,\t;|]", line))


_WEST = re.compile(r"[A-Za-z\u00c0-\u024f'’.-]*[A-Za-z][A-Za-z\u00c0-\u024f'’.-]*")


def two_readings(sample: bytes, name: Path) -> None:
    """Refuse UTF-8 that is as well GBK: no Chinese in it, and all of it everyday Chinese in GBK (bad-input.md 63).

    Raises Refusal(AMBIGUOUS_TEXT) with both readings; letters with accents inside western words are no doubt.
    """
    if sample.isascii():
        return
    one = sample.decode("utf-8", "ignore")
    rest = _WEST.sub("", one)
    strange = [character for character in rest if character > "\x7f"]
    if not strange or any(_is_east(character) for character in strange):
        return
    try:
        other = sample.decode("gb18030")
        other.encode("gb2312")
    except UnicodeError:
        return
    shown = [[line for line in text.splitlines() if not line.isascii()][:3] for text in (one, other)]
    raise Refusal(Fault.AMBIGUOUS_TEXT, path=str(name), utf8=" / ".join(shown[0]), gbk=" / ".join(shown[1]))


def _is_east(character: str) -> bool:
    """Chinese, its punctuation, full width forms, or a symbol that stands in any text."""
    return "\u2000" <= character <= "\U0003ffff"


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark shows as NULs on one side of each pair: its commas and line ends have them."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 4 or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _first_break(path: Path, name: Path, compressed: bool) -> bytes | None:
    """The stretch of the file in which strict UTF-8 fails for the first time; None when it never does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = b""
    with _bytes_of(path, compressed) as stream:
        for chunk in _chunks(stream, name):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return before + chunk
            before = chunk[-4:]
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return before
    return None


def _is_damaged_utf8(sample: bytes, broken: bytes) -> bool:
    """UTF-8 with a broken byte rather than GB18030: its header reads as UTF-8, or most of its characters do."""
    header = sample.split(b"\n", 1)[0]
    if not header.isascii():
        try:
            header.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True
    text = broken.decode("utf-8", "replace")
    bad, good = text.count("\ufffd"), sum(character > "\x7f" for character in text) - text.count("\ufffd")
    return good > 4 * bad or not _looks_chinese(broken)


def _looks_chinese(stretch: bytes) -> bool:
    """At least half of what GB18030 reads beyond ASCII is everyday Chinese."""
    characters = [character for character in stretch.decode("gb18030", "replace") if character > "\x7f"]
    everyday = "".join(characters).encode("gb2312", "ignore").decode("gb2312")
    return 2 * len(everyday) >= len(characters)


def _chunks(stream: BinaryIO, name: Path) -> Iterator[bytes]:
    position = 0
    try:
        while chunk := stream.read(CHUNK):
            position += len(chunk)
            yield chunk
    except (EOFError, OSError, zlib.error) as error:
        raise Refusal(Fault.DAMAGED_TEXT, path=str(name), line=0, byte=position) from error


def _read_through(path: Path, name: Path, compressed: bool, encoding: str) -> int:
    """Read it all strictly and count its lines. Raises Refusal(DAMAGED_TEXT), also for a line no table has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, position, unbroken = 1, 0, 0
    with _bytes_of(path, compressed) as stream:
        for chunk in _with_end(_chunks(stream, name)):
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "ignore")
                raise Refusal(
                    Fault.DAMAGED_TEXT,
                    path=str(name),
                    encoding=encoding,
                    line=lines + _line_ends(good),
                    byte=position - pending + error.start,
                ) from error
            position += len(chunk)
            last = max(text.rfind("\n"), text.rfind("\r"))
            unbroken = len(text) - last - 1 if last >= 0 else unbroken + len(text)
            if unbroken > LONGEST_LINE:
                raise Refusal(Fault.DAMAGED_TEXT, path=str(name), encoding=encoding, line=lines, byte=position)
            lines += _line_ends(text)
    return lines


def _with_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _line_ends(text: str) -> int:
    return text.count("\n") or text.count("\r")
