"""crmkit db as it is typed: log, undo, backup, restore, check and their exit codes."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crmkit.cli import run
from crmkit.store.changes import drop_triggers
from crmkit.store.opening import open_store


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Type a command in a folder with a fresh database: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRMKIT_NOW", "2026-11-02T12:00:00")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("CRMKIT_ACTOR", raising=False)

    def type_(*words: str) -> tuple[int, str, str]:
        code = run(list(words))
        told = capsys.readouterr()
        return int(code), told.out, told.err

    assert type_("init", "--manager", "001=张三")[0] == 0
    with closing(open_store(Path("crmkit.db"))) as store, store.operation(_act()):
        store.execute("INSERT INTO customer(code,name,phone,city) VALUES ('A','老王','13800000000','昆明')")
    return type_


def _act() -> Any:
    from conftest import act_at

    return act_at(command="customer add")


def data(answer: tuple[int, str, str]) -> Any:
    assert answer[0] == 0, answer
    return json.loads(answer[1])["data"]


def test_the_log_masks_what_is_personal_until_it_is_asked_for(typed: Any) -> None:
    assert [line["command"] for line in data(typed("db", "log", "--format", "json"))] == ["customer add", "init"]
    told = typed("db", "log", "--op", "2")
    assert "昆明" in told[1]
    assert not any(word in told[1] for word in ("13800000000", "老王"))
    assert "13800000000" in typed("db", "log", "--op", "2", "--personal")[1]
    assert len(data(typed("db", "log", "--limit", "1", "--format", "json"))) == 1
    assert typed("db", "log", "--op", "99")[0] == 5


def test_undo_dry_run_undo_and_its_refusals(typed: Any) -> None:
    assert data(typed("db", "undo", "--dry-run", "--format", "json"))["rows"] == 1
    assert data(typed("db", "undo", "--format", "json")) == {
        "op": 2, "command": "customer add", "rows": 1, "withdrawn": 0, "kept": [], "dry_run": False
    }  # fmt: skip
    code, out, err = typed("db", "undo", "2")
    assert (code, out) == (6, "")
    assert "undone already" in err
    assert typed("db", "undo", "1")[0] == 6  # root's or whoever made the file


def test_backup_restore_and_the_question(typed: Any) -> None:
    made = data(typed("db", "backup", "--format", "json"))["file"]
    assert typed("db", "undo")[0] == 0
    code, out, err = typed("db", "restore")
    assert (code, out, "--yes" in err) == (2, "", True)
    assert data(typed("db", "restore", "--yes", "--format", "json"))["backup"] == made
    with closing(open_store(Path("crmkit.db"))) as store:
        assert store.value("SELECT code FROM customer") == "A"
    assert typed("db", "backup", "no/such/x.db")[0] == 4
    assert typed("db", "restore", "no-such.db", "--yes")[0] == 4


def test_253_check_is_silent_on_a_healthy_file_and_names_what_is_wrong(typed: Any) -> None:
    for words in (("db", "check"), ("db", "check", "--full")):
        assert typed(*words) == (0, "", "")
    with closing(open_store(Path("crmkit.db"))) as store:
        drop_triggers(store)
    code, out, _err = typed("db", "check")
    assert (code, "schema" in out) == (3, True)
    with closing(open_store(Path("crmkit.db"))) as store:
        store.execute("UPDATE customer SET phone='1'")
    code, out, _err = typed("db", "check", "--full")
    assert (code, "logged" in out, "13800000000" in out) == (13, True, False)


def test_221_a_write_without_its_backup_ends_with_3_and_says_since_when(
    typed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed("db", "backup")[0] == 0
    monkeypatch.setenv("CRMKIT_NOW", "2026-11-05T12:00:00")
    folder = Path("crmkit.db.backups")
    kept = folder.rename("kept")
    folder.write_text("a file where the folder was")
    code, _out, err = typed("db", "undo", "2", "--as", "001")
    assert (code, "no earlier backup" in err) == (3, True)
    folder.unlink()
    kept.rename(folder)


@pytest.mark.parametrize("words", [("db", "log"), ("db", "check"), ("db", "undo"), ("db", "backup")])
def test_141_without_a_database_nothing_is_made(words: tuple[str, ...], tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*words, "--db", "none.db"]) == 10
    assert list(tmp_path.iterdir()) == []


def test_both_languages(typed: Any) -> None:
    from crmkit.report.words import use_language

    use_language("zh")
    try:
        assert "操作" in typed("db", "log")[1]
        assert "撤销" in typed("db", "undo", "1")[2]
    finally:
        use_language("en")


def test_init_makes_the_file_that_the_settings_name(
    typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder below the settings, and by CRMKIT_DB: what the next command opens is what was made."""
    office = tmp_path / "office"
    (office / "below").mkdir(parents=True)
    (office / "crmkit.toml").write_text('database = "team.db"\n')
    monkeypatch.chdir(office / "below")
    assert typed("init", "--manager", "001=张三")[0] == 0
    assert (office / "team.db").is_file()
    monkeypatch.setenv("CRMKIT_DB", str(tmp_path / "other.db"))
    assert typed("init", "--manager", "001=张三")[0] == 0
    assert typed("status", "--as", "001")[0] == 0
    assert not list(office.glob("below/*"))


def test_init_with_two_files_makes_neither(typed: Any) -> None:
    code, _out, err = typed("init", "b.db", "--manager", "001=张三", "--db", "a.db")
    assert (code, "a.db" in err, "b.db" in err) == (2, True, True)
    assert not any(Path(name).exists() for name in ("a.db", "b.db"))
    assert typed("init", "--manager", "001=张三", "--db", "a.db")[0] == 0
