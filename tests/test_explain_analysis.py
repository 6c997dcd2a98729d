"""crmkit explain, down to the rows: what it says is what a slow count of the example's orders says."""

import csv
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from month_examples import BOSS, FALLING, MONTH, STOPPED, Typist, kept, write_exports

Row = tuple[str, str, str, Decimal, Decimal]
FIELDS = ("订货日期", "客户编码", "商品编码", "数量(条)", "金额(元)")


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    folder = tmp_path_factory.mktemp("orders")
    write_exports(folder)
    with (folder / "orders.csv").open(encoding="utf-8") as handle:
        return [
            (day, code, product, Decimal(cartons), Decimal(amount))
            for day, code, product, cartons, amount in ([row[f] for f in FIELDS] for row in csv.DictReader(handle))
        ]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    assert typist("product", "watch", "add", "P1", "--from", "2026-07", actor=BOSS).code == 0
    for words in (
        ("analyze", "market", "target", "--month", "2026-10", "volume=3000"),
        ("analyze", "target", "set", "P1", "repurchase=90", "--from", "2026-10"),
        ("analyze", "compute", "--month", MONTH),
        ("analyze", "score", "--all", "2", "--month", MONTH),
        ("analyze", "generate", "--month", MONTH),
        ("analyze", "brand", "compute", "--month", MONTH),
        ("analyze", "market", "compute", "--month", MONTH),
        ("plan", "strategies", "--month", MONTH, "--satisfaction", "90"),
        ("plan", "generate", "--month", MONTH),
    ):
        assert typist(*words).code in (0, 3), (words, typist(*words))


def test_an_effect_names_its_rows_and_its_place(typed: Typist, orders: list[Row]) -> None:
    found = typed.json("explain", "effect", "1004", "--month", MONTH, "--rows", "2")
    assert [span["first"] for span in found["behind"]] == ["2026-09-01", "2026-10-01"]
    for span in found["behind"]:
        mine = [row for row in orders if row[1] == "1004" and span["first"] <= row[0] <= span["last"]]
        (source,) = span["sources"]
        assert source["file"] == "orders.csv"
        assert (source["lines"], Decimal(source["volume"])) == (len(mine), sum(row[3] for row in mine))
        assert Decimal(source["amount"]) == sum(row[4] for row in mine)
        assert len(span["rows"]) == 2
        assert all(row["customer"] == "1004" for row in span["rows"])
    shown = typed.json("analyze", "effect", "1004", "--month", MONTH)
    for item in found["items"]:
        if item["all"] is not None:
            percentile = Fraction(2 * item["below"] + item["equal"], 2 * item["all"]) * 100
            kept = next(one["score"] for one in shown["items"] if one["item"] == item["item"])
            assert abs(percentile - Fraction(kept)) < Fraction(1, 10**9)


def test_a_fallen_shop_is_told_its_base(typed: Typist, orders: list[Row]) -> None:
    found = typed.json("explain", "problems", FALLING, "--month", MONTH)
    by_month: dict[str, Decimal] = defaultdict(Decimal)
    for day, code, _product, cartons, _amount in orders:
        if code == FALLING:
            by_month[day[:7]] += cartons
    assert {one["month"]: Decimal(one["volume"]) for one in found["months"]} == {
        month: by_month[month] for month in ("2026-08", "2026-09", "2026-10")
    }, "the month of the first order is no base"
    assert [one["base"] for one in found["months"]] == ["yes", "yes", "no"]
    assert "relative_volume" in {one["code"] for one in found["problems"]}
    expected = Decimal(found["expected_volume"])
    lost = expected - by_month["2026-10"]
    assert abs(Decimal(found["lost_volume"]) - lost) < Decimal("0.001")


def test_a_key_customer_is_told_its_rank_and_neighbours(typed: Typist) -> None:
    plan = typed.json("plan", "generate", "--month", MONTH, "--dry-run")
    found = typed.json("explain", "key", STOPPED, "--month", MONTH)
    listed = {one["customer"]: one for one in plan["key_customers"]}
    assert found["rank"] == listed[STOPPED]["rank"]
    assert found["standing"] == listed[STOPPED]["standing"]
    assert [one["rank"] for one in found["around"]] == sorted(one["rank"] for one in found["around"])
    nobody = typed.json("explain", "key", "1010", "--month", MONTH)
    assert (nobody["rank"] is None) == ("1010" not in listed)


def test_strategies_say_the_figure_that_caused_them(typed: Typist) -> None:
    found = typed.json("explain", "strategies", "1004", "--month", MONTH)
    frequency = typed.json("explain", "frequency", "1004", "--month", MONTH)
    assert found["counted"] == frequency["strategies"] == len(found["strategies"])
    (last_month,) = frequency["behind"]
    assert (last_month["first"], last_month["last"]) == ("2026-10-01", "2026-10-31")
    assert sum(Decimal(one["volume"]) for one in last_month["sources"]) == Decimal(frequency["volume"])
    said = typed("explain", "strategies", "1004", "--month", MONTH, "--format", "plain").out
    assert said.count("scored 2, low at 2") == 6


def test_a_rate_and_an_indicator_name_who_is_counted(typed: Typist, orders: list[Row]) -> None:
    found = typed.json("explain", "rate", "P1", "repurchase", "--month", MONTH)
    now, last = (
        {row[1] for row in orders if row[2] == "P1" and row[0][:7] == month and int(row[1]) <= 1024}
        for month in ("2026-10", "2026-09")
    )
    assert (found["numerator"], found["denominator"]) == (len(now & last), len(last))
    assert (set(found["counted"]), set(found["missing"])) == (now & last, last - now)
    volume = typed.json("explain", "indicator", "销量", "--month", MONTH)
    whole = sum(row[3] for row in orders if row[0][:7] == "2026-10" and int(row[1]) <= 1024)
    assert Fraction(volume["actual"]) == Fraction(whole)
    assert sum(Decimal(one["volume"]) for span in volume["behind"] for one in span["sources"]) == whole
    assert volume["computed"] == ("abnormal" if whole <= Decimal("2850") else "normal")


def test_what_was_not_judged_yet_is_refused_with_the_way(typed: Typist) -> None:
    for words in (("rate", "P2", "repurchase"), ("indicator", "amount"), ("key", "1004", "--month", "2026-12")):
        more = () if "--month" in words else ("--month", MONTH)
        answer = typed("explain", *words, *more)
        assert answer.code == 5, answer
        assert "crmkit " in answer.err
    assert typed("explain", "effect", "1004", "--month", "2026-12").code == 6
    assert typed("explain", "problems", "1024", "--month", MONTH).code == 6, "a closed shop is not valid"
