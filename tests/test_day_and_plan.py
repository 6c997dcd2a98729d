"""What the paper of a day and a second plan must not hide (method.md §4, Visits; bad-input.md 131, 137)."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import act_at

from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.visit import MissReason
from crmkit.report.papers import visit_plan
from crmkit.sources.policy import shipped_policy
from crmkit.store import customers, people, planned
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.log_visit import VisitFacts, log_visit
from crmkit.workflow.plan_visits import plan_visits
from crmkit.workflow.print_sheet import print_sheet, sheet_of

POLICY = shipped_policy()
NOVEMBER = Month(2026, 11)
TUESDAY = date(2026, 11, 3)


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Store]:
    """The demo of Friday 30 October 2026: November is planned, nothing of it visited."""
    shutil.copy(demo_folder / "crmkit.db", tmp_path / "crmkit.db")
    store = open_store(tmp_path / "crmkit.db")
    yield store
    store.close()


def manager_of(store: Store) -> Person:
    return people.named(store, "001")[0]


def close(store: Store, act: Act, key: int) -> None:
    with store.operation(act):
        store.execute("UPDATE customer SET state='suspended' WHERE id=?", (key,))


def test_c6_137_a_shop_suspended_since_the_plan_is_named_and_not_on_the_sheet(demo: Store) -> None:
    manager = manager_of(demo)
    before = sheet_of(demo, POLICY, manager, TUESDAY)
    shut = before.stops[3].customer
    close(demo, act_at("2026-11-02"), shut.id)
    after = sheet_of(demo, POLICY, manager, TUESDAY)
    assert {one.code for one in after.left_out} - {one.code for one in before.left_out} == {shut.code}
    assert shut.code not in [stop.customer.code for stop in after.stops]
    assert [stop.position for stop in after.stops] == list(range(1, len(before.stops)))
    assert after.totals.visits == before.totals.visits - 1


def test_c6_131_a_second_plan_names_the_printed_days_it_left_alone(demo: Store) -> None:
    manager, act = manager_of(demo), act_at("2026-11-02")
    print_sheet(demo, act, POLICY, manager, date(2026, 11, 5), "pdf")
    printed = {v.customer for v in planned.between(demo, manager.id, date(2026, 11, 5), date(2026, 11, 5))}
    plan = plan_visits(demo, act, POLICY, manager, NOVEMBER)
    # the demo printed the sheet of 3 November itself
    assert plan.fixed_days == (TUESDAY, date(2026, 11, 5))
    assert {v.customer for v in planned.between(demo, manager.id, date(2026, 11, 5), date(2026, 11, 5))} == printed
    assert "5 Nov" in (visit_plan.fixed(plan) or "")


def test_a_plan_begun_inside_the_month_counts_what_is_no_longer_planned_for(demo: Store) -> None:
    manager = manager_of(demo)
    assert plan_visits(demo, act_at("2026-11-01"), POLICY, manager, NOVEMBER, dry_run=True).lapsed == 0
    late = plan_visits(demo, act_at("2026-11-23"), POLICY, manager, NOVEMBER, dry_run=True)
    # nothing was visited: each of the 56 weekly customers has lost three weeks
    weekly = demo.value("SELECT count(*) FROM customer WHERE frequency='weekly' AND state='active'")
    assert late.lapsed == 3 * weekly


def test_a_plan_made_on_another_day_cannot_be_missed_too(demo: Store) -> None:
    manager = manager_of(demo)
    plans = planned.between(demo, manager.id, date(2026, 11, 10), date(2026, 11, 27))
    twice = next(v for v in plans if customers.by_id(demo, v.customer).frequency == "monthly")
    shop = customers.by_id(demo, twice.customer)
    made = log_visit(demo, act_at("2026-11-09"), POLICY, shop, VisitFacts(date(2026, 11, 9), effect="好"))
    assert made.fulfils is not None
    assert made.fulfils.day == twice.day
    with pytest.raises(Refusal) as refused:
        log_visit(demo, act_at("2026-11-30"), POLICY, shop, VisitFacts(twice.day, missed=MissReason.CLOSED))
    assert refused.value.fault is Fault.RULE
    assert refused.value.facts["rule"] == "visit-replaced"
