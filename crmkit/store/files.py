"""The one atomic file writer: a file under its final name is whole, or it is not there."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from crmkit.model.errors import Fault, Refusal

PART_PREFIX = ".crmkit-"
PART_SUFFIX = ".part"
_DATABASE = b"SQLite format 3\0"  # how every such file begins


def write_file(path: Path, content: bytes) -> None:
    """Write `content` under `path`, wholly or not at all, readable by its owner only.

    Raises Refusal(FOLDER_MISSING) when the folder does not exist, Refusal(TARGET_EXISTS) when a database, a folder
    or a device has the name, and Refusal(DISK) when the bytes cannot be kept.
    """
    write_with(path, lambda stream: stream.write(content))


def write_with(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Like write_file, with the bytes written by `fill` into a stream."""
    with _named_at_the_end(path) as part:
        _fill_part(part, fill)


@contextmanager
def staged(path: Path) -> Iterator[Callable[[bytes], None]]:
    """A file that gets its name only when the block has ended well: yields what takes its bytes inside it.

    For a file that tells of what a transaction wrote: the bytes are safe on the disk before the commit, the name comes
    after it. Raises as write_file.
    """
    with _named_at_the_end(path) as part:
        yield lambda content: _fill_part(part, lambda stream: stream.write(content))


@contextmanager
def _named_at_the_end(path: Path) -> Iterator[Path]:
    """The file to fill in a block. Ended well, what was filled has the name; ended in any other way, it is gone."""
    part = part_beside(path)
    refuse_precious(path)
    try:
        yield part
        if part.exists():
            part.replace(path)
            sync_folder(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise refusal_for(error, path) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def refuse_precious(path: Path) -> None:
    """A paper may replace an older paper, never a database, a folder, a pipe or a device. A link is replaced itself.

    A link to a device counts as the device: /dev/stdout is one.
    """
    if not path.exists() or (path.is_symlink() and path.is_file()):
        return
    try:
        if path.is_file() and not _is_database(path):
            return
    except PermissionError as error:
        raise refusal_for(error, path) from error
    raise Refusal(Fault.TARGET_EXISTS, path=str(path))


def is_among(target: str, named: Iterable[object]) -> bool:
    """Is a file that is there one of those named, as a word or in a list of words?"""
    words = [word for value in named for word in (value if isinstance(value, list | tuple) else [value])]
    paths = [word for word in words if isinstance(word, str | Path) and os.path.exists(word)]  # noqa: PTH110 - takes any text
    return os.path.exists(target) and any(os.path.samefile(target, path) for path in paths)  # noqa: PTH110, PTH121 - as above


def _is_database(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_DATABASE)) == _DATABASE


def part_beside(path: Path) -> Path:
    """A fresh temporary name in the folder of `path`: never a shared temp folder (personal data)."""
    if not path.parent.is_dir():
        raise Refusal(Fault.FOLDER_MISSING, path=str(path.parent))
    return path.parent / f"{PART_PREFIX}{secrets.token_hex(8)}{PART_SUFFIX}"


def open_part(beside: Path) -> tuple[Path, BinaryIO]:
    """A fresh private file in the folder of `beside`, open to be written and read; whoever asks removes it."""
    part = part_beside(beside)
    return part, os.fdopen(create_private(part), "w+b")


def create_private(path: Path) -> int:
    """Create a new file 0600, following no planted link; returns its descriptor."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the bytes of a file survive a power cut."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private_folder(folder: Path) -> None:
    """Make `folder` with its parents, 0700."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder this run made, with all in it; what will not go stays."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def refusal_for(error: OSError, path: Path) -> Refusal:
    """What a failed write means to the user."""
    if isinstance(error, PermissionError):
        return Refusal(Fault.PERMISSION, path=str(path), command=f"chmod u+rw {path.parent}")
    return Refusal(Fault.DISK, path=str(path), reason=error.strerror or type(error).__name__)


def _fill_part(part: Path, fill: Callable[[BinaryIO], object]) -> None:
    with os.fdopen(create_private(part), "wb") as stream:
        fill(stream)
        stream.flush()
        os.fsync(stream.fileno())


def append_private(path: Path, text: str) -> None:
    """Append to a private log (0600 in a 0700 folder); raises OSError."""
    make_private_folder(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8") as stream:
        stream.write(text)
