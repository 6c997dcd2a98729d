"""The door: how a command line begins and how it ends (bad-input.md C1, C9-C11; the numbers are its ids)."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import in_process
import pytest
from typer.core import TyperArgument, TyperOption
from typer.main import get_command

from crmkit.cli import chosen_language
from crmkit.commands.tree import command, single
from crmkit.model.errors import EXIT_OF, Exit, Fault, Refusal
from crmkit.report import faults, usage
from crmkit.report.words import use_language
from crmkit.report.wrapping import cells, wrap
from crmkit.store.opening import create_store

CRMKIT = [sys.executable, "-m", "crmkit"]
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and descriptors of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder with no crmkit.db in it, and a home of its own."""
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CRMKIT_", "LC_", "LANG"))}
    home = {"HOME": str(folder.parent), "XDG_CONFIG_HOME": str(folder.parent / "settings")}
    return kept | home | {"CRMKIT_NOW": "2026-11-02T12:00", "COLUMNS": "80"} | more


def crmkit(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return in_process.crmkit(folder, *words, env=environment(folder, **more))


def process(folder: Path, *words: str | bytes, **more: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own: what the interpreter reads of the environment counts."""
    return subprocess.run(
        [*CRMKIT, *words], cwd=folder, env=environment(folder, **more), stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip


def in_shell(folder: Path, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A line of sh, with `crmkit` meaning this one."""
    script = f'crmkit() {{ "{sys.executable}" -m crmkit "$@"; }}\n{line}\n'
    return subprocess.run(
        ["/bin/sh", "-c", script], cwd=folder, env=environment(folder, **more),
        capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip


def made(folder: Path) -> Path:
    """A database without people."""
    create_store(folder / "crmkit.db").close()
    return folder / "crmkit.db"


# C1: the command line


def test_001_no_arguments_is_help_and_touches_nothing(folder: Path) -> None:
    done = crmkit(folder)
    assert done.returncode == Exit.USAGE
    assert done.stderr.startswith("Usage: crmkit")
    assert "calendar" in done.stderr
    assert done.stdout == ""
    assert list(folder.iterdir()) == []


def test_003_an_unknown_option_stops_before_anything_is_opened(folder: Path) -> None:
    before = made(folder).read_bytes()
    done = crmkit(folder, "calendar", "show", "--moth", "2026-11")
    assert done.returncode == Exit.USAGE
    assert "There is no option --moth. Did you mean --month?" in done.stderr
    assert (folder / "crmkit.db").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["crmkit.db"]


def test_003_an_unknown_command_names_the_near_one(folder: Path) -> None:
    done = crmkit(folder, "calender")
    assert done.returncode == Exit.USAGE
    assert "There is no command 'calender'. Did you mean calendar?" in done.stderr


def test_007_full_width_digits_are_digits(folder: Path) -> None:
    made(folder)
    assert crmkit(folder, "calendar", "show", "--month", "２０２６－１１").returncode == Exit.DONE


def test_009_a_week_date_is_no_date(folder: Path) -> None:
    made(folder)
    done = crmkit(folder, "calendar", "off", "2026-W45-1")
    assert done.returncode == Exit.USAGE
    assert "2026-W45-1" in done.stderr


@pytest.mark.parametrize(("word", "day"), [("今天", "2026-11-02"), ("today", "2026-11-02"), ("明天", "2026-11-03")])
def test_011_date_words_are_echoed_as_dates(folder: Path, word: str, day: str) -> None:
    made(folder)
    done = crmkit(folder, "calendar", "off", word)
    assert done.returncode == Exit.DONE
    assert f"{word} = {day}" in done.stderr


def test_011_an_unknown_date_word_is_a_usage_error(folder: Path) -> None:
    made(folder)
    assert crmkit(folder, "calendar", "off", "someday").returncode == Exit.USAGE


@POSIX
def test_025_an_argument_in_gbk_bytes_is_refused_in_words(folder: Path) -> None:
    made(folder)
    done = process(folder, "calendar", "off", "张三".encode("gbk"))
    assert done.returncode == Exit.USAGE
    assert "not UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_029_the_flag_beats_the_environment_and_verbose_says_so(folder: Path) -> None:
    made(folder)
    done = crmkit(folder, "--db", "crmkit.db", "calendar", "show", "--verbose", CRMKIT_DB="elsewhere.db")
    assert done.returncode == Exit.DONE
    assert "Database: crmkit.db (flag)" in done.stderr
    assert crmkit(folder, "calendar", "show", CRMKIT_DB="elsewhere.db").returncode == Exit.NO_DATABASE


def test_029_an_option_of_every_command_stands_before_or_after(folder: Path) -> None:
    made(folder)
    (folder / "sub").mkdir()
    for words in (["--db", "../crmkit.db", "calendar", "show"], ["calendar", "show", "--db", "../crmkit.db"]):
        done = subprocess.run(
            [*CRMKIT, *words], cwd=folder / "sub", env=environment(folder), capture_output=True, check=False
        )
        assert done.returncode == Exit.DONE


@pytest.mark.parametrize(("option", "value"), [("--lang", "fr"), ("--format", "docx"), ("--color", "sometimes")])
def test_a_word_that_is_none_of_the_choices_is_refused_with_them(folder: Path, option: str, value: str) -> None:
    done = crmkit(folder, "calendar", "show", option, value)
    assert done.returncode == Exit.USAGE
    assert value in done.stderr
    assert "Expected:" in done.stderr


# usage errors speak the reader's language; Typer's own sentences are ours

_toy = single()


@command(_toy, "toy", "A command to be called wrongly.")
def _toy_command(number: int, few: int = 1, flag: bool = False) -> None:
    raise AssertionError


def usage_error(words: list[str]) -> str:
    toy = get_command(_toy)
    try:
        toy.main(words, standalone_mode=False)
    except Exception as error:
        return usage.message(error)  # type: ignore[arg-type]
    raise AssertionError(words)


WRONG = {
    "missing": ([], "缺少 NUMBER。"),
    "no number": (["x"], "NUMBER：'x' 不是整数。"),
    "no such option": (["1", "--verbos"], "没有 --verbos 这个选项。您是不是要输入：--verbose？"),
    "no value": (["1", "--few"], "选项 --few 需要一个值。"),
    "a value too many": (["1", "--quiet=yes"], "选项 --quiet 不带值。"),
    "too many words": (["1", "2", "3"], "多余的内容：2 3"),
}


@pytest.mark.parametrize("case", WRONG)
def test_usage_errors_speak_chinese(case: str) -> None:
    words, said = WRONG[case]
    use_language("zh")
    assert usage_error(words) == said


@pytest.mark.parametrize("case", WRONG)
def test_usage_errors_speak_english(case: str) -> None:
    words, _said = WRONG[case]
    assert usage_error(words).isascii()


def test_a_whole_usage_error_is_in_one_language(folder: Path) -> None:
    done = crmkit(folder, "--lang", "zh", "calendar", "import")
    assert done.stderr.splitlines() == [
        "用法：crmkit calendar import [选项] {FILE}",
        "错误：缺少 FILE。",
        "帮助：crmkit calendar import --help",
    ]


# language


@pytest.mark.parametrize(
    ("words", "variables", "spoken"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "CRMKIT_LANG": "zh"}, "zh"),
        (["--lang", "en"], {"CRMKIT_LANG": "zh"}, "en"),
        (["plan", "--lang=zh"], {}, "zh"),
        (["--lang", "en", "plan", "--lang", "zh"], {}, "zh"),
        (["--", "--lang", "zh"], {}, "en"),
        (["--lang"], {}, "en"),
        ([], {}, "en"),
    ],
)
def test_the_language_is_chosen_in_order(
    words: list[str], variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "CRMKIT_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert chosen_language(words) == spoken


def test_the_settings_file_chooses_the_language(folder: Path) -> None:
    (folder / "crmkit.toml").write_text('lang = "zh"\n', encoding="utf-8")
    (folder / "crmkit.toml").chmod(0o600)
    assert crmkit(folder, "--help").stdout.startswith("用法")
    assert crmkit(folder, "--lang", "en", "--help").stdout.startswith("Usage")


def test_commands_built_for_one_language_are_not_shown_in_the_other(folder: Path) -> None:
    pages = [crmkit(folder, "--lang", lang, "db", "check", "--help").stdout for lang in ("en", "zh", "en")]
    assert ["Database file." in page for page in pages] == [True, False, True]


# every fault has words in both languages, and an exit code


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_fault_is_told_without_its_facts(fault: Fault, language: str) -> None:
    use_language(language)  # type: ignore[arg-type]
    told = faults.lines(Refusal(fault, **dict.fromkeys(("path", "value", "noun", "line"), "x")))
    assert told
    assert EXIT_OF[fault] != Exit.BUG
    if language == "zh":
        assert not all(line.isascii() for line in told)


# C9: clock, zone, locale, environment


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "No/Such_Zone", ""])
def test_179_the_business_day_is_that_of_the_configured_zone(folder: Path, zone: str) -> None:
    done = process(folder, "doctor", "--format", "plain", TZ=zone, CRMKIT_NOW="2026-11-02T23:30:00+00:00")
    assert done.returncode == Exit.DONE
    assert "2026-11-03" in done.stdout


