"""Invents what customer managers meet in their shops and types it as they would, through the command line alone.

The same seed types the same lines. Nothing of the program is looked into: the morning's sheet says where to go.
"""

import contextlib
import io
import json
import math
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from crmkit.cli import run
from crmkit.report.words import Language, use_language

MONTH = "2022-09"
BOSS = "MM1"
TARGETS = {"CM1": 500_000, "CM2": 480_000}
SICK = date(2022, 9, 14)  # of the Chinese writer; he calls in that morning
LATE = date(2022, 9, 20)  # of both: typed in two days later
HURRY = date(2022, 9, 27)  # of the English writer: the same words everywhere, shop after shop within a minute


@dataclass(frozen=True)
class Words:
    """What one writer has to say, in his own tongue."""

    effect: tuple[str, ...]
    anomaly: tuple[str, ...]
    opinion: tuple[str, ...]
    item: tuple[str, ...]
    promise: tuple[str, ...]
    closed: str
    away: str
    other: str
    phone: str
    labels: tuple[str, str, str]  # anomaly, opinion, promise


CHINESE = Words(
    effect=("补货{n}条,上柜{m}个规格", "清点库存,动销{n}条,缺货{m}个", "调整陈列,价签补{n}张", "店主愿意试销,先订{n}条",
            "教店主网上订货,自己下单{n}条", "客流比上月少{n}成,先稳住库存"),
    anomaly=("附近新开{n}家店,价格低{m}元", "有人上门推销来路不明的货,共{n}箱", "周边促销,零售价低{m}元"),
    opinion=("希望送货提前{n}小时", "要求多给{n}条紧俏货", "反映破损{n}瓶,要求更换"),
    item=("送宣传册{n}份", "换价签{n}张", "帮助整理仓库"),
    promise=("下次带{n}张海报", "问清退货怎么办", "送{n}个新价签夹"),
    closed="关门", away="店主不在", other="修路{n}天进不去", phone="电话", labels=("异", "意", "诺"),
)  # fmt: skip
ENGLISH = Words(
    effect=("ordered {n} more bottles, {m} new products on the shelf", "counted the stock: {n} sold, {m} missing",
            "moved the display, {n} price tags replaced", "owner will try {n} bottles first",
            "went through online ordering, he placed {n} lines himself", "footfall down by {n} in ten, keep stock low"),
    anomaly=("new store {n} blocks away sells ${m} below", "a stranger offers {n} cases without papers"),
    opinion=("wants delivery {n} hours earlier", "asks for {n} more of the rare bourbon", "{n} bottles came broken"),
    item=("brought {n} brochures", "replaced {n} price tags"),
    promise=("bring {n} posters next time", "ask how returns work"),
    closed="x closed", away="x away", other="x road works for {n} days", phone="phone",
    labels=("anomaly", "opinion", "promise"),
)  # fmt: skip


Places = Mapping[str, tuple[float, float]]  # customer's code → latitude, longitude


@dataclass
class Desk:
    """The command line in one folder, in this process; what fails stops the story."""

    folder: Path
    lang: Language = "en"

    def type(self, now: str, actor: str, *words: str) -> str:
        """What the command says."""
        out, err = io.StringIO(), io.StringIO()
        with self._settings(now, actor), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = int(run(list(words)))
        assert code == 0, (code, words, out.getvalue()[-1500:], err.getvalue()[-1500:])
        return out.getvalue()

    def data(self, now: str, actor: str, *words: str) -> Any:
        return json.loads(self.type(now, actor, *words, "--format", "json"))["data"]

    @contextlib.contextmanager
    def _settings(self, now: str, actor: str) -> Iterator[None]:
        wanted = {"CRMKIT_NOW": now, "CRMKIT_ACTOR": actor, "CRMKIT_LANG": self.lang}
        kept, before = dict(os.environ), Path.cwd()
        os.environ.update(wanted)
        os.chdir(self.folder)
        use_language(self.lang)
        try:
            yield
        finally:
            use_language("en")
            os.chdir(before)
            os.environ.clear()
            os.environ.update(kept)


@dataclass
class Happened:
    """What was typed: days with the customers' codes, kept beside the file to be counted by somebody else."""

    made: set[tuple[date, str]] = field(default_factory=set)
    missed: dict[tuple[date, str], str] = field(default_factory=dict)
    extra: set[tuple[date, str]] = field(default_factory=set)
    by_phone: set[tuple[date, str]] = field(default_factory=set)
    untyped: set[tuple[date, str]] = field(default_factory=set)
    anomalies: Counter[date] = field(default_factory=Counter)
    stars: Counter[date] = field(default_factory=Counter)
    restated: str = ""


