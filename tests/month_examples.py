"""A small invented month: 24 shops of one manager and two of another, four months of orders, typed as a user would."""

import atexit
import csv
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crmkit.cli import run
from crmkit.report.words import Language, use_language
from crmkit.rules.verifying import WRITERS, may_write

MONTH = "2026-11"
MANAGER, OTHER, BOSS = "001", "002", "M01"
STOPPED, FALLING, METHODLESS, CLOSED = "1003", "1005", "1023", "1024"
SHOPS = 24


_WROTE = """SELECT DISTINCT o.seq, o.command, c.tbl, c.col FROM change c JOIN operation o ON o.seq=c.op
            WHERE o.seq>? AND o.command<>'test'"""


def _counts(table: str, column: str | None) -> bool:
    return (table, column) != ("visit", "planned")


@dataclass(frozen=True)
class Answer:
    """What one command line said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)["data"]

    @property
    def schema(self) -> str:
        return str(json.loads(self.out)["schema"])


class Typist:
    """Types commands into one folder, in this process."""

    _seen = 0  # operations looked at
    _looked = (0, 0)  # the file's time and size then

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys
        monkeypatch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("CRMKIT_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "settings"))
        self.actor = MANAGER
        self.now = "2026-10-30T18:00"

    def __call__(self, *words: str, actor: str | None = None, lang: Language = "en") -> Answer:
        self._monkeypatch.setenv("CRMKIT_ACTOR", actor or self.actor)
        self._monkeypatch.setenv("CRMKIT_NOW", self.now)
        use_language(lang)
        self._capsys.readouterr()
        code = run(list(words))
        self._look_at_writers()
        said = self._capsys.readouterr()
        use_language("en")
        return Answer(int(code), said.out, said.err)

    def _look_at_writers(self) -> None:
        """Whatever a command wrote of what plans are made from, plan verify must know it for a writer of."""
        if not (self.folder / "crmkit.db").exists() or self._stamp() == self._looked:
            return
        self._looked = self._stamp()
        with closing(sqlite3.connect(self.folder / "crmkit.db")) as file:
            try:
                rows = file.execute(_WROTE, (self._seen,)).fetchall()
            except sqlite3.DatabaseError:  # a file that is damaged on purpose
                return
        self._seen = max([self._seen, *(seq for seq, _command, _table, _column in rows)])
        unknown = [(c, t) for _seq, c, t, column in rows if t in WRITERS and not may_write(t, c) and _counts(t, column)]
        assert unknown == [], "not in rules/verifying.WRITERS: plan verify would call it altered"

    def _stamp(self) -> tuple[int, int]:
        now = (self.folder / "crmkit.db").stat()
        return now.st_mtime_ns, now.st_size

    def json(self, *words: str, **more: Any) -> Any:
        """The data of a command that must succeed."""
        answer = self(*words, "--format", "json", **more)
        assert answer.code == 0, (words, answer)
        return answer.data


def kept(
    prepare: Callable[[Typist], None], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typist:
    """A folder as `prepare` leaves it: typed once a process, copied for every test."""
    if prepare not in _KEPT:
        first = Path(tempfile.mkdtemp(prefix="crmkit-tests-"))
        atexit.register(shutil.rmtree, first, ignore_errors=True)
        typist = Typist(first, monkeypatch, capsys)
        prepare(typist)
        _KEPT[prepare] = (first, typist.actor, typist.now)
    first, actor, now = _KEPT[prepare]
    shutil.copytree(first, folder, dirs_exist_ok=True)
    typist = Typist(folder, monkeypatch, capsys)
    typist.actor, typist.now = actor, now
    return typist


def submitted(typist: Typist) -> None:
    """November from the exports to the submitted plan."""
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    for words in (
        ("import", "customers.csv", "products.csv", "orders.csv"),
        ("analyze", "compute", "--month", MONTH),
        ("analyze", "score", "--all", "3", "--month", MONTH),
        ("analyze", "generate", "--month", MONTH),
        ("plan", "strategies", "--month", MONTH, "--satisfaction", "90"),
        ("plan", "generate", "--month", MONTH),
        ("plan", "submit", "--month", MONTH),
    ):
        assert typist(*words).code == 0, words


def dated_month(typist: Typist) -> None:
    """November approved, its visits dated."""
    submitted(typist)
    assert typist("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    assert typist("plan", "visits", "--month", MONTH).code == 0


_KEPT: dict[Callable[[Typist], None], tuple[Path, str, str]] = {}


def write_exports(folder: Path) -> None:
    """Customers, products and orders of July to October 2026, as an office would export them."""
    header = ["客户编码", "客户名称", "客户经理", "状态", "档位", "市场类型", "拜访方式", "小片", "联系人", "电话"]
    _write(folder / "customers.csv", header, map(_shop, range(1, SHOPS + 3)))
    goods = [(f"P{n}", f"样品{n}", "卷烟", "是" if n == 1 else "否") for n in range(1, 6)]
    _write(folder / "products.csv", ["商品编码", "商品名称", "一级品类", "重点品牌"], goods)
    header = ["订单号", "行号", "订货日期", "客户编码", "商品编码", "数量(条)", "金额(元)", "可订量"]
    _write(folder / "orders.csv", header, _orders())


def _shop(number: int) -> tuple[str, ...]:
    code = f"{1000 + number}"
    owner = "张三" if number <= SHOPS else "李四"
    state = "歇业" if code == CLOSED else "正常"
    market = "城镇" if number % 3 else "乡村"
    method = "" if code == METHODLESS else "电话" if number % 7 == 0 else "实地"
    return code, f"试验小店{number}", owner, state, str(10 + number % 4), market, method, "东片", "王五", "13800138000"


def _orders() -> Iterator[tuple[str, ...]]:
    for month in (7, 8, 9, 10):
        for number in range(1, SHOPS + 3):
            code = f"{1000 + number}"
            for product in range(1, 2 + number % 5):
                cartons = _cartons(code, number, month)
                if cartons:
                    order = f"D{month:02d}{code}"
                    day = f"2026-{month:02d}-{5 + number % 20:02d}"
                    amount = f"{cartons * (100 + 10 * product)}.00"
                    yield order, str(product), day, code, f"P{product}", str(cartons), amount, str(cartons + 5)


def _cartons(code: str, number: int, month: int) -> int:
    if month == 10 and code == STOPPED:
        return 0
    return 2 if month == 10 and code == FALLING else 20 + number % 6


def _write(path: Path, header: list[str], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
