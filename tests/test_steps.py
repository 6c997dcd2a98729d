"""The fourteen steps as one table, and where a month stands in them."""

from dataclasses import replace
from datetime import date

import pytest

from crmkit.model.document import Documents, DocumentState
from crmkit.model.month import Month
from crmkit.model.status import MonthFacts, MonthStatus, StepState, StepStatus
from crmkit.rules.steps import COMMANDS, STEPS, blocked_by, is_late, month_status

S = DocumentState
EMPTY = MonthFacts(
    month=Month(2026, 11), today=date(2026, 11, 2), deadline=date(2026, 11, 2), last_visit_day=date(2026, 11, 30)
)
IMPORTED = replace(EMPTY, customers=240)
COMPUTED = replace(IMPORTED, effects=240)
STATED = replace(COMPUTED, generated=True)
GENERATED = replace(STATED, documents=Documents(S.DRAFT))
AIMED = replace(GENERATED, satisfaction_target=True)
SUBMITTED = replace(AIMED, documents=Documents(S.SUBMITTED, S.SUBMITTED))
APPROVED = replace(AIMED, documents=Documents(S.APPROVED, S.APPROVED))
PLANNED = replace(APPROVED, covered_until=date(2026, 11, 30), last_planned_day=date(2026, 11, 27))

CLOSED = replace(PLANNED, documents=Documents(S.RESULT_SUBMITTED, S.APPROVED), week_scheduled=True)
WEEK_45 = date(2026, 11, 2)


def step(status: MonthStatus, key: str) -> StepStatus:
    return next(one for one in status.steps if one.key == key)


def test_the_table_has_the_steps_of_the_method_in_order() -> None:
    assert [one.number for one in STEPS] == list(range(15))
    assert len({one.key for one in STEPS}) == 15
    assert {situation.partition(".")[0] for situation in COMMANDS} <= {one.key for one in STEPS} | {"approval", "month"}


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        (EMPTY, "import"),
        (IMPORTED, "plan open"),
        (replace(IMPORTED, brand_analysed=True), "analyze compute"),
        (replace(COMPUTED, unscored=3), "analyze score"),
        (COMPUTED, "analyze generate"),
        (STATED, "plan strategies"),
        (GENERATED, "plan strategies --satisfaction"),
        (AIMED, "plan submit"),
        (replace(AIMED, documents=Documents(S.SUBMITTED)), "plan generate"),
        (replace(AIMED, documents=Documents(S.SUBMITTED, S.DRAFT)), "plan submit"),
        (SUBMITTED, "plan approve"),
        (replace(AIMED, documents=Documents(S.APPROVED, S.SUBMITTED)), "plan approve"),
        (APPROVED, "plan visits"),
        (PLANNED, "plan week"),
        (replace(PLANNED, week_scheduled=True), None),
        (replace(PLANNED, visits_today=12), "visit sheet --date today"),
        (replace(PLANNED, visits_today=12, printed_today=True), "visit enter"),
        (replace(PLANNED, visits_today=12, unrecorded=2), "visit enter"),
        (replace(PLANNED, methodless=4), "customer list --without-method"),
        (replace(PLANNED, today=date(2026, 11, 27), week_scheduled=True), "annotate submit"),
        (replace(PLANNED, unmarked=4), "annotate list"),
        (replace(PLANNED, unmarked=4, today=date(2026, 11, 6), unsummarised=(WEEK_45,)), "summarize week --week this"),
        (replace(PLANNED, unrecorded=2, unsummarised=(WEEK_45,)), "visit enter"),
        (replace(CLOSED, today=date(2026, 11, 30)), "summarize month --month this"),
        (replace(CLOSED, today=date(2026, 12, 1)), "summarize month"),
    ],
)
def test_the_one_command_to_type_next(facts: MonthFacts, command: str | None) -> None:
    assert month_status(facts).next_command == command