@dataclass
class Writer:
    """One customer manager of the simulated month."""

    desk: Desk
    code: str
    words: Words
    random: Random
    places: Places
    happened: Happened = field(default_factory=Happened)
    sick: date | None = None
    hurry: date | None = None

    def work(self, days: list[date]) -> None:
        """Each day's sheet in the morning, its lines in the evening; each week's summary on its last day."""
        for day in days:
            if day == self.sick:
                self._call_in_sick(day)
            else:
                self._day(day)
            if day.weekday() == 4:
                self._week(day)

    def _call_in_sick(self, day: date) -> None:
        at = f"{day}T07:30"
        self.desk.type(at, self.code, "calendar", "off", str(day), "--reason", "sick")
        self.desk.type(at, self.code, "plan", "replan", "--month", MONTH, "--from", str(day))

    def _day(self, day: date) -> None:
        sheet = f"{self.code}-{day}.json"
        words = ("visit", "sheet", "--date", str(day), "-o")
        self.desk.type(f"{day}T07:40", self.code, *words, f"{self.code}-{day}.pdf", "--no-mark")
        self.desk.type(f"{day}T07:40", self.code, *words, sheet)
        told = json.loads((self.desk.folder / sheet).read_text(encoding="utf-8"))["data"]
        lines = [f"#{told['sheet_code']}", *self._lines(day, told)]
        (self.desk.folder / f"{self.code}-{day}.txt").write_text("\n".join(lines), encoding="utf-8")
        evening = day + timedelta(days=2) if day == LATE else day
        words = ("visit", "enter", f"{self.code}-{day}.txt", "--date", str(day))
        self.desk.type(f"{evening}T19:30", self.code, *words)

    def _lines(self, day: date, told: dict[str, Any]) -> Iterator[str]:
        clock = 8 * 60 + 30 + self.random.randrange(20)
        here = None
        for stop in told["stops"]:
            there = self.places.get(stop["customer"]["code"], here)
            stay, road = 5 + self.random.randrange(7), 1 + self.random.randrange(3) + _minutes(here, there)
            stay, road = (1, 0) if day == self.hurry else (stay, road)
            clock, here = clock + road, there
            yield from self._shop(day, stop, f"{_clock(clock)}-{_clock(clock + stay)}")
            clock += stay
        for stop in told["calls"]:
            yield from self._shop(day, stop, "")
        if self.random.random() < 0.3:
            yield from self._extra(day, {stop["customer"]["code"] for stop in (*told["stops"], *told["calls"])})

    def _shop(self, day: date, stop: dict[str, Any], clock: str) -> Iterator[str]:
        code, customer, luck = stop["short_code"], stop["customer"]["code"], self.random.random()
        if luck < 0.01:
            self.happened.untyped.add((day, customer))
        elif luck < 0.1:
            reason = "closed" if luck < 0.06 else "owner_away" if luck < 0.09 else "other"
            self.happened.missed[day, customer] = reason
            word = {"closed": self.words.closed, "owner_away": self.words.away, "other": self._said(self.words.other)}
            yield f"{code} {word[reason] if reason != 'other' or word[reason][0] == 'x' else '✗' + word[reason]}"
        else:
            yield f"{code} {self._visit(day, stop, clock)}"

    def _visit(self, day: date, stop: dict[str, Any], clock: str) -> str:
        customer, parts = stop["customer"]["code"], []
        self.happened.made.add((day, customer))
        called = bool(clock) and self.random.random() < 0.04
        if called:
            parts.append(self.words.phone)
        if called or not clock:
            self.happened.by_phone.add((day, customer))
        elif self.random.random() < 0.8:
            parts.append(clock)
        done = [str(task["number"]) for task in stop["tasks"] if self.random.random() < 0.35]
        self.happened.stars[day] += len(done)
        parts += [f"★{','.join(done)}"] if done else []
        return " ".join([*parts, *self._texts(day)])

    def _texts(self, day: date) -> Iterator[str]:
        if day == self.hurry:
            yield self.words.effect[-1].format(n=2, m=1)
            return
        if self.random.random() < 0.7:
            yield self._said(self.random.choice(self.words.effect)) + ";"
        anomaly, opinion, promise = self.words.labels
        if self.random.random() < 0.05:
            self.happened.anomalies[day] += 1
            yield f"{anomaly}:{self._said(self.random.choice(self.words.anomaly))};"
        if self.random.random() < 0.06:
            yield f"{opinion}:{self._said(self.random.choice(self.words.opinion))};"
        if self.random.random() < 0.04:
            yield f"●{self._said(self.random.choice(self.words.item))};"
        if self.random.random() < 0.03:
            yield f"{promise}:{self._said(self.random.choice(self.words.promise))};"

    def _extra(self, day: date, there: set[str]) -> Iterator[str]:
        """A shop he passed anyway."""
        known = self.desk.data(f"{day}T19:00", self.code, "customer", "list", "--valid", "--manager", self.code)
        others = sorted(one["customer"] for one in known if one["customer"] not in there)
        passed = self.random.choice(others)
        self.happened.made.add((day, passed))
        self.happened.extra.add((day, passed))
        yield f"+{passed} ●{self._said(self.random.choice(self.words.item))}"

    def _said(self, words: str) -> str:
        return words.format(n=1 + self.random.randrange(9), m=1 + self.random.randrange(4))

    def _week(self, friday: date) -> None:
        chinese = self.words is CHINESE
        parts = {
            "--state": "销量跟上进度" if chinese else "Volume keeps up with the days",
            "--schedule": "线路顺,天数匀" if chinese else "Short roads, even days",
            "--effect": f"{friday.day}日前的新品都已上柜" if chinese else f"New products stood by the {friday.day}th",
        }
        words = [word for pair in parts.items() for word in pair]
        self.desk.type(f"{friday}T20:30", self.code, "summarize", "week", "--week", "this", *words)