def test_179_a_wrong_zone_in_the_settings_is_named(folder: Path) -> None:
    made(folder)
    done = crmkit(folder, "calendar", "show", CRMKIT_ZONE="Mars/Olympus")
    assert done.returncode == Exit.USAGE
    assert "Mars/Olympus" in done.stderr


@pytest.mark.parametrize("year", ["1970", "2099"])
def test_183_a_clock_far_off_writes_nothing(folder: Path, year: str) -> None:
    before = made(folder).read_bytes()
    done = crmkit(folder, "calendar", "off", f"{year}-03-02", CRMKIT_NOW=f"{year}-03-01T08:00")
    assert done.returncode == Exit.FORBIDDEN
    assert year in done.stderr
    assert (folder / "crmkit.db").read_bytes() == before


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
@pytest.mark.parametrize("words", ["--help", "help exit-codes"])
def test_187_a_screen_that_cannot_show_a_character_shows_a_replacement(folder: Path, encoding: str, words: str) -> None:
    done = process(folder, "--lang", "zh", *words.split(), PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == Exit.DONE
    assert done.stderr == ""
    assert "141" in done.stdout or "calendar" in done.stdout


def test_187_files_are_utf8_whatever_the_screen(folder: Path) -> None:
    target = folder / "codes.md"
    done = process(folder, "--lang", "zh", "help", "exit-codes", "-o", "codes.md", PYTHONIOENCODING="ascii")
    assert done.returncode == Exit.DONE
    assert "命令" in target.read_text(encoding="utf-8")


@POSIX
def test_189_a_missing_temporary_folder_is_no_hindrance(folder: Path) -> None:
    made(folder)
    assert process(folder, "calendar", "off", "2026-11-20", TMPDIR="/no/such/folder").returncode == Exit.DONE


@POSIX
def test_191_files_are_private_whatever_the_umask(folder: Path) -> None:
    made(folder)
    done = in_shell(folder, "umask 000; crmkit init mine.db --manager 001=Zhang && crmkit help exit-codes -o codes.csv")
    assert done.returncode == Exit.DONE, done.stderr
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir() if path.is_file()} == {
        "crmkit.db": "0o600",
        "mine.db": "0o600",
        "codes.csv": "0o600",
    }


