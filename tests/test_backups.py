"""Backups, thinning, restore: what is kept, and what happens when it cannot be."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import act_at
from hypothesis import given, settings
from hypothesis import strategies as st
from unprivileged import open_folder, unprivileged

from crmkit.model.backup import Backup, BackupReason
from crmkit.model.errors import Fault, Refusal
from crmkit.store import changes, checking
from crmkit.store.connection import Store, refusal_of
from crmkit.store.opening import create_store, open_store
from crmkit.store.thinning import surplus
from crmkit.workflow.back_up import back_up
from crmkit.workflow.restore_backup import chosen_backup, restore_backup


def add(store: Store, code: str, day: str = "2026-11-02") -> None:
    with store.operation(act_at(day)):
        store.execute("INSERT INTO customer(code,name) VALUES (?,'x')", (code,))


def codes(path: Path) -> list[str]:
    with closing(open_store(path)) as opened:
        return [code for (code,) in opened.rows("SELECT code FROM customer ORDER BY code")]


def names(store: Store) -> list[str]:
    return sorted(path.name for path in store.backup_folder.glob("*")) if store.backup_folder.is_dir() else []


@pytest.fixture
def old(store: Store) -> Iterator[Store]:
    """A file last written on the first of November."""
    add(store, "A", "2026-11-01")
    yield store
    assert checking.findings(store, full=True) == []


def test_the_first_write_of_a_day_is_preceded_by_a_backup(old: Store) -> None:
    assert names(old) == []  # before the file's first day there was nothing
    add(old, "B")
    add(old, "C")
    assert names(old) == ["2026-11-02T120000-first-write.db"]
    assert codes(old.backup_folder / names(old)[0]) == ["A"]


def test_191_backups_are_private(old: Store) -> None:
    before = os.umask(0)
    try:
        add(old, "B")
    finally:
        os.umask(before)
    made = old.backup_folder / names(old)[0]
    assert [stat.S_IMODE(place.stat().st_mode) for place in (made, old.backup_folder)] == [0o600, 0o700]


def test_221_work_goes_on_without_its_backup_and_the_age_of_the_last_good_one_is_told() -> None:
    with open_folder() as folder:
        first, second = unprivileged(lambda: _without_backup(folder))
    assert first == (None, None, ["A", "B"])
    assert second == ("2026-11-03T120000-first-write.db", 3, ["A", "B", "C", "D"])


def _without_backup(folder: Path) -> tuple[object, object]:
    """A write without a place for its backup, one with, one without again: (newest backup, its age, rows) each."""
    outcomes = []
    with closing(create_store(folder / "x.db")) as store:
        add(store, "A", "2026-11-01")
        store.backup_folder.mkdir(mode=0o500)
        for code, day, mode in (("B", "2026-11-02", 0o500), ("C", "2026-11-03", 0o700), ("D", "2026-11-06", 0o500)):
            store.backup_failure = None
            store.backup_folder.chmod(mode)
            add(store, code, day)
            failure = store.backup_failure
            if failure is not None:
                last = failure.last.path.name if failure.last else None
                outcomes.append((last, failure.age_days, codes(store.path)))
    return outcomes[0], outcomes[1]


def test_209_a_backup_by_hand_without_room_is_refused() -> None:
    with open_folder() as folder:
        assert unprivileged(lambda: _closed_folder(folder)) == 12


def _closed_folder(folder: Path) -> int:
    with closing(create_store(folder / "x.db")) as store:
        store.backup_folder.mkdir(mode=0o500)
        with pytest.raises(Refusal) as told:
            back_up(store, act_at())
        return int(told.value.exit)


def test_249_an_unfinished_backup_is_swept_a_day_later(old: Store) -> None:
    add(old, "B", "2026-11-02")
    part = old.backup_folder / ".crmkit-0123456789abcdef.part"
    foreign = old.backup_folder / ".crmkit-notes.part"
    for place, hours in ((part, 25), (foreign, 25), (old.path.parent / ".crmkit-00000000000000ff.part", 2)):
        place.write_bytes(b"half")
        when = act_at("2026-11-03").now - timedelta(hours=hours)
        os.utime(place, (when.timestamp(), when.timestamp()))
    add(old, "C", "2026-11-03")
    assert not part.exists()
    assert foreign.exists()
    assert (old.path.parent / ".crmkit-00000000000000ff.part").exists()


def test_a_backup_by_hand_goes_where_it_is_wanted_and_replaces_nothing(old: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    assert back_up(old, act_at(), target=target) == target
    assert codes(target) == ["A"]
    before = target.read_bytes()
    for place, fault in ((target, Fault.TARGET_EXISTS), (tmp_path / "no" / "x.db", Fault.FOLDER_MISSING)):
        with pytest.raises(Refusal) as told:
            back_up(old, act_at(), target=place)
        assert told.value.fault is fault
    assert target.read_bytes() == before
    assert back_up(old, act_at()).name == "2026-11-02T120000-hand.db"
    assert back_up(old, act_at()).name == "2026-11-02T120000-hand-2.db"


def test_247_restore_keeps_what_was_there_and_the_log_records_it(old: Store) -> None:
    path = old.path
    add(old, "B")
    chosen = chosen_backup(path, act_at("2026-12-31"), None)
    result = restore_backup(path, act_at(command="db restore"), backup=chosen)
    assert codes(path) == ["A"]
    assert result.kept is not None
    assert codes(result.kept) == ["A", "B"]
    with closing(open_store(path)) as restored:
        assert changes.operations(restored, 1)[0].command == "db restore"
        add(restored, "D", "2026-11-03")
        assert checking.findings(restored, full=True) == []
    assert codes(path) == ["A", "D"]
    assert chosen_backup(path, act_at("2026-12-31"), None) != result.kept  # what a restore took away was not checked


def test_157_a_process_that_had_the_replaced_file_open_cannot_write_into_nothing(old: Store) -> None:
    made = back_up(old, act_at())
    restore_backup(old.path, act_at(command="db restore"), backup=made)
    with pytest.raises(Exception, match=r"readonly|moved") as told:
        add(old, "lost")
    refusal = refusal_of(told.value, old.path)  # type: ignore[arg-type]
    assert refusal is not None
    assert refusal.exit == 15
    assert codes(old.path) == ["A"]


@pytest.mark.parametrize("damage", ["cut", "flipped", "payload", "absent", "other"])
def test_147_restore_brings_back_a_damaged_file(old: Store, damage: str) -> None:
    made, path = back_up(old, act_at()), old.path
    old.close()
    whole = path.read_bytes()
    if damage == "absent":
        path.unlink()
    else:
        damaged = {
            "cut": whole[: len(whole) // 2],
            "flipped": b"X" + whole[1:],
            "payload": whole[:4096] + b"\xff" * 8192 + whole[12288:],
            "other": b"notes",
        }
        path.write_bytes(damaged[damage])
    path.with_name(path.name + "-journal").write_bytes(b"\xd9\xd5\x05\xf9 an old journal of the damaged file")
    broken = path.read_bytes() if path.exists() else b""
    result = restore_backup(path, act_at(command="db restore"), backup=made)
    assert codes(path) == ["A"]
    assert (result.kept is None) == (damage == "absent")
    assert result.kept is None or result.kept.read_bytes()[100:] == broken[100:]  # the header counts changes
    old.connection = open_store(path).connection  # for the check at the end


@pytest.mark.parametrize("damage", ["cut", "payload", "foreign", "absent"])
def test_a_bad_backup_is_refused_and_the_file_unchanged(old: Store, damage: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    whole = old.path.read_bytes()
    if damage != "absent":
        page = 4096
        texts = {"cut": whole[:page], "payload": whole[: -page * 60] + b"\xff" * page * 60, "foreign": b"SQLite no"}
        bad.write_bytes(texts[damage])
    with pytest.raises(Refusal) as told:
        restore_backup(old.path, act_at(), backup=bad)
    assert told.value.exit == {"cut": 13, "payload": 13, "foreign": 10, "absent": 4}[damage]
    assert old.path.read_bytes() == whole
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".crmkit")) == []


def test_restore_waits_for_a_writer_and_gives_up_as_busy(old: Store) -> None:
    made = back_up(old, act_at())
    with closing(open_store(old.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        whole = old.path.read_bytes()
        import crmkit.store.connection as door

        patience, door.open_known.__defaults__ = door.open_known.__defaults__, (100,)
        try:
            with pytest.raises(Refusal) as told:
                restore_backup(old.path, act_at(), backup=made)
        finally:
            door.open_known.__defaults__ = patience
        assert told.value.fault is Fault.BUSY
        assert old.path.read_bytes() == whole
        other.execute("ROLLBACK")


REASONS = st.sampled_from([reason for reason in BackupReason if reason is not BackupReason.HAND])
MOMENTS = st.integers(0, 500 * 24).map(lambda hours: datetime(2026, 11, 2, 12) - timedelta(hours=hours))  # noqa: DTZ001


@given(made=st.lists(st.tuples(MOMENTS, REASONS), max_size=120, unique_by=lambda pair: pair[0]))
@settings(max_examples=150, deadline=None)
def test_thinning_keeps_what_the_default_promises(made: list[tuple[datetime, BackupReason]]) -> None:
    today = date(2026, 11, 2)
    all_ = [Backup(Path(at.isoformat()), at, reason) for at, reason in made]
    gone = set(surplus(all_, today))
    kept = [backup for backup in all_ if backup not in gone]
    if all_:
        assert max(all_, key=lambda b: b.at) in kept
    for backup in all_:
        age = (today - backup.at.date()).days
        if age < 7:
            assert backup in kept
        elif age < 30:
            assert any(k.at.date() == backup.at.date() for k in kept)
        elif age < 366:
            assert any(k.at.date().isocalendar()[:2] == backup.at.date().isocalendar()[:2] for k in kept)
    for span, unit in (((7, 30), 1), ((37, 366), 7)):
        inside = [k for k in kept[:] if span[0] <= (today - k.at.date()).days < span[1]]
        periods = {k.at.date().isocalendar()[: 2 if unit == 7 else 3] for k in inside}
        newest = max(all_, key=lambda b: b.at, default=None)
        assert len([k for k in inside if k is not newest]) <= len(periods)
    assert not set(surplus(kept, today))


def test_backups_by_hand_are_never_thinned() -> None:
    ancient = Backup(Path("x"), datetime(2001, 1, 1), BackupReason.HAND)  # noqa: DTZ001
    newer = Backup(Path("y"), datetime(2026, 1, 1), BackupReason.IMPORT)  # noqa: DTZ001
    assert surplus([ancient, newer], date(2026, 11, 2)) == []
