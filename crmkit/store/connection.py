"""The one way to a crmkit database file: guards, pragmas, and operations."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.store import files

APPLICATION_ID = 0x63726D6B  # "crmk"
NEEDED_SQLITE = (3, 37, 0)  # STRICT tables
PATIENCE_PERSON_MS = 10_000
PATIENCE_CRON_MS = 30_000
_MAGIC = b"SQLite format 3\x00"
_HEADER_LENGTH = 100

_PRAGMAS = (
    "PRAGMA synchronous=EXTRA",  # with DELETE the only pair that lost no acknowledged commit in power cuts
    "PRAGMA cache_size=-64000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",  # personal data never in a temp folder
)


class Store:
    """An open database. All SQL of the program goes through one of these."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        return self.connection.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self.connection.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row; None when there is no row."""
        found = self.one(sql, values)
        return None if found is None else found[0]

    @contextmanager
    def operation(self, act: Act, undoes: int | None = None) -> Iterator[int]:
        """One writing command: all of it and one line in `operation`, or nothing.

        Yields the operation's number. A block that changes nothing leaves no line. Never ask a person inside.
        """
        _check_clock(act)
        self.before_write(act)
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            seq = self._note(act, undoes)
            before = self.connection.total_changes
            yield seq
            changed = self.connection.total_changes != before
            self.connection.execute("COMMIT" if changed else "ROLLBACK")
        except BaseException:
            # after SQLITE_FULL and its like SQLite has rolled back already
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def before_write(self, act: Act) -> None:
        """The day's first write is preceded by a backup."""
        from crmkit.store import backups  # noqa: PLC0415 - backups need an open store themselves

        backups.before_first_write(self, act)

    def close(self) -> None:
        self.connection.close()

    def _note(self, act: Act, undoes: int | None) -> int:
        cursor = self.connection.execute(
            "INSERT INTO operation(at, actor, host, command, arguments, undoes) VALUES (?,?,?,?,?,?)",
            (act.now.isoformat(timespec="seconds"), act.actor, act.host, act.command, act.arguments, undoes),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def open_store(path: Path, patience_ms: int = PATIENCE_PERSON_MS) -> Store:
    """Open an existing crmkit database of today's schema.

    Raises Refusal: NO_DATABASE, FOREIGN_FILE, DAMAGED, TOO_NEW, PERMISSION, BUSY. An older file must be migrated
    first (store.migrating.open_migrated does both). Nothing is created or changed here.
    """
    real = path.resolve()
    check_header(real)
    store = Store(connect(real, "rw", patience_ms), path)
    try:
        _check_identity(store)
    except BaseException:
        store.close()
        raise
    return store


def connect(real: Path, mode: str, patience_ms: int = PATIENCE_PERSON_MS) -> sqlite3.Connection:
    """The one place where sqlite3.connect stands. `mode` is SQLite's: rw, rwc (init, restore) or ro."""
    if sqlite3.sqlite_version_info < NEEDED_SQLITE:
        raise Refusal(Fault.SQLITE_TOO_OLD, found=sqlite3.sqlite_version, needed="3.37.0")
    connection = sqlite3.connect(f"{real.as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout={patience_ms:d}")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def check_header(real: Path) -> None:
    """Refuse what is no crmkit file by its first bytes, before SQLite touches it."""
    if not real.is_file():
        raise Refusal(Fault.NO_DATABASE, path=str(real))
    try:
        size, links = real.stat().st_size, real.stat().st_nlink
        with real.open("rb") as stream:
            header = stream.read(_HEADER_LENGTH)
    except PermissionError as error:
        raise Refusal(Fault.PERMISSION, path=str(real), command=f"chmod u+rw {real}") from error
    if not header.startswith(_MAGIC):
        raise Refusal(Fault.FOREIGN_FILE, path=str(real))
    if links > 1:
        raise Refusal(Fault.UNSAFE_FILE, path=str(real), reason="hard-link", command=f"cp {real} {real}.copy")
    if not real.with_name(real.name + "-journal").exists():
        _check_size(real, header, size)


def _check_size(real: Path, header: bytes, size: int) -> None:
    if len(header) < _HEADER_LENGTH:
        raise Refusal(Fault.DAMAGED, path=str(real))
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise Refusal(Fault.FOREIGN_FILE, path=str(real))
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    if size < pages * (65536 if page == 1 else page):
        raise Refusal(Fault.DAMAGED, path=str(real))


def _check_identity(store: Store) -> None:
    from crmkit.store.migrating import VERSION  # noqa: PLC0415 - migrating opens stores itself

    if store.value("PRAGMA application_id") != APPLICATION_ID:
        raise Refusal(Fault.FOREIGN_FILE, path=str(store.path))
    found = store.value("PRAGMA user_version")
    if found > VERSION:
        raise Refusal(Fault.TOO_NEW, path=str(store.path), version=found, known=VERSION)


def _check_clock(act: Act) -> None:
    """A machine whose clock stands at 1970 or 2099 would date facts wrongly (our default: 2015 to 2098)."""
    if not 2015 <= act.now.year <= 2098:
        raise Refusal(Fault.CLOCK, now=act.now.isoformat(timespec="seconds"))


_PERMISSION_ERRORS = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
_DAMAGE_ERRORS = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_DISK_ERRORS = ("SQLITE_FULL", "SQLITE_IOERR")
_BUSY_ERRORS = ("SQLITE_BUSY", "SQLITE_LOCKED")


def refusal_of(error: sqlite3.Error, path: Path) -> Refusal | None:
    """What an error of SQLite means to the user; None when it is a bug of ours."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(_BUSY_ERRORS):
        return Refusal(Fault.BUSY, path=str(path))
    if name.startswith("SQLITE_READONLY_DBMOVED"):
        return Refusal(Fault.DISK, path=str(path), reason="moved")
    if name.startswith(_PERMISSION_ERRORS):
        return Refusal(Fault.PERMISSION, path=str(path), command=_ownership_command(path))
    if name.startswith(_DAMAGE_ERRORS):
        return Refusal(Fault.DAMAGED, path=str(path))
    if name.startswith(_DISK_ERRORS):
        return Refusal(Fault.DISK, path=str(path), reason=name)
    return None


def _ownership_command(path: Path) -> str:
    """The line that gives a file left by a sudo run back to its user."""
    if os.name == "nt":
        return f'icacls "{path}" /grant "%USERNAME%":F'
    return f"sudo chown $(id -un) '{path}'*"


def create_store(path: Path) -> Store:
    """Make a new database with today's schema. Raises Refusal(TARGET_EXISTS) when the name is taken.

    Built under a temporary name and renamed: no half-made database ever has the final name.
    """
    from crmkit.store.migrating import apply_pending  # noqa: PLC0415 - see above

    if path.exists() or path.is_symlink():
        raise Refusal(Fault.TARGET_EXISTS, path=str(path))
    part = files.part_beside(path.resolve())
    os.close(files.create_private(part))
    try:
        connection = connect(part, "rw")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID:d}")
        apply_pending(Store(connection, part))
        connection.close()
        part.rename(path.resolve())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    files.sync_folder(path.resolve().parent)
    return open_store(path)
