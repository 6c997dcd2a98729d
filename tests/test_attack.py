"""Bad input as it was typed by hand at the commands; the numbers are those of bad-input.md."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import IO, Any

import in_process
import pytest
from conftest import act_at
from unprivileged import unprivileged

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Frequency, VisitMethod
from crmkit.model.errors import Fault, Refusal
from crmkit.model.visit import PlannedVisit
from crmkit.report.faults import lines
from crmkit.rules.fulfilling import fulfilled_by
from crmkit.sources.policy import shipped_policy
from crmkit.store.connection import Store
from crmkit.store.opening import create_store, open_store

NOW = "2026-11-03T18:00"


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A folder with the demo's database, which must be sound whatever was typed."""
    shutil.copy(demo_folder / "crmkit.db", tmp_path / "crmkit.db")
    yield tmp_path
    checked = crmkit(tmp_path, "db", "check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def crmkit(folder: Path, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Type a command in a folder; never a traceback, never a bug."""
    return sane(in_process.crmkit(folder, *words, env=world(env)))


def process(folder: Path, *words: str, stdout: IO[str]) -> subprocess.CompletedProcess[str]:
    """The same as a process of its own, which writes into a stream of the system."""
    return sane(
        subprocess.run(
            [sys.executable, "-m", "crmkit", *words], cwd=folder, env=world(), check=False,
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, text=True,
        )
    )  # fmt: skip


def world(more: dict[str, str] | None = None) -> dict[str, str]:
    return os.environ | {"CRMKIT_NOW": NOW, "CRMKIT_LANG": "en"} | (more or {})


def sane(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert "Traceback" not in done.stderr
    assert done.returncode != 1, done.stderr
    return done


@pytest.mark.parametrize("name", ["crmkit.db", "folder.html", "pipe.html", "/dev/null"])
def test_c12_241_a_page_never_takes_the_name_of_a_database_a_folder_or_a_device(demo: Path, name: str) -> None:
    (demo / "folder.html").mkdir()
    os.mkfifo(demo / "pipe.html")
    before = (demo / "crmkit.db").read_bytes()
    told = crmkit(demo, "status", "--format", "html", "-o", name)
    assert (told.returncode, "is there already" in told.stderr) == (4, True)
    assert (demo / "crmkit.db").read_bytes() == before
    assert (demo / "pipe.html").is_fifo()


@pytest.mark.parametrize(("target", "code"), [("no/such/x.html", 4), ("x.exe", 2), ("crmkit.db", 2), ("", 2)])
def test_c1_23_a_bad_output_is_told_before_the_work(demo: Path, target: str, code: int) -> None:
    before = (demo / "crmkit.db").read_bytes()
    told = crmkit(demo, "visit", "log", "053900001", "-o", target)
    assert told.returncode == code
    assert (demo / "crmkit.db").read_bytes() == before


@pytest.mark.parametrize("option", ["--db", "--as", "--fields"])
def test_c1_29_an_empty_option_is_not_an_absent_one(demo: Path, option: str) -> None:
    assert crmkit(demo, "visit", "log", "053900001", option, "").returncode == 2


@pytest.mark.parametrize(
    "words", [("db", "undo"), ("import", "show"), ("import", "undo"), ("plan", "visits", "--month=2026-11", "--seed")]
)
def test_c1_7_a_number_no_column_holds(demo: Path, words: tuple[str, ...]) -> None:
    assert crmkit(demo, *words, "9" * 30).returncode == 2


@pytest.mark.parametrize("day", ["1980-11-04", "0001-01-01", "2101-01-01", "9999-12-31"])
def test_c1_9_a_date_the_store_does_not_take(demo: Path, day: str) -> None:
    assert crmkit(demo, "visit", "log", "053900001", "--date", day).returncode == 2
    assert crmkit(demo, "calendar", "off", day).returncode == 2


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("今天", "03"),
        ("后天", "05"),
        ("下周一", "09"),
        ("周五", "06"),
        ("本周日", "08"),
        ("星期天", "08"),
        ("下周天", "15"),
    ],
)
def test_c1_11_words_for_days_are_echoed_as_dates(demo: Path, word: str, day: str) -> None:
    told = crmkit(demo, "visit", "list", "--date", word)
    assert (told.returncode, told.stderr) == (0, f"{word} = 2026-11-{day}\n")


@pytest.mark.parametrize(
    "clock", ["1970-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00+14:00"]
)
@pytest.mark.parametrize("words", [("status",), ("remind",), ("visit", "sheet"), ("visit", "log", "053900001")])
def test_c9_183_a_clock_that_cannot_be_right_is_told(demo: Path, clock: str, words: tuple[str, ...]) -> None:
    told = crmkit(demo, *words, env={"CRMKIT_NOW": clock})
    assert (told.returncode, "clock" in told.stderr) == (6, True)


@pytest.mark.parametrize("clock", ["1970-01-01T00:00", "2099-01-01T00:00"])
def test_c9_183_init_leaves_no_file(tmp_path: Path, clock: str) -> None:
    told = crmkit(tmp_path, "init", "--manager", "1=a", env={"CRMKIT_NOW": clock})
    assert (told.returncode, list(tmp_path.iterdir())) == (6, [])


@pytest.mark.parametrize("pair", ["1=" + "x" * 300, "1\x1b[31m=a", "1=a\u202eb", "=a", "1="])
def test_c12_225_names_of_people_are_plain(tmp_path: Path, pair: str) -> None:
    told = crmkit(tmp_path, "init", "--manager", pair)
    assert (told.returncode, list(tmp_path.iterdir())) == (2, [])


