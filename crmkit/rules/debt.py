"""Visit debt 欠访 of one customer (method.md §4: "Missed or unfit owed visits are visit debt: repaid by any later extra
visit, forgiven with a reason, expired on result approval").

Debts are never kept: they follow from the planned days, the facts and what the plan could not place. So the order in
which facts are typed in does not matter, and a fact corrected or taken back corrects the debts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Frequency
from crmkit.model.debt import Debt, DebtCause, DebtState, Forgiveness, UnfitVisit
from crmkit.model.month import Month
from crmkit.model.planning import Client, Standing, Unfit
from crmkit.model.policy import Policy
from crmkit.model.visit import MissReason, PlannedVisit, Visit
from crmkit.rules.calendar import monday_of
from crmkit.rules.fulfilling import fulfilled_by
from crmkit.rules.owing import Span, owed_visits

_DAY = timedelta(days=1)
_SIX_DAYS = timedelta(days=6)
Period = Month | date  # what visits are owed for: a month, or the week of a Monday


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the debts of one customer follow from, up to a day.

    `plans` are the planned visits that are not cancelled, `facts` the records made or missed, `owed` how many visits
    each week or month owes, `frequencies` how often he was to be visited in a month, `approved` the day on which the
    result of a manager's month was approved.
    """

    customer: int
    until: date
    plans: Sequence[PlannedVisit] = ()
    facts: Sequence[Visit] = ()
    unfit: Sequence[UnfitVisit] = ()
    owed: Mapping[Period, int] = field(default_factory=dict)
    frequencies: Mapping[Month, Frequency] = field(default_factory=dict)
    forgiven: Mapping[date, Forgiveness] = field(default_factory=dict)
    approved: Mapping[tuple[int, Month], date] = field(default_factory=dict)


def period_of(day: date, frequency: Frequency) -> Period:
    """The week a weekly visit is owed for; the month of any other."""
    return monday_of(day) if frequency is Frequency.WEEKLY else Month.of(day)


def unfit_after(
    span: Span, manager: int, known: Sequence[UnfitVisit], found: Sequence[Unfit]
) -> tuple[UnfitVisit, ...]:
    """What stands on no day once a month was planned again: weeks gone by keep what they have, the rest is what the
    new plan found; what was owed before stays owed since then.
    """
    left = bool(span.open_days)
    gone = [one for one in known if (one.week + _SIX_DAYS < span.start if one.week else not left)]
    before = {(one.customer, one.number): one.since for one in known}
    begin = max(span.start, span.month.first)
    return (
        *gone,
        *(
            UnfitVisit(
                one.customer,
                manager,
                span.month,
                before.get((one.customer, one.number), max(begin, one.week or begin)),
                one.number,
                one.week,
                one.misfit,
            )
            for one in found
        ),
    )


def owed_in(
    calendar: WorkCalendar, policy: Policy, client: Client, month: Month, skipped: Sequence[Standing] = ()
) -> dict[Period, int]:
    """How many visits each week, or the month, owes this customer; what was skipped with a reason is not owed."""
    owed: dict[Period, int] = {}
    for one in owed_visits(Span(month, calendar, policy, month.first), client, skipped):
        period: Period = one.week or month
        owed[period] = owed.get(period, 0) + 1
    return owed


def debts_of(calendar: WorkCalendar, policy: Policy, record: Record) -> tuple[Debt, ...]:
    """Every debt of the customer that arose until the day, the oldest first.

    A planned visit that was missed is a debt, unless an earlier unplanned visit had taken its place, or it was itself
    planned beyond what is owed (a second try, or one more). Of planned visits beyond what is owed the first to be made
    after a debt repays it; so does an unplanned visit that takes no planned one's place. The oldest is repaid first.
    """
    walk = _Walk(calendar, policy, record)
    facts = sorted((one for one in record.facts if one.day <= record.until), key=lambda one: one.day)
    unfit = sorted((one for one in record.unfit if one.since <= record.until), key=lambda one: (one.since, one.number))
    events: list[tuple[date, UnfitVisit | Visit]] = [*((one.since, one) for one in unfit)]
    events += [(one.day, one) for one in facts]
    for day, event in sorted(events, key=lambda pair: pair[0]):  # of one day the owed visit comes first
        walk.expire(day)
        if isinstance(event, UnfitVisit):
            walk.find_no_day(event)
        else:
            walk.meet(event)
    walk.expire(record.until)
    walk.forgive(record.until)
    return tuple(sorted((*walk.ended, *walk.open), key=lambda debt: (debt.since, debt.cause, debt.why)))


