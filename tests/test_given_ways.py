"""Given ways: what was given is used exactly; what cannot be a road is refused by name; who moved is named."""

import csv
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from random import Random
from typing import Any, Literal

import openpyxl
import pytest
import test_planning_law as law
from hypothesis import given, settings
from hypothesis import strategies as st
from import_examples import dump, load, reasons, with_team, write
from wcwidth import wcswidth

from crmkit.model.customer import Customer, Place
from crmkit.model.distance import GivenWay, Had, WaysHad
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Kind, Notice, Reason
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.report.formats.table import render_table
from crmkit.report.papers import imports
from crmkit.report.words import Language, use_language
from crmkit.rules.arriving import arrivals
from crmkit.rules.distance import usable, ways_had
from crmkit.rules.planning import state_problem
from crmkit.rules.routing import distances, road_metres
from crmkit.rules.settling import settle
from crmkit.solvers.balanced import BalancedSolver
from crmkit.sources.policy import shipped_policy
from crmkit.store import customers
from crmkit.store import distances as kept
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import ways_of
from crmkit.workflow.list_imports import undo_import
from crmkit.workflow.merge_customers import merge_customers

SHOPS = """客户编码,客户名称,客户经理,状态,经度,纬度
00101,甲店,张三,正常,110.330000,20.030000
00102,乙店,张三,正常,110.340000,20.030000
00103,丙店,张三,正常,110.330000,20.050000
00104,丁店,张三,正常,,
00105,戊店,张三,正常,110.330100,20.030000
"""
CODES = ("00101", "00102", "00103", "00104", "00105")

# the law


@st.composite
def shops_and_ways(draw: st.DrawFn) -> tuple[list[Customer], dict[tuple[int, int], int]]:
    """Shops with and without a place, and any lengths for some of the pairs."""
    random = Random(draw(st.integers(0, 2**32)))
    count = draw(st.integers(2, 9))
    ids = random.sample(range(1, 100), count)
    placed = draw(st.sampled_from([0.0, 0.5, 1.0]))
    shops = [
        Customer(one, f"{one:03d}", "店", neighbourhood=random.choice("东西"), place=_place(random, placed))
        for one in ids
    ]
    pairs = [(a, b) for a in ids for b in ids if a < b]
    chosen = random.sample(pairs, random.randint(0, len(pairs)))
    return shops, {pair: random.randint(0, 90_000) for pair in chosen}


def _place(random: Random, placed: float) -> Place | None:
    if random.random() >= placed:
        return None
    return Place(20_000_000 + random.randint(0, 300_000), 110_000_000 + random.randint(0, 300_000))


@given(shops_and_ways())
def test_a_given_way_is_used_exactly_and_no_other_way_is_touched(found: tuple[list[Customer], Any]) -> None:
    shops, ways = found
    with_given, without = distances(shops, 30, ways), distances(shops, 30)
    for a, one in enumerate(shops):
        for b, other in enumerate(shops):
            pair = (min(one.id, other.id), max(one.id, other.id))
            assert with_given[a][b] == (0 if a == b else ways.get(pair, without[a][b]))
    had = ways_had([shops], ways)
    assert had.given == sum((min(a.id, b.id), max(a.id, b.id)) in ways for a, b in itertools.pairwise(shops))
    assert had.all == len(shops) - 1


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.integers(5, 18))
def test_ways_equal_to_the_planners_own_give_the_plan_without_any(seed: int, count: int) -> None:
    """A file that says what great circle × detour says changes nothing; the same file doubled changes every road."""
    clients = law.territory(count, seed)
    span = law.span_of(Month(2026, 3), law.policy(30, 25))
    bare = state_problem(span, clients, [])
    order = {stop.customer: at for at, stop in enumerate(bare.stops)}
    same = {(a, b): bare.metres[order[a]][order[b]] for a in order for b in order if a < b}
    told = state_problem(replace(span, given=same), clients, [])
    assert told == bare
    plans = [settle(problem, BalancedSolver(), seed=3, effort=4) for problem in (bare, told)]
    assert plans[0] == plans[1]
    doubled = state_problem(replace(span, given={pair: 2 * way for pair, way in same.items()}), clients, [])
    assert [[2 * way for way in row] for row in bare.metres] == [list(row) for row in doubled.metres]


