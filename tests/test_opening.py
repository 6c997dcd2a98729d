"""Opening: what is no crmkit file, damaged, newer or older; journals, WAL, links and odd names (bad-input.md C7)."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from conftest import act_at
from unprivileged import open_folder, unprivileged

from crmkit.model.errors import Fault, Refusal
from crmkit.store import changes, checking
from crmkit.store.backup_folder import all_backups
from crmkit.store.connection import Store, in_wal_mode, refusal_of
from crmkit.store.migrating import STEPS, VERSION, Steps, apply_pending
from crmkit.store.opening import create_store, open_migrated, open_store
from crmkit.workflow.back_up import back_up
from crmkit.workflow.check_database import check_database
from crmkit.workflow.undo_operation import undo_operation

NOW = act_at().now
NEXT: Steps = (
    *STEPS,
    (
        "ALTER TABLE person ADD COLUMN nickname TEXT",
        "UPDATE person SET nickname=name",
        "CREATE TABLE extra(id INTEGER PRIMARY KEY, x TEXT) STRICT",
    ),
)


def add(store: Store, code: str) -> int:
    with store.operation(act_at()) as op:
        store.execute("INSERT INTO person(code,name,role) VALUES (?,'x','customer_manager')", (code,))
        return op


def codes(path: Path) -> list[str]:
    with closing(open_store(path)) as store:
        return [code for (code,) in store.rows("SELECT code FROM person ORDER BY code")]


def refused(path: Path) -> tuple[int, Refusal]:
    """The exit code with which opening is refused; the folder holds the same bytes after."""
    before = contents(path.parent)
    with pytest.raises(Refusal) as told:
        open_migrated(path, NOW)
    assert contents(path.parent) == before
    return int(told.value.exit), told.value


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def path(store: Store) -> Path:
    add(store, "A")
    store.close()
    return store.path


def test_141_nothing_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.db")[0] == 10
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"notes", b"SQLite format 3\x00", b"\x00" * 4096])
def test_143_no_database_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.db").write_bytes(content)
    assert refused(tmp_path / "x.db")[0] in (10, 13)


@pytest.mark.parametrize("wal", [False, True])
def test_143_another_applications_file(tmp_path: Path, wal: bool) -> None:
    other = sqlite3.connect(tmp_path / "x.db")
    if wal:
        other.execute("PRAGMA journal_mode=WAL")
    other.execute("CREATE TABLE t(x)")
    other.commit()
    copy = tmp_path / "copy"
    copy.mkdir()
    for part in tmp_path.glob("x.db*"):
        shutil.copy(part, copy / part.name)
    other.close()
    assert refused(copy / "x.db")[0] == 10


@pytest.mark.parametrize(
    ("damage", "code"), [("half", 13), ("50 bytes", 13), ("99 bytes", 13), ("flipped", 10), ("application", 10)]
)
def test_147_cut_and_flipped_files_are_refused_unchanged_and_the_newest_backup_named(
    path: Path, damage: str, code: int
) -> None:
    with closing(open_store(path)) as store:
        made = back_up(store, act_at())
    whole = path.read_bytes()
    damaged = {
        "half": whole[: len(whole) // 2],
        "50 bytes": whole[:50],
        "99 bytes": whole[:99],
        "flipped": bytes([whole[0] ^ 1]) + whole[1:],
        "application": whole[:68] + b"\x00\x00\x00\x01" + whole[72:],
    }
    path.write_bytes(damaged[damage])
    found, refusal = refused(path)
    assert found == code
    assert code != 13 or refusal.facts["backup"] == str(made)


def test_147_damage_sqlite_meets_later_names_the_backup_too(path: Path) -> None:
    with closing(open_store(path)) as store:
        made = back_up(store, act_at())
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3996 + whole[4096:])
    code, refusal = refused(path)
    assert (code, refusal.facts["backup"]) == (13, str(made))


def test_a_newer_file_is_refused_unchanged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version={VERSION + 1}")
    code, refusal = refused(path)
    assert (code, refusal.facts["version"], refusal.facts["known"]) == (14, VERSION + 1, VERSION)


def test_145_an_older_file_is_backed_up_migrated_and_goes_on(path: Path) -> None:
    opened = open_migrated(path, NOW, steps=NEXT)
    with closing(opened.store) as store:
        assert (opened.migrated_from, opened.version) == (VERSION, VERSION + 1)
        assert store.rows("SELECT code, nickname FROM person") == [("A", "x")]
        assert opened.backup is not None
        assert codes(opened.backup) == ["A"]
        assert changes.operations(store, 1)[0].command == "db migrate"
        with store.operation(act_at()):
            store.execute("INSERT INTO extra(x) VALUES ('logged')")
        logged = store.rows("SELECT tbl, col, new FROM change ORDER BY seq DESC LIMIT 1")
        assert logged == [("extra", "x", "logged")]
        # the made-up schema is ahead of this program: its identity and tables are told, its data is whole
        ahead = {checking.Check.IDENTITY, checking.Check.SCHEMA}
        assert {f.check for f in checking.findings(store, full=True)} <= ahead
    again = open_migrated(path, NOW, steps=NEXT)
    assert (again.migrated_from, again.backup) == (None, None)
    again.store.close()


def test_245_undo_does_not_cross_a_migration(path: Path) -> None:
    with closing(open_migrated(path, NOW, steps=NEXT).store) as store:
        with pytest.raises(Refusal) as told:
            undo_operation(store, act_at(), op=1)
        assert (told.value.exit, told.value.facts["reason"]) == (6, "migration")


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    broken: Steps = (*STEPS, ("CREATE TABLE half(x)", "UPDATE no_such_table SET x=1"))
    with pytest.raises(sqlite3.OperationalError):
        open_migrated(path, NOW, steps=broken)
    with closing(open_store(path)) as store:
        assert store.value("SELECT count(*) FROM sqlite_schema WHERE name='half'") == 0
        assert checking.findings(store, full=True) == []


def test_two_processes_may_migrate_at_once(path: Path) -> None:
    with closing(open_store(path)) as late:
        open_migrated(path, NOW, steps=NEXT).store.close()
        apply_pending(late, act_at(command="db migrate"), NEXT)
        assert late.value("SELECT count(*) FROM operation WHERE command='db migrate'") == 1


def test_209_without_its_backup_a_migration_does_not_start() -> None:
    with open_folder() as folder:
        assert unprivileged(lambda: _migration_without_backup(folder)) == (12, VERSION)


def _migration_without_backup(folder: Path) -> tuple[int, int]:
    with closing(create_store(folder / "x.db")) as store:
        store.backup_folder.mkdir(mode=0o500)
    with pytest.raises(Refusal) as told:
        open_migrated(folder / "x.db", NOW, steps=NEXT)
    with closing(open_store(folder / "x.db")) as store:
        return int(told.value.exit), int(store.value("PRAGMA user_version"))


def test_151_a_hot_journal_is_played_back_and_acknowledged_rows_are_there(path: Path, tmp_path: Path) -> None:
    crashed = _crash(path, tmp_path / "crashed")
    assert (crashed.with_name("x.db-journal")).stat().st_size > 512
    with closing(open_migrated(crashed, NOW).store) as store:
        assert checking.findings(store, full=True) == []
    assert codes(crashed) == ["A"]
    assert not crashed.with_name("x.db-journal").exists()


def test_153_with_its_journal_deleted_the_check_is_honest(path: Path, tmp_path: Path) -> None:
    crashed = _crash(path, tmp_path / "crashed")
    crashed.with_name("x.db-journal").unlink()
    assert _verdict(crashed) == 13


def _verdict(path: Path) -> int:
    """The exit code of a full check."""
    try:
        with closing(open_migrated(path, NOW).store) as store:
            checked = check_database(store, full=True)
    except Refusal as refusal:
        return int(refusal.exit)
    return 13 if checked.damaged else 3 if checked.findings else 0


def _crash(path: Path, folder: Path) -> Path:
    """Copy the file in the middle of a transaction that has spilled half of its pages."""
    folder.mkdir()
    with closing(open_store(path)) as store:
        store.execute("PRAGMA cache_size=5")
        store.execute("PRAGMA secure_delete=OFF")
        store.execute("BEGIN IMMEDIATE")
        store.execute("DELETE FROM operation WHERE 0")
        for n in range(2000):
            store.execute("INSERT INTO product(code,name) VALUES (?,?)", (f"p{n}", "x" * 150))
        store.execute("UPDATE person SET name='torn', code='torn'")
        shutil.copy(path, folder / "x.db")
        shutil.copy(path.with_name(path.name + "-journal"), folder / "x.db-journal")
        _sync_journal_header(folder / "x.db-journal")
        store.execute("ROLLBACK")
    return folder / "x.db"


def _sync_journal_header(journal: Path) -> None:
    """A copied journal is as it would be found after a crash."""
    assert journal.read_bytes()[:8] == b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"


def test_155_wal_mode_left_by_another_tool_is_taken_back_without_losing_a_commit(path: Path, tmp_path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("PRAGMA wal_autocheckpoint=0")
    other.execute("INSERT INTO person(code,name,role) VALUES ('in wal','x','customer_manager')")
    other.commit()
    left = tmp_path / "left"
    left.mkdir()
    for part in path.parent.glob(path.name + "*"):
        if part.is_file():
            shutil.copy(part, left / part.name.replace(path.name, "x.db"))
    other.close()
    assert (left / "x.db-wal").stat().st_size > 0
    opened = open_migrated(left / "x.db", NOW)
    opened.store.close()
    assert opened.converted
    assert not in_wal_mode(left / "x.db")
    assert opened.backup is not None
    assert codes(left / "x.db") == codes(opened.backup) == ["A", "in wal"]
    assert sorted(p.name for p in left.iterdir()) == ["x.db", "x.db.backups"]


def test_155_a_file_another_tool_holds_open_in_wal_mode_is_busy_not_broken(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT count(*) FROM person").fetchone()
        with pytest.raises(Refusal) as told:
            open_migrated(path, NOW, 50)
        assert told.value.fault is Fault.BUSY
    assert codes(path) == ["A"]


def test_157_a_file_moved_away_takes_no_more_writes(store: Store) -> None:
    add(store, "A")
    moved = store.path.with_name("moved.db")
    store.path.rename(moved)
    shutil.copy(moved, store.path)
    with pytest.raises(sqlite3.OperationalError) as told:
        add(store, "B")
    refusal = refusal_of(told.value, store.path)
    assert refusal is not None
    assert (int(refusal.exit), refusal.facts["reason"]) == (15, "moved")
    assert codes(moved) == codes(store.path) == ["A"]


def test_159_behind_a_symlink_journal_and_backups_stand_beside_the_real_file(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = elsewhere / "link.db"
    link.symlink_to(path)
    with closing(open_migrated(link, NOW).store) as store:
        with store.operation(act_at()):
            store.execute("UPDATE person SET name='y'")
            assert path.with_name(path.name + "-journal").exists()
        back_up(store, act_at())
    assert [p.name for p in elsewhere.iterdir()] == ["link.db"]
    assert len(all_backups(path.with_name(path.name + ".backups"))) == 1


def test_159_a_hard_link_is_refused(path: Path, tmp_path: Path) -> None:
    os.link(path, tmp_path / "second.db")
    code, refusal = refused(tmp_path / "second.db")
    assert (code, refusal.facts["reason"]) == (4, "hard-link")


@pytest.mark.parametrize(
    "name",
    ["a?b.db", "a#b.db", "a%20b.db", "a b.db", "客户 资料.db", "-x.db", "file:x?mode=memory", ":memory:", "a&b=c.db"],
)
def test_159_233_odd_names_are_plain_paths(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    create_store(Path(name)).close()
    with closing(open_migrated(Path(name), NOW).store) as store:
        add(store, "A")
        back_up(store, act_at())
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, f"{name}.backups"])
    assert codes(tmp_path / name) == ["A"]


def test_219_a_file_of_root_names_the_chown_line() -> None:
    with open_folder() as folder:
        with closing(create_store(folder / "x.db")) as store:
            add(store, "A")
        if os.geteuid() == 0:
            assert unprivileged(lambda: _write(folder / "x.db"))[:2] == (12, "sudo chown -R")
        (folder / "x.db").chmod(0o444)
        code, line, rows = unprivileged(lambda: _write(folder / "x.db"))
        assert (code, rows) == (12, ["A"])
        assert line.startswith(("sudo chown", "chmod u+rwX"))


def _write(path: Path) -> tuple[int, str, list[str]]:
    """Try to write; the exit code, the first words of the way out, what can be read."""
    store = None
    try:
        store = open_store(path)
        add(store, "B")
    except Refusal as refusal:
        return int(refusal.exit), " ".join(refusal.facts["command"].split()[:3]), []
    except sqlite3.Error as error:
        refusal_ = refusal_of(error, path)
        assert refusal_ is not None
        return int(refusal_.exit), " ".join(refusal_.facts["command"].split()[:3]), codes(path)
    finally:
        if store is not None:
            store.close()
    return 0, "", codes(path)


def test_219_in_a_read_only_folder_reading_works_and_writing_is_refused() -> None:
    with open_folder() as folder:
        assert unprivileged(lambda: _make_and_close(folder)) == (12, ["A"])


def _make_and_close(folder: Path) -> tuple[int, list[str]]:
    with closing(create_store(folder / "x.db")) as store:
        add(store, "A")
    folder.chmod(0o500)
    code, _line, rows = _write(folder / "x.db")
    return code, rows
