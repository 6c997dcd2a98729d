"""The writer's own check of his visits and summaries; nobody else sees it before the results are submitted."""

from datetime import date, datetime, timedelta

from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.honesty import HonestyCheck
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.summary import Period, SummaryKind, SummaryPart
from crmkit.rules.honesty import Typed, doubts_of_summary, doubts_of_visits
from crmkit.rules.rights import may_write_month
from crmkit.store import customers, documents, summaries, visits
from crmkit.store.connection import Store
from crmkit.workflow.acting import stands_in_for

_DAY = timedelta(days=1)
_OPEN = (DocumentState.RESULT_SUBMITTED, DocumentState.RESULT_APPROVED)


def check_visits(
    store: Store, act: Act, policy: Policy, manager: Person, first: date, last: date
) -> HonestyCheck:
    """The visits from first to last. Raises Refusal(RULE writers-eyes) for anybody else before submit."""
    _refuse_other_eyes(store, act, policy, manager, last)
    typed = _typed(store, manager, first, last)
    found = doubts_of_visits(typed, visits.last_real(store, manager.id, first), policy.honesty, policy.capacity)
    return HonestyCheck(manager, first, last, len(typed), sum(len(one.texts) for one in typed), found)


def check_summary(store: Store, act: Act, policy: Policy, manager: Person, period: Period) -> HonestyCheck:
    """The period's visits, and what the person wrote of it."""
    checked = check_visits(store, act, policy, manager, period.first, period.last)
    own = summaries.parts(store, manager.id, period.kind, period.first)
    found = doubts_of_summary(own, _parts_before(store, manager, period), policy.honesty)
    return HonestyCheck(
        manager, period.first, period.last, checked.looked, checked.texts + len(own), (*checked.found, *found)
    )


def _refuse_other_eyes(store: Store, act: Act, policy: Policy, manager: Person, last: date) -> None:
    own = may_write_month(
        act.actor, manager.code, policy.month.approval, stands_in=stands_in_for(store, act.actor, manager, act.today)
    )
    record = documents.find(store, manager.id, Month.of(last), DocumentKind.STRATEGIES)
    if not own and (record is None or record.state not in _OPEN):
        raise Refusal(Fault.RULE, rule="writers-eyes", way_out=f"crmkit {act.command} --as {manager.code}")


def _typed(store: Store, manager: Person, first: date, last: date) -> list[Typed]:
    known = {customer.id: customer for customer in customers.all(store)}
    times = visits.typed_at(store, manager.id, first, last)
    return [
        Typed(known[visit.customer], visit, _moment(times.get(visit.id)))
        for visit in visits.between(store, manager.id, first, last)
    ]


def _moment(at: str | None) -> datetime | None:
    return None if at is None else datetime.fromisoformat(at)


def _parts_before(store: Store, manager: Person, period: Period) -> dict[SummaryPart, str]:
    if period.kind is SummaryKind.WEEK:
        return summaries.parts(store, manager.id, period.kind, period.first - 7 * _DAY)
    return summaries.parts(store, manager.id, period.kind, Month.of(period.first).previous.first)