def _minutes(here: tuple[float, float] | None, there: tuple[float, float] | None) -> int:
    """The straight way at 40 km/h."""
    if here is None or there is None:
        return 0
    north, east = here[0] - there[0], (here[1] - there[1]) * math.cos(math.radians(here[0]))
    return math.ceil(math.hypot(north, east) * 111.2 * 60 / 40)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def plan(desk: Desk, manager: str) -> None:
    """September as the examples plan their month, on its first morning."""
    at = "2022-09-01T08:30"
    for words in (
        ("analyze", "compute"), ("analyze", "score", "--all", "3", "online=2"), ("analyze", "generate"),
        ("plan", "strategies", "--satisfaction", "90"), ("plan", "generate"),
        ("analyze", "market", "target", f"volume={TARGETS[manager]}"), ("plan", "submit"),
    ):  # fmt: skip
        desk.type(at, manager, *words, "--month", MONTH)
    desk.type(at, BOSS, "plan", "approve", "--month", MONTH, "--manager", manager)
    desk.type(at, manager, "plan", "visits", "--month", MONTH)


def close(writer: Writer) -> None:
    """Kept promises, the month's words, its results, and one mark remembered too late."""
    desk, code = writer.desk, writer.code
    at = "2022-09-30T20:00"
    items = desk.data(at, code, "annotate", "list", "--month", MONTH, "--all")["items"]
    promised = [one["item"] for one in items if one["kind"] == "ad_hoc" and not one["done"]]
    strategies = [one["item"] for one in items if one["kind"] == "strategy" and not one["done"]]
    if promised[::2]:
        desk.type(at, code, "annotate", "done", *promised[::2], "--date", "2022-09-30")
    chinese = writer.words is CHINESE
    parts = {
        "--completion": "计划基本完成" if chinese else "Most of the plan was done",
        "--accuracy": "分析与实际相符" if chinese else "The analysis held",
        "--reason": "频次合适" if chinese else "The frequencies fit",
        "--experience": "上午先去乡村店" if chinese else "Rural shops first, in the morning",
        "--shortcomings": "网上订货还要多教" if chinese else "Online ordering needs more time",
    }
    words = [word for pair in parts.items() for word in pair]
    desk.type("2022-10-03T09:00", code, "summarize", "month", "--month", MONTH, *words)
    desk.type("2022-10-03T09:10", code, "annotate", "submit", "--month", MONTH)
    desk.type("2022-10-03T10:00", BOSS, "annotate", "approve", "--month", MONTH, "--manager", code)
    late = ("annotate", "restate", strategies[0], "--reason", "found on the back of the sheet", "--month", MONTH)
    desk.type("2022-10-04T09:00", code, *late)
    writer.happened.restated = strategies[0]
    number = desk.data("2022-10-04T09:30", code, "annotate", "list", "--month", MONTH)["restatements"][0]["number"]
    desk.type("2022-10-04T10:00", BOSS, "annotate", "approve", "--restatement", str(number))


def simulate(folder: Path, days: list[date], places: Places, seed: int = 20220901) -> dict[str, Writer]:
    """Plan, work and close September of both managers in `folder`, whose crmkit.db holds the imported files."""
    desk = Desk(folder)
    writers = {
        "CM1": Writer(desk, "CM1", CHINESE, Random(seed), places, sick=SICK),
        "CM2": Writer(desk, "CM2", ENGLISH, Random(seed + 1), places, hurry=HURRY),
    }
    for writer in writers.values():
        plan(desk, writer.code)
        writer.work(days)
        close(writer)
    return writers
