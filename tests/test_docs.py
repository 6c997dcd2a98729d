"""What the READMEs say is run: commands on the demo's files, tables against the program, both languages alike."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_house import ROOT, tree
from warm_crmkit import warm_crmkit

PAGES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
SET_UP = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/crmkit demo"
TESTS = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest -q'
OPENING_DAY = "2026-11-02T08:30"


def blocks(language: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGES[language].read_text(encoding="utf-8"), re.S | re.M)


def month(language: str) -> list[str]:
    """The blocks after the two that set up."""
    return blocks(language, "sh")[2:]


@pytest.mark.parametrize("language", PAGES)
def test_two_commands_set_everything_up(language: str) -> None:
    assert blocks(language, "sh")[:2] == [f"{SET_UP}\n", f"{TESTS}\n"]
    (windows,) = blocks(language, "powershell")
    assert windows.splitlines() == [
        r"py -3 -m venv .venv; .venv\Scripts\pip install .; .venv\Scripts\crmkit demo",
        r'py -3 -m venv .venv; .venv\Scripts\pip install -e ".[test]"; .venv\Scripts\python -m pytest -q',
    ]


@pytest.mark.skipif(os.name == "nt", reason="the commands are written for sh")
@pytest.mark.parametrize("language", PAGES)
def test_the_month_runs_as_it_is_written(language: str, demo_folder: Path, tmp_path: Path) -> None:
    """Block after block in one shell that stops at the first failure, by somebody with an empty home."""
    shutil.copytree(demo_folder / "exports", tmp_path / "crmkit-demo" / "exports")
    script = "set -eu\n" + "\n".join(month(language))
    clean = {"HOME": str(tmp_path), "PYTHONUTF8": "1", "CRMKIT_NOW": OPENING_DAY, "CRMKIT_LANG": language}
    with warm_crmkit(tmp_path) as programs:
        done = subprocess.run(
            ["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
            env=clean | {"PATH": f"{programs}:/usr/bin:/bin"},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    (sheet,) = tmp_path.glob("*.pdf")
    assert sheet.read_bytes().startswith(b"%PDF")
    assert done.stdout.count("053900001") > 3


def test_both_pages_show_the_same_commands() -> None:
    """The Chinese page may say months, days and free texts in Chinese; the commands and options are the same."""

    def skeleton(language: str) -> list[list[str]]:
        lines = "\n".join(month(language)).splitlines()
        return [re.findall(r"^crmkit [a-z]+(?: [a-z]+\b)?|--[a-z-]+", line) for line in lines]

    assert skeleton("en") == skeleton("zh")


@pytest.mark.parametrize("language", PAGES)
def test_the_table_of_exit_codes_is_the_programs(language: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crmkit", "--lang", language, "help", "exit-codes", "--format", "md"],
        capture_output=True, encoding="utf-8", check=True, env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    table = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(table) > 15
    assert "\n".join(table) in PAGES[language].read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*PAGES.values(), ROOT / "CHANGELOG.md"])
def test_commands_named_in_passing_exist(page: Path) -> None:
    named = re.findall(r"`crmkit ([a-z][a-z -]*)`", page.read_text(encoding="utf-8"))
    assert named
    known = {path.removeprefix("crmkit ") for path in tree("en")}
    topics = {"help exit-codes", "help mapping"} | {f"help {path}" for path in known}
    assert [words for words in named if words not in known | topics] == []


@pytest.mark.parametrize("page", [*PAGES.values(), ROOT / "CHANGELOG.md"])
def test_files_named_in_passing_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:examples|benchmarks|\.ci)/[\w./-]+)`", text) + re.findall(r"\]\(([\w.-]+)\)", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("language", PAGES)
def test_options_named_in_passing_exist(language: str) -> None:
    text = PAGES[language].read_text(encoding="utf-8")
    pages = "\n".join(str(told["page"]) for told in tree("en").values())
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", "\n".join([*month(language), *re.findall(r"`[^`\n]+`", text)])))
    assert {option for option in named if option not in pages} == set()
