"""Steps 13 and 14: the summary of a week or a month from facts, and the person's part of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crmkit.model.annotation import MonthItem
from crmkit.model.customer import Customer, CustomerState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import StrategyState
from crmkit.model.summary import (
    LONGEST_PART,
    PARTS,
    Completion,
    Draft,
    OwedWindow,
    Period,
    Share,
    SummaryKind,
    SummaryPart,
    Told,
    Work,
)
from crmkit.model.visit import PlannedState
from crmkit.rules.calendar import working_days
from crmkit.rules.completion import completion, owed_windows
from crmkit.rules.owing import Span
from crmkit.rules.summary import drafts
from crmkit.store import (
    adhoc,
    customers,
    frequencies,
    keycustomers,
    planned,
    strategies,
    summaries,
    visits,
)
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import AreaFindings, findings_of
from crmkit.workflow.list_items import as_item
from crmkit.workflow.show_progress import Progress, show_progress
from crmkit.workflow.visit_problem import clients_of_records
from crmkit.workflow.working_calendar import calendar_between, calendar_of_month

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary as it stands. `progress` is a month to date for each month the period lies in; `findings` what the
    analyses of its month (made in the month after) found, `provisional` while they do not exist; `before` the period
    before; `own` what the person wrote.
    """

    manager: Person
    period: Period
    progress: tuple[Progress, ...]
    work: Work
    before: Completion | None
    findings: AreaFindings
    provisional: bool
    drafts: tuple[Draft, ...]
    own: Mapping[SummaryPart, str]

    @property
    def missing(self) -> tuple[SummaryPart, ...]:
        """The parts nobody wrote yet."""
        return tuple(part for part in PARTS[self.period.kind] if part not in self.own)


def week_period(monday: date, today: date) -> Period:
    """Monday to Sunday, counted up to today."""
    sunday = monday + _WEEK - timedelta(days=1)
    return Period(SummaryKind.WEEK, monday, sunday, min(sunday, today))


def month_period(month: Month, today: date) -> Period:
    return Period(SummaryKind.MONTH, month.first, month.last, min(month.last, today))


def is_month_end(store: Store, policy: Policy, manager: Person, today: date) -> bool:
    """Is this one of the month's last working days, in which this month may be meant as well as the last?"""
    month = Month.of(today)
    calendar = calendar_between(store, policy, manager.id, month.first, month.last, assume_weekdays=True)
    return len(working_days(calendar, today, month.last)) <= policy.month.summary_hint_days


def summarize(store: Store, policy: Policy, manager: Person, period: Period) -> Summary:
    """Everything the file knows of the period. Raises Refusal(RULE month-not-begun) for one that lies ahead."""
    if period.until < period.first:
        raise Refusal(Fault.RULE, rule="period-ahead", day=period.first.isoformat(), way_out="crmkit status")
    progress = _progress(store, policy, manager, period)
    month = progress[-1].month
    work = _work(store, policy, manager, period, month)
    before = _before(store, policy, manager, period)
    findings = findings_of(store, manager, month.next if period.kind is SummaryKind.MONTH else month)
    newest = progress[-1]
    offered = drafts(period.kind, work, newest.areas[0].lines, newest.pace, findings.abnormal, before)
    own = summaries.parts(store, manager.id, period.kind, period.first)
    return Summary(
        manager=manager,
        period=period,
        progress=progress,
        work=work,
        before=before,
        findings=findings,
        provisional=period.kind is SummaryKind.MONTH and bool(findings.missing),
        drafts=offered,
        own=own,
    )


def write_parts(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    period: Period,
    texts: Mapping[SummaryPart, str],
    *,
    dry_run: bool = False,
) -> Summary:
    """Keep what the person says; an empty text takes a part back. Raises Refusal: BAD_VALUE for a text too long."""
    cleaned = {part: text.strip() for part, text in texts.items()}
    for part, text in cleaned.items():
        if len(text) > LONGEST_PART:
            raise Refusal(Fault.BAD_VALUE, option=f"--{part}", value=f"{text[:20]}…", expected=f"≤ {LONGEST_PART}")
    told = summarize(store, policy, manager, period)  # what cannot be summarised takes no words
    if cleaned and not dry_run:
        with store.operation(act):
            summaries.write(store, act, manager.id, period.kind, period.first, cleaned)
    return replace(told, own=summaries.parts(store, manager.id, period.kind, period.first))


