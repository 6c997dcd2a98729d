"""Visit debt in the file: typed in any order, forgiven, undone, handed over; and why a line of the plan is there."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from conftest import act_at

from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.debt import DebtCause, DebtState, counted
from crmkit.model.document import DocumentAction, DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import MoveReason
from crmkit.model.person import Person, Role
from crmkit.model.planning import Misfit
from crmkit.model.visit import MissReason, PlannedState
from crmkit.sources.policy import shipped_policy
from crmkit.store import customers, debts, documents, people, planned
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.add_visit import add_visit
from crmkit.workflow.days_off import take_days_off
from crmkit.workflow.explain_change import Happening, explain_change
from crmkit.workflow.explain_customer import PlanPlace, explain_customer
from crmkit.workflow.explain_debt import explain_debt
from crmkit.workflow.explain_frequency import WhyUnlisted, explain_frequency
from crmkit.workflow.explain_place import explain_place
from crmkit.workflow.explain_visit import explain_visit
from crmkit.workflow.forgive_debt import forgive_debt
from crmkit.workflow.keep_team import add_person
from crmkit.workflow.log_visit import VisitFacts, log_visit
from crmkit.workflow.move_visit import move_visit, skip_visit
from crmkit.workflow.print_sheet import sheet_of
from crmkit.workflow.replan_visits import replan_visits
from crmkit.workflow.route_day import routed
from crmkit.workflow.set_customer import set_customers
from crmkit.workflow.transfer_customers import transfer_customers
from crmkit.workflow.undo_operation import undo_operation
from crmkit.workflow.visit_debt import visit_debts

POLICY = shipped_policy()
NOVEMBER = Month(2026, 11)
END = "2026-11-30"
EVENING = date(2026, 11, 30)


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(demo_folder / "crmkit.db", tmp_path / "crmkit.db")
    store = open_store(tmp_path / "crmkit.db")
    yield store
    store.close()


def manager_of(store: Store) -> Person:
    return people.named(store, "001")[0]


def shop_of(store: Store, frequency: Frequency, visits: int) -> tuple[Customer, list[date]]:
    """A shop of that frequency with so many visits planned, and their days."""
    for one in customers.all(store, manager_of(store).id):
        days = [plan.day for plan in planned.of_customer(store, one.id, NOVEMBER.first, NOVEMBER.last)]
        if one.frequency is frequency and one.visit_method is VisitMethod.ONSITE and len(days) == visits:
            return one, days
    raise AssertionError(frequency)


def next_open(shop: Customer, after: date) -> date:
    """The working day that comes next on which the shop is open."""
    open_days = {1, 2, 3, 4, 5} - set(shop.closed_weekdays)
    return next(day for day in NOVEMBER.days if day > after and day.isoweekday() in open_days)


def miss(store: Store, shop: Customer, day: date, why: MissReason = MissReason.CLOSED) -> None:
    log_visit(store, act_at(END), POLICY, shop, VisitFacts(day, missed=why))


def go(store: Store, shop: Customer, day: date) -> None:
    log_visit(store, act_at(END), POLICY, shop, VisitFacts(day, effect="好"))


def told(store: Store, until: date = EVENING) -> list[tuple[date, str, date | None]]:
    found = visit_debts(store, POLICY, manager_of(store), until)
    return [(debt.since, debt.state.value, debt.ended) for debt in found.debts]


Deed = tuple[date, bool]


def typed_in_order(
    source: Path, path: Path, shop: Customer, deeds: Sequence[Deed]
) -> list[tuple[date, str, date | None]]:
    shutil.copy(source, path)
    store = open_store(path)
    for day, went in deeds:
        go(store, shop, day) if went else miss(store, shop, day)
    found = told(store)
    store.close()
    return found


def test_facts_typed_in_any_order_leave_the_same_debts(demo: Store, tmp_path: Path) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    free = [day for day in NOVEMBER.days if days[0] < day < days[1] and day.isoweekday() < 6]
    deeds: list[Deed] = [(days[0], False), (free[1], True), (free[-1], True), (days[1], False)]
    source = Path(demo.path)
    found = {
        tuple(typed_in_order(source, tmp_path / f"{n}.db", shop, order))
        for n, order in enumerate(permutations(deeds[:3]))
    }
    assert len(found) == 1
    once = typed_in_order(source, tmp_path / "with.db", shop, deeds[:3])
    assert [(since, state) for since, state, _ in once] == [(days[0], "repaid")]
    late = typed_in_order(source, tmp_path / "late.db", shop, [deeds[0], deeds[3]])
    assert late == [(days[0], "open", None), (days[1], "open", None)]


def test_a_visit_instead_of_one_that_is_typed_in_as_missed_later_repays_it(demo: Store) -> None:
    """Two days after a shut door he went again; that evening he typed the visit, and the shut door a day later."""
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    again = next(day for day in NOVEMBER.days if day > days[0] and day.isoweekday() < 6)
    go(demo, shop, again)
    assert planned.of_customer(demo, shop.id, days[0], days[0])[0].state is PlannedState.EARLY
    miss(demo, shop, days[0])
    assert planned.of_customer(demo, shop.id, days[0], days[0])[0].state is PlannedState.MISSED
    assert planned.of_customer(demo, shop.id, days[1], days[1])[0].state is PlannedState.OPEN
    assert told(demo) == [(days[0], "repaid", again)]


def test_logging_says_which_debt_it_repays(demo: Store) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    again = next(day for day in NOVEMBER.days if day > days[0] and day.isoweekday() < 6)
    miss(demo, shop, days[0])
    done = log_visit(demo, act_at(END), POLICY, shop, VisitFacts(again, effect="好"), dry_run=True)
    assert done.repays is not None
    assert done.repays.since == days[0]
    assert done.fulfils is None
    assert told(demo) == [(days[0], "open", None)], "a dry run keeps nothing"
    assert log_visit(demo, act_at(END), POLICY, shop, VisitFacts(days[1], effect="好")).repays is None


def test_the_sheet_says_since_when_and_why(demo: Store) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    miss(demo, shop, days[0], MissReason.OWNER_AWAY)
    sheet = sheet_of(demo, POLICY, manager_of(demo), days[1])
    stop = next(one for one in (*sheet.stops, *sheet.calls) if one.customer.id == shop.id)
    assert stop.debt == 1
    assert stop.owed is not None
    assert (stop.owed.since, stop.owed.why) == (days[0], MissReason.OWNER_AWAY)


def test_the_sheet_and_the_route_warn_of_a_shop_that_is_likely_shut(demo: Store) -> None:
    manager = manager_of(demo)
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    set_customers(demo, act_at(), [shop], ["营业时间=0:00-0:30"])
    sheet = sheet_of(demo, POLICY, manager, days[0])
    warned = {stop.customer.id: stop.shut_at for stop in sheet.stops if stop.shut_at}
    assert warned.keys() == {shop.id}
    assert [one for one, _clock in routed(demo, POLICY, manager, days[0]).shut] == [shop.id]
    assert explain_place(demo, POLICY, manager, customers.by_id(demo, shop.id), days[0]).shut
    set_customers(demo, act_at(), [shop], ["营业时间=24小时"])
    assert not any(stop.shut_at for stop in sheet_of(demo, POLICY, manager, days[0]).stops)


def test_forgiving_needs_a_reason_and_something_owed_and_can_be_undone(demo: Store) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    with pytest.raises(Refusal) as nothing:
        forgive_debt(demo, act_at(END), POLICY, shop, "搬迁")
    assert nothing.value.fault is Fault.NOT_FOUND
    miss(demo, shop, days[0])
    with pytest.raises(Refusal) as wordless:
        forgive_debt(demo, act_at(END), POLICY, shop, " ")
    assert wordless.value.facts["rule"] == "reason-needed"
    assert forgive_debt(demo, act_at(END), POLICY, shop, "搬迁", dry_run=True).forgiven
    assert told(demo) == [(days[0], "open", None)]
    forgive_debt(demo, act_at(END), POLICY, shop, "搬迁")
    found = visit_debts(demo, POLICY, manager_of(demo), EVENING).debts[0]
    assert found.state is DebtState.FORGIVEN
    assert found.forgiveness is not None
    assert (found.forgiveness.reason, found.forgiveness.actor) == ("搬迁", "001")
    undo_operation(demo, act_at(END))
    assert told(demo) == [(days[0], "open", None)]


def test_a_closed_shop_is_owed_nothing_and_a_handed_over_one_keeps_its_debt(demo: Store) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    miss(demo, shop, days[0])
    boss = replace(act_at(END), role=Role.MARKET_MANAGER)
    other = add_person(demo, boss, POLICY, "002", "赵云", Role.CUSTOMER_MANAGER)
    transfer_customers(demo, act_at(END), POLICY, [shop], other)
    assert told(demo) == []
    assert [debt.since for debt in visit_debts(demo, POLICY, other, EVENING).open] == [days[0]]
    moved = customers.by_id(demo, shop.id)
    set_customers(demo, act_at(END, other.code), [moved], ["state=closed"], reason="歇业")
    closed = visit_debts(demo, POLICY, other, EVENING)
    assert closed.debts == ()
    assert [one.id for one in closed.closed] == [shop.id]


def test_a_week_away_leaves_unfit_visits_that_are_debts_until_a_day_is_found(demo: Store) -> None:
    manager = manager_of(demo)
    week = (date(2026, 11, 16), date(2026, 11, 20))
    away = take_days_off(demo, act_at("2026-11-09"), week, manager, "病假")
    assert away
    replan_visits(demo, act_at("2026-11-09"), POLICY, manager, NOVEMBER)
    kept = debts.unfit_of_month(demo, manager.id, NOVEMBER)
    assert kept
    assert all(one.week == week[0] and one.misfit is Misfit.ABSENT for one in kept if one.week == week[0])
    found = visit_debts(demo, POLICY, manager, date(2026, 11, 20))
    owed = [debt for debt in found.open if debt.cause is DebtCause.UNFIT and debt.since == week[0]]
    assert {debt.customer for debt in owed} == {one.customer for one in kept if one.week == week[0]}
    shop = customers.by_id(demo, owed[0].customer)
    go(demo, shop, date(2026, 11, 21))
    after = visit_debts(demo, POLICY, manager, EVENING, (shop.id,))
    assert counted(after.debts)[DebtState.REPAID] == 1
    undo_operation(demo, act_at(END))
    undo_operation(demo, act_at("2026-11-09"))
    assert debts.unfit_of_month(demo, manager.id, NOVEMBER) == [], "an undone plan leaves no debt"


def test_a_debt_goes_over_the_border_and_expires_when_the_result_is_approved(demo: Store) -> None:
    manager = manager_of(demo)
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    miss(demo, shop, days[0])
    go(demo, shop, days[1])
    december = date(2026, 12, 9)
    assert told(demo, december) == [(days[0], "open", None)]
    act = act_at("2026-12-07")
    with demo.operation(act):
        for action, state in (
            (DocumentAction.SUBMIT_RESULT, DocumentState.RESULT_SUBMITTED),
            (DocumentAction.APPROVE_RESULT, DocumentState.RESULT_APPROVED),
        ):
            record = documents.ensure(demo, manager.id, NOVEMBER, DocumentKind.STRATEGIES)
            documents.move(demo, record, action, state, act, None, False)
    assert told(demo, december) == [(days[0], "expired", date(2026, 12, 7))]
    assert told(demo, date(2026, 12, 4)) == [(days[0], "open", None)], "as it stood before"


def test_a_visit_planned_by_hand_repays_and_is_kept_by_planning(demo: Store) -> None:
    manager = manager_of(demo)
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    log_visit(demo, act_at(days[0].isoformat()), POLICY, shop, VisitFacts(days[0], missed=MissReason.CLOSED))
    morning = act_at(days[0].isoformat())
    with pytest.raises(Refusal) as wordless:
        add_visit(demo, morning, POLICY, shop, days[1], " ")
    assert wordless.value.facts["rule"] == "reason-needed"
    with pytest.raises(Refusal) as taken:
        add_visit(demo, morning, POLICY, shop, days[1], "补访", anyway=True)
    assert taken.value.facts["rule"] == "day-impossible"
    near = next_open(shop, days[0])
    done = add_visit(demo, morning, POLICY, shop, near, "补访", anyway=True)
    assert done.owed_since == days[0]
    added = planned.of_customer(demo, shop.id, near, near)[0]
    assert added.pinned
    assert added.position > 0
    go(demo, shop, near)
    assert told(demo, near) == [(days[0], "repaid", near)]
    why = explain_change(demo, shop, NOVEMBER)
    assert MoveReason.ADDED in {move.reason for move in why.moves}
    assert sum(one.day == near and one.happening is Happening.PLANNED for one in why.changes) == 1
    assert manager.id == added.manager


def test_a_red_day_needs_a_word(demo: Store) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    near = next_open(shop, days[0])
    with pytest.raises(Refusal) as red:
        add_visit(demo, act_at(days[0].isoformat()), POLICY, shop, near, "想去")
    assert red.value.facts["rule"] == "day-red"
    with pytest.raises(Refusal) as past:
        add_visit(demo, act_at(END), POLICY, shop, days[0], "想去")
    assert past.value.facts["rule"] == "plan-in-the-past"


def test_a_skipped_visit_is_never_a_debt(demo: Store) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    skip_visit(demo, act_at("2026-11-02"), shop, days[1], "盘点停业")
    miss(demo, shop, days[0])
    assert told(demo) == [(days[0], "open", None)]
    go(demo, shop, days[1])
    assert counted(visit_debts(demo, POLICY, manager_of(demo), EVENING).debts)[DebtState.REPAID] == 1


def test_why_a_visit_that_was_skipped_or_made_early_or_moved(demo: Store) -> None:
    manager = manager_of(demo)
    shop, days = shop_of(demo, Frequency.MONTHLY, 1)
    early = next(day for day in NOVEMBER.days if day.isoweekday() < 6 and day > date(2026, 11, 2) and day < days[0])
    go(demo, shop, early)
    why = explain_visit(demo, POLICY, manager, shop, days[0])
    assert why.visit.state is PlannedState.EARLY
    assert why.fact is not None
    assert why.fact.day == early
    other, ahead = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    skip_visit(demo, act_at("2026-11-02"), other, ahead[0], "盘点停业")
    skipped = explain_visit(demo, POLICY, manager, other, ahead[0])
    assert (skipped.visit.state, skipped.note) == (PlannedState.CANCELLED, "盘点停业")
    coming = explain_visit(demo, POLICY, manager, other, None, date(2026, 11, 2))
    assert coming.visit.day == ahead[1]
    assert coming.total == 2
    later = next(
        day for day in reversed(NOVEMBER.days) if day.isoweekday() < 6 and day > ahead[1]
    )
    move_visit(demo, act_at("2026-11-02"), POLICY, other, ahead[1], later, reason="店主要求", anyway=True)
    history = explain_change(demo, other, NOVEMBER)
    moved = next(one for one in history.changes if one.happening is Happening.MOVED)
    assert (moved.was, moved.day, moved.actor) == (ahead[1].isoformat(), later, "001")
    undo_operation(demo, act_at("2026-11-02"))
    undone = [one for one in explain_change(demo, other, NOVEMBER).changes if one.undone]
    assert {one.happening for one in undone} == {Happening.MOVED, Happening.PINNED}


def test_why_a_place_on_the_road(demo: Store) -> None:
    manager = manager_of(demo)
    day = planned.between(demo, manager.id, NOVEMBER.first, NOVEMBER.last)[5].day
    road = [plan for plan in planned.between(demo, manager.id, day, day) if plan.position]
    road.sort(key=lambda plan: plan.position)
    shops = [customers.by_id(demo, plan.customer) for plan in road]
    first, second, last = explain_place(demo, POLICY, manager, shops[0], day), *(
        explain_place(demo, POLICY, manager, shops[at], day) for at in (1, -1)
    )
    assert first.before is None
    assert last.after is None
    assert second.before is not None
    assert second.before[0] == shops[0]
    assert second.after is not None
    assert second.after[0] == shops[2]
    assert second.other is not None
    assert second.shorter == 0, "the plan was made with this order"
    assert all(why.metres <= why.other[1] for why in (first, second, last) if why.other)


def test_why_a_customer_is_on_the_plan_or_not(demo: Store) -> None:
    manager, today = manager_of(demo), date(2026, 11, 2)
    everybody = customers.all(demo, manager.id)
    shop, _ = shop_of(demo, Frequency.WEEKLY, 4)

    def place(customer: Customer) -> PlanPlace:
        return explain_customer(demo, POLICY, manager, NOVEMBER, customer, today).place

    assert place(shop) is PlanPlace.LISTED
    closed = next(one for one in everybody if one.state == "closed")
    assert place(closed) is PlanPlace.NOT_VALID
    methodless = next(one for one in everybody if one.visit_method is None and one.state == "active")
    assert place(methodless) is PlanPlace.METHODLESS


def test_a_shop_that_opens_within_the_month_has_the_policys_frequency(demo: Store) -> None:
    manager = manager_of(demo)
    act = act_at("2026-11-10")
    with demo.operation(act):
        demo.execute(
            "INSERT INTO customer(code, name, manager, visit_method, opened_on) VALUES ('9001', '新店', ?, 'onsite', "
            "'2026-11-10')",
            (manager.id,),
        )
    shop = next(one for one in customers.all(demo, manager.id) if one.code == "9001")
    why = explain_frequency(demo, POLICY, manager, NOVEMBER, shop)
    assert isinstance(why, WhyUnlisted)
    assert (why.frequency, why.kept, why.within_days) == (Frequency.TWICE_MONTHLY, False, 5)
    replan_visits(demo, act, POLICY, manager, NOVEMBER)
    visit = explain_visit(demo, POLICY, manager, shop, None, date(2026, 11, 10))
    assert (visit.reason.number, visit.client.new_since) == (1, date(2026, 11, 10))
    assert visit.total == 2
    on_list = explain_customer(demo, POLICY, manager, NOVEMBER, shop, act.today)
    assert on_list.place is PlanPlace.NEW


def test_explaining_a_debt_shows_its_days(demo: Store) -> None:
    shop, days = shop_of(demo, Frequency.TWICE_MONTHLY, 2)
    miss(demo, shop, days[0])
    why = explain_debt(demo, POLICY, manager_of(demo), shop, days[1])
    assert [(one.day, bool(one.arose)) for one in why.days] == [(days[0], True), (days[1], False)]
