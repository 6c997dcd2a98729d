"""What the sheet says of a shop: since the last visit, against a slow count of the raw rows; verify, bring, sketch."""

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from evening_examples import DAY, planned_month
from hypothesis import given
from hypothesis import strategies as st
from month_examples import Typist
from sheet_examples import sheet

from crmkit.model.customer import Customer, Place
from crmkit.model.sheet import ProductsOf
from crmkit.report.papers.sheet_message import LONGEST, messages
from crmkit.rules.routing import far_off
from crmkit.rules.sheet import since_visit, to_bring, to_verify
from crmkit.rules.sketch import label_of, sketch_of

_HEADS = ("客户编码", "订货日期", "商品编码", "数量(条)", "金额(元)")
UNTIL = date(2026, 10, 31)


def product(name: str, days: int, volume: int, amount: int = 0) -> ProductsOf:
    return ProductsOf(name, days, volume, amount)


def test_gained_is_new_in_thirteen_weeks_and_lost_was_in_half_of_the_order_days() -> None:
    before = [product("old", 4, 9000, 400_00), product("half", 2, 500), product("rare", 1, 800)]
    now = [product("old", 1, 1000, 120_00), product("big", 1, 3000), product("small", 1, 1), product("back", 1, -5)]
    found = since_visit(UNTIL, 1, now, 4, before)
    assert (found.gained, found.lost) == (("big", "small"), ("half",))
    assert (found.usual, found.change, found.volume) == (Fraction(100_00), 20, 3996)


def test_nothing_is_said_of_the_usual_where_too_little_is_known() -> None:
    now = [product("new", 1, 1000, 100)]
    found = since_visit(UNTIL, 1, now, 2, [product("old", 2, 5000, 500)])
    assert (found.usual, found.change, found.gained, found.lost) == (None, None, (), ())
    silent = since_visit(UNTIL, 0, [], 5, [product("old", 5, 5000, 500)])
    assert (silent.days, silent.change, silent.lost) == (0, None, ())


