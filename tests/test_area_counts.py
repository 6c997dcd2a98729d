"""Steps 5 and 6 on a real database, generated orders and the Des Moines orders, against a slow count of the rows."""

import random
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import slow_month
from des_moines import act_of, policy
from fresh_stores import fresh_in_memory
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_area import Area, Row, verdict

from crmkit.model.brand import BrandTarget, RateKind
from crmkit.model.market import Indicator
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem
from crmkit.model.person import Person
from crmkit.sources.policy import shipped_policy
from crmkit.store import brand, customers, market, people, products, targets
from crmkit.store.changes import drop_triggers
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.analyze_brand import compute_brand
from crmkit.workflow.analyze_market import compute_market, set_indicator_targets
from crmkit.workflow.analyze_operating import compute_effects, generate, score_all
from crmkit.workflow.generate_month_plan import generate_month_plan
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.issue_watch_list import watch_products
from crmkit.workflow.judge_brand import judge_brand
from crmkit.workflow.judge_market import judge_market
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.set_product import set_products
from crmkit.workflow.set_targets import choose_target_customers, set_target

POLICY = shipped_policy()
JUDGED, WORKING, TODAY = "2026-08", Month(2026, 9), date(2026, 9, 1)
SHOPS, GOODS = [f"S{n}" for n in range(6)], ["P1", "P2", "P3"]
KEY_BRANDS = frozenset({"P1", "P2"})
MONTHS = ("2025-08", "2026-05", "2026-06", "2026-07", "2026-08")

rows_of_orders = st.lists(
    st.tuples(
        st.builds(lambda month, day: f"{month}-{day:02d}", st.sampled_from(MONTHS), st.integers(1, 28)),
        st.sampled_from(SHOPS),
        st.sampled_from(GOODS),
        st.integers(-20_000, 20_000),
        st.integers(0, 10**6),
    ),
    max_size=60,
)


def filled(rows: list[Row], managers: int = 1) -> Store:
    """A file of `managers` managers: the first owns all shops of the rows, the others one shop with orders each."""
    store = fresh_in_memory()
    drop_triggers(store)  # rows put in by hand belong to no operation
    run = store.execute
    for n in range(1, managers + 1):
        run("INSERT INTO person(id, code, name, role) VALUES (?,?,?,'customer_manager')", (n, f"M{n}", f"m{n}"))
    for n, code in enumerate(SHOPS, 1):
        run("INSERT INTO customer(id, code, name, manager) VALUES (?,?,?,1)", (n, code, code))
    for n, code in enumerate(GOODS, 1):
        run("INSERT INTO product(id, code, name, key_brand) VALUES (?,?,?,?)", (n, code, code, code in KEY_BRANDS))
        run("INSERT INTO watched(product, from_month) VALUES (?, '2025-01')", (n,))
    listed = list(rows)
    for n in range(2, managers + 1):
        run("INSERT INTO customer(id, code, name, manager) VALUES (?,?,?,?)", (100 + n, f"X{n}", "x", n))
        listed += [(f"{month}-05", f"X{n}", "P1", 7_000, 7) for month in ("2024-01", *MONTHS)]
    keys = {code: n for n, code in enumerate(SHOPS, 1)} | {f"X{n}": 100 + n for n in range(2, managers + 1)}
    for n, (day, shop, goods, volume, amount) in enumerate(listed, 1):
        run("INSERT INTO orders(id, day, customer, number, op) VALUES (?,?,?,?,0)", (n, day, keys[shop], str(n)))
        run("INSERT INTO line(orders, no, product, volume, amount, op) VALUES (?,1,?,?,?,0)",
            (n, GOODS.index(goods) + 1, volume, amount))  # fmt: skip
    return store


def aimed(store: Store, listed: set[str], percent: Decimal) -> None:
    rates = dict.fromkeys(RateKind, percent)
    for product in (1, 2, 3):
        key = targets.write(store, BrandTarget(0, 1, product, Month(2026, 8), Month(2026, 8), rates))
        targets.add_customers(store, key, [SHOPS.index(code) + 1 for code in sorted(listed)])


def rates(store: Store) -> dict[tuple[str, str], tuple[int, int, str]]:
    manager = people.by_id(store, 1)
    portfolio = portfolio_of(store, POLICY, manager, WORKING, TODAY)
    found = judge_brand(store, POLICY, portfolio, TODAY)
    return {
        (found.by_id[one.product].code, one.kind.value): (one.rate.numerator, one.rate.denominator, one.final.value)
        for one in found.states
    }


def slow_rates(area: Area, listed: set[str], percent: Decimal) -> dict[tuple[str, str], tuple[int, int, str]]:
    found = {}
    for product in GOODS:
        counts = {
            "on_shelf": area.on_shelf(product, JUDGED, listed),
            "sell_through": area.sell_through(product, JUDGED),
            "repurchase": area.repurchase(product, JUDGED),
        }
        for kind, (up, down) in counts.items():
            actual = Fraction(100 * up, down) if down else None
            found[product, kind] = (up, down, verdict(Fraction(percent), actual))
        found[product, "stock_out"] = (0, 0, "not_judged")
    return found


