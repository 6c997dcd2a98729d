"""The house rules: walls, types, taste, sizes, and a tree of commands whose help is whole in both languages."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest
from wcwidth import wcswidth

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "crmkit"
EVENING = "2026-11-05T18:30"
HANZI = re.compile(r"[\u3400-\u9fff]")
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s.*INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b", re.S)
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "shared", "manager", "misc"}
HEAVY = ["rich", "sqlite_utils", "typst", "jinja2", "pydantic", "holidays", "fontTools", "manimgx_fonts_cjk"]
HEAVY += ["markdown_it", "pygments", "plotext"]
# light enough for what is typed every evening, where working days are counted and a table is set; not for --help
LIGHT = ["chinese_calendar", "dateutil", "tabulate", "wcwidth", "sqlite3", "zoneinfo", "tomllib", "socket", "decimal"]


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_the_walls_between_the_rooms_stand() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_strict_and_hold(tmp_path: Path) -> None:
    done = tool("mypy", f"--cache-dir={tmp_path}")
    assert done.returncode == 0, done.stdout + done.stderr


def test_taste_is_law() -> None:
    done = tool("ruff", "check", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def lengths() -> dict[str, int]:
    """Lines of every function, from `def` to its last line."""
    found = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                found[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = node.end_lineno - node.lineno + 1
    return found


def test_functions_can_be_read_in_one_look() -> None:
    found = lengths()
    long = {name: lines for name, lines in found.items() if lines >= 30}
    assert {name: lines for name, lines in long.items() if lines > 60} == {}
    assert median(found.values()) <= 10
    assert len(long) * 10 <= len(found), long


def test_files_are_short() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    limits = {path: 150 if path.parent.name == "commands" else 400 for path in sizes}
    assert {str(path): size for path, size in sizes.items() if size >= limits[path]} == {}


def test_files_carry_words_of_the_domain() -> None:
    assert [str(path) for path in sources() if path.stem in NO_NAMES or path.parent.name in NO_NAMES] == []


def test_only_the_store_speaks_sql() -> None:
    speakers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if path.relative_to(PACKAGE).parts[0] != "store"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert speakers == []


def test_commands_and_rooms_below_do_not_reach_for_the_database_themselves() -> None:
    """sqlite3 is imported by the store, and by the one place that turns its errors into words."""
    importers = {str(path.relative_to(PACKAGE)) for path in sources() for name in imported(path) if name == "sqlite3"}
    assert {name for name in importers if not name.startswith("store")} <= {str(Path("report/endings.py"))}


def imported(path: Path) -> Iterator[str]:
    """Names of the top-level packages a file imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def committed() -> list[Path]:
    """The files of the repository; those of the folder where there is no git."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not set(path.parts) & {".venv", "build", ".git"}]


def test_nothing_of_the_builders_machine_is_in_the_repository() -> None:
    marks = [b"/" + b"work/", b"." + b"library", b"farm" + b"-", b"/" + b"root/"]
    tainted = [str(path) for path in committed() for mark in marks if mark in path.read_bytes()]
    assert tainted == []


# dependencies


@cache
def project() -> dict[str, object]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"])


MODULE_OF = {
    "sqlite-utils": "sqlite_utils",
    "python-dateutil": "dateutil",
    "chinesecalendar": "chinese_calendar",
    "manimgx-fonts-cjk": "manimgx_fonts_cjk",
    "fonttools": "fontTools",
}
USED_UNSEEN = {"tzdata": "zoneinfo reads it where the system has no time zones"}


def test_each_dependency_is_used() -> None:
    names = [re.split(r"[<>=;\[ ]", line)[0] for line in project()["dependencies"]]  # type: ignore[attr-defined]
    used = {name for path in sources() for name in imported(path)}
    assert [name for name in names if MODULE_OF.get(name, name) not in used and name not in USED_UNSEEN] == []


def test_each_import_is_declared() -> None:
    names = [re.split(r"[<>=;\[ ]", line)[0] for line in project()["dependencies"]]  # type: ignore[attr-defined]
    declared = {MODULE_OF.get(name, name) for name in names} | {"crmkit"}
    used = {name for path in sources() for name in imported(path)}
    assert used - declared - set(sys.stdlib_module_names) == set()


def test_each_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^(?:dependencies|test) = \[\n(.*?)^\]", text, re.S | re.M)
    assert len(lists) == 2
    assert [line for block in lists for line in block.splitlines() if not re.search(r'",\s*# \S+', line)] == []


# the tree of commands

WALK = """
import json, sys
from crmkit.report.words import use_language
use_language(sys.argv[1])
from crmkit.commands.manual import HelpContext
from crmkit.commands.root import TABLE, root_command
from crmkit.report.words import _
found = {}
def walk(command, ctx, path):
    found[path] = {
        "help": command.help or "",
        "page": ctx.get_help(),
        "params": {p.name: getattr(p, "help", "") or "" for p in command.get_params(ctx)},
        "table": _(TABLE[path.split()[-1]][1]) if path.count(" ") == 1 else None,
    }
    for name in command.list_commands(ctx) if hasattr(command, "list_commands") else []:
        below = command.get_command(ctx, name)
        walk(below, HelpContext(below, info_name=name, parent=ctx), f"{path} {name}")