def test_who_asks_for_a_road_gets_the_given_one() -> None:
    """Two shops of which no place is known: no road, until somebody gives it."""
    shops = [Customer(1, "1", "店"), Customer(2, "2", "店")]
    capacity = shipped_policy().capacity
    assert road_metres(shops, 35) is None
    assert road_metres(shops, 35, {(1, 2): 7_200}) == 7_200
    assert road_metres(shops, 35, {(1, 3): 7_200}) is None
    late = arrivals(shops, [False, False], capacity, {(1, 2): 25_000})
    assert late[1] - late[0] == capacity.rural_minutes + 25_000 * 60 // (capacity.speed_kmh * 1000)


@given(st.integers(-3000, 3000), st.integers(-3000, 3000))
def test_a_way_is_stale_once_a_shop_moved_by_more_than_100_metres(north: int, east: int) -> None:
    then, other = Place(20_000_000, 110_000_000), Place(20_100_000, 110_000_000)
    now = Place(then.latitude_e6 + north, then.longitude_e6 + east)
    shops = {1: Customer(1, "1", "店", place=now), 2: Customer(2, "2", "店", place=other)}
    found = usable([GivenWay(1, 2, 50_000, then, other)], shops)
    moved = _metres(then, now)
    if abs(moved - 100) > 1:  # the rounding of a metre decides at the limit
        assert (found.given == {}) == (moved > 100)
        assert [shop.code for shop in found.stale] == (["1"] if moved > 100 else [])


def _metres(one: Place, other: Place) -> float:
    """The haversine, in floating point: our own words for a great circle."""
    a, b, c, d = (
        radians(x / 1e6) for x in (one.latitude_e6, one.longitude_e6, other.latitude_e6, other.longitude_e6)
    )
    chord = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(chord))


# the file


@pytest.fixture
def shops(store: Store, act: Act, tmp_path: Path) -> Store:
    load(with_team(store, act), act, write(tmp_path, "c.csv", SHOPS))
    return store


def ways(store: Store) -> dict[tuple[str, str], int]:
    codes = {one.id: one.code for one in customers.all(store)}
    return {(codes[way.one], codes[way.other]): way.metres for way in kept.between(store, codes)}


LONG = "起点编码,终点编码,距离,时间\n00101,00102,1500,4\n00101,00103,3.2公里,9\n00103,00102,\"4,100米\",\n"


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "from,to,distance (km)\n00101,00102,1.5\n00103,00101,3.2\n00102,00103,4.1\n",
        "出发\t到达\t路程（公里）\n00101\t00102\t１．５\n00101\t00103\t3.2\n00102\t00103\t4100m\n",
        "origin,destination,distance_m\n00101,00102,1500\n00101,00103,\"3,200\"\n00102,00103,4100\n",
        "编码,00101,00102,00103\n00101,0,1500,3200\n00102,1500,0,4100\n00103,3200,4100,0\n",
        ",00101,00102,00103\n00101,,,\n00102,1500,,\n00103,3200,4100,\n",
        "户间距离表,,,\n单位：公里,,,\n,00101,00102,00103\n00101,-,1.5,3.2\n00102,1.5,-,4.1\n00103,3.2,4.1,-\n",
        "距离(km);00101;00102;00103\n00101;0;1.5;3.2\n00102;1.5;0;4.1\n00103;3.2;4.1;0\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_long_table_and_a_square_one_in_any_unit_say_the_same(
    shops: Store, act: Act, tmp_path: Path, text: str, encoding: str
) -> None:
    result = load(shops, act, write(tmp_path, "d.csv", text, encoding))
    assert (result.kinds, result.rejected) == ((Kind.DISTANCES,), ())
    assert ways(shops) == {("00101", "00102"): 1500, ("00101", "00103"): 3200, ("00102", "00103"): 4100}
    assert result.counted[Kind.DISTANCES].new == 3


def test_a_workbook_with_a_square_table(shops: Store, act: Act, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("单位：公里",), ("", *CODES[:3]), ("00101", 0, 1.5, 3.2), ("00102", 1.5, 0, 4.1), ("00103",)):
        sheet.append(row)
    book.save(tmp_path / "d.xlsx")
    result = load(shops, act, tmp_path / "d.xlsx")
    assert (result.rejected, result.encoding) == ((), "xlsx")
    assert ways(shops) == {("00101", "00102"): 1500, ("00101", "00103"): 3200, ("00102", "00103"): 4100}


