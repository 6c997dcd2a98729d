"""The one way to a crmkit database file: guards, pragmas, and operations."""

import os
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from crmkit.model.backup import BackupFailure
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act, is_plausible
from crmkit.store.backup_folder import backup_folder_of, newest_for

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

FirstWrite = Callable[["Store", Act], None]


class Store:
    """An open database. All SQL of the program goes through one of these."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.backup_failure: BackupFailure | None = None  # a backup this run could not make; the work went on
        self.kept = 0  # operations committed through this store
        self.seen: int | None = None  # SQLite's mark of the file's state as it was opened
        self.first_write: FirstWrite | None = None  # what precedes a write: see store.opening
        self._running: int | None = None  # the operation that is open

    @cached_property
    def backup_folder(self) -> Path:
        """Where backups go; assign another folder to keep them elsewhere."""
        return backup_folder_of(self.path)

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
    def operation(
        self, act: Act, undoes: int | None = None, *, rehearse: bool = False, as_read: bool = False
    ) -> Iterator[int]:
        """One writing command: all of it and one line in `operation`, or nothing.

        Yields the operation's number. A block that changes nothing leaves no line. Never ask a person inside.
        `rehearse` does all of it and takes it back: a dry run of what only the file itself can tell.
        `as_read` refuses (BUSY) when another process has written since the file was opened: for what was decided on
        much that was read before, e.g. a month's plan.

        Inside another operation it is a part of that one: several use cases, one line of the log, one undo.
        """
        if self._running is not None:
            with self._part(rehearse=rehearse, as_read=as_read):
                yield self._running
            return
        check_clock(act)
        if not rehearse:
            self.before_write(act)
        kept = self.kept
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            if as_read:
                self._refuse_changed()
            seq = self._running = self.note(act, undoes)
            before = self.connection.total_changes
            yield seq
            changed = self.connection.total_changes != before and not rehearse
            self.kept += changed  # before: a signal between the commit and a line after it would make this untrue
            self.connection.execute("COMMIT" if changed else "ROLLBACK")
        except BaseException as error:
            # after SQLITE_FULL and its like SQLite has rolled back already
            rolled_back = isinstance(error, sqlite3.Error)
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
                rolled_back = True
            self.kept = kept if rolled_back else self.kept
            raise
        finally:
            self._running = None

    @contextmanager
    def _part(self, *, rehearse: bool, as_read: bool) -> Iterator[None]:
        """An operation inside another one: it fails or is rehearsed by itself."""
        self.connection.execute("SAVEPOINT part")
        try:
            if as_read:
                self._refuse_changed()
            yield
            if rehearse:
                self.connection.execute("ROLLBACK TO part")
        except BaseException:
            if self.connection.in_transaction:  # after SQLITE_FULL and its like nothing is left to take back
                self.connection.execute("ROLLBACK TO part")
                self.connection.execute("RELEASE part")
            raise
        self.connection.execute("RELEASE part")

    def look(self) -> None:
        """What is read from now on is of this moment: `as_read` refuses what others write after it."""
        self.seen = self.value("PRAGMA data_version")

    def _refuse_changed(self) -> None:
        if self.seen not in (None, self.value("PRAGMA data_version")):
            raise Refusal(Fault.BUSY, path=str(self.path))

    def before_write(self, act: Act) -> None:
        """The day's first write is preceded by a backup."""
        if self.first_write is not None:
            self.first_write(self, act)

    def close(self) -> None:
        self.connection.close()

    def note(self, act: Act, undoes: int | None = None) -> int:
        """One line in the operation log, inside a transaction; returns its number."""
        cursor = self.connection.execute(
            "INSERT INTO operation(at, actor, host, command, arguments, undoes) VALUES (?,?,?,?,?,?)",
            (act.now.isoformat(timespec="seconds"), act.actor, act.host, act.command, act.arguments, undoes),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def open_known(path: Path, known: int, patience_ms: int = PATIENCE_PERSON_MS) -> Store:
    """Open a crmkit database of schema `known` or older; raises as open_store."""
    real = path.resolve()
    check_header(real)
    try:
        store = Store(connect(real, "rw", patience_ms), path)
        try:
            _check_identity(store, known)
            store.seen = store.value("PRAGMA data_version")
        except BaseException:
            store.close()
            raise
    except sqlite3.Error as error:
        raise refusal_of(error, path) or error from error
    return store


def connect(real: Path, mode: str, patience_ms: int = PATIENCE_PERSON_MS) -> sqlite3.Connection:
    """The one place where sqlite3.connect stands. `mode` is SQLite's: rw or ro."""
    if sqlite3.sqlite_version_info < NEEDED_SQLITE:
        raise Refusal(Fault.SQLITE_TOO_OLD, found=sqlite3.sqlite_version, needed="3.37.0")
    connection = sqlite3.connect(f"{real.as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout={patience_ms:d}")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def in_memory() -> Store:
    """An empty database in memory: nothing of it is kept."""
    return Store(sqlite3.connect(":memory:", isolation_level=None), Path(":memory:"))


def check_header(real: Path) -> None:
    """Refuse what is no crmkit file by its first bytes, before SQLite touches it."""
    header, _size = read_header(real)
    if not header.startswith(_MAGIC):
        raise Refusal(Fault.FOREIGN_FILE, path=str(real))
    if len(header) < _HEADER_LENGTH:
        raise damaged(real)
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise Refusal(Fault.FOREIGN_FILE, path=str(real))
    if real.stat().st_nlink > 1:
        command = f"cp {shlex.quote(str(real))} {shlex.quote(str(real) + '.copy')}"
        raise Refusal(Fault.UNSAFE_FILE, path=str(real), reason="hard-link", command=command)
    _check_size(real)


def read_header(real: Path) -> tuple[bytes, int]:
    """The first bytes and the size of a file. Raises Refusal(NO_DATABASE) or Refusal(PERMISSION)."""
    try:
        if not real.is_file():
            raise Refusal(Fault.NO_DATABASE, path=str(real))
        with real.open("rb") as stream:
            return stream.read(_HEADER_LENGTH), os.fstat(stream.fileno()).st_size
    except PermissionError as error:
        raise Refusal(Fault.PERMISSION, path=str(real), command=_ownership_command(real)) from error


def in_wal_mode(real: Path) -> bool:
    """Has another tool left the file in WAL mode?"""
    return read_header(real)[0][18:20] == b"\x02\x02"


def companions(real: Path) -> tuple[Path, ...]:
    """The files SQLite keeps beside a database while it is written, or after a crash."""
    return tuple(real.with_name(real.name + ending) for ending in ("-journal", "-wal", "-shm"))


def damaged(path: Path) -> Refusal:
    """The refusal of a damaged database, naming the backup to go back to."""
    newest = newest_for(path)
    return Refusal(Fault.DAMAGED, path=str(path), **({"backup": newest} if newest else {}))


def _check_size(real: Path) -> None:
    """Refuse a file that was cut off. One that is being written, or whose journal waits, is SQLite's to judge."""
    for _look in range(3):  # a writer may end between reading the header and looking for its journal
        header, size = read_header(real)
        page = int.from_bytes(header[16:18], "big")
        pages = int.from_bytes(header[28:32], "big")
        if size >= pages * (65536 if page == 1 else page) or any(place.exists() for place in companions(real)):
            return
    raise damaged(real)


def _check_identity(store: Store, known: int) -> None:
    if store.value("PRAGMA application_id") != APPLICATION_ID:
        raise Refusal(Fault.FOREIGN_FILE, path=str(store.path))
    found = store.value("PRAGMA user_version")
    if found > known:
        raise Refusal(Fault.TOO_NEW, path=str(store.path), version=found, known=known)


def check_clock(act: Act) -> None:
    """A machine whose clock stands at 1970 or 2099 would date facts wrongly (our default: 2015 to 2098)."""
    if not is_plausible(act.now):
        raise Refusal(Fault.CLOCK, now=act.now.isoformat(timespec="seconds"))


_PERMISSION_ERRORS = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
_DAMAGE_ERRORS = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_DISK_ERRORS = ("SQLITE_FULL", "SQLITE_IOERR")
_BUSY_ERRORS = ("SQLITE_BUSY", "SQLITE_LOCKED")
_LENGTH = re.compile(r"CHECK constraint failed: .*?length\((\w+)\)<=(\d+)")


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
        return damaged(path)
    if name.startswith(_DISK_ERRORS):
        return Refusal(Fault.DISK, path=str(path), reason=name[: len("SQLITE_IOERR")])
    return _too_long(str(error))


def _too_long(broken: str) -> Refusal | None:
    """A text that its column does not take; a command knows its own options, this is for all other ways in."""
    found = _LENGTH.search(broken)
    return Refusal(Fault.BAD_VALUE, option=found[1], value="…", expected=f"≤ {found[2]}") if found else None


def _ownership_command(path: Path) -> str:
    """The line that gives a file left by a sudo run back to its user, or makes one's own file writable."""
    if os.name == "nt":
        return f'icacls "{path}" /grant "%USERNAME%":F'
    real = path.resolve()
    there = [place for place in (real, *companions(real), backup_folder_of(real)) if place.exists()] or [real]
    names = " ".join(shlex.quote(str(place)) for place in there)
    if all(place.exists() and place.stat().st_uid == os.geteuid() for place in there):
        return f"chmod u+rwX {shlex.quote(str(real.parent))} {names}"
    return f"sudo chown -R $(id -un) {names}"