@POSIX
def test_193_under_cron_no_colour_no_question(folder: Path) -> None:
    made(folder)
    done = in_shell(folder, "crmkit calendar show --month 2026-11 </dev/null")
    assert done.returncode == Exit.DONE
    assert "\x1b" not in done.stdout + done.stderr


def test_color_always_and_never_through_a_pipe(folder: Path) -> None:
    made(folder)
    assert "\x1b" in crmkit(folder, "calendar", "show", "--color", "always").stdout
    assert "\x1b" not in crmkit(folder, "calendar", "show").stdout


def on_terminal(folder: Path, *words: str, **more: str) -> str:
    """What a person at a terminal of 80 columns sees."""
    master, slave = os.openpty()
    with subprocess.Popen(
        [*CRMKIT, *words],
        cwd=folder,
        env=environment(folder, TERM="xterm", **more),
        stdin=slave,
        stdout=slave,
        stderr=slave,
    ):
        os.close(slave)
        seen = b""
        with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
            while chunk := os.read(master, 65536):
                seen += chunk
    os.close(master)
    return seen.decode()


@POSIX
def test_colour_on_a_terminal_unless_no_color(folder: Path) -> None:
    made(folder)
    assert "\x1b[" in on_terminal(folder, "calendar", "show")
    assert "\x1b" not in on_terminal(folder, "calendar", "show", NO_COLOR="1")
    assert "\x1b" not in on_terminal(folder, "calendar", "show", "--color", "never")


