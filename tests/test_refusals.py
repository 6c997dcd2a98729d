"""What is refused, and whether the way out that is told is one: what an attacker and a customer manager ran into."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from conftest import act_at
from test_attack import NOW, crmkit, demo

from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.report.faults import lines
from crmkit.report.mappingwords import MAPPING_REASONS
from crmkit.report.tables import TABLES
from crmkit.report.words import use_language
from crmkit.sources import mapping
from crmkit.sources.policy import load_policy, shipped_policy
from crmkit.store.changes import logged_tables
from crmkit.store.connection import Store
from crmkit.store.customers import all as all_customers
from crmkit.store.opening import open_store
from crmkit.store.rownames import row_name
from crmkit.workflow.log_visit import Logged, VisitFacts, log_visit

__all__ = ["demo"]  # the fixture
CUSTOMER = "053900003"


@pytest.mark.parametrize(
    "words", [("key", CUSTOMER, "--add"), ("frequency", CUSTOMER, "weekly"), ("generate",), ("strategies",)]
)
def test_an_approved_month_is_left_for_the_next_one(demo: Path, words: tuple[str, ...]) -> None:
    reason = ("--reason", "x") if words[0] in ("key", "frequency") else ()
    told = crmkit(demo, "plan", *words, "--month", "2026-11", *reason)
    assert told.returncode == 6
    assert "of 2026-11 is approved and stays as it is" in told.stderr
    assert "2026-12" in told.stderr
    assert "withdraw" not in told.stderr


@pytest.mark.parametrize("trial", [(), ("--trial",)])
def test_without_a_plan_no_trial_is_offered(demo: Path, trial: tuple[str, ...]) -> None:
    told = crmkit(demo, "plan", "visits", "--month", "2026-12", *trial)
    assert told.returncode == 6
    assert "there is no month plan yet" in told.stderr
    assert "trial is possible" not in told.stderr


def test_a_file_without_people_names_the_command_that_adds_them(tmp_path: Path) -> None:
    assert "crmkit team --help" in crmkit(tmp_path, "init").stdout
    assert crmkit(tmp_path, "team", "--help").returncode == 0


@pytest.mark.parametrize("clock", ["2099-01-01T00:00", "1999-01-01T00:00"])
@pytest.mark.parametrize("words", [("backup",), ("backup", "x.db"), ("restore", "-y"), ("restore", "-y", "good.db")])
def test_a_wrong_clock_neither_backs_up_nor_restores(demo: Path, words: tuple[str, ...], clock: str) -> None:
    assert crmkit(demo, "db", "backup", "good.db").returncode == 0
    assert crmkit(demo, "db", "backup").returncode == 0
    before = sorted(path.name for path in demo.rglob("*"))
    told = crmkit(demo, "db", *words, env={"CRMKIT_NOW": clock})
    assert (told.returncode, "clock" in told.stderr) == (6, True)
    assert sorted(path.name for path in demo.rglob("*")) == before


def test_a_backup_of_the_future_is_not_the_newest(demo: Path) -> None:
    assert crmkit(demo, "db", "backup").returncode == 0
    (made,) = (demo / "crmkit.db.backups").glob("2026-11-03T*")
    for year in ("2027", "2099"):
        shutil.copy(made, made.with_name(f"{year}-01-01T000000-hand.db"))
    assert made.name in crmkit(demo, "db", "restore", "-y").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("import", "c.csv", "-o"),
        ("import", "x.csv", "c.csv", "--rejects"),
        ("import", "x.csv", "--map", "c.csv", "-o"),
        ("calendar", "import", "c.csv", "-o"),
        ("policy", "diff", "c.csv", "-o"),
    ],
)
def test_an_answer_never_replaces_what_the_command_reads(demo: Path, words: tuple[str, ...]) -> None:
    for name in ("c.csv", "x.csv"):
        (demo / name).write_text("客户编码,客户名称\n1,甲\n", encoding="utf-8")
    told = crmkit(demo, *words, "./c.csv")
    assert (told.returncode, "does not read" in told.stderr) == (2, True)
    assert (demo / "c.csv").read_text(encoding="utf-8").startswith("客户编码")


def test_an_undo_that_came_too_late_names_the_customer(demo: Path) -> None:
    assert crmkit(demo, "customer", "set", CUSTOMER, "contact=甲").returncode == 0
    number = newest_operation(demo)
    assert crmkit(demo, "customer", "set", CUSTOMER, "contact=乙").returncode == 0
    told = crmkit(demo, "db", "undo", str(number))
    assert (told.returncode, f"customer {CUSTOMER} was changed since" in told.stderr) == (6, True)
    told = crmkit(demo, "db", "undo", str(number), "--lang", "zh")
    assert f"客户 {CUSTOMER}" in told.stderr


def newest_operation(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "crmkit.db")) as connection:
        return int(connection.execute("SELECT max(seq) FROM operation").fetchone()[0])


def test_rows_are_called_by_codes_and_days(demo: Path) -> None:
    assert crmkit(demo, "visit", "log", CUSTOMER).returncode == 0
    with closing(open_store(demo / "crmkit.db")) as store:
        key, customer, day = store.rows("SELECT v.id, c.code, v.day FROM visit v JOIN customer c ON c.id=v.customer")[0]
        assert row_name(store, "visit", key) == f"{customer} {day}"
        key, manager = store.rows("SELECT d.id, p.code FROM document d JOIN person p ON p.id=d.manager")[0]
        assert row_name(store, "document", key).startswith(f"{manager} 2026-1")
        key, number = store.rows("SELECT id, number FROM orders")[0]
        assert row_name(store, "orders", key).endswith(number)
        assert row_name(store, "line", f"{key}/1").endswith(f"{number}/1")
        assert row_name(store, "visit", 10**9) == str(10**9)
        for table in logged_tables(store):
            assert table.name in TABLES
            if len(table.keys) == 1 and (found := store.one(f"SELECT id FROM {table.name}")):
                assert row_name(store, table.name, found[0]) != str(found[0])


def test_a_row_that_is_gone_keeps_its_name(demo: Path) -> None:
    crmkit(demo, "calendar", "off", "2026-12-24")
    with closing(open_store(demo / "crmkit.db")) as store:
        key = store.value("SELECT max(id) FROM day_off")
        with store.operation(act_at("2026-11-03")):
            store.execute("DELETE FROM day_off")
        assert row_name(store, "day_off", key).endswith("2026-12-24")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("status", "--format", "json", "--format", "csv"), ("--format json", "--format csv")),
        (("--format", "json", "status", "--format", "csv"), ("--format json", "--format csv")),
        (("status", "--db", "a.db", "--db=b.db"), ("--db a.db", "--db b.db")),
        (("status", "-o", "a.csv", "--output", "b.csv"), ("--output a.csv", "--output b.csv")),
        (("status", "--month", "2026-10", "--month", "2026-11"), ("--month 2026-10", "--month 2026-11")),
        (("plan", "key", "1", "--add", "--remove", "--reason", "x"), ("--add", "--remove")),
    ],
)
def test_c1_27_of_two_values_neither_is_taken(tmp_path: Path, words: tuple[str, ...], named: tuple[str, ...]) -> None:
    told = crmkit(tmp_path, *words)
    assert told.returncode == 2
    assert f"{named[0]} and {named[1]} exclude each other" in told.stderr


def test_c1_27_the_same_value_twice_is_one(demo: Path) -> None:
    told = crmkit(demo, "--format", "json", "status", "--format", "json", "--format=json", "-q", "-q", "--as", "001")
    assert told.returncode == 0


def test_a_dry_run_names_the_reasons_itself(demo: Path) -> None:
    (demo / "l.csv").write_text("客户编码,客户名称\n,甲\n,乙\n", encoding="utf-8")
    told = crmkit(demo, "import", "l.csv", "--dry-run")
    assert told.returncode == 4
    assert told.stderr.splitlines()[-1] == "Line 2 客户编码: a needed cell is blank"


def limited(folder: Path, blocks: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Type a command where no file may grow beyond so many blocks of 512 bytes: a full disk."""
    line = f'ulimit -f {blocks} && exec "{sys.executable}" -m crmkit "$@"'
    world = os.environ | {"CRMKIT_NOW": NOW, "CRMKIT_LANG": "en"}
    return subprocess.run(
        ["/bin/sh", "-c", line, "sh", *words], cwd=folder, env=world, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("blocks", [0, 16])
def test_a_full_disk_names_the_file_that_was_asked_for(tmp_path: Path, blocks: int) -> None:
    told = limited(tmp_path, blocks, "init", "q.db", "--manager", "1=a")
    assert (told.returncode, "'q.db'" in told.stderr) == (15, True), told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("blocks", [16, 800])
def test_a_demo_that_failed_leaves_nothing(tmp_path: Path, blocks: int) -> None:
    told = limited(tmp_path, blocks, "demo", "d")
    assert (told.returncode, list(tmp_path.iterdir())) == (15, []), told.stderr


ASCII_ONLY = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_chinese_is_read_under_a_locale_that_knows_ascii_only(demo: Path) -> None:
    (demo / "客户.csv").write_text("客户编码,客户名称\n1,甲\n", encoding="utf-8")
    assert crmkit(demo, "visit", "log", CUSTOMER, "--effect", "摆得整齐", env=ASCII_ONLY).returncode == 0
    with closing(sqlite3.connect(demo / "crmkit.db")) as connection:
        found = connection.execute("SELECT effect FROM visit ORDER BY id DESC LIMIT 1").fetchone()
    assert found == ("摆得整齐",)
    assert crmkit(demo, "import", "客户.csv", env=ASCII_ONLY).returncode == 0
    told = crmkit(demo, "status", "-o", "月报.html", env=ASCII_ONLY)
    assert told.returncode in (0, 2)  # this locale may have no way to write the name


def test_bytes_that_are_no_utf8_are_shown_as_such(demo: Path) -> None:
    name = os.fsdecode("客户".encode("gbk") + b".csv")
    (demo / name).write_bytes(b"")
    told = crmkit(demo, "import", name)
    assert (told.returncode, "\ufffd" in told.stderr, "udc" in told.stderr) == (4, True, False)
    assert crmkit(demo, "visit", "log", CUSTOMER, "--effect", name.removesuffix(".csv")).returncode == 2


def test_c12_235_a_policy_others_can_write_is_refused(demo: Path) -> None:
    path = demo / "my policy.toml"
    path.write_text("", encoding="utf-8")
    path.chmod(0o666)
    told = crmkit(demo, "status", env={"CRMKIT_POLICY": path.name})
    assert (told.returncode, "chmod go-w 'my policy.toml'" in told.stderr) == (4, True)
    path.chmod(0o644)
    assert load_policy(path)
    assert crmkit(demo, "status", env={"CRMKIT_POLICY": path.name}).returncode == 0


def test_a_plan_that_came_back_shows_why(demo: Path) -> None:
    month, later = ("--month", "2026-12"), {"CRMKIT_NOW": "2026-11-30T09:00"}
    for words in (
        ("analyze", "compute"),
        ("analyze", "score", "--all", "3"),
        ("analyze", "generate"),
        ("plan", "strategies", "--satisfaction", "90"),
        ("plan", "generate"),
        ("plan", "submit", "--accept-shortage", "x"),
        ("plan", "reject", "--as", "M01", "--reason", "太满了"),
    ):
        told = crmkit(demo, *words, *month, env=later)
        assert told.returncode in (0, 3), told.stderr
    assert "Rejected by M01 on 2026-11-30: 太满了" in crmkit(demo, "plan", "show", *month, env=later).stdout
    assert crmkit(demo, "plan", "submit", "--accept-shortage", "x", *month, env=later).returncode == 0
    assert "太满了" not in crmkit(demo, "plan", "show", *month, env=later).stdout


def overtaken(folder: Path, *quicker: str) -> Logged:
    """Log a visit; another process logs one of the same customer between our reading and our writing."""
    with closing(open_store(folder / "crmkit.db")) as store:
        customer = next(one for one in all_customers(store) if one.code == CUSTOMER)
        waiting = list(quicker)

        def before_write(act: object) -> None:
            if waiting:
                assert crmkit(folder, "visit", waiting.pop(0), CUSTOMER, *waiting).returncode == 0
                waiting.clear()

        store.before_write = before_write  # type: ignore[method-assign]
        facts = VisitFacts(date(2026, 11, 3), effect="整齐")
        return log_visit(store, act_at("2026-11-03"), shipped_policy(), customer, facts)


def test_c8_165_the_same_visit_logged_twice_at_once(demo: Path) -> None:
    assert overtaken(demo, "log", "--effect", "整齐").unchanged


@pytest.mark.parametrize("quicker", [("log", "--effect", "乱"), ("miss", "--why", "closed")])
def test_c8_165_another_visit_logged_at_once(demo: Path, quicker: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as told:
        overtaken(demo, *quicker)
    assert told.value.facts["rule"] == "already-logged"


def test_the_settings_speak_chinese(tmp_path: Path) -> None:
    told = crmkit(tmp_path, "doctor", "--lang", "zh", env={"CRMKIT_NOW": ""}).stdout
    assert "系统时钟" in told
    assert "默认" in told
    assert [word for word in ("default", "clock", "true", "false", "exists") if word in told] == []


def test_the_list_of_a_day_has_the_codes_of_the_sheet(demo: Path) -> None:
    sheet = crmkit(demo, "visit", "sheet", "--date", "2026-11-04", "--format", "json").stdout
    listed = crmkit(demo, "visit", "list", "--date", "2026-11-04", "--format", "csv").stdout.splitlines()
    codes = [row.split(",")[1] for row in listed[1:]]
    assert len(codes) > 3
    assert all(f'"{code}"' in sheet for code in codes)
    (typed,) = {row.split(",")[2] for row in listed[1:2]}
    assert crmkit(demo, "visit", "log", codes[0], "--format", "json").stdout.count(typed) >= 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_date_that_is_not_understood_names_the_forms(demo: Path, language: str) -> None:
    told = crmkit(demo, "visit", "list", "--date", "11-24", "--lang", language)
    assert told.returncode == 2
    assert all(form in told.stderr for form in ("YYYY-MM-DD", "yesterday", "昨天", "下周一"))


def test_a_missed_visit_keeps_a_note(demo: Path) -> None:
    assert "停电" in crmkit(demo, "visit", "miss", CUSTOMER, "--why", "other", "--note", "停电").stdout
    assert "停电" in crmkit(demo, "visit", "list", "--format", "csv").stdout


@pytest.mark.parametrize(("more", "said"), [((), True), (("--effect", "x"), False), (("--anomaly", "x"), False)])
def test_a_visit_without_a_text_says_so(demo: Path, more: tuple[str, ...], said: bool) -> None:
    assert ("No text was kept" in crmkit(demo, "visit", "log", CUSTOMER, *more).stdout) is said


def test_every_reason_of_a_mapping_has_words() -> None:
    text = Path(mapping.__file__).read_text(encoding="utf-8")
    used = {word for word in text.split('"') if word.startswith("mapping-")}
    assert used == MAPPING_REASONS.keys()
    use_language("zh")
    said = lines(Refusal(Fault.BAD_MAPPING, path="m", line=1, reason="mapping-one-of", key="unit", fields="a b"))
    assert "unit 应是其中之一：a b" in said[0]


def test_explained_figures_say_what_they_are(demo: Path) -> None:
    with closing(open_store(demo / "crmkit.db")) as store:
        code = problem_customer(store)
    told = crmkit(demo, "explain", "frequency", code, "--month", str(Month(2026, 11)))
    assert "of the expected volume, limit " in told.stdout


def problem_customer(store: Store) -> str:
    sql = "SELECT c.code FROM problem p JOIN customer c ON c.id=p.customer WHERE p.code='relative_volume'"
    return str(store.value(f"{sql} AND p.month='2026-11'"))