def test_a_step_says_what_blocks_it() -> None:
    status = month_status(IMPORTED)
    assert (step(status, "strategies").state, step(status, "strategies").blocked_by) == (StepState.BLOCKED, "operating")
    assert step(status, "plan").blocked_by == "strategies"
    assert step(status, "visits").blocked_by == "approval"
    assert step(status, "day").blocked_by == "visits"
    assert step(month_status(EMPTY), "operating").blocked_by == "base"
    assert step(month_status(SUBMITTED), "visits").blocked_by == "approval"
    assert step(month_status(APPROVED), "visits").state is StepState.OPEN
    assert blocked_by(STEPS[8], GENERATED) is None


def test_late_is_the_day_after_the_deadline_and_a_blocked_step_can_be_late_too() -> None:
    assert not is_late(date(2026, 11, 2), date(2026, 11, 2))
    assert step(month_status(COMPUTED), "operating").state is StepState.OPEN
    late = month_status(replace(COMPUTED, today=date(2026, 11, 3)))
    assert (step(late, "operating").state, step(late, "operating").due) == (StepState.LATE, date(2026, 11, 2))
    assert (step(late, "plan").state, step(late, "plan").late) == (StepState.BLOCKED, True)
    assert step(late, "market").state is StepState.LATE
    assert step(replace_watched(late), "brand_targets").state is StepState.OPEN


def replace_watched(late: MonthStatus) -> MonthStatus:
    return month_status(replace(COMPUTED, today=date(2026, 11, 3), watched=4))


def test_brand_targets_wait_for_the_watch_list_and_target_customers_for_the_targets() -> None:
    nothing = month_status(STATED)
    assert [step(nothing, key).blocked_by for key in ("brand_targets", "target_customers")] == [
        "watch_list",
        "brand_targets",
    ]
    watched = month_status(replace(STATED, watched=4, brand_targets=1))
    found = step(watched, "brand_targets")
    assert (found.state, found.missing, found.command) == (StepState.OPEN, 3, "analyze target set")
    found = step(watched, "target_customers")
    assert (found.state, found.missing, found.command) == (StepState.OPEN, 1, "analyze target choose")
    whole = month_status(replace(STATED, watched=4, brand_targets=4, target_customers=4))
    assert {step(whole, key).state for key in ("brand_targets", "target_customers")} == {StepState.DONE}


def test_brand_state_and_market_come_next_where_targets_were_set_and_never_after_submit() -> None:
    assert month_status(STATED).next_command == "plan strategies"
    aimed = replace(STATED, brand_aims=True, market_aims=True)
    assert month_status(aimed).next_command == "analyze brand compute"
    assert month_status(replace(aimed, brand_analysed=True)).next_command == "analyze market compute"
    judged = replace(aimed, brand_analysed=True, market_analysed=True, market_targets_missing=3)
    assert month_status(judged).next_command == "analyze market target --confirm"
    assert step(month_status(judged), "market").missing == 3
    done = replace(judged, market_targets_missing=0)
    assert step(month_status(done), "market").state is StepState.DONE
    assert month_status(done).next_command == "plan strategies"
    late = month_status(replace(APPROVED, brand_aims=True, market_aims=True))
    assert [step(late, key).command for key in ("brand_state", "market")] == [None, None]


def test_done_is_never_late_and_has_nothing_missing() -> None:
    status = month_status(replace(PLANNED, today=date(2027, 3, 1)))
    for key in ("operating", "strategies", "plan", "visits"):
        found = step(status, key)
        assert (found.state, found.late, found.missing, found.command) == (StepState.DONE, False, 0, None)


def test_a_month_planned_week_by_week_is_late_only_beyond_what_is_covered() -> None:
    first_week = replace(APPROVED, covered_until=date(2026, 11, 6))
    assert step(month_status(replace(first_week, today=date(2026, 11, 6))), "visits").state is StepState.OPEN
    assert step(month_status(replace(first_week, today=date(2026, 11, 7))), "visits").state is StepState.LATE