# C10: terminal and output


@POSIX
def test_195_a_reader_that_leaves_is_no_error(folder: Path) -> None:
    made(folder)
    line = "{ crmkit calendar show --month 2026-11; echo $? >code; } | head -1"
    done = in_shell(folder, line)
    assert done.stderr == ""
    assert int((folder / "code").read_text()) in (Exit.DONE, Exit.READER_LEFT)


@POSIX
@pytest.mark.parametrize("words", ["--help", "calendar show", "help exit-codes --format json"])
def test_195_a_reader_that_never_was(folder: Path, words: str) -> None:
    """The pipe is closed before the first byte: the write fails for certain."""
    made(folder)
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*CRMKIT, *words.split()], cwd=folder, env=environment(folder),
        stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)
    assert done.returncode == Exit.READER_LEFT
    assert done.stderr == b""


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_197_closed_streams_lose_no_work(folder: Path, closed: str) -> None:
    made(folder)
    done = in_shell(folder, f"crmkit calendar off 2026-11-20 --reason Fair {closed}")
    assert "Traceback" not in done.stderr
    assert done.returncode == (Exit.READER_LEFT if ">&- " in f"{closed} " and not closed.startswith("2") else Exit.DONE)
    assert "2026-11-20" in crmkit(folder, "calendar", "show", "--month", "2026-11", "--format", "csv").stdout


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_207_a_full_output_is_told_with_the_code_of_the_disk(folder: Path) -> None:
    made(folder)
    done = in_shell(folder, "crmkit calendar show >/dev/full")
    assert done.returncode == Exit.DISK
    assert "Traceback" not in done.stderr


# C11: signals

WAITING = """
import sys, time
from crmkit import cli
def invoke(arguments, context):
    print("ready", flush=True)
    while True:
        time.sleep(0.05)
cli._invoke = invoke
cli.main()
"""


@POSIX
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=["term", "hup", "int"]
)
def test_213_a_signal_ends_in_order(folder: Path, number: signal.Signals, code: int) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", WAITING], cwd=folder, env=environment(folder),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    running.send_signal(number)
    _out, told = running.communicate(timeout=10)
    assert running.returncode == code
    assert told == "Interrupted. Nothing was written.\n"


@POSIX
def test_213_nohup_stays_ignored(folder: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + WAITING],
        cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=0.5)
    running.terminate()
    assert running.wait(timeout=10) == Exit.TERMINATED
    running.communicate()