def test_a_way_that_differs_there_and_back_counts_with_its_mean_and_says_so(
    shops: Store, act: Act, tmp_path: Path
) -> None:
    result = load(shops, act, write(tmp_path, "d.csv", LONG + "00102,00101,1601,\n00102,00103,4100,\n"))
    assert ways(shops)["00101", "00102"] == 1551
    assert dict(result.notices)[Notice.THERE_AND_BACK] == "1 (00101–00102: 1500 / 1601 → 1551 m)"


BAD: list[tuple[str, str, Reason]] = [
    ("00101,00102,500", "距离", Reason.BELOW_STRAIGHT),  # 1,045 m as the crow flies
    ("00101,00103,3.2", "距离", Reason.NO_UNIT),
    ("00101,00103,-3200", "距离", Reason.TOO_LARGE),
    ("00101,00103,2001公里", "距离", Reason.TOO_FAR),
    ("00101,00104,0", "距离", Reason.NO_WAY),
    ("00103,00103,12", "距离", Reason.TO_ITSELF),
    ("00102,00103,#N/A", "距离", Reason.ERROR_CELL),
    ("00102,00103,很近", "距离", Reason.BAD_NUMBER),
    ("00102,00103,", "距离", Reason.BLANK),
    ("00102,99999,3000", "终点编码", Reason.UNKNOWN_CUSTOMER),
    ("102,00103,3000", "起点编码", Reason.LOST_ZEROS),
    ("00102,00103,3000,5", "", Reason.CELLS),
    ("00103,00104,5000", "距离", Reason.TWO_LENGTHS),
    ("00103,00104,6000", "距离", Reason.TWO_LENGTHS),
    ("00104,00103,5000", "距离", Reason.TWO_LENGTHS),
]
GOOD = ("00101,00101,0", "00101,00105,0", "00102,00105,1500", "00102,00105,1500")


def bad_file(tmp_path: Path) -> Path:
    lines = ["起点编码,终点编码,距离", *(line for line, _column, _reason in BAD), *GOOD]
    return write(tmp_path, "d.csv", "\n".join(lines) + "\n")


def test_what_cannot_be_a_road_is_refused_by_name_and_the_rest_is_taken(
    shops: Store, act: Act, tmp_path: Path
) -> None:
    result = load(shops, act, bad_file(tmp_path))
    assert reasons(result) == [(at, column, reason) for at, (_line, column, reason) in enumerate(BAD, 2)]
    assert ways(shops) == {("00101", "00105"): 0, ("00102", "00105"): 1500}
    details = {reject.reason: reject.detail for reject in result.rejected}
    assert details[Reason.BELOW_STRAIGHT] == "00101–00102: 500 m < 1045 m"
    assert details[Reason.TWO_LENGTHS] == "00103–00104: 5000 m | 6000 m"
    assert details[Reason.LOST_ZEROS] == "102 (00102?)"


def test_the_refused_rows_can_be_mended_and_imported(shops: Store, act: Act, tmp_path: Path) -> None:
    square = write(tmp_path, "s.csv", ",00101,00102,09999\n00101,0,1500,900\n00102,1500,0,800\n09999,900,800,0\n")
    result = load(shops, act, square)
    assert {reject.reason for reject in result.rejected} == {Reason.UNKNOWN_CUSTOMER}
    assert result.rejects_file is not None
    text = Path(result.rejects_file).read_text("utf-8-sig")
    assert next(row[3:] for row in csv.reader(StringIO(text))) == ["from", "to", "distance"]
    mended = write(tmp_path, "m.csv", text.replace("09999", "00104"))
    assert load(shops, act, mended).rejected == ()
    assert ways(shops) == {("00101", "00102"): 1500, ("00101", "00104"): 900, ("00102", "00104"): 800}


def test_the_same_file_again_changes_nothing_and_a_dry_run_neither(shops: Store, act: Act, tmp_path: Path) -> None:
    path, tables = write(tmp_path, "d.csv", LONG), ("distance", "customer", "operation", "batch")
    before = dump(shops, tables)
    assert load(shops, act, path, dry_run=True).counted[Kind.DISTANCES].new == 3
    assert dump(shops, tables) == before
    load(shops, act, path)
    once = dump(shops, tables)
    assert load(shops, act, path).already is not None
    other = write(tmp_path, "d2.csv", LONG, "gb18030")
    again = load(shops, act, other).counted[Kind.DISTANCES]
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    assert dump(shops, ("distance",)) == {"distance": once["distance"]}


