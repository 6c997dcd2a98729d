"""Life happens to a planned month: sickness, shut shops, a person's word. On the demo of Friday 30 October 2026."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import act_at

from crmkit.model.customer import Frequency
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import MoveReason, Obstacle
from crmkit.model.person import Person
from crmkit.model.visit import PlannedState
from crmkit.report.papers.plan_comparison import plan_facts
from crmkit.report.words import use_language
from crmkit.rules.routing import along_the_street
from crmkit.sources.policy import shipped_policy
from crmkit.store import customers, people, planned
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.close_days import close_days
from crmkit.workflow.compare_plans import compare_plans, figures_of_month
from crmkit.workflow.days_off import take_days_off
from crmkit.workflow.explain_visit import explain_visit
from crmkit.workflow.move_visit import move_visit, pin_visit, skip_visit
from crmkit.workflow.plan_visits import plan_visits
from crmkit.workflow.print_sheet import print_sheet
from crmkit.workflow.replan_visits import Replanned, replan_visits
from crmkit.workflow.route_day import route_day
from crmkit.workflow.undo_operation import undo_operation
from crmkit.workflow.weigh_days import weigh_days

POLICY = shipped_policy()
NOVEMBER = Month(2026, 11)
SICK, MONDAY = date(2026, 11, 17), "2026-11-09"


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(demo_folder / "crmkit.db", tmp_path / "crmkit.db")
    store = open_store(tmp_path / "crmkit.db")
    yield store
    store.close()


def manager_of(store: Store) -> Person:
    return people.named(store, "001")[0]


def rows(store: Store) -> list[tuple[object, ...]]:
    """The planned visits as the file has them."""
    with sqlite3.connect(f"file:{store.path}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT * FROM planned_visit ORDER BY id").fetchall()


def places(store: Store) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for row in rows(store):
        if row[6] != "cancelled":
            found.setdefault(int(str(row[1])), set()).add(str(row[3]))
    return found


def replanned(store: Store, day: str = MONDAY, *, dry_run: bool = False) -> Replanned:
    return replan_visits(store, act_at(day), POLICY, manager_of(store), NOVEMBER, dry_run=dry_run)


def sick(store: Store, day: date = SICK) -> None:
    take_days_off(store, act_at(MONDAY), (day, day), manager_of(store), "病假")


def test_nothing_happened_nothing_moves_and_nothing_is_written(demo: Store) -> None:
    before, count = rows(demo), demo.value("SELECT max(seq) FROM operation")
    assert replanned(demo).nothing
    assert rows(demo) == before
    assert demo.value("SELECT max(seq) FROM operation") == count


def test_a_dry_run_says_what_the_real_one_does_and_an_undo_takes_it_back(demo: Store) -> None:
    day = date(2026, 11, 24)
    sick(demo, day)
    before = rows(demo)
    said = replanned(demo, dry_run=True)
    assert rows(demo) == before
    done = replanned(demo)
    assert said.moves == done.moves
    assert {move.was for move in done.moves} == {day}
    assert done.fewest
    assert day.isoformat() not in {one for days in places(demo).values() for one in days}
    assert len(rows(demo)) == len(before)
    assert replanned(demo).nothing, "planned anew once is enough"
    undo_operation(demo, act_at(MONDAY))
    assert rows(demo) == before
    assert demo.value("SELECT count(*) FROM visit_move") == 0


def test_days_nobody_touches_keep_their_rows_and_their_order(demo: Store) -> None:
    sick(demo)
    before = {row[0]: row for row in rows(demo)}
    done = replanned(demo)
    touched = {str(day) for move in done.moves for day in (move.was, move.becomes)}
    after = {row[0]: row for row in rows(demo)}
    assert before.keys() == after.keys()
    still = [key for key, row in before.items() if row[3] not in touched]
    assert len(still) > 50
    assert all(before[key] == after[key] for key in still)
    for day in sorted(touched - {SICK.isoformat()}):
        order = sorted(row[5] for row in after.values() if row[3] == day and row[4] == "onsite")
        assert order == list(range(1, len(order) + 1)), day


def test_what_is_past_printed_or_pinned_stays_where_it_is(demo: Store) -> None:
    manager = manager_of(demo)
    printed = date(2026, 11, 18)
    print_sheet(demo, act_at(MONDAY), POLICY, manager, printed, "pdf")
    pinned = planned.between(demo, manager.id, date(2026, 11, 19), date(2026, 11, 19))[0]
    pin_visit(demo, act_at(MONDAY), customers.by_id(demo, pinned.customer), pinned.day, "店主约好", pinned=True)
    before = {row[0]: row for row in rows(demo)}
    sick(demo)
    done = replanned(demo)
    assert done.moved
    after = {row[0]: row for row in rows(demo)}
    for key, row in before.items():
        if str(row[3]) < MONDAY or row[3] == printed.isoformat() or key == pinned.id:
            assert after[key][:6] == row[:6]
    came = [row for key, row in after.items() if row[3] == printed.isoformat() and before[key][3] != row[3]]
    assert came == [], "nothing is planned into a printed day"


def test_a_printed_sheet_of_a_sick_day_holds_nobody(demo: Store) -> None:
    print_sheet(demo, act_at("2026-11-16"), POLICY, manager_of(demo), SICK, "pdf")
    sick(demo)
    planned_that_day = len(planned.between(demo, manager_of(demo).id, SICK, SICK))
    done = replanned(demo, "2026-11-17")
    assert sum(move.was == SICK for move in done.moves) == planned_that_day > 10
    assert SICK.isoformat() not in {day for days in places(demo).values() for day in days}


def test_an_appointment_on_a_sick_day_stays_and_is_named(demo: Store) -> None:
    visit = planned.between(demo, manager_of(demo).id, SICK, SICK)[2]
    pin_visit(demo, act_at(MONDAY), customers.by_id(demo, visit.customer), SICK, "", pinned=True)
    sick(demo)
    done = replanned(demo)
    assert [one.id for one in done.plan.stranded] == [visit.id]
    assert visit.customer not in {move.customer for move in done.moves}
    assert planned.of_customer(demo, visit.customer, SICK, SICK)


def test_a_shop_that_shuts_moves_alone_and_says_why(demo: Store) -> None:
    manager = manager_of(demo)
    visit = planned.between(demo, manager.id, date(2026, 11, 20), date(2026, 11, 20))[3]
    shop = customers.by_id(demo, visit.customer)
    close_days(demo, act_at(MONDAY), shop, visit.day, visit.day, "盘点")
    done = replanned(demo)
    assert [(move.customer, move.was, move.reason) for move in done.moves] == [
        (shop.id, visit.day, MoveReason.CLOSED)
    ]
    (move,) = done.moves
    assert move.becomes
    why = explain_visit(demo, POLICY, manager, customers.by_id(demo, shop.id), move.becomes)
    assert [(one.was, one.reason, one.actor) for one in why.moves] == [(visit.day, MoveReason.CLOSED, "001")]


def test_a_month_without_a_visit_plan_is_sent_to_plan_visits(demo: Store) -> None:
    with pytest.raises(Refusal) as refused:
        replan_visits(demo, act_at("2026-11-30"), POLICY, manager_of(demo), Month(2026, 12))
    assert refused.value.fault is Fault.GATE
    assert refused.value.facts["way_out"] == "crmkit plan visits --month 2026-12"


# by hand


def is_weekly(store: Store, customer: int) -> bool:
    return customers.by_id(store, customer).frequency is Frequency.WEEKLY


def test_a_skipped_visit_is_owed_no_more_and_no_planning_puts_it_back(demo: Store) -> None:
    manager = manager_of(demo)
    visit = next(one for one in planned.between(demo, manager.id, SICK, SICK) if is_weekly(demo, one.customer))
    shop = customers.by_id(demo, visit.customer)  # the first week, which nobody typed, cannot be made up for
    with pytest.raises(Refusal):
        skip_visit(demo, act_at(MONDAY), shop, SICK, " ")
    days = places(demo)[shop.id]
    skip_visit(demo, act_at(MONDAY), shop, SICK, "店主出国")
    assert replanned(demo).nothing
    assert places(demo).get(shop.id, set()) == days - {SICK.isoformat()}
    plan_visits(demo, act_at(MONDAY), POLICY, manager, NOVEMBER)
    coming = {day for day in places(demo).get(shop.id, set()) if day >= MONDAY}
    assert len(coming) == len({day for day in days if day >= MONDAY}) - 1
    state = demo.value("SELECT state || note FROM planned_visit WHERE id=?", (visit.id,))
    assert state == PlannedState.CANCELLED.value + "店主出国"


def test_a_move_by_hand_is_pinned_and_outlives_every_planning(demo: Store) -> None:
    manager = manager_of(demo)
    shop, best = green(demo)
    was = next(plan.day for plan in planned.of_customer(demo, shop, date.fromisoformat(MONDAY), NOVEMBER.last))
    customer = customers.by_id(demo, shop)
    moved = move_visit(demo, act_at(MONDAY), POLICY, customer, was, best, reason="店主要求")
    assert moved.visit.pinned
    sick(demo)
    replanned(demo)
    plan_visits(demo, act_at(MONDAY), POLICY, manager, NOVEMBER)
    kept = planned.of_customer(demo, shop, best, best)
    assert [plan.pinned for plan in kept] == [True]
    why = explain_visit(demo, POLICY, manager, customer, best)
    assert [(one.was, one.reason, one.note) for one in why.moves] == [(was, MoveReason.HAND, "店主要求")]
    for day in (was, best):
        order = [plan.position for plan in planned.between(demo, manager.id, day, day) if plan.position]
        assert order == list(range(1, len(order) + 1))


def green(store: Store) -> tuple[int, date]:
    """A customer with a visit to come and a green day for it."""
    for plan in planned.between(store, manager_of(store).id, date(2026, 11, 10), date(2026, 11, 30)):
        found = weigh_days(store, POLICY, customers.by_id(store, plan.customer), NOVEMBER, date(2026, 11, 9))
        if found.best and not found.best.cautions and found.visit == plan:
            return plan.customer, found.best.day
    pytest.fail("no green day in the whole month")


def test_red_days_are_refused_with_their_reason_and_taken_on_a_persons_word(demo: Store) -> None:
    manager = manager_of(demo)
    visit = planned.between(demo, manager.id, SICK, SICK)[0]
    shop = customers.by_id(demo, visit.customer)
    saturday = date(2026, 11, 21)
    with pytest.raises(Refusal) as refused:
        move_visit(demo, act_at(MONDAY), POLICY, shop, SICK, saturday)
    assert (refused.value.facts["rule"], refused.value.facts["obstacle"]) == ("day-red", "absent")
    assert refused.value.facts["way_out"] == f"crmkit plan best-day {shop.code} --date {SICK}"
    move_visit(demo, act_at(MONDAY), POLICY, shop, SICK, saturday, anyway=True)
    assert saturday.isoformat() in places(demo)[shop.id]
    for other in (date(2026, 11, 5), date(2026, 12, 1)):
        with pytest.raises(Refusal):
            move_visit(demo, act_at(MONDAY), POLICY, shop, saturday, other, anyway=True)


# the best day


def working(one: date, other: date) -> int:
    """Working days from one to another in November 2026, a month without holidays."""
    return sum((one + timedelta(days=n)).weekday() < 5 for n in range(1, (other - one).days + 1))


def test_no_day_that_is_not_red_breaks_a_gap_and_every_red_gap_is_one(demo: Store) -> None:
    """Held against days counted one by one, for weekly customers and those of twice a month."""
    bounds = {"weekly": (3, 9), "twice_monthly": (6, 14)}
    manager, seen = manager_of(demo), set()
    close_one = planned.between(demo, manager.id, SICK, SICK)[1].customer
    close_days(demo, act_at(MONDAY), customers.by_id(demo, close_one), date(2026, 11, 16), date(2026, 11, 20), "装修")
    for plan in planned.between(demo, manager.id, SICK, SICK):
        shop = customers.by_id(demo, plan.customer)
        if shop.frequency not in bounds:
            continue
        found = weigh_days(demo, POLICY, shop, NOVEMBER, date(2026, 11, 9), SICK)
        least, most = bounds[shop.frequency]
        others = sorted(date.fromisoformat(day) for day in places(demo)[shop.id] - {SICK.isoformat()})
        for offer in found.offers:
            seen |= {*offer.obstacles, *offer.cautions, offer.colour}
            around = sorted([*others, offer.day])
            at = around.index(offer.day)
            gaps = [working(a, b) for a, b in pairwise(around[max(0, at - 1) : at + 2])]
            apart = all(least <= gap <= most for gap in gaps)
            assert apart == (Obstacle.GAP not in offer.obstacles and Obstacle.TAKEN not in offer.obstacles), offer
            assert (offer.colour == "red") == bool(offer.obstacles)
            assert offer.day.weekday() < 5
    assert {Obstacle.GAP, Obstacle.WEEK, Obstacle.CLOSED, "green", "yellow", "red"} <= seen


def test_the_detour_is_what_the_road_grows_by(demo: Store) -> None:
    """Moved to the offered day, that day's best order is no longer than before by more than the offer said."""
    manager = manager_of(demo)
    shop, best = green(demo)
    customer = customers.by_id(demo, shop)
    found = weigh_days(demo, POLICY, customer, NOVEMBER, date(2026, 11, 9))
    offer = next(one for one in found.offers if one.day == best)
    before = route_day(demo, act_at(MONDAY), POLICY, manager, best, dry_run=True).before
    assert found.visit
    move_visit(demo, act_at(MONDAY), POLICY, customer, found.visit.day, best)
    after = route_day(demo, act_at(MONDAY), POLICY, manager, best, dry_run=True)
    assert after.before == after.after, "a move puts the day in order"
    assert after.after <= before + offer.metres + 30  # distances are rounded to metres


