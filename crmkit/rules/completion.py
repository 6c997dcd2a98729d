"""Were the planned visits made? Counted three ways, because each alone flatters (steps 13 and 14) [our default]."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from crmkit.model.customer import Frequency, VisitMethod
from crmkit.model.planning import Client
from crmkit.model.summary import Completion, OwedWindow, Period, Share, SummaryKind
from crmkit.model.visit import PlannedState, PlannedVisit, Visit
from crmkit.rules.owing import Span, owed_visits

_SIX_DAYS = timedelta(days=6)


def completion(
    planned: Iterable[PlannedVisit], visits: Iterable[Visit], owed: Iterable[OwedWindow], period: Period
) -> Completion:
    """Count a period up to `period.until`. Visits called off are not planned; a missed one is not made; a phone visit
    counts and is told apart.
    """
    plans = [p for p in planned if period.first <= p.day <= period.until and p.state is not PlannedState.CANCELLED]
    facts = [visit for visit in visits if period.first <= visit.day <= period.until]
    made = [visit for visit in facts if visit.visited]
    there = {(visit.customer, visit.day) for visit in made}
    wanted, came = Counter(p.customer for p in plans), Counter(visit.customer for visit in made)
    return Completion(
        on_day=Share(sum((p.customer, p.day) in there for p in plans), len(plans)),
        in_period=Share(sum(min(count, came[customer]) for customer, count in wanted.items()), len(plans)),
        by_frequency=_by_frequency(made, owed),
        made=len(made),
        by_phone=sum(visit.method is not VisitMethod.ONSITE for visit in made),
        extra=sum(visit.ad_hoc and visit.planned is None for visit in made),
        missed=dict(Counter(visit.miss_reason for visit in facts if visit.miss_reason is not None)),
        untyped=sum(p.state is PlannedState.OPEN for p in plans),
    )


def _by_frequency(made: Sequence[Visit], owed: Iterable[OwedWindow]) -> Share:
    days: dict[int, list[date]] = {}
    for visit in made:
        days.setdefault(visit.customer, []).append(visit.day)
    done = asked = 0
    for window in owed:
        inside = sum(window.first <= day <= window.last for day in days.get(window.customer, ()))
        done += min(window.count, inside)
        asked += window.count
    return Share(done, asked)


def owed_windows(span: Span, clients: Iterable[Client], period: Period) -> tuple[OwedWindow, ...]:
    """What the frequencies ask for within a period. A week asks only for weekly customers; a month that is not over
    asks for the weeks that are, and for the others once it is over [our default].
    """
    found: list[OwedWindow] = []
    for client in clients:
        duties = owed_visits(span, client, ())
        if client.frequency is Frequency.WEEKLY:
            weeks = [duty.week for duty in duties if duty.week is not None]
            found += [
                OwedWindow(client.customer.id, monday, monday + _SIX_DAYS)
                for monday in weeks
                if _is_over(monday + _SIX_DAYS, span, period) and period.first <= monday + _SIX_DAYS
            ]
        elif duties and period.kind is SummaryKind.MONTH and period.until >= span.month.last:
            found.append(OwedWindow(client.customer.id, span.month.first, span.month.last, len(duties)))
    return tuple(found)


def _is_over(sunday: date, span: Span, period: Period) -> bool:
    """Is the last working day of that week within what is counted?"""
    days = [day for day in span.visit_days if sunday - _SIX_DAYS <= day <= sunday]
    return bool(days) and days[-1] <= period.until and sunday - _SIX_DAYS <= period.last
