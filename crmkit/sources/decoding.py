"""Bytes → text: what kind of file it is, which encoding it is in, and whether all of it can be read.

The order of store.md: magic bytes, byte order mark, UTF-16, strict UTF-8, GB18030. General detectors read short GBK as
Korean, so none is asked.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO, BinaryIO, cast

from crmkit.model.errors import Fault, Refusal

CHUNK = 1 << 18
LONGEST_LINE = 1 << 20  # characters: a longer line is no row of a table
_SAMPLE = 1 << 16

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
class TextFile:
    """A file that can be read as text from beginning to end."""

    path: Path
    sha256: str
    encoding: str
    compressed: bool
    lines: int

    def open(self) -> IO[str]:
        """The text from its start, line ends as they are."""
        return io.TextIOWrapper(_bytes_of(self.path, self.compressed), encoding=self.encoding, newline="")


def examine(path: Path, encoding: str | None = None) -> TextFile:
    """Look at a whole file once. Raises Refusal: FILE_MISSING, FILE_EMPTY, WRONG_FILE_TYPE, DAMAGED_TEXT, BAD_VALUE."""
    if not path.exists():
        raise Refusal(Fault.FILE_MISSING, path=str(path))
    if not path.is_file():
        raise Refusal(Fault.WRONG_FILE_TYPE, path=str(path), found="pipe or folder", expected="csv, tsv, csv.gz")
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise Refusal(Fault.BAD_VALUE, option="--encoding", value=encoding, expected=" ".join(ENCODINGS))
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    compressed = _check_type(path)
    sample = _sample(path, compressed)
    chosen = encoding.lower() if encoding else _guess(path, compressed, sample)
    lines = _read_through(path, compressed, chosen)
    return TextFile(path, digest, chosen, compressed, lines)


def _check_type(path: Path) -> bool:
    """Is it compressed? Refuses what is no text by its first bytes."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise Refusal(Fault.FILE_EMPTY, path=str(path))
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "text")
    if found == "zip" and (b"[Content_Types].xml" in head or b"xl/" in head):
        found = "xlsx"
    wanted = "gzip" if path.suffix.lower() == ".gz" else "text"
    if found != wanted:
        raise Refusal(
            Fault.WRONG_FILE_TYPE, path=str(path), found=found, expected="csv.gz" if wanted == "gzip" else "csv"
        )
    return found == "gzip"


def _bytes_of(path: Path, compressed: bool) -> BinaryIO:
    # gzip's own buffer is 8 KB: a larger one halves the calls
    return cast(BinaryIO, io.BufferedReader(gzip.open(path), CHUNK)) if compressed else path.open("rb", CHUNK)


def _sample(path: Path, compressed: bool) -> bytes:
    with _bytes_of(path, compressed) as stream:
        try:
            sample = stream.read(_SAMPLE)
        except (EOFError, OSError, zlib.error) as error:
            raise Refusal(Fault.DAMAGED_TEXT, path=str(path), line=1, byte=0) from error
    if not sample.strip(b"\r\n\t \x00\xef\xbb\xbf"):
        raise Refusal(Fault.FILE_EMPTY, path=str(path))
    return sample


def _guess(path: Path, compressed: bool, sample: bytes) -> str:
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    wide = _wide(sample)
    if wide:
        return wide
    broken = _first_break(path, compressed)
    if broken is None or _is_damaged_utf8(sample, broken):
        return "utf-8"  # reading it through will name line and byte
    return "gb18030"


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark shows as NULs on one side of each pair: its commas and line ends have them."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 4 or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _first_break(path: Path, compressed: bool) -> bytes | None:
    """The stretch of the file in which strict UTF-8 fails for the first time; None when it never does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = b""
    with _bytes_of(path, compressed) as stream:
        for chunk in _chunks(stream, path):
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


def _chunks(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    position = 0
    try:
        while chunk := stream.read(CHUNK):
            position += len(chunk)
            yield chunk
    except (EOFError, OSError, zlib.error) as error:
        raise Refusal(Fault.DAMAGED_TEXT, path=str(path), line=0, byte=position) from error


def _read_through(path: Path, compressed: bool, encoding: str) -> int:
    """Read it all strictly and count its lines. Raises Refusal(DAMAGED_TEXT), also for a line no table has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, position, unbroken = 1, 0, 0
    with _bytes_of(path, compressed) as stream:
        for chunk in _with_end(_chunks(stream, path)):
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "ignore")
                raise Refusal(
                    Fault.DAMAGED_TEXT,
                    path=str(path),
                    encoding=encoding,
                    line=lines + _line_ends(good),
                    byte=position - pending + error.start,
                ) from error
            position += len(chunk)
            last = max(text.rfind("\n"), text.rfind("\r"))
            unbroken = len(text) - last - 1 if last >= 0 else unbroken + len(text)
            if unbroken > LONGEST_LINE:
                raise Refusal(Fault.DAMAGED_TEXT, path=str(path), encoding=encoding, line=lines, byte=position)
            lines += _line_ends(text)
    return lines


def _with_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _line_ends(text: str) -> int:
    return text.count("\n") or text.count("\r")