def test_a_days_load_is_of_its_own_room(demo: Store) -> None:
    """Thirty shops in town fill a day: counted by hand from the planned rows, however full the other days are."""
    manager = manager_of(demo)
    shop, _best = green(demo)
    urban = {row[0] for row in demo.rows("SELECT id FROM customer WHERE market_type='urban'")}
    found = weigh_days(demo, POLICY, customers.by_id(demo, shop), NOVEMBER, date(2026, 11, 9))
    assert found.offers
    own = {shop} if found.visit and found.visit.method == "onsite" else set()
    for offer in found.offers:
        plans = planned.between(demo, manager.id, offer.day, offer.day)
        on_road = {plan.customer for plan in plans if plan.method == "onsite" and plan.state != "cancelled"}
        full = sum(Fraction(1, 30 if one in urban else 25) for one in on_road | own)
        assert offer.percent == int(100 * full), offer.day


# figures


def test_the_comparison_beats_the_list_and_keeps_its_promises(demo: Store) -> None:
    found = compare_plans(demo, POLICY, manager_of(demo), NOVEMBER)
    assert found.by_code
    assert found.this.visits + found.this.calls == len(rows(demo)) == found.by_code.visits + found.by_code.calls
    assert found.this.metres < found.by_code.metres // 2
    assert 0 < found.bounds.month < found.bounds.tours <= found.this.metres <= found.bounds.tours * 101 // 100
    assert found.bounds.month <= found.by_code.metres
    assert found.this.held == found.this.gaps == found.by_code.held
    weekdays: dict[int, list[date]] = {}
    weekly = {row[0] for row in demo.rows("SELECT id FROM customer WHERE frequency='weekly'")}
    for customer, days in places(demo).items():
        if customer in weekly:
            weekdays[customer] = sorted(map(date.fromisoformat, days))
    pairs = [pair for days in weekdays.values() for pair in pairwise(days)]
    assert found.this.pairs == len(pairs)
    assert found.this.same_weekday == sum(a.weekday() == b.weekday() for a, b in pairs)


