"""Planning January 2027, whose official calendar no library holds yet (method.md §4, Visit calendar)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import act_at

from crmkit.model.document import DocumentKind
from crmkit.model.errors import Exit, Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.sources.policy import shipped_policy
from crmkit.sources.territory import territory, write_files
from crmkit.store import documents, people
from crmkit.store.connection import Store
from crmkit.workflow.analyze_operating import compute_effects, generate, score_all
from crmkit.workflow.generate_month_plan import generate_month_plan
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.import_files import import_files
from crmkit.workflow.plan_visits import VisitPlan, plan_visits
from crmkit.workflow.print_sheet import sheet_of
from crmkit.workflow.settle_documents import approve, submit
from crmkit.workflow.working_calendar import import_calendar

MONTH = Month(2027, 1)
POLICY = shipped_policy()
# invented: New Year on Friday 1 January with Saturday and Sunday, made up for on Saturday 9 January
YEAR_2027 = "日期,上班,名称\n2027-01-01,休,元旦\n2027-01-02,休,元旦\n2027-01-03,休,元旦\n2027-01-09,班,元旦调休\n"


@pytest.fixture
def manager(store: Store, tmp_path: Path) -> Person:
    """A small territory whose January 2027 is approved."""
    act = act_at("2026-12-31")
    invented = territory(27, MONTH, customers=40)
    with store.operation(act):
        people.add(store, "001", invented.managers[0], Role.CUSTOMER_MANAGER)
        people.add(store, "M01", "周正", Role.MARKET_MANAGER)
    import_files(store, act, POLICY, paths=write_files(invented, tmp_path))
    manager = people.named(store, "001")[0]
    open_month(store, replace(act, role=Role.CUSTOMER_MANAGER), manager)
    return manager


def open_month(store: Store, act: Act, manager: Person) -> None:
    compute_effects(store, act, POLICY, manager, MONTH)
    score_all(store, act, POLICY, manager, MONTH, dict.fromkeys(AbilityItem, 3))
    generate(store, act, POLICY, manager, MONTH)
    generate_strategies(store, act, POLICY, manager, MONTH, Decimal(90))
    generate_month_plan(store, act, POLICY, manager, MONTH)
    submit(store, act, POLICY, manager, MONTH)
    approve(store, replace(act, actor="M01", role=Role.MARKET_MANAGER), POLICY, manager, MONTH)


def planned(store: Store, manager: Person, *, assume: bool = False) -> VisitPlan:
    return plan_visits(store, act_at("2027-01-01"), POLICY, manager, MONTH, assume_weekdays=assume)


def test_the_month_is_analysed_and_approved_before_the_calendar_is_published(store: Store, manager: Person) -> None:
    plan = documents.find(store, manager.id, MONTH, DocumentKind.PLAN)
    assert plan is not None
    assert plan.state == "approved"


def test_dated_planning_stops_and_says_which_year(store: Store, manager: Person) -> None:
    with pytest.raises(Refusal) as stopped:
        planned(store, manager)
    assert stopped.value.fault is Fault.CALENDAR_UNPUBLISHED
    assert stopped.value.exit is Exit.FORBIDDEN
    assert stopped.value.facts == {"year": 2027, "country": "CN"}
    assert store.value("SELECT count(*) FROM planned_visit") == 0


def test_assumed_weekdays_make_a_provisional_plan_whose_sheet_says_so(store: Store, manager: Person) -> None:
    plan = planned(store, manager, assume=True)
    assert plan.provisional
    assert plan.written
    assert sheet_of(store, POLICY, manager, plan.written[0].day).provisional
    assert all(visit.day.isoweekday() <= 5 for visit in plan.written)


def test_the_imported_year_replaces_the_provisional_plan(store: Store, manager: Person, tmp_path: Path) -> None:
    planned(store, manager, assume=True)
    year = tmp_path / "2027.csv"
    year.write_text(YEAR_2027, encoding="utf-8")
    import_calendar(store, act_at("2027-01-01"), POLICY, year)
    plan = planned(store, manager)
    assert not plan.provisional
    days = {visit.day for visit in plan.written}
    assert not days & {date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)}
    # 4 January is the first working day, the opening day; the made-up Saturday can take visits
    assert min(plan.days) == date(2027, 1, 5)
    assert date(2027, 1, 9) in plan.days
    assert store.value("SELECT count(*) FROM planned_visit") == len(plan.written)
    assert not sheet_of(store, POLICY, manager, plan.written[0].day).provisional