def test_c10_197_work_that_stays_is_not_denied(demo: Path) -> None:
    with Path("/dev/full").open("w") as full:
        told = process(demo, "visit", "log", "053900003", stdout=full)
    assert told.returncode == 15
    assert "stays" in told.stderr
    assert "the same was logged" in crmkit(demo, "visit", "log", "053900003").stdout.lower()


def test_c11_207_a_commit_that_failed_is_not_kept(tmp_path: Path) -> None:
    create_store(tmp_path / "x.db").close()

    def work() -> tuple[str, int]:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with closing(open_store(tmp_path / "x.db")) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
            try:
                _add(store, "a", act_at())
            except sqlite3.Error as error:
                return str(error.sqlite_errorname)[:12], store.kept
        return "", store.kept

    assert unprivileged(work, as_nobody=False) == ("SQLITE_IOERR", 0)


def _add(store: Store, code: str, act: Any, *, as_read: bool = False) -> None:
    with store.operation(act, as_read=as_read):
        store.execute("INSERT INTO product(code,name) VALUES (?,'x')", (code,))


def test_c8_165_what_was_decided_on_stale_facts_is_refused(tmp_path: Path) -> None:
    create_store(tmp_path / "x.db").close()
    with closing(open_store(tmp_path / "x.db")) as slow, closing(open_store(tmp_path / "x.db")) as quick:
        _add(slow, "0", act_at(), as_read=True)  # one's own writing makes nothing stale
        _add(slow, "1", act_at(), as_read=True)
        _add(quick, "2", act_at())
        with pytest.raises(Refusal) as told:
            _add(slow, "3", act_at(), as_read=True)
        assert told.value.fault is Fault.BUSY
        _add(slow, "4", act_at())
        assert slow.value("SELECT group_concat(code,'') FROM product") == "0124"


def test_c6_135_leaving_before_arriving(demo: Path) -> None:
    told = crmkit(demo, "visit", "log", "053900031", "--arrived", "10:00", "--left", "09:00")
    assert (told.returncode, "before you arrived" in told.stderr) == (6, True)


@pytest.mark.parametrize(("day", "taken"), [("2026-10-01", False), ("2026-10-30", False), ("2026-11-04", True)])
def test_c6_135_an_old_visit_pays_nothing_a_later_month_owes(day: str, taken: bool) -> None:
    days = [date.fromordinal(n) for n in range(date(2026, 9, 1).toordinal(), date(2026, 12, 31).toordinal())]
    calendar = WorkCalendar(days[0], days[-1], tuple(d for d in days if d.isoweekday() < 6))
    planned = PlannedVisit(1, 1, date(2026, 11, 3), VisitMethod.ONSITE, 1)
    found = fulfilled_by(calendar, shipped_policy(), Frequency.MONTHLY, date.fromisoformat(day), [planned], [])
    assert (found is planned) is taken


@pytest.mark.parametrize(
    ("text", "said"), [('nope = "x"', "no setting called nope"), ("lang = 5", "lang must be a text")]
)
def test_c12_235_a_settings_file_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "crmkit.toml").write_text(text)
    told = crmkit(tmp_path, "status")
    assert (told.returncode, said in told.stderr) == (4, True)


@pytest.mark.parametrize("words", [("policy", "diff", "."), ("status", "--db", "crmkit.db")])
def test_c1_19_a_folder_is_no_policy_and_no_full_disk(demo: Path, words: tuple[str, ...]) -> None:
    assert crmkit(demo, *words, env={"CRMKIT_POLICY": "."}).returncode == 4


def test_c9_189_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f"cd {gone} && rmdir {gone} && {sys.executable} -P -m crmkit status"
    told = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    assert (told.returncode, "bug" in told.stderr) == (4, False)


def test_c9_189_a_relative_settings_home_is_ignored(tmp_path: Path) -> None:
    from crmkit.sources.config import user_folder

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", "relative")
        patch.setenv("HOME", str(tmp_path))
        assert user_folder() == tmp_path / ".config" / "crmkit"


def test_c13_245_an_approval_is_not_undone(demo: Path) -> None:
    told = crmkit(demo, "db", "undo", "--as", "M01")  # M01 approved: its own, but never undone
    assert told.returncode == 6


def test_c7_147_without_a_backup_none_is_offered() -> None:
    assert len(lines(Refusal(Fault.DAMAGED, path="x"))) == 1
    assert len(lines(Refusal(Fault.DAMAGED, path="x", backup="b"))) == 2


def test_c5_111_a_text_that_is_too_long(demo: Path) -> None:
    assert crmkit(demo, "visit", "log", "053900003", "--effect", "x" * 2000).returncode == 0
    assert crmkit(demo, "visit", "log", "053900004", "--effect", "x" * 2001).returncode == 2


def test_c6_137_visits_of_a_closed_customer_stay_on_record_with_the_reason(demo: Path, demo_folder: Path) -> None:
    (export,) = demo_folder.glob("exports/客户信息.csv")
    header, first = export.read_text("utf-8-sig").splitlines()[:2]
    closed = first.replace("正常", "歇业").split(",")
    closed[header.split(",").index("歇业日期")] = "2026-11-02"
    (demo / "closed.csv").write_text(f"{header}\n{','.join(closed)}\n", encoding="utf-8")
    assert crmkit(demo, "import", "closed.csv").returncode == 0
    assert crmkit(demo, "plan", "visits", "--month", "2026-11").returncode in (0, 3)
    with closing(sqlite3.connect(demo / "crmkit.db")) as connection:
        found = connection.execute(
            "SELECT DISTINCT p.state, p.note FROM planned_visit p JOIN customer c ON c.id = p.customer"
            " WHERE code = ? AND day > '2026-11-03'",
            (closed[0],),
        ).fetchall()
    assert found == [("cancelled", "closed")]  # by the import already
