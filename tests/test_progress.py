"""Progress inside the month: the pace, the base's first k working days, figures counted by a slow independent count."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from month_examples import Typist, kept, write_exports

from crmkit.model.calendar import OfficialDays
from crmkit.model.market import AreaSum, Indicator
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.progress import Pace
from crmkit.rules.calendar import WorkCalendar, build_calendar
from crmkit.rules.market import base_of
from crmkit.rules.progress import pace_of, progress_lines, with_january
from crmkit.store import figures, market
from crmkit.store.connection import Store

NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)


def weekdays(first: date, last: date, without: tuple[date, ...] = ()) -> WorkCalendar:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = tuple(day for day in days if day.isoweekday() < 6 and day not in without)
    return build_calendar((first, last), OfficialDays(working, False, ()), (), person=None, zone="Asia/Shanghai")


@pytest.fixture
def calendar() -> WorkCalendar:
    """Two years of weekdays; the first week of October is a holiday."""
    return weekdays(date(2025, 1, 1), date(2027, 12, 31), tuple(date(2026, 10, n) for n in range(1, 9)))


def test_the_day_itself_has_passed(calendar: WorkCalendar) -> None:
    pace = pace_of(calendar, NOVEMBER, date(2026, 11, 4), date(2026, 11, 4))
    assert (pace.passed, pace.days, pace.until, pace.whole) == (3, 21, date(2026, 11, 4), False)


def test_a_month_is_counted_only_as_far_as_its_orders(calendar: WorkCalendar) -> None:
    assert pace_of(calendar, NOVEMBER, date(2026, 11, 20), date(2026, 11, 10)).until == date(2026, 11, 10)
    over_a_weekend = pace_of(calendar, NOVEMBER, date(2026, 11, 8), date(2026, 11, 6))
    assert over_a_weekend.until == date(2026, 11, 8), "no working day lies between"
    assert pace_of(calendar, NOVEMBER, date(2026, 11, 20), date(2026, 10, 30)).until == date(2026, 11, 20)


def test_the_base_runs_as_many_working_days_over_a_holiday_week(calendar: WorkCalendar) -> None:
    pace = pace_of(calendar, NOVEMBER, date(2026, 11, 4), None)
    base = base_of(calendar, NOVEMBER, pace.until, date(2026, 3, 1))
    assert base is not None
    assert (base.first, base.last) == (date(2026, 10, 1), date(2026, 10, 13))  # 9, 12 and 13 October


def test_february_is_told_together_with_january_where_last_year_is_held(calendar: WorkCalendar) -> None:
    february = Month(2026, 2)
    both = with_january(base_of(calendar, february, date(2026, 2, 10), date(2024, 5, 1)), february)
    assert both is not None
    assert (both.first, both.last) == (date(2025, 1, 1), date(2025, 2, 11))
    assert with_january(base_of(calendar, february, date(2026, 2, 10), date(2025, 5, 1)), february) is None
    assert with_january(base_of(calendar, NOVEMBER, date(2026, 11, 10), date(2024, 5, 1)), NOVEMBER) is None


def test_a_target_asks_for_its_share_of_the_days() -> None:
    now, base = AreaSum(60_000, 600_000, 10_000, 3, 6), AreaSum(50_000, 400_000, 0, 3, 5)
    pace = Pace(5, 20, date(2026, 11, 6), whole=False)
    targets = {
        Indicator.VOLUME: Decimal(200),
        Indicator.CARTON_VALUE: Decimal(125),
        Indicator.KEY_BRAND_GROWTH: Decimal(5),
        Indicator.ORDERING_CUSTOMERS: Decimal(4),
    }
    volume, value, key, orders, ordering = progress_lines(now, base, pace, targets)
    assert (volume.actual, volume.growth, volume.due, volume.reached) == (60, 20, 50, 30)
    assert (value.actual, value.base, value.growth, value.due, value.reached) == (100, 80, 25, 125, 80)
    assert (key.growth, key.target, key.reached) == (None, 5, None)
    assert (orders.growth, orders.target) == (20, None)
    assert (ordering.growth, ordering.due, ordering.reached) == (0, None, 75)
    assert all(isinstance(line.growth, Fraction) for line in (volume, value, orders))


# counted once more, slowly

ROW = st.tuples(
    st.integers(0, 75),  # day
    st.integers(1, 6),  # customer
    st.integers(1, 4),  # product
    st.integers(-3000, 9000),
    st.integers(-50_000, 90_000),
)


@pytest.fixture
def territory(store: Store, act: Act) -> Store:
    """Six customers of two managers, the last of nobody; four products, the first a key brand."""
    with store.operation(act):
        _fill(store)
    return store


def _fill(store: Store) -> None:
    store.executemany(
        "INSERT INTO person(id,code,name,role) VALUES (?,?,'x','customer_manager')", [(1, "001"), (2, "002")]
    )
    goods = [(n, f"P{n}", int(n == 1)) for n in range(1, 5)]
    store.executemany("INSERT INTO product(id,code,name,key_brand) VALUES (?,?,'x',?)", goods)
    owned = [(n, f"C{n}", 1 + n % 2 if n < 6 else None) for n in range(1, 7)]
    store.executemany("INSERT INTO customer(id,code,name,manager) VALUES (?,?,'x',?)", owned)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=40), first=st.integers(0, 75), span=st.integers(0, 75))
def test_areas_and_history_are_what_a_slow_count_says(
    rows: list[tuple[int, int, int, int, int]], first: int, span: int, territory: Store
) -> None:
    store, start = territory, date(2026, 9, 1)
    store.execute("BEGIN")
    days = [(start + timedelta(days=row[0])).isoformat() for row in rows]
    store.executemany(
        "INSERT INTO orders(id,day,customer,number,op) VALUES (?,?,?,?,1)",
        [(n, day, row[1], str(n)) for n, (row, day) in enumerate(zip(rows, days, strict=True))],
    )
    store.executemany(
        "INSERT INTO line(orders,no,product,volume,amount,op) VALUES (?,1,?,?,?,1)",
        [(n, *row[2:]) for n, row in enumerate(rows)],
    )
    begin, end = start + timedelta(days=first), start + timedelta(days=first + span)
    within = [row for row in rows if first <= row[0] <= first + span]
    for manager in (1, 2):
        mine = [row for row in within if row[1] < 6 and 1 + row[1] % 2 == manager]
        found = market.areas(store, begin, end).get(manager, AreaSum())
        net = {c: sum(row[3] for row in mine if row[1] == c) for c in range(1, 6)}
        assert found == AreaSum(
            sum(row[3] for row in mine), sum(row[4] for row in mine), sum(row[3] for row in mine if row[2] == 1),
            sum(volume > 0 for volume in net.values()), len(mine),
        )  # fmt: skip
        assert market.areas(store, begin, end, manager) == ({manager: found} if mine else {})
        taking = {c for c, volume in net.items() if volume > 0}
        assert figures.ordering(store, begin, end, manager) == taking
    history = figures.history(store, Month(2026, 9), Month(2026, 11))
    for month, counted in history.items():
        whole = figures.by_customer(store, month)
        assert {c: (f.volume, f.amount, f.orders, f.key_volume) for c, f in counted.items()} == {
            c: (f.volume, f.amount, f.orders, f.key_volume) for c, f in whole.items()
        }
    store.execute("ROLLBACK")


# as it is typed


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四").code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def test_the_team_is_the_sum_of_its_managers(typed: Typist) -> None:
    found = typed.json("analyze", "progress", "--team", "--as-of", "2026-10-15")
    volumes = [Decimal(one["indicators"]["volume"]["actual"]) for one in found["managers"]]
    assert sum(volumes) == Decimal(found["team"]["indicators"]["volume"]["actual"]) > 0
    one = typed.json("analyze", "progress", "--manager", "002", "--as-of", "2026-10-15")
    assert one["indicators"] == found["managers"][1]["indicators"]
    assert (one["base"], one["base_first"]) == ("last_month", "2026-09-01")


def test_a_day_before_the_month_and_two_answers_to_one_question_are_refused(typed: Typist) -> None:
    assert typed("analyze", "progress", "--month", "2026-10", "--as-of", "2026-09-30").code == 2
    assert typed("analyze", "progress", "--team", "--manager", "001").code == 2


def test_orders_that_end_early_are_named(typed: Typist) -> None:
    said = typed("analyze", "progress", "--as-of", "2026-10-30").out
    assert "The file's orders end on" in said
    typed.now = "2026-11-05T08:00"
    assert "The file holds no order of November 2026 yet." in typed("analyze", "progress").out
    assert "-100.0" not in typed("analyze", "progress").out  # not known is no fall to nought