def _progress(store: Store, policy: Policy, manager: Person, period: Period) -> tuple[Progress, ...]:
    """Each month of the period to date; one in which no working day has passed yet has nothing to tell."""
    months = [(month, min(month.last, period.until)) for month in period.months]
    found = tuple(show_progress(store, policy, manager, month, until) for month, until in months)
    return tuple(one for one in found if one.pace.passed) or found[:1]


def _before(store: Store, policy: Policy, manager: Person, period: Period) -> Completion | None:
    """The completion of the week or month before; None when nothing was planned then."""
    if period.kind is SummaryKind.WEEK:
        earlier = week_period(period.first - _WEEK, period.first - timedelta(days=1))
    else:
        last = Month.of(period.first).previous
        earlier = month_period(last, last.last)
    found = _completion(store, policy, manager, earlier)
    return found if found.in_period.of else None


def _completion(store: Store, policy: Policy, manager: Person, period: Period) -> Completion:
    plans = planned.between(store, manager.id, period.first, period.until)
    facts = visits.between(store, manager.id, period.first, period.until)
    return completion(plans, facts, _owed(store, policy, manager, period), period)


def _owed(store: Store, policy: Policy, manager: Person, period: Period) -> list[OwedWindow]:
    """What the frequencies in the records of active customers with a visit method ask for."""
    mine = customers.all(store, manager.id)
    owned = [one for one in mine if one.state is CustomerState.ACTIVE and one.visit_method is not None]
    found: list[OwedWindow] = []
    for month in dict.fromkeys((Month.of(period.first), Month.of(period.last))):
        calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
        lines = frequencies.lines(store, manager.id, month)
        if lines:  # nothing is owed by a month nobody planned
            span = Span(month, calendar, policy, month.first)
            found += owed_windows(span, clients_of_records(owned, lines, policy, month), period)
    return found


def _work(store: Store, policy: Policy, manager: Person, period: Period, month: Month) -> Work:
    """What was done in the period; strategies and key customers are those of the month."""
    known = {customer.id: customer for customer in customers.all(store)}
    facts = [v for v in visits.between(store, manager.id, period.first, period.until) if v.customer in known]
    mine = [s for s in strategies.of_manager(store, manager.id, month) if s.state is not StrategyState.DROPPED]
    days = strategies.marked_on(store, manager.id, month)
    done = [s for s in mine if s.state is StrategyState.DONE and _is_counted(days.get(s.id), period)]
    keys = {c.customer for c in keycustomers.candidates(store, manager.id, month) if c.standing.is_key}
    made = {visit.customer for visit in facts if visit.visited}
    handled, waiting = _items(store, manager, period, known)
    return Work(
        completion=_completion(store, policy, manager, period),
        strategies=Share(len(done), len(mine)),
        key=Share(len(keys & made), len(keys)),
        marked=sum(days.get(s.id, period.first) >= period.first for s in done),
        anomalies=tuple(Told(known[visit.customer], visit) for visit in facts if visit.anomaly),
        opinions=tuple(Told(known[visit.customer], visit) for visit in facts if visit.opinion),
        handled=handled,
        waiting=waiting,
        per_day=_per_day(store, manager, period, Counter(visit.day for visit in facts if visit.visited)),
    )


def _is_counted(day: date | None, period: Period) -> bool:
    """A month counts what was restated after it, too; a week what was marked by its end."""
    return period.kind is SummaryKind.MONTH or day is None or day <= period.until


def _items(
    store: Store, manager: Person, period: Period, known: Mapping[int, Customer]
) -> tuple[tuple[MonthItem, ...], tuple[MonthItem, ...]]:
    """Ad hoc items done in the period, and those that waited at its end."""
    done = adhoc.done_between(store, manager.id, period.first, period.until)
    waiting = adhoc.waiting_at(store, manager.id, period.until)
    handled, still = (
        tuple(as_item(item, known[item.customer]) for item in listed if item.customer in known)
        for listed in (done, waiting)
    )
    return handled, still


def _per_day(store: Store, manager: Person, period: Period, made: Counter[date]) -> dict[date, Share]:
    plans = Counter(
        plan.day
        for plan in planned.between(store, manager.id, period.first, period.last)
        if plan.state not in (PlannedState.CANCELLED, PlannedState.EARLY)  # as on the sheet
    )
    return {day: Share(made[day], plans[day]) for day in sorted(made.keys() | plans.keys())}
