"""What the market manager's desk judges of a month: counted for every manager at once, then told of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from crmkit.model.document import Document, DocumentAction, DocumentKind, DocumentState, Transition
from crmkit.model.errors import Refusal
from crmkit.model.market import AnalysisKind
from crmkit.model.month import Month
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.review import PlanCounts, PlanFacts, PlanLoad, Reworked, TextKind
from crmkit.rules.calendar import deadline
from crmkit.rules.keycustomers import key_limit
from crmkit.rules.returned import CONTENT, net_changes
from crmkit.rules.unusual import key_share
from crmkit.store import customers, documents, frequencies, market, people, review
from crmkit.store.connection import Store
from crmkit.workflow.list_borderline import kept_borders
from crmkit.workflow.plan_load import load_from, month_load
from crmkit.workflow.working_calendar import calendar_of_month

_REJECTING = (DocumentAction.REJECT, DocumentAction.REJECT_RESULT)
Texts = Mapping[TextKind, str]


@dataclass(frozen=True, slots=True)
class TeamCounts:
    """One month of every customer manager: counts of it and of the months before (the newest first), texts of it and
    of the month before. By the managers' keys.
    """

    month: Month
    managers: Mapping[int, Person]
    counts: Mapping[int, PlanCounts]
    before: tuple[Mapping[int, PlanCounts], ...]
    texts: Mapping[int, Texts]
    texts_before: Mapping[int, Texts]

    @property
    def by_code(self) -> dict[str, PlanCounts]:
        """The counts of this month by the managers' codes."""
        return {self.managers[key].code: counts for key, counts in self.counts.items() if key in self.managers}

    def last(self, manager: int) -> PlanCounts | None:
        """The counts of the month before."""
        return self.before[0].get(manager) if self.before else None


def count_team(store: Store, policy: Policy, month: Month) -> TeamCounts:
    """A handful of counting queries, however many managers there are."""
    back = range(1, policy.review.key_share_months + 1)
    return TeamCounts(
        month,
        {person.id: person for person in people.of_role(store, Role.CUSTOMER_MANAGER)},
        review.counts(store, month),
        tuple(review.counts(store, month.plus(-n)) for n in back),
        review.texts(store, month),
        review.texts(store, month.previous),
    )


def plan_facts(store: Store, policy: Policy, team: TeamCounts, manager: Person, today: date) -> PlanFacts:
    """Everything the desk judges of one manager's month, whatever its state."""
    month, counts = team.month, team.counts.get(manager.id, PlanCounts())
    shares = [key_share(one[manager.id]) for one in team.before if manager.id in one]
    line = key_limit(counts.customers, policy.key)
    return PlanFacts(
        manager=manager.code,
        month=month,
        counts=counts,
        load=plan_load(store, policy, manager, month, today),
        shares=tuple(one for one in shares if one is not None),
        hand=review.hand_changes(store, manager.id, month),
        hand_before=review.hand_changes(store, manager.id, month.previous),
        texts=team.texts.get(manager.id, {}),
        texts_before=team.texts_before.get(manager.id, {}),
        others={team.managers[key].code: texts for key, texts in team.texts.items() if key in team.managers},
        not_analysed=tuple(k for k in AnalysisKind if market.analysis(store, manager.id, month, k) is None),
        borderline=len(kept_borders(store, policy, manager.id, month, line)),
        since=since_rejection(store, manager, month),
        late=is_late(store, policy, manager, month, today),
    )


def plan_load(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> PlanLoad | None:
    """Asked against room; None where the month has no frequencies yet, or no calendar."""
    lines = frequencies.lines(store, manager.id, month)
    if not lines:
        return None
    try:
        load = month_load(store, policy, manager, month, lines, today)
    except Refusal:
        return None
    return PlanLoad(
        load.in_days(load.asked), load.in_days(load.room), load.visits, len(load.repairs), len(load.unfit), load.fits,
        shortage=_shortage(store, manager, month),
        since=None if (begun := load_from(month, today)) == month.first else begun,
    )  # fmt: skip


def load_share(load: PlanLoad | None) -> Fraction | None:
    """Percent of the room; None without a load."""
    return Fraction(load.asked) * 100 / Fraction(load.room) if load and load.room > Decimal(0) else None


def _shortage(store: Store, manager: Person, month: Month) -> str | None:
    """The reason given when the plan was handed in last; None while it is a draft."""
    document = documents.find(store, manager.id, month, DocumentKind.PLAN)
    if document is None or document.state is DocumentState.DRAFT:
        return None
    submits = [s for s in documents.transitions(store, document.id) if s.action is DocumentAction.SUBMIT]
    return submits[-1].reason if submits else None


def is_late(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> bool:
    """Handed in after the deadline; of what is not handed in, whether it is past."""
    found = [documents.find(store, manager.id, month, kind) for kind in DocumentKind]
    known = [document for document in found if document]
    if not any(document.state is DocumentState.DRAFT for document in known) and known:
        return review.handed_in_late(store, [document.id for document in known])
    end = deadline_of(store, policy, manager, month)
    return end is not None and today > end and bool(known)


def deadline_of(store: Store, policy: Policy, manager: Person, month: Month) -> date | None:
    """The last opening day of the month; None where its calendar cannot be told."""
    try:
        calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    except Refusal:
        return None
    return deadline(calendar, month, policy.month.opening_days)


def since_rejection(store: Store, manager: Person, month: Month) -> Reworked | None:
    """What changed since the month was sent back last, while no approval came after it."""
    found = [documents.find(store, manager.id, month, kind) for kind in DocumentKind]
    known = [document for document in found if document]
    rejection = _last_rejection(store, known)
    if rejection is None:
        return None
    key, step = rejection
    operation = review.rejected_by(store, [document.id for document in known]).get(key, 0)
    moved, mine = review.rows_before(store, CONTENT, operation), _mine(store, manager, month)
    changes = net_changes((row.table, _of(row.then, mine), _of(row.now, mine)) for row in moved)
    return Reworked(step.at, step.actor, step.reason or "", changes)


def _last_rejection(store: Store, known: list[Document]) -> tuple[int, Transition] | None:
    """The last rejection of either document, with its key; nothing once one was approved after it."""
    steps = [step for document in known for step in review.steps(store, document.id)]
    ordered = sorted(steps, key=lambda one: one[0])
    back = [one for one in ordered if one[1].action in _REJECTING]
    if not back:
        return None
    after = [step.action for key, step in ordered if key > back[-1][0]]
    return None if DocumentAction.APPROVE in after or DocumentAction.APPROVE_RESULT in after else back[-1]


@dataclass(frozen=True, slots=True)
class _Mine:
    manager: int
    month: str
    customers: frozenset[int]


def _mine(store: Store, manager: Person, month: Month) -> _Mine:
    return _Mine(manager.id, str(month), frozenset(one.id for one in customers.all(store, manager.id)))


def _of(row: Mapping[str, object] | None, mine: _Mine) -> Mapping[str, object] | None:
    """The row, where it belongs to the month."""
    if row is None or row.get("month") != mine.month:
        return None
    is_mine = row.get("manager") == mine.manager or row.get("customer") in mine.customers
    return row if is_mine else None
