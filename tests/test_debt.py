"""Visit debt 欠访: owed, repaid, forgiven, expired; whatever the order in which the facts come in."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
import slow_debt
from hypothesis import example, given
from hypothesis import strategies as st

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.debt import Debt, DebtCause, DebtState, Forgiveness, UnfitVisit, counted
from crmkit.model.month import Month
from crmkit.model.planning import Client, Misfit, Standing, Unfit
from crmkit.model.visit import MissReason, PlannedVisit, Visit
from crmkit.rules.debt import Record, debts_of, owed_in, unfit_after
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)
_FIRST, _LAST = date(2026, 8, 3), date(2027, 1, 29)
_DAYS = [_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days + 1)]
CALENDAR = WorkCalendar(
    _FIRST, _LAST, tuple(day for day in _DAYS if day.weekday() < 5), frozenset(), False, "Asia/Shanghai"
)
TWICE, WEEKLY, MONTHLY = Frequency.TWICE_MONTHLY, Frequency.WEEKLY, Frequency.MONTHLY
END = date(2026, 11, 30)


def nov(day: int) -> date:
    return date(2026, 11, day)


def plan(day: date, key: int = 0) -> PlannedVisit:
    return PlannedVisit(1, 1, day, VisitMethod.ONSITE, 1, id=key)


def made(day: date, method: VisitMethod = VisitMethod.ONSITE) -> Visit:
    return Visit(1, 1, day, True, method)


def missed(day: date, why: MissReason = MissReason.CLOSED) -> Visit:
    return Visit(1, 1, day, False, VisitMethod.ONSITE, why)


def owed_of(frequency: Frequency, *months: Month, skipped: Sequence[Standing] = ()) -> dict[date | Month, int]:
    client = Client(Customer(1, "1001", "试验小店"), frequency)
    owed: dict[date | Month, int] = {}
    for month in months:
        owed.update(owed_in(CALENDAR, POLICY, client, month, skipped))
    return owed


def debts(
    frequency: Frequency, plans: Sequence[date], facts: Sequence[Visit], *, until: date = END, **more: object
) -> tuple[Debt, ...]:
    months = {Month.of(day) for day in plans} | {NOVEMBER}
    record = Record(
        customer=1,
        until=until,
        plans=tuple(plan(day) for day in plans),
        facts=tuple(facts),
        owed=owed_of(frequency, *sorted(months)),
        frequencies=dict.fromkeys(months, frequency),
        **more,  # type: ignore[arg-type]
    )
    return debts_of(CALENDAR, POLICY, record)


def told(found: Sequence[Debt]) -> list[tuple[date, str, date | None]]:
    return [(debt.since, debt.state.value, debt.ended) for debt in found]


def test_a_missed_visit_is_owed_until_one_more_is_made() -> None:
    assert told(debts(TWICE, [nov(4), nov(16)], [missed(nov(4))], until=nov(6))) == [(nov(4), "open", None)]
    after = debts(TWICE, [nov(4), nov(16)], [missed(nov(4)), made(nov(6)), made(nov(16))])
    assert told(after) == [(nov(4), "repaid", nov(6))]
    short = debts(TWICE, [nov(4), nov(16)], [missed(nov(4)), made(nov(16))])
    assert told(short) == [(nov(4), "open", None)], "the second visit of the month was owed anyway"


def test_a_call_repays_as_well() -> None:
    found = debts(MONTHLY, [nov(4)], [missed(nov(4)), made(nov(5), VisitMethod.PHONE)])
    assert [(debt.state, debt.method) for debt in found] == [(DebtState.REPAID, VisitMethod.PHONE)]


def test_a_second_try_that_fails_is_the_same_debt_and_one_that_succeeds_repays_it() -> None:
    twice = debts(TWICE, [nov(4), nov(9), nov(18)], [missed(nov(4)), missed(nov(9)), made(nov(18))])
    assert told(twice) == [(nov(4), "open", None)]
    assert told(debts(TWICE, [nov(4), nov(9), nov(18)], [missed(nov(4)), made(nov(9)), made(nov(18))])) == [
        (nov(4), "repaid", nov(9))
    ]
    week = debts(WEEKLY, [nov(4), nov(6), nov(11)], [missed(nov(4)), missed(nov(6)), made(nov(11))])
    assert told(week) == [(nov(4), "open", None)], "one week owes one visit"


def test_a_visit_made_earlier_leaves_nothing_to_miss() -> None:
    """已提前拜访: whoever typed the missed one first."""
    assert debts(MONTHLY, [nov(12)], [made(nov(10)), missed(nov(12))]) == ()
    assert debts(TWICE, [nov(12), nov(26)], [made(nov(10)), missed(nov(12))]) == ()
    assert told(debts(TWICE, [nov(12), nov(26)], [made(nov(10)), missed(nov(12)), missed(nov(26))])) == [
        (nov(26), "open", None)
    ]


def test_a_debt_as_near_as_a_planned_visit_is_repaid_first() -> None:
    plans = [nov(4), nov(10)]
    assert told(debts(TWICE, plans, [missed(nov(4)), made(nov(6))])) == [(nov(4), "repaid", nov(6))]


def test_a_past_visit_that_nobody_typed_in_is_none_beyond_what_is_owed() -> None:
    """Planned anew because it was not typed in, the second of the month is still the second."""
    october = [date(2026, 10, 14), date(2026, 10, 26)]
    facts = [missed(october[0]), made(october[1]), made(nov(4))]
    found = debts(TWICE, [*october, nov(4), nov(11), nov(18)], facts, until=nov(12))
    assert told(found) == [(october[0], "open", None)]
    typed = [*facts, made(nov(11))]
    assert told(debts(TWICE, [*october, nov(4), nov(11), nov(18)], typed, until=nov(12))) == [
        (october[0], "repaid", nov(4))
    ], "three visits, two of them owed"


def test_a_nearer_debt_is_repaid_before_a_planned_visit_is_taken_early() -> None:
    plans, shut = [nov(4), nov(18)], missed(nov(4))
    assert told(debts(TWICE, plans, [shut, made(nov(6))])) == [(nov(4), "repaid", nov(6))]
    near = debts(TWICE, plans, [shut, made(nov(17))])
    assert told(near) == [(nov(4), "open", None)], "the visit planned for the day after was made early"


def test_debts_go_over_the_month_border_the_oldest_is_repaid_first() -> None:
    facts = [missed(date(2026, 10, 14)), missed(nov(4)), made(nov(6)), made(nov(18))]
    found = debts(TWICE, [date(2026, 10, 14), date(2026, 10, 26), nov(4), nov(18)], facts)
    assert told(found) == [(date(2026, 10, 14), "repaid", nov(6)), (nov(4), "open", None)]


def test_an_approved_result_ends_what_its_month_still_owed() -> None:
    plans, facts = [date(2026, 10, 14), date(2026, 10, 26), nov(4)], [missed(date(2026, 10, 14)), made(nov(10))]
    approved = {(1, OCTOBER): nov(9)}
    late = debts(TWICE, [*plans, nov(18)], [*facts, made(nov(4)), made(nov(18))], approved=approved)
    assert told(late) == [(date(2026, 10, 14), "expired", nov(9))], "what comes after it repays nothing"
    in_time = debts(TWICE, [*plans, nov(18)], [*facts, made(nov(4)), made(nov(18))], approved={(1, OCTOBER): nov(10)})
    assert told(in_time) == [(date(2026, 10, 14), "repaid", nov(10))]


def test_what_was_forgiven_waits_for_no_visit() -> None:
    word = Forgiveness(1, nov(4), "搬迁", "001", nov(5))
    found = debts(TWICE, [nov(4), nov(11)], [missed(nov(4)), missed(nov(11)), made(nov(13))], forgiven={nov(4): word})
    assert told(found) == [(nov(4), "forgiven", nov(5)), (nov(11), "repaid", nov(13))]
    assert found[0].forgiveness == word
    assert debts(TWICE, [nov(4)], [made(nov(4))], forgiven={nov(4): word}) == (), "a corrected fact leaves nothing"


def test_forgiving_raises_no_other_debt() -> None:
    """Two owed, three planned: the second failed while the first was waiting: a second try, forgiven or not."""
    plans, facts = [nov(3), nov(12), nov(20)], [missed(nov(3)), missed(nov(12))]
    assert told(debts(TWICE, plans, facts, until=nov(17))) == [(nov(3), "open", None)]
    word = Forgiveness(1, nov(3), "店主外出", "001", nov(17))
    found = debts(TWICE, plans, facts, until=nov(17), forgiven={nov(3): word})
    assert told(found) == [(nov(3), "forgiven", nov(17))]


def test_a_visit_that_stood_on_no_day_is_owed_and_repaid_by_one_planned_by_hand() -> None:
    none = UnfitVisit(1, 1, NOVEMBER, nov(3), 2, None, Misfit.ABSENT)
    alone = debts(TWICE, [nov(6)], [made(nov(6))], unfit=(none,))
    assert [(d.since, d.cause, d.why, d.state) for d in alone] == [
        (nov(3), DebtCause.UNFIT, Misfit.ABSENT, DebtState.OPEN)
    ]
    with_one_more = debts(TWICE, [nov(6), nov(20)], [made(nov(6)), made(nov(20))], unfit=(none,))
    assert counted(with_one_more) == {DebtState.REPAID: 1}


def test_what_was_missed_and_finds_no_other_day_is_owed_once() -> None:
    again = UnfitVisit(1, 1, NOVEMBER, nov(12), 2, None, Misfit.GAP)
    found = debts(TWICE, [nov(4), nov(11)], [made(nov(4)), missed(nov(11))], unfit=(again,))
    assert told(found) == [(nov(11), "open", None)]


def test_what_nobody_typed_in_is_neither_made_nor_owed() -> None:
    assert debts(TWICE, [nov(4), nov(18)], []) == ()


def test_a_skipped_visit_is_not_owed() -> None:
    skip = Standing(1, nov(18), VisitMethod.ONSITE, made=False, skipped=True)
    assert owed_of(TWICE, NOVEMBER, skipped=[skip]) == {NOVEMBER: 1}
    assert owed_of(WEEKLY, NOVEMBER, skipped=[skip]).keys() == owed_of(WEEKLY, NOVEMBER).keys() - {nov(16)}


def test_planning_again_keeps_since_when_and_leaves_weeks_gone_by_alone() -> None:
    old = UnfitVisit(1, 1, NOVEMBER, nov(2), 1, nov(2), Misfit.ABSENT)
    second = UnfitVisit(2, 1, NOVEMBER, nov(2), 2, None, Misfit.ROOM)
    span = Span(NOVEMBER, CALENDAR, POLICY, nov(16))
    now = [Unfit(2, "1002", 2, None, Misfit.GAP), Unfit(3, "1003", 3, nov(16), Misfit.ROOM)]
    found = unfit_after(span, 1, [old, second], now)
    assert old in found
    assert {(one.customer, one.since, one.misfit) for one in found} == {
        (1, nov(2), Misfit.ABSENT),
        (2, nov(2), Misfit.GAP),
        (3, nov(16), Misfit.ROOM),
    }
    assert unfit_after(span, 1, [second], []) == (), "a day was found"


def test_whoever_is_owed_a_visit_is_first_in_line_the_longest_waiting_first() -> None:
    """A weight, no further duty: each day costs more the longer a customer has waited by then."""
    span = Span(Month(2026, 12), CALENDAR, POLICY, date(2026, 12, 1))
    waits = (None, date(2026, 11, 24), date(2026, 11, 4))
    last = Standing(1, date(2026, 11, 25), VisitMethod.ONSITE, made=True)
    duties = [
        state_problem(span, [Client(Customer(1, "1001", "试验小店"), TWICE, owed_since=since)], [last]).stops[0].duties
        for since in waits
    ]
    assert {len(listed) for listed in duties} == {2}, "owed as many visits as everybody"
    nobody, short, long = (listed[0].wishes for listed in duties)
    assert nobody[0] < short[0] < long[0]
    assert list(long) == sorted(set(long)), "every day later costs more"
    assert long[1] - long[0] > short[1] - short[0]
    assert len({listed[1].wishes for listed in duties}) == 1, "the second visit waits for nothing"


_PLANNED = st.lists(st.integers(2, 30).map(nov), min_size=1, max_size=6, unique=True)
_FACTS = st.lists(
    st.tuples(st.integers(1, 30).map(nov), st.booleans()), max_size=9, unique_by=lambda fact: fact[0]
)


@given(_PLANNED, _FACTS, st.sampled_from(list(Frequency)), st.integers(0, 10_000), st.integers(1, 30).map(nov))
def test_the_order_in_which_facts_are_known_never_matters(
    planned: list[date], facts: list[tuple[date, bool]], frequency: Frequency, seed: int, until: date
) -> None:
    visits = [made(day) if went else missed(day) for day, went in facts]
    mixed, plans = list(visits), list(planned)
    random.Random(seed).shuffle(mixed)
    random.Random(seed + 1).shuffle(plans)
    known = debts(frequency, planned, visits, until=until)
    assert debts(frequency, plans, mixed, until=until) == known
    assert len(known) == sum(counted(known).values())
    failed = {day for day, went in facts if not went and day in planned}
    assert {debt.since for debt in known} <= failed
    made_days = [day for day, went in facts if went]
    repaid = [debt.ended for debt in known if debt.state is DebtState.REPAID]
    assert len(set(repaid)) == len(repaid), "a visit repays one debt"
    assert set(repaid) <= set(made_days)
    assert all(debt.ended is None or debt.since < debt.ended <= until for debt in known)


def life_of(frequency: Frequency, planned: list[date], facts: dict[date, bool]) -> slow_debt.Life:
    """The same life as the slow checker tells it; what is owed is counted by hand for November 2026."""
    mondays = (nov(2), nov(9), nov(16), nov(23))  # 2 November is an opening day, 30 November belongs to December
    owed: dict[object, int] = {(2026, 11): 1 if frequency is MONTHLY else 2}
    return slow_debt.Life(
        frequency.value, dict.fromkeys(mondays, 1) if frequency is WEEKLY else owed, tuple(planned), facts
    )


@given(_PLANNED, _FACTS, st.sampled_from(list(Frequency)), st.integers(1, 30).map(nov))
@example([nov(4), nov(9), nov(18)], [(nov(4), False), (nov(9), False), (nov(18), True)], TWICE, END)
@example([nov(4), nov(18)], [(nov(4), False), (nov(6), True)], TWICE, END)
@example([nov(12), nov(26)], [(nov(10), True), (nov(12), False)], TWICE, END)
@example([nov(4), nov(10)], [(nov(4), False), (nov(6), True)], TWICE, END)
@example([nov(4), nov(11), nov(18)], [(nov(4), True), (nov(18), False)], TWICE, nov(17))
@example([nov(4), nov(18)], [(nov(4), False), (nov(17), True)], TWICE, END)
def test_a_second_way_of_counting_finds_the_same_debts(
    planned: list[date], facts: list[tuple[date, bool]], frequency: Frequency, until: date
) -> None:
    found = debts(frequency, planned, [made(day) if went else missed(day) for day, went in facts], until=until)
    life = life_of(frequency, planned, dict(facts))
    assert [(debt.since, debt.ended) for debt in found] == slow_debt.ledger(life, until)


@given(_PLANNED, st.lists(st.booleans(), min_size=6, max_size=6), st.sampled_from([TWICE, MONTHLY]))
def test_what_is_still_owed_at_the_end_is_what_was_promised_less_what_was_made(
    planned: list[date], went: list[bool], frequency: Frequency
) -> None:
    happened = dict(zip(sorted(planned), went, strict=False))
    found = debts(frequency, planned, [made(day) if ok else missed(day) for day, ok in happened.items()])
    assert counted(found)[DebtState.OPEN] == slow_debt.still_owed(life_of(frequency, planned, happened))


@pytest.mark.parametrize("day", [nov(4), nov(17)])
def test_a_correction_from_missed_to_made_takes_the_debt_away(day: date) -> None:
    assert debts(TWICE, [nov(4), nov(17)], [made(day)]) == ()