@POSIX
def test_213_ctrl_c_while_a_file_is_locked_writes_nothing(folder: Path) -> None:
    """A real command that waits for its turn, interrupted in the middle."""
    store = create_store(folder / "crmkit.db")
    store.connection.execute("BEGIN EXCLUSIVE")
    running = subprocess.Popen(
        [*CRMKIT, "calendar", "off", "2026-11-20"], cwd=folder, env=environment(folder),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(1)
    running.send_signal(signal.SIGTERM)
    store.connection.execute("ROLLBACK")
    _out, told = running.communicate(timeout=60)
    assert running.returncode == Exit.TERMINATED, told
    assert store.value("SELECT count(*) FROM day_off") == 0
    store.close()


# a bug of ours


def test_a_bug_shows_no_traceback_and_no_data(folder: Path) -> None:
    script = (
        "from crmkit import cli\n"
        "def invoke(arguments, context):\n    raise ZeroDivisionError('Zhang San 13800138000')\n"
        "cli._invoke = invoke\ncli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "x"], cwd=folder, env=environment(folder),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == Exit.BUG
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    log = (folder.parent / "settings" / "crmkit" / "bugs.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
    assert "13800138000" not in done.stderr + log


def test_the_log_names_options_but_not_what_was_typed(folder: Path) -> None:
    made(folder)
    crmkit(folder, "calendar", "off", "2026-11-20", "--reason", "张三 13800138000")
    logged = crmkit(folder, "db", "log", "--format", "json").stdout
    assert "calendar off" in logged
    assert "13800138000" not in logged
    assert "reason=…" in logged


# lines in cells


@pytest.mark.parametrize("width", [20, 33, 50])
def test_lines_never_exceed_their_cells_and_lose_no_word(width: int) -> None:
    text = "客户经理（张三）每天拜访 14 至 30 家店，晚上用 crmkit visit log 登记；周五小结。And an English tail."
    lines = wrap(text, width)
    assert max(map(cells, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert not any(line[0] in "，。；）" for line in lines)


def test_the_parameters_of_the_toy_are_typers_own() -> None:
    """The sentences above come from the installed Typer, not from a copy."""
    assert {type(param) for param in get_command(_toy).params} <= {TyperArgument, TyperOption}


@POSIX
@pytest.mark.parametrize("stdin", ["</dev/null", "<&-"])
def test_005_a_question_without_anybody_names_the_flag_that_answers_it(folder: Path, stdin: str) -> None:
    made(folder)
    assert crmkit(folder, "db", "backup").returncode == Exit.DONE
    before = (folder / "crmkit.db").read_bytes()
    done = in_shell(folder, f"crmkit db restore {stdin}")
    assert done.returncode == Exit.USAGE
    assert "--yes" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "crmkit.db").read_bytes() == before
    assert in_shell(folder, f"crmkit db restore --yes {stdin}").returncode == Exit.DONE


@POSIX
@pytest.mark.parametrize("name", ["file:x?mode=memory", ":memory:"])
def test_233_a_database_name_is_a_plain_path(folder: Path, name: str) -> None:
    done = crmkit(folder, "--db", name, "calendar", "show")
    assert done.returncode == Exit.NO_DATABASE
    assert list(folder.iterdir()) == []
    assert crmkit(folder, "init", "--db", name).returncode == Exit.DONE
    assert [path.name for path in folder.iterdir()] == [name]


@POSIX
def test_235_a_settings_file_others_can_write_is_refused_with_the_line(folder: Path) -> None:
    made(folder)
    (folder / "crmkit.toml").write_text('database = "other.db"\n')
    (folder / "crmkit.toml").chmod(0o666)
    done = crmkit(folder, "calendar", "show")
    assert done.returncode == Exit.INPUT_REFUSED
    assert "chmod go-w" in done.stderr


def test_023_a_page_for_a_missing_folder_names_it(folder: Path) -> None:
    done = crmkit(folder, "help", "exit-codes", "-o", "no/such/codes.html")
    assert done.returncode == Exit.INPUT_REFUSED
    assert "no/such" in done.stderr
    assert list(folder.iterdir()) == []


@POSIX
def test_241_a_planted_link_under_a_report_name_is_not_followed(folder: Path) -> None:
    target = folder.parent / "precious.txt"
    target.write_text("mine")
    (folder / "codes.html").symlink_to(target)
    assert crmkit(folder, "help", "exit-codes", "-o", "codes.html").returncode == Exit.DONE
    assert target.read_text() == "mine"