def raw_orders(folder: Path) -> list[tuple[str, date, str, Decimal, Decimal]]:
    with (folder / "orders.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [[row[head] for head in _HEADS] for row in csv.DictReader(stream)]
    return [(shop, date.fromisoformat(day), goods, Decimal(n), Decimal(m)) for shop, day, goods, n, m in cells]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return planned_month(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("visited", ["2026-08-14", "2026-09-30", "2026-10-12", "2026-10-31"])
def test_the_sheet_counts_what_the_export_says(typed: Typist, visited: str) -> None:
    shops = [stop["customer"]["code"] for stop in typed.json("visit", "sheet", "--date", DAY)["stops"]]
    assert shops
    for shop in shops:
        assert typed("visit", "log", shop, "--date", visited).code == 0
    rows, seen = raw_orders(typed.folder), date.fromisoformat(visited)
    mine = {r["客户编码"] for r in _customers(typed.folder) if r["客户经理"] == "张三"}
    until = max(day for shop, day, *_rest in rows if shop in mine)
    for stop in typed.json("visit", "sheet", "--date", DAY)["stops"]:
        slow = counted(rows, stop["customer"]["code"], seen, until)
        found = stop["since_visit"]
        if slow is None:
            assert found is None
            continue
        assert (found["order_days"], Decimal(found["cartons"]), Decimal(found["amount"])) == slow[:3]
        assert found["known_until"] == until.isoformat()
        assert found["gained"] == [f"样品{goods[1:]}" for goods in slow[3]]
        assert found["lost"] == [f"样品{goods[1:]}" for goods in slow[4]]


def _customers(folder: Path) -> list[dict[str, str]]:
    with (folder / "customers.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


Slow = tuple[int, Decimal, Decimal, list[str], list[str]]


def counted(rows: list[tuple[str, date, str, Decimal, Decimal]], shop: str, seen: date, until: date) -> Slow | None:
    """Row by row: order days, cartons, money, gained, lost."""
    if seen >= until:
        return None
    sides: list[dict[str, list[tuple[date, Decimal, Decimal]]]] = [defaultdict(list), defaultdict(list)]
    for code, day, goods, cartons, money in rows:
        if code == shop and seen - timedelta(days=90) <= day <= until:
            sides[day > seen][goods].append((day, cartons, money))
    before, now = sides
    days = {day for lines in now.values() for day, *_rest in lines}
    days_before = {day for lines in before.values() for day, *_rest in lines}
    volume = {p: sum((c for _d, c, _m in lines), Decimal()) for p, lines in now.items()}
    was = {p: sum((c for _d, c, _m in lines), Decimal()) for p, lines in before.items()}
    known = len(days_before) >= 3
    gained = [p for p in now if volume[p] > 0 and was.get(p, 0) <= 0 and known]
    lost = [
        p for p, lines in before.items()
        if known and days and was[p] > 0 >= volume.get(p, 0) and 2 * len({d for d, *_r in lines}) >= len(days_before)
    ]  # fmt: skip
    money = sum((m for lines in now.values() for _d, _c, m in lines), Decimal())
    by_size = lambda sizes: lambda p: (-sizes[p], p)  # noqa: E731
    return len(days), sum(volume.values(), Decimal()), money, sorted(gained, key=by_size(volume)), sorted(
        lost, key=by_size(was)
    )


def test_fields_to_verify_are_never_seen_ones_then_the_oldest_and_no_fresh_one() -> None:
    shop = Customer(1, "1", "店", contact="王", phone="1", address="街", hours="08:00-12:00")
    today = date(2026, 11, 24)
    fresh = dict.fromkeys(("contact", "phone", "address", "hours", "business_type"), today)
    assert to_verify(shop, fresh, today, 3) == ()
    old = {**fresh, "phone": date(2026, 1, 5), "contact": date(2026, 2, 5)}
    assert to_verify(shop, old, today, 3) == ("contact", "phone")
    assert to_verify(shop, {**old, "contact": date(2026, 8, 24)}, today, 3) == ("phone",)  # three months: not yet stale
    assert to_verify(shop, {}, today, 3)[0] == "business_type"  # nothing stands there
    turns = {field for n in range(5) for field in to_verify(shop, {}, today + timedelta(days=n), 3)}
    assert turns == set(fresh)


def test_what_to_bring_is_asked_for_by_shop_and_added_up() -> None:
    found = to_bring(sheet(12).stops)
    assert [(one.product, one.volume, len(one.shops)) for one in found] == [
        ("黄鹤楼（软）", 15_000, 3), ("红金龙（硬）", 7_500, 3),
    ]  # fmt: skip


PLACES = st.lists(
    st.one_of(st.none(), st.builds(Place, st.integers(30_000_000, 30_400_000), st.integers(114_000_000, 114_400_000))),
    max_size=30,
)


@given(PLACES)
def test_every_shop_stands_once_on_the_sketch_or_beside_it_in_the_order_of_the_road(places: list[Place | None]) -> None:
    shops = [Customer(n, str(n), "店", place=place) for n, place in enumerate(places, start=1)]
    sketch = sketch_of(shops)
    if sketch is None:
        assert sum(place is not None for place in places) < 2
        return
    held = [number for label, _x, _y in sketch.spots for number in numbers_of(label)]
    assert sorted([*held, *sketch.beside]) == list(range(1, len(shops) + 1))
    away = {customer.id for customer in far_off(shops)}
    assert sketch.beside == tuple(n for n, place in enumerate(places, start=1) if place is None or n in away)
    assert all(0 <= x <= sketch.wide <= 2000 and 0 <= y <= sketch.tall <= 1000 for _label, x, y in sketch.spots)
    road = [next(at for at, spot in enumerate(sketch.spots) if n in numbers_of(spot[0])) for n in sorted(held)]
    assert list(sketch.way) == [at for place, at in enumerate(road) if place == 0 or road[place - 1] != at]


def numbers_of(label: str) -> list[int]:
    ends = [[int(end) for end in run.split("-")] for run in label.split("·")]
    return [number for run in ends for number in range(run[0], run[-1] + 1)]


def test_north_is_up_and_runs_of_numbers_share_a_label() -> None:
    north, south = Place(30_020_000, 114_000_000), Place(30_000_000, 114_000_000)
    shops = [Customer(n, str(n), "店", place=north if n != 3 else south) for n in range(1, 6)]
    sketch = sketch_of(shops)
    assert sketch is not None
    assert {label: y for label, _x, y in sketch.spots} == {"1-2·4-5": 0, "3": 1000}
    assert label_of([1, 2, 3, 7, 9, 10]) == "1-3·7·9-10"


@pytest.mark.parametrize("stops", [1, 12, 30])
def test_messages_are_short_enough_and_lose_nothing(stops: int) -> None:
    day = sheet(stops, 1)
    found = messages(day, "totals", "goods")
    assert all(len(one) <= LONGEST for one in found)
    text = "\n".join(found)
    assert all(f"\n{stop.position} {stop.short_code} " in text for stop in day.stops)
    codes = [f"{s.short_code}-{t.number} " for s in (*day.stops, *day.calls) for t in s.tasks]
    assert codes
    assert all(text.count(code) == 1 for code in codes)
    assert all(f"#{day.code}" in one.splitlines()[0] for one in found)
    if len(found) > 1:
        ends = [one.splitlines()[0].split()[-1] for one in found]
        assert ends == [f"{n}/{len(found)}" for n in range(1, len(found) + 1)]


def test_one_huge_shop_is_cut_and_still_sent() -> None:
    day = sheet(2)
    words = replace(day.stops[1].tasks[0].words, zh="长" * 5000, en="x" * 5000)
    task = replace(day.stops[1].tasks[0], words=words)
    crowded = replace(day, stops=(day.stops[0], replace(day.stops[1], tasks=(task,))))
    found = messages(crowded, "totals", "")
    assert all(len(one) <= LONGEST for one in found)
    assert "".join(found).count("x") == 5000