def test_the_week_is_late_after_its_first_working_day_and_only_in_its_month() -> None:
    monday = replace(PLANNED, today=date(2026, 11, 9), week_due=date(2026, 11, 9))
    assert step(month_status(monday), "week").state is StepState.OPEN
    tuesday = replace(monday, today=date(2026, 11, 10))
    assert (step(month_status(tuesday), "week").state, step(month_status(tuesday), "week").due) == (
        StepState.LATE, date(2026, 11, 9),
    )  # fmt: skip
    assert step(month_status(replace(tuesday, week_scheduled=True)), "week").state is StepState.DONE
    assert step(month_status(replace(tuesday, month=Month(2026, 12))), "week").state is StepState.AHEAD


def test_visits_of_yesterday_not_recorded_are_late_and_counted() -> None:
    found = step(month_status(replace(PLANNED, today=date(2026, 11, 10), unrecorded=3)), "day")
    assert (found.state, found.missing, found.due) == (StepState.LATE, 3, date(2026, 11, 9))


def test_unconfirmed_demand_is_still_to_do_but_stops_nothing() -> None:
    facts = replace(COMPUTED, demands=10, demands_unconfirmed=4, demands_missing=2)
    found = step(month_status(facts), "demand")
    assert (found.state, found.missing) == (StepState.OPEN, 6)
    assert month_status(facts).next_command == "analyze generate"
    done = step(month_status(replace(facts, demands_unconfirmed=0, demands_missing=0)), "demand")
    assert done.state is StepState.DONE


def test_the_end_of_the_month_is_ahead_until_it_comes() -> None:
    status = month_status(replace(PLANNED, next_deadline=date(2026, 12, 1)))
    assert step(status, "annotation").state is StepState.AHEAD
    assert step(status, "month_summary").state is StepState.AHEAD
    over = month_status(replace(PLANNED, today=date(2026, 12, 2), next_deadline=date(2026, 12, 1)))
    assert step(over, "month_summary").state is StepState.LATE
    assert step(over, "annotation").state is StepState.LATE
    finished = replace(PLANNED, documents=Documents(S.RESULT_SUBMITTED, S.APPROVED), month_summarised=True)
    assert step(month_status(finished), "annotation").state is StepState.DONE
    assert step(month_status(finished), "month_summary").state is StepState.DONE


@pytest.mark.parametrize(
    ("today", "waiting", "command", "state"),
    [
        (date(2026, 11, 6), (), None, StepState.AHEAD),
        (date(2026, 11, 6), (WEEK_45,), "summarize week --week this", StepState.OPEN),
        (date(2026, 11, 8), (WEEK_45,), "summarize week --week this", StepState.OPEN),
        (date(2026, 11, 9), (WEEK_45,), "summarize week --week last", StepState.LATE),
        (date(2026, 11, 13), (WEEK_45, date(2026, 11, 9)), "summarize week --week last", StepState.LATE),
        (date(2026, 11, 13), (date(2026, 11, 9),), "summarize week --week this", StepState.OPEN),
        (date(2026, 11, 17), (WEEK_45,), "summarize week --week", StepState.LATE),
    ],
)
def test_the_week_summary_is_due_on_the_sunday_and_names_its_week(
    today: date, waiting: tuple[date, ...], command: str | None, state: StepState
) -> None:
    found = step(month_status(replace(PLANNED, today=today, unsummarised=waiting)), "week_summary")
    assert (found.command, found.state, found.missing) == (command, state, len(waiting))


def test_a_written_week_is_done_until_the_next_one_is_over() -> None:
    assert step(month_status(replace(PLANNED, week_summarised=True)), "week_summary").state is StepState.DONE
    both = replace(PLANNED, week_summarised=True, unsummarised=(WEEK_45,))
    assert step(month_status(both), "week_summary").state is StepState.OPEN


def test_the_month_summary_opens_on_the_last_working_day() -> None:
    friday = replace(CLOSED, last_visit_day=date(2026, 11, 27))
    for day, state in ((26, StepState.AHEAD), (27, StepState.OPEN)):
        assert step(month_status(replace(friday, today=date(2026, 11, day))), "month_summary").state is state
