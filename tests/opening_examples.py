"""The month the demo plays, opened: its invented exports in a fresh file, October opened and approved, life since."""

import csv
import os
import pty
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from month_examples import Answer, Typist

from crmkit.cli import run
from crmkit.report.words import Language, use_language

BEFORE, MONTH = "2026-10", "2026-11"
OCTOBER, OPENING_DAY = "2026-10-08T08:30", "2026-11-02T08:30"
MANAGER, BOSS = "001", "M01"
NEW = tuple(f"05390099{n}" for n in range(9))  # nine shops that opened in October
CLOSED = ("053900011", "053900022", "053900033")
ASKED = tuple(f"0539000{n:02d}" for n in range(50, 70))  # customers who sent a questionnaire nobody confirmed
WATCHED = ("100001", "100002")


class Alone(Typist):
    """Types where no test runs yet: for a session's fixture."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch, self.actor, self.now = folder, monkeypatch, MANAGER, OCTOBER
        monkeypatch.chdir(folder)

    def __call__(self, *words: str, actor: str | None = None, lang: Language = "en") -> Answer:
        self._patch.setenv("CRMKIT_ACTOR", actor or self.actor)
        self._patch.setenv("CRMKIT_NOW", self.now)
        use_language(lang)
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            code = run(list(words))
        return Answer(int(code), out.getvalue(), err.getvalue())


def worked_october(typed: Typist, exports: Path) -> None:
    """A file at the evening before November is opened: what the month before left, and what changed since."""
    typed.now = OCTOBER
    must(typed, "init", "--manager", f"{MANAGER}=李岚", "--market-manager", f"{BOSS}=周正")
    must(typed, "import", *map(str, sorted(exports.glob("*.csv"))), fine=(0, 3))
    for product in WATCHED:
        must(typed, "product", "watch", "add", product, "--from", "2026-09", actor=BOSS)
        rates = ("on_shelf=90", "sell_through=300", "repurchase=100")
        must(typed, "analyze", "target", "set", product, *rates, "--from", BEFORE)
    must(typed, "analyze", "market", "target", "--month", BEFORE, "volume=60000", "key_brand_growth=25")
    must(typed, "plan", "open", "--month", BEFORE, "--yes", "--accept-shortage", "试用", "--submit", fine=(0, 3))
    must(typed, "plan", "approve", "--month", BEFORE, actor=BOSS)
    typed.now = "2026-10-30T18:00"
    _new_shops(typed.folder / "new.csv")
    must(typed, "import", "new.csv", "订单-rejects.csv")  # the orders that had not come on 8 October
    for code in CLOSED:
        must(typed, "customer", "set", code, "state=closed")
    for code in ASKED:
        must(typed, "analyze", "demand", "enter", code, "100001=5", "--month", MONTH)
    typed.now = OPENING_DAY


def must(typed: Typist, *words: str, fine: tuple[int, ...] = (0,), actor: str | None = None) -> None:
    answer = typed(*words, actor=actor)
    assert answer.code in fine, (words, answer)


def _new_shops(path: Path) -> None:
    header = ["客户编码", "客户名称", "客户经理", "状态", "档位", "市场类型", "拜访方式"]
    rows = [(code, f"新开小店{n}", "李岚", "正常", "12", "城镇", "实地") for n, code in enumerate(NEW)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])


def sitting(
    folder: Path,
    *words: str,
    answers: Sequence[str] = (),
    end: int | None = None,
    lang: str = "en",
    now: str = OPENING_DAY,
) -> tuple[str, int]:
    """Type into a real terminal, an answer at each prompt. After the last one: a signal (`end`), or Enter for ever.

    What was said, and how it ended (minus the signal's number where one killed it).
    """
    child, terminal = pty.fork()
    if child == 0:
        environment = os.environ | {"CRMKIT_LANG": lang, "CRMKIT_NOW": now, "CRMKIT_ACTOR": MANAGER}
        environment |= {"COLUMNS": "80", "NO_COLOR": "1"}
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, "-m", "crmkit", *words], environment)
    said, left = bytearray(), iter(answers)
    while more := _read(terminal):
        said += more
        if said.endswith(b"> "):
            answer = next(left, None if end is not None else "")
            if answer is None:
                assert end is not None
                os.kill(child, end)
                end = None
            else:
                os.write(terminal, answer.encode() + b"\n")
    _child, status = os.waitpid(child, 0)
    os.close(terminal)
    return said.decode(), os.waitstatus_to_exitcode(status)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way to say that the other side has closed
        return b""


def questions(said: str) -> list[str]:
    """The titles of the questions put, without their numbers."""
    return [re.split(r" \(|（", found)[0].strip() for found in re.findall(r"^\d+ · (.*)$", said, re.M)]