root = root_command()
walk(root, HelpContext(root, info_name="crmkit", help_option_names=["-h", "--help"]), "crmkit")
print(json.dumps(found))
"""


@cache
def tree(language: str) -> dict[str, dict[str, object]]:
    """Every command by its path: help, help page, helps of its parameters, the text of the static table."""
    environment = os.environ | {"COLUMNS": "80", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", WALK, language], capture_output=True, text=True, check=True, env=environment
    )
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_static_table_says_what_the_commands_say(language: str) -> None:
    top = {path: told for path, told in tree(language).items() if path.count(" ") == 1}
    assert {path: told["table"] for path, told in top.items()} == {path: told["help"] for path, told in top.items()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_command_and_parameter_has_a_help(language: str) -> None:
    silent = [path for path, told in tree(language).items() if not told["help"]]
    for path, told in tree(language).items():
        assert isinstance(told["params"], dict)
        silent += [f"{path} {name}" for name, text in told["params"].items() if not text]
    assert silent == []


def test_every_help_is_said_in_chinese() -> None:
    english = [path for path, told in tree("zh").items() if not HANZI.search(str(told["help"]))]
    for path, told in tree("zh").items():
        assert isinstance(told["params"], dict)
        kept = tree("en")[path]["params"]
        assert isinstance(kept, dict)
        plain = {"format", "color", "help"}  # lists of words that are typed, and Typer's own, which the page rewords
        english += [
            f"{path} {name}" for name, text in told["params"].items() if text == kept[name] and name not in plain
        ]
    assert english == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_fits_eighty_columns(language: str) -> None:
    wide = [
        f"{path}: {line}"
        for path, told in tree(language).items()
        for line in str(told["page"]).splitlines()
        if wcswidth(line) > 80
    ]
    assert wide == []


# what is loaded


def loaded(*words: str, cwd: Path | None = None, **environment: str) -> set[str]:
    """Top-level modules a command line loads, and those of crmkit with their rooms."""
    code = (
        "import sys\nfrom crmkit.cli import main\ntry:\n    main()\nexcept SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "names = {name if name.startswith('crmkit') else name.split('.')[0] for name in sys.modules}\n"
        "sys.stderr.write('\\nLOADED ' + ' '.join(names))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=cwd, capture_output=True, text=True, check=False, env=os.environ | environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "LOADED" in done.stderr, done.stderr
    return set(done.stderr.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_loads_nothing_heavy(language: str) -> None:
    assert loaded("--lang", language, "--help") & {*HEAVY, *LIGHT} == set()


@pytest.fixture
def evening(demo_folder: Path, tmp_path: Path) -> Path:
    """The demo's month in a folder to write in, an evening when something was logged already."""
    shutil.copy(demo_folder / "crmkit.db", tmp_path / "crmkit.db")
    loaded("visit", "log", "053900010", cwd=tmp_path, CRMKIT_NOW=EVENING)
    return tmp_path


HOT = [["visit", "log", "053900011", "--effect", "two new ones"], ["visit", "miss", "053900012", "--why", "closed"]]


@pytest.mark.parametrize("words", [*HOT, ["status"]], ids=["log", "miss", "status"])
def test_what_is_typed_every_evening_loads_nothing_heavy(words: list[str], evening: Path) -> None:
    real = [name for name in HEAVY if importlib.util.find_spec(name)]
    assert len(real) >= len(HEAVY) - 1  # pydantic is none of ours
    assert loaded(*words, cwd=evening, CRMKIT_NOW=EVENING, CRMKIT_LANG="zh") & {*HEAVY} == set()


@pytest.mark.parametrize("words", HOT, ids=["log", "miss"])
def test_one_visit_loads_no_planning_and_no_other_evening(words: list[str], evening: Path) -> None:
    ours = loaded(*words, cwd=evening, CRMKIT_NOW=EVENING)
    others = ("crmkit.solvers", "crmkit.workflow.enter_day", "crmkit.workflow.analyze_operating")
    assert sorted(name for name in ours if name.startswith(others)) == []


@pytest.mark.parametrize(
    ("reason", "ci", "ended"),
    [("too lazy", "true", 1), ("too lazy", "", 0), ("../shared/data is absent", "true", 0)],
)
def test_a_skip_nobody_allowed_fails_under_ci(reason: str, ci: str, ended: int, tmp_path: Path) -> None:
    for name in ("conftest.py", "fresh_stores.py", "made_once.py", "allowed_skips.txt"):
        shutil.copy(ROOT / "tests" / name, tmp_path)
    (tmp_path / "test_it.py").write_text(f"import pytest\n\n\ndef test_it():\n    pytest.skip({reason!r})\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n0", str(tmp_path)],
        cwd=tmp_path, env=os.environ | {"CI": ci}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == ended, done.stdout