def test_nothing_is_proven_of_ways_that_are_assumed(demo: Store) -> None:
    use_language("en")
    with demo.operation(act_at()):
        demo.execute(
            """UPDATE customer SET latitude_e6=NULL, longitude_e6=NULL
               WHERE id=(SELECT customer FROM planned_visit WHERE method='onsite' ORDER BY id LIMIT 1)"""
        )
    found = compare_plans(demo, POLICY, manager_of(demo), NOVEMBER)
    (some,) = (fact for fact in plan_facts(found) if fact.word == "Ways")
    assert found.had.address > 0 < found.had.straight
    assert found.had.given == 0
    assert some.value.endswith("% by neighbourhood and address")
    with demo.operation(act_at()):
        demo.execute("UPDATE customer SET latitude_e6=NULL, longitude_e6=NULL")
    unmeasured = compare_plans(demo, POLICY, manager_of(demo), NOVEMBER)
    facts = {fact.word: fact.value for fact in plan_facts(unmeasured)}
    assert facts["Proven"] == "nothing: no road is known"
    assert facts["Compared"].endswith("by assumed ways")


def test_the_figures_are_kept_when_the_month_is_planned(demo: Store) -> None:
    manager = manager_of(demo)
    kept = figures_of_month(demo, POLICY, manager, NOVEMBER)
    assert kept
    assert kept.by_code == compare_plans(demo, POLICY, manager, NOVEMBER).by_code


# calls, streets


def test_calls_are_dealt_evenly_over_the_month(demo: Store) -> None:
    plan_visits(demo, act_at("2026-11-01"), POLICY, manager_of(demo), NOVEMBER)
    calls = [row[3] for row in rows(demo) if row[4] != "onsite"]
    free = [day for day in calls if day != "2026-11-03"]  # the demo printed that sheet
    assert len(free) > 10
    assert max(free.count(day) for day in free) <= 3


def test_houses_stand_in_the_order_of_their_numbers() -> None:
    street = ["人民路12号", "人民路2号", "人民路１０号", "和平里3号", "人民路", "人民路2号3栋"]
    in_order = ["人民路", "人民路2号", "人民路2号3栋", "人民路１０号", "人民路12号", "和平里3号"]
    assert sorted(street, key=along_the_street) == in_order
