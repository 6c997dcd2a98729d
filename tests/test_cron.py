"""The scripts of examples/cron as cron runs them: /bin/sh, an empty environment, no terminal, another zone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
CRON = ROOT / "examples" / "cron"
WINDOWS = ROOT / "examples" / "windows"
FRIDAY_EVENING = "2026-11-06T18:00"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts for sh")


@pytest.fixture
def area(demo_folder: Path, tmp_path: Path) -> Path:
    """A folder as a user has it: the database, and a program outside of any PATH."""
    shutil.copy(demo_folder / "crmkit.db", tmp_path / "crmkit.db")
    program = tmp_path / "crmkit"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crmkit "$@"\n')
    program.chmod(0o700)
    return tmp_path


def cron(area: Path, script: str, now: str = FRIDAY_EVENING, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script with nothing but cron's own variables and those of crontab.example."""
    given = {"HOME": str(area), "LOGNAME": "zhang", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
    given |= {"CRMKIT": str(area / "crmkit"), "CRMKIT_DB": str(area / "crmkit.db"), "CRMKIT_NOW": now}
    given |= {"SHEETS": str(area / "sheets"), "BACKUPS": str(area / "copies")} | more
    assignments = [f"{name}={value}" for name, value in given.items()]
    return subprocess.run(
        ["env", "-i", *assignments, "/bin/sh", str(CRON / script)],
        cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_sheet_of_the_next_working_day_is_printed_under_its_date(area: Path) -> None:
    done = cron(area, "print-sheet.sh")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    printed = re.fullmatch(r".*/sheet-(\d{4}-\d{2}-\d{2})\.pdf\n", done.stdout)
    assert printed is not None, done.stdout
    day = printed[1]
    assert day == "2026-11-09"  # the Monday after the Friday of the clock
    assert sorted(path.name for path in (area / "sheets").iterdir()) == [f"sheet-{day}.html", f"sheet-{day}.pdf"]
    assert (area / "sheets" / f"sheet-{day}.pdf").read_bytes().startswith(b"%PDF")
    page = (area / "sheets" / f"sheet-{day}.html").read_text(encoding="utf-8")
    assert len(set(re.findall(r"\b0539\d{5}\b", page))) > 10  # the shops of a full day
    assert {oct(path.stat().st_mode & 0o777) for path in (area / "sheets").iterdir()} == {"0o600"}


def test_printing_twice_is_no_error(area: Path) -> None:
    assert cron(area, "print-sheet.sh").returncode == 0
    assert cron(area, "print-sheet.sh").returncode == 0


def test_late_evening_in_utc_is_the_next_day_of_the_business(area: Path) -> None:
    """23:30 of Sunday in UTC is Monday in Shanghai: the next working day is Tuesday."""
    done = cron(area, "print-sheet.sh", now="2026-11-08T23:30:00+00:00")
    assert done.stdout.endswith("sheet-2026-11-10.pdf\n"), done.stdout + done.stderr


def test_remind_speaks_when_something_waits(area: Path) -> None:
    done = cron(area, "remind.sh", now="2026-11-20T07:30")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_back_up_keeps_checked_copies_and_only_so_many(area: Path) -> None:
    old = [area / "copies" / f"crmkit-2026010{day}T231500Z.db" for day in (1, 2, 3)]
    (area / "copies").mkdir()
    for path in old:
        path.write_bytes(b"old")
    other = area / "copies" / "notes.txt"
    other.write_text("mine")
    done = cron(area, "back-up.sh", KEEP="2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    left = sorted((area / "copies").glob("crmkit-*.db"))
    assert len(left) == 2
    assert left[0] == old[-1]
    assert left[1].stat().st_size > 100_000
    assert other.exists()


@pytest.mark.parametrize("script", ["print-sheet.sh", "remind.sh", "back-up.sh"])
def test_a_missing_database_fails_with_its_code_and_a_sentence(area: Path, script: str) -> None:
    done = cron(area, script, CRMKIT_DB=str(area / "elsewhere.db"))
    assert done.returncode == 10
    assert "elsewhere.db" in done.stderr
    assert not (area / "elsewhere.db").exists()


@pytest.mark.parametrize("script", ["print-sheet.sh", "remind.sh", "back-up.sh"])
def test_a_missing_setting_is_named(area: Path, script: str) -> None:
    done = cron(area, script, CRMKIT_DB="")
    assert done.returncode != 0
    assert "CRMKIT_DB" in done.stderr


def test_the_crontab_names_scripts_that_are_there() -> None:
    named = re.findall(r"examples/cron/([\w-]+\.sh)", (CRON / "crontab.example").read_text(encoding="utf-8"))
    assert sorted(named) == sorted(path.name for path in CRON.glob("*.sh"))
    assert all(os.access(CRON / name, os.X_OK) for name in named)


def test_windows_tasks_are_the_same_jobs() -> None:
    """They cannot be run here: at least the XML is whole and names a script that is there."""
    for path in WINDOWS.glob("*.xml"):
        command = next(node.text or "" for node in ElementTree.parse(path).iter() if node.tag.endswith("Command"))
        assert (WINDOWS / command.rpartition("\\")[2]).is_file()
    assert {path.stem for path in WINDOWS.glob("*.xml")} == {path.stem for path in CRON.glob("*.sh")}