class _Walk:
    """The customer's days from the first to the last: what is open, and what has ended."""

    def __init__(self, calendar: WorkCalendar, policy: Policy, record: Record) -> None:
        self.calendar, self.policy, self.record = calendar, policy, record
        self.open: list[Debt] = []
        self.ended: list[Debt] = []
        self.plans = {plan.day: plan for plan in record.plans}
        self.known = {fact.day for fact in record.facts if fact.day <= record.until}
        self.made = {fact.day for fact in record.facts if fact.visited and fact.day <= record.until}
        self.taken: set[date] = set()
        self.spare = self._spare()
        self.used: dict[Period, int] = {}  # of what each week or month owes: made, or a debt

    def _spare(self) -> dict[Period, int]:
        """Planned visits beyond what a week or month owes. Past ones that nobody typed in are none."""
        spare = {period: -count for period, count in self.record.owed.items()}
        live = [day for day in self.plans if day in self.known or day > self.record.until]
        placeless: list[Period] = [one.week or one.month for one in self.record.unfit]
        for period in (*map(self._period, live), *placeless):
            spare[period] = spare.get(period, 0) + 1
        return spare

    def _frequency(self, day: date) -> Frequency:
        return self.record.frequencies.get(Month.of(day)) or Frequency(self.policy.frequency.new_customer)

    def _period(self, day: date) -> Period:
        return period_of(day, self._frequency(day))

    def owe(self, debt: Debt) -> None:
        self.open.append(debt)
        self.forgive(debt.since)

    def expire(self, before: date) -> None:
        """What was forgiven before that day, or left behind by a result approved before it, is owed no more."""
        self.forgive(before - _DAY)
        for debt in list(self.open):
            approved = self.record.approved.get((debt.manager, debt.month))
            if approved is not None and approved < before:
                self._end(replace(debt, state=DebtState.EXPIRED, ended=approved), debt)

    def forgive(self, until: date) -> None:
        """What was forgiven is owed until that day, no longer: a visit that failed meanwhile was a second try."""
        for debt in list(self.open):
            forgiven = self.record.forgiven.get(debt.since)
            if forgiven is not None and forgiven.day <= until:
                ended = max(forgiven.day, debt.since)
                self._end(replace(debt, state=DebtState.FORGIVEN, ended=ended, forgiveness=forgiven), debt)

    def meet(self, fact: Visit) -> None:
        if fact.day in self.plans:
            self._on_plan(fact)
        elif fact.visited:
            self._unplanned(fact)

    def find_no_day(self, unfit: UnfitVisit) -> None:
        """What was missed and finds no other day is owed once."""
        if self._was_owed(unfit.week or unfit.month):
            self.owe(Debt(self.record.customer, unfit.manager, unfit.since, DebtCause.UNFIT, unfit.misfit))

    def _on_plan(self, fact: Visit) -> None:
        if fact.visited:
            self._fulfil(fact.day, fact)
        elif fact.day not in self.taken and self._was_owed(self._period(fact.day)):
            why = fact.miss_reason or MissReason.OTHER
            self.owe(Debt(fact.customer, fact.manager, fact.day, DebtCause.MISSED, why))

    def _was_owed(self, period: Period) -> bool:
        """Does a visit that failed make a new debt? Not one beyond what is owed: while a debt waits it was a second
        try, and the debt goes on.
        """
        return not (self.open and self._use_spare(period)) and self._use(period)

    def _fulfil(self, day: date, fact: Visit) -> None:
        """A planned visit was made: the promise of its day, or, beyond what is owed, a debt repaid."""
        period = self._period(day)
        if (self.open and self._use_spare(period)) or not self._use(period):
            self._repay(fact)

    def _use_spare(self, period: Period) -> bool:
        """Take one of the visits planned beyond what is owed, where there is one."""
        if self.spare.get(period, 0) <= 0:
            return False
        self.spare[period] -= 1
        return True

    def _use(self, period: Period) -> bool:
        """Take one of the visits owed, where one is left."""
        used = self.used.get(period, 0)
        if used >= self.record.owed.get(period, 0):
            return False
        self.used[period] = used + 1
        return True

    def _unplanned(self, fact: Visit) -> None:
        free = [
            plan
            for day, plan in self.plans.items()
            if day not in self.taken and day not in self.made and (day > fact.day or day not in self.known)
        ]
        others = [day for day in self.made if day != fact.day]
        owed = [debt.since for debt in self.open]
        found = fulfilled_by(
            self.calendar, self.policy, self._frequency(fact.day), fact.day, free, others, owed
        )
        if found is None:
            self._repay(fact)
            return
        self.taken.add(found.day)
        self._fulfil(found.day, fact)

    def _repay(self, fact: Visit) -> None:
        if self.open:
            debt = self.open[0]
            self._end(replace(debt, state=DebtState.REPAID, ended=fact.day, method=fact.method), debt)

    def _end(self, ended: Debt, debt: Debt) -> None:
        self.open.remove(debt)
        self.ended.append(ended)