@settings(max_examples=60, deadline=None)
@given(rows_of_orders, st.sets(st.sampled_from(SHOPS)), st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_rates_are_those_of_a_slow_count_whatever_the_order_of_rows_and_the_number_of_managers(
    rows: list[Row], listed: set[str], hundredths: int, dice: random.Random
) -> None:
    percent = Decimal(hundredths) / 100
    store = filled(rows)
    aimed(store, listed, percent)
    found = rates(store)
    assert found == slow_rates(Area(tuple(rows)), listed, percent)
    dice.shuffle(rows)
    mixed = filled(rows, managers=3)
    aimed(mixed, listed, percent)
    assert rates(mixed) == found
    store.close()
    mixed.close()


@settings(max_examples=60, deadline=None)
@given(rows_of_orders, st.randoms(use_true_random=False))
def test_indicators_are_those_of_a_slow_count(rows: list[Row], dice: random.Random) -> None:
    area = Area(tuple(rows), KEY_BRANDS)
    store = filled(rows)
    found = indicators(store)
    has_orders = any(row[0][:7] == JUDGED for row in rows)
    assert found[Indicator.VOLUME] == (area.cartons(JUDGED) if has_orders else None)
    worth = area.carton_value(JUDGED) if area.volume(JUDGED) > 0 else None
    assert found[Indicator.CARTON_VALUE] == worth
    first = min((row[0] for row in rows), default="9999")
    base = "2025-08" if first <= "2025-08-01" else "2026-07" if first <= "2026-07-01" else None
    assert found[Indicator.KEY_BRAND_GROWTH] == (area.key_growth(JUDGED, base) if base and has_orders else None)
    dice.shuffle(rows)
    mixed = filled(rows, managers=3)
    assert indicators(mixed) == found, "neither the order of rows nor other managers' older orders count"
    store.close()
    mixed.close()


def indicators(store: Store) -> dict[Indicator, Fraction | None]:
    portfolio = portfolio_of(store, POLICY, people.by_id(store, 1), WORKING, TODAY)
    return {one.indicator: one.actual for one in judge_market(store, POLICY, portfolio, TODAY).states}


def test_the_managers_of_a_team_add_up_to_the_whole_file() -> None:
    store = filled([("2026-08-03", "S0", "P1", 5_000, 50), ("2026-07-01", "S0", "P2", 4_000, 40)], managers=3)
    team = judge_market(store, POLICY, portfolio_of(store, POLICY, people.by_id(store, 1), WORKING, TODAY), TODAY).team
    whole = store.value("SELECT sum(volume) FROM line l JOIN orders o ON o.id=l.orders WHERE day LIKE '2026-08%'")
    assert sum(line.now.volume for line in team) == whole == 19_000
    assert [line.manager.code for line in team] == ["M1", "M2", "M3"]
    store.close()


# the Des Moines orders: September 2022, with targets from August

AUGUST, SEPTEMBER, FIRST = Month(2022, 8), Month(2022, 9), date(2022, 9, 1)
WATCHED = ("38178", "64870", "38177")
AIMS = {RateKind.ON_SHELF: Decimal(60), RateKind.SELL_THROUGH: Decimal(95), RateKind.REPURCHASE: Decimal("85.5")}


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> slow_month.Raw:
    return slow_month.read_raw(shared_data / "iowa-des-moines")


@pytest.fixture
def iowa(iowa_file: Path, tmp_path: Path) -> Iterator[Store]:
    store = open_store(Path(shutil.copy(iowa_file, tmp_path / "crmkit.db")))
    watch_products(store, act_of(FIRST, "MM1"), policy(), WATCHED, Month(2022, 5), None)
    set_products(store, act_of(FIRST, "CM1"), WATCHED[:2], ["重点品牌=是"])
    yield store
    store.close()


def person(store: Store, code: str) -> Person:
    return people.named(store, code)[0]


def judged(store: Store, code: str) -> Person:
    """Targets of August, target customers, and both analyses of September."""
    manager, act = person(store, code), act_of(FIRST, code)
    valid = portfolio_of(store, policy(), manager, SEPTEMBER, FIRST).valid
    for word in WATCHED:
        product = products.find(store, word)
        common = (store, act, policy(), manager, product)
        set_target(*common, AUGUST, SEPTEMBER, AIMS)
        choose_target_customers(*common, AUGUST, [one for one in valid if one.code < "4500"])
    aims = {Indicator.VOLUME: Decimal(560_000), Indicator.KEY_BRAND_GROWTH: Decimal(70)}
    set_indicator_targets(store, act, policy(), manager, AUGUST, aims)
    compute_brand(store, act, policy(), manager, SEPTEMBER)
    compute_market(store, act, policy(), manager, SEPTEMBER)
    return manager


def bought(raw: slow_month.Raw, manager: str, product: str, month: int) -> set[str]:
    return {shop for shop in raw.owned(manager) if raw.of(shop, month).items.get(product, 0) > 0}


@pytest.mark.parametrize("code", ["CM1", "CM2"])
def test_des_moines_rates_are_those_of_the_raw_files(code: str, iowa: Store, raw: slow_month.Raw) -> None:
    manager = judged(iowa, code)
    codes = {one.id: one.code for one in products.all(iowa)}
    found = {(codes[one.product], one.kind): one for one in brand.states(iowa, manager.id, SEPTEMBER)}
    assert len(found) == 4 * len(WATCHED)
    for product in WATCHED:
        august, july = (bought(raw, code, product, month) for month in (8, 7))
        spring = july | bought(raw, code, product, 6) | bought(raw, code, product, 5)
        listed = {shop for shop in raw.active(code) if shop < "4500"}
        counts = {
            RateKind.ON_SHELF: (len(august & listed), len(listed)),
            RateKind.SELL_THROUGH: (len(august), len(spring)),
            RateKind.REPURCHASE: (len(august & july), len(july)),
        }
        for kind, (up, down) in counts.items():
            one = found[product, kind]
            assert (one.rate.numerator, one.rate.denominator) == (up, down), (product, kind)
            assert one.final.value == verdict(Fraction(AIMS[kind]), Fraction(100 * up, down))
    assert {one.final.value for one in found.values()} == {"abnormal", "normal", "not_judged"}


@pytest.mark.parametrize("code", ["CM1", "CM2"])
def test_des_moines_indicators_and_what_they_cause(code: str, iowa: Store, raw: slow_month.Raw) -> None:
    """Sums of the raw files, each store's problem codes by a slow share, both kinds of reasons on the key list."""
    manager, act = judged(iowa, code), act_of(FIRST, code)
    owned = raw.owned(code)
    total = {month: sum(raw.of(shop, month).bottles for shop in owned) for month in range(1, 9)}
    keys = {month: sum(raw.of(shop, month).items.get(p, 0) for shop in owned for p in WATCHED[:2]) for month in (7, 8)}
    found = {one.indicator: one for one in market.states(iowa, manager.id, SEPTEMBER)}
    assert found[Indicator.VOLUME].actual == total[8]
    cents = sum(raw.of(shop, 8).cents for shop in owned)
    assert found[Indicator.CARTON_VALUE].actual == Fraction(cents, 100 * total[8])
    assert found[Indicator.KEY_BRAND_GROWTH].actual == Fraction(100 * (keys[8] - keys[7]), keys[7])
    assert found[Indicator.KEY_BRAND_GROWTH].base.month == Month(2022, 7)  # type: ignore[union-attr]
    assert [found[one].final.value for one in (Indicator.VOLUME, Indicator.KEY_BRAND_GROWTH)] == ["abnormal"] * 2

    common = (iowa, act, policy(), manager, SEPTEMBER)
    compute_effects(*common)
    score_all(*common, dict.fromkeys(AbilityItem, 3))
    generate(*common)
    generate_strategies(*common, Decimal(90))
    plan = generate_month_plan(*common)
    names = {one.id: one.code for one in customers.all(iowa, manager.id)}
    codes: dict[str, set[str]] = {}
    for problem in plan.problems:
        codes.setdefault(problem.code, set()).add(names[problem.customer])
    valid = [one.code for one in plan.portfolio.valid]
    assert codes["volume"] == short_of_volume(raw, valid, total)
    for product in WATCHED:
        august = bought(raw, code, product, 8)
        slow = {
            f"on_shelf:{product}": {shop for shop in valid if shop < "4500"} - august,
            f"sell_through:{product}": set().union(*(bought(raw, code, product, m) for m in (5, 6, 7))) - august,
            f"repurchase:{product}": bought(raw, code, product, 7) - august,
        }
        for name, shops in slow.items():
            expected = shops & set(valid) if name in plan.area.abnormal else set()
            assert codes.get(name, set()) == expected, name
    own = slow_month.judge(raw, code, valid, 9)
    for one in plan.candidates:
        shop = names[one.customer]
        assert set(one.reasons) == {*own[shop].reasons, *(name for name, shops in codes.items() if shop in shops)}
    assert len(plan.keys) == plan.key_limit == len(valid) * 15 // 100
    reasons = [len(one.reasons) for one in plan.candidates]
    assert reasons == sorted(reasons, reverse=True)


def short_of_volume(raw: slow_month.Raw, valid: list[str], total: dict[int, int]) -> set[str]:
    """Own share of the area since its first whole month x 560,000, of which 95 % is the border."""
    found = set()
    for shop in valid:
        known = sorted(month for month, one in raw.bought.get(shop, {}).items() if one.items and month < 9)
        base = list(range(known[0] + 1, 8)) if known else []
        own = sum(raw.of(shop, month).bottles for month in base)
        if len(base) < 2 or own <= 0:
            continue
        share = Fraction(own, sum(total[month] for month in base))
        if raw.of(shop, 8).bottles <= share * 560_000 * Fraction(95, 100):
            found.add(shop)
    return found