def test_an_import_of_ways_is_undone_to_what_stood_before(shops: Store, act: Act, tmp_path: Path) -> None:
    load(shops, act, write(tmp_path, "d.csv", LONG))
    before = dump(shops, ("distance",))
    second = load(shops, act, write(tmp_path, "e.csv", LONG.replace("1500", "1700") + "00104,00101,800,\n"))
    assert second.counted[Kind.DISTANCES].changed == second.counted[Kind.DISTANCES].new == 1
    assert [(one.key, one.old, one.new) for one in second.changes] == [("00101–00102", 1500, 1700)]
    assert second.batch is not None
    undo_import(shops, act, number=second.batch, keep_later=False, dry_run=False)
    assert dump(shops, ("distance",)) == before


def test_a_shop_that_moved_is_named_and_its_ways_rest_until_they_are_given_anew(
    shops: Store, act: Act, tmp_path: Path
) -> None:
    load(shops, act, write(tmp_path, "d.csv", LONG))
    load(shops, act, write(tmp_path, "c2.csv", SHOPS.replace("110.340000", "110.345000")))
    found = ways_of(shops, customers.all(shops))
    assert ([one.code for one in found.stale], list(found.given.values())) == (["00102"], [3200])
    load(shops, act, write(tmp_path, "e.csv", LONG.replace("1500", "1900").replace("4,100", "4,200")))
    found = ways_of(shops, customers.all(shops))
    assert (found.stale, sorted(found.given.values())) == ((), [1900, 3200, 4200])


def test_a_place_that_becomes_known_makes_only_impossible_ways_stale(shops: Store, act: Act, tmp_path: Path) -> None:
    load(shops, act, write(tmp_path, "d.csv", "from,to,distance\n00101,00104,9000\n00102,00104,300\n"))
    load(shops, act, write(tmp_path, "c2.csv", SHOPS.replace("正常,,", "正常,110.36,20.03")))
    found = ways_of(shops, customers.all(shops))
    assert ([one.code for one in found.stale], list(found.given.values())) == (["00104"], [9000])


def test_merged_customers_keep_the_ways_of_the_one_who_stays(shops: Store, act: Act, tmp_path: Path) -> None:
    load(shops, act, write(tmp_path, "d.csv", LONG))
    before = dump(shops, ("distance",))
    keep, drop = (customers.find(shops, code) for code in ("00101", "00102"))
    assert merge_customers(shops, act, keep, drop, dry_run=True).ways == 2
    assert dump(shops, ("distance",)) == before
    merge_customers(shops, act, keep, drop)
    assert ways(shops) == {("00101", "00103"): 3200}
    assert shops.rows("PRAGMA foreign_key_check") == []


def test_a_file_that_is_nearly_a_square_says_what_it_needs(shops: Store, act: Act, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        load(shops, act, write(tmp_path, "d.csv", "编码,甲,乙\n00101,0,5\n00102,5,0\n"))
    assert refused.value.fault is Fault.NO_HEADER


def test_a_header_that_lacks_the_lengths_says_so(shops: Store, act: Act, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        load(shops, act, write(tmp_path, "d.csv", "from,to\n00101,00102\n"))
    assert (refused.value.fault, refused.value.facts["expected"]) == (Fault.NO_HEADER, "距离")


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_shares_are_100_together_and_none_is_lost(one: int, two: int, three: int) -> None:
    shares = WaysHad(one, two, three).percents()
    counts = dict(zip(Had, (one, two, three), strict=True))
    assert sum(shares.values()) == (100 if any(counts.values()) else 0)
    for had, count in counts.items():
        assert (shares.get(had, 0) > 0) == (count > 0)
        assert abs(shares.get(had, 0) - 100 * count / max(1, one + two + three)) <= 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_an_import_of_ways(
    shops: Store, act: Act, tmp_path: Path, golden: Callable[[str, str], None], lang: Literal["en", "zh"]
) -> None:
    result = replace(load(shops, act, bad_file(tmp_path)), file="d.csv", rejects_file="d-rejects.csv")
    page = _page([result], lang)
    golden(f"given_ways.{lang}.txt", page)
    assert max(map(wcswidth, page.splitlines())) <= 80


def _page(results: Sequence[Any], lang: Language) -> str:
    use_language(lang)
    try:
        return render_table(imports.imported(results))
    finally:
        use_language("en")
