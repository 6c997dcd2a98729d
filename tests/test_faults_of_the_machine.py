"""Full disks, signals, permissions, several processes at once (bad-input.md C8 and C11)."""

import os
import resource
import signal
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from conftest import act_at
from unprivileged import unprivileged

from crmkit.cli import _signalled
from crmkit.model.backup import BackupReason
from crmkit.model.errors import Fault, Refusal, Signalled
from crmkit.store import backups, checking
from crmkit.store.backup_folder import all_backups
from crmkit.store.connection import Store, connect, refusal_of
from crmkit.store.opening import create_store, open_store


def add(store: Store, code: str, times: int = 1) -> None:
    with store.operation(act_at()):
        rows = [(f"{code}{n}", "x" * 180) for n in range(times)]
        store.executemany("INSERT INTO product(code,name) VALUES (?,?)", rows)


def count(path: Path) -> int:
    """How many products a healthy file holds."""
    with closing(open_store(path)) as store:
        assert checking.findings(store, full=True) == []
        return int(store.value("SELECT count(*) FROM product"))


def child(work: Callable[[], object]) -> int:
    """Start a process that does `work` and ends with 0, or 1 when that failed."""
    number = os.fork()
    if number == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return number


def ended(number: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


@pytest.fixture
def path(store: Store) -> Path:
    add(store, "first")
    store.close()
    return store.path


@pytest.mark.parametrize("room", [0, 4096, 50_000, 400_000])
def test_207_no_room_for_the_write(path: Path, room: int) -> None:
    before = count(path)
    limit = path.stat().st_size + room
    code, reason = unprivileged_limit(path, limit)
    assert (code, reason in ("SQLITE_FULL", "SQLITE_IOERR")) == (15, True)
    assert count(path) == before
    with closing(open_store(path)) as store:
        add(store, "again", 3000)
    assert count(path) == before + 3000


def unprivileged_limit(path: Path, limit: int) -> tuple[int, str]:
    """Write a lot in a child whose files may not grow beyond `limit` bytes."""

    def work() -> tuple[int, str]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with closing(open_store(path)) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            try:
                add(store, "much", 5000)
            except sqlite3.Error as error:
                refusal = refusal_of(error, path)
                assert refusal is not None
                return int(refusal.exit), refusal.facts["reason"]
        return 0, ""

    return unprivileged(work, as_nobody=False)


def test_209_no_room_for_a_backup(path: Path) -> None:
    def work() -> tuple[str, bool, list[str]]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with closing(open_store(path)) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
            try:
                backups.back_up(store, act_at(), BackupReason.MIGRATION)
            except Refusal as refusal:
                strict = refusal.fault.value
            tolerant = backups.backup_before(store, act_at(), BackupReason.IMPORT) is None
            left = [place.name for place in store.backup_folder.iterdir()]
            return strict, tolerant and store.backup_failure is not None, left

    assert unprivileged(work, as_nobody=False) == ("disk", True, [])
    assert count(path) == 1


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_213_a_signal_during_a_write_leaves_nothing(path: Path, name: str, code: int) -> None:
    def work() -> None:
        signal.signal(getattr(signal, name), _signalled)
        with closing(open_store(path)) as store:
            try:
                with store.operation(act_at()):
                    store.execute("INSERT INTO product(code,name) VALUES ('lost','x')")
                    os.kill(os.getpid(), getattr(signal, name))
                    store.execute("SELECT 1")
            except Signalled as end:
                os._exit(int(end.exit))

    assert ended(child(work)) == code
    assert count(path) == 1


def test_165_two_writers_both_succeed(path: Path) -> None:
    def work(name: str) -> None:
        with closing(open_store(path)) as store:
            for n in range(15):
                add(store, f"{name}{n}-", 20)

    assert [ended(number) for number in [child(lambda n=n: work(n)) for n in "ab"]] == [0, 0]  # type: ignore[misc]
    assert count(path) == 1 + 2 * 15 * 20


def test_171_five_processes_on_the_first_write_of_a_day(path: Path) -> None:
    def work(name: str) -> None:
        with closing(open_store(path)) as store, store.operation(act_at("2026-11-03")):
            store.execute("INSERT INTO product(code,name) VALUES (?,'x')", (name,))

    workers = [child(lambda n=n: work(n)) for n in "abcde"]  # type: ignore[misc]
    assert [ended(number) for number in workers] == [0] * 5
    assert count(path) == 6
    with closing(open_store(path)) as store:
        assert 1 <= len(all_backups(store.backup_folder)) <= 5
        assert all(count(backup.path) < 6 for backup in all_backups(store.backup_folder))


def test_173_the_lock_of_a_killed_writer_is_free_at_once(path: Path) -> None:
    source, sink = os.pipe()

    def work() -> None:
        with closing(open_store(path)) as store:
            store.execute("BEGIN IMMEDIATE")
            os.write(sink, b"x")
            signal.pause()

    holder = child(work)
    try:
        os.read(source, 1)
        with closing(_impatient(path)) as store:
            with pytest.raises(sqlite3.OperationalError) as told:
                add(store, "blocked")
            os.kill(holder, signal.SIGKILL)
            os.waitpid(holder, 0)
            add(store, "free")  # without any patience
    finally:
        with suppress(ProcessLookupError):
            os.kill(holder, signal.SIGKILL)
        os.close(source)
        os.close(sink)
    refusal = refusal_of(told.value, path)
    assert refusal is not None
    assert refusal.fault is Fault.BUSY
    assert count(path) == 2


def _impatient(path: Path) -> Store:
    """A store that does not wait; opening itself reads and would meet the lock."""
    return Store(connect(path, "rw", 0), path)


def test_167_two_reads_at_once_and_a_reader_beside_a_writer(path: Path) -> None:
    with closing(open_store(path)) as one, closing(open_store(path)) as two:
        with one.operation(act_at()):
            one.execute("INSERT INTO product(code,name) VALUES ('new','x')")
            assert two.value("SELECT count(*) FROM product") == 1
        assert two.value("SELECT count(*) FROM product") == 2


def test_191_a_new_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(create_store(tmp_path / "x.db")) as store:
            add(store, "a")
            store.execute("BEGIN IMMEDIATE")
            store.execute("INSERT INTO product(code,name) VALUES ('b','x')")
            modes = {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
            assert len(list(tmp_path.iterdir())) == 2
    finally:
        os.umask(before)
    assert modes == {0o600}


@pytest.mark.parametrize("year", [1970, 2099])
def test_183_a_clock_that_cannot_be_right(path: Path, year: int) -> None:
    act = replace(act_at(), now=datetime(year, 1, 1, tzinfo=act_at().now.tzinfo))
    before = path.read_bytes()
    with closing(open_store(path)) as store, pytest.raises(Refusal) as told, store.operation(act):
        store.execute("INSERT INTO product(code,name) VALUES ('x','x')")
    assert told.value.fault is Fault.CLOCK
    assert path.read_bytes() == before


def test_a_transaction_that_sqlite_ended_itself_is_told_not_hidden(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.execute("PRAGMA max_page_count=75")
        with pytest.raises(sqlite3.Error) as told:
            add(store, "much", 5000)
        assert told.value.sqlite_errorname == "SQLITE_FULL"
        assert not store.connection.in_transaction
    assert count(path) == 1
