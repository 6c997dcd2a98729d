"""What a zip file is allowed to be before anything in it is parsed: small enough, honest, and without paths outside."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

MOST_ENTRIES = 5_000
MOST_BYTES = 1 << 30  # unpacked, all entries together
MOST_TIMES = 150  # unpacked to packed of one entry; formatted empty rows, the worst of honest files, come to 30
_FREE_BYTES = 1 << 23  # below 8 MB no ratio matters
_END = b"PK\x05\x06"
_END_LENGTH, _LONGEST_COMMENT = 22, 1 << 16


class BadZipError(Exception):
    """The file is no zip that may be opened; the text says why, in a word or two."""


@dataclass(frozen=True, slots=True)
class Zip:
    """The names in a zip that passed."""

    names: frozenset[str]


def examine_zip(path: Path) -> Zip:
    """Check a zip by its directory alone. Raises BadZipError."""
    if _entries_said(path) > MOST_ENTRIES:
        raise BadZipError("zip bomb")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadZipError("damaged zip") from error
    _check_sizes(entries)
    _check_places(entries)
    for entry in entries:
        if entry.flag_bits & 1:
            raise BadZipError("zip with a password")
        if entry.filename.startswith(("/", "\\")) or ":" in entry.filename or ".." in _parts(entry.filename):
            raise BadZipError("zip with paths outside")
    return Zip(frozenset(entry.filename for entry in entries))


def _entries_said(path: Path) -> int:
    """How many entries the end record names: known before a list of them is made."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - _END_LENGTH - _LONGEST_COMMENT))
        tail = stream.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_LENGTH:
        raise BadZipError("damaged zip")
    return int.from_bytes(tail[place + 10 : place + 12], "little")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise BadZipError("zip bomb")
    if any(e.file_size > _FREE_BYTES and e.file_size > MOST_TIMES * max(e.compress_size, 1) for e in entries):
        raise BadZipError("zip bomb")


def _check_places(entries: list[zipfile.ZipInfo]) -> None:
    """No two entries may share bytes."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise BadZipError("zip bomb")
        end = entry.header_offset + 30 + entry.compress_size


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")
