"""Step 8, month plan 月工作计划: problems, key customers, frequencies, and whether the month can hold them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from crmkit.model.customer import Customer, Frequency
from crmkit.model.document import Document, DocumentAction, DocumentKind, DocumentState, Transition
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import MonthFigures
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.planning import Foresight
from crmkit.model.policy import Policy
from crmkit.model.strategy import (
    FrequencyLine,
    FrequencySource,
    KeyCandidate,
    Override,
    Problem,
    Standing,
    Strategy,
    TieBorder,
)
from crmkit.rules.frequency import frequency_lines, tie_borders
from crmkit.rules.keycustomers import key_candidates, key_customers, key_limit, key_reasons
from crmkit.rules.strategies import strategy_counts
from crmkit.store import customers, documents, frequencies, keycustomers, strategies
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import AreaFindings, findings_of
from crmkit.workflow.compare_plans import PlanComparison, figures_of_month
from crmkit.workflow.draft_only import refuse_unless_draft
from crmkit.workflow.judge_customers import JudgedCustomers, judge_customers
from crmkit.workflow.plan_load import load_from, month_load
from crmkit.workflow.portfolio import Portfolio, history_before, portfolio_of
from crmkit.workflow.way_to_plan import way_to_plan

Texts = tuple[str | None, str | None]  # problems and focus


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """Step 8 as it stands. `key_limit` customers are proposed at most; `borders` are ties at the frequencies' edges."""

    portfolio: Portfolio
    state: DocumentState | None
    problems: tuple[Problem, ...]
    candidates: tuple[KeyCandidate, ...]
    lines: tuple[FrequencyLine, ...]
    strategies: tuple[Strategy, ...]
    load: Foresight  # of the days from `load_from` on
    load_from: date
    key_limit: int
    borders: tuple[TieBorder, ...]
    overwritten: tuple[FrequencyLine, ...] = ()  # hand overrides of last month that approval will write over
    visits: PlanComparison | None = None  # the dated visits in figures, once they are planned
    rejection: Transition | None = None  # what sent the plan back, while it is a draft again
    area: AreaFindings = field(default_factory=AreaFindings)  # what steps 5 and 6 found, or which of them is missing
    texts: Texts = (None, None)  # problems and focus as the manager wrote them
    over: bool = False  # no day of the month is left: the load is what it was before the first
    shortage: str | None = None  # the reason with which a month that could not fit was submitted

    @property
    def keys(self) -> tuple[KeyCandidate, ...]:
        return tuple(candidate for candidate in self.candidates if candidate.standing.is_key)

    @property
    def problem_counts(self) -> Counter[str]:
        """Customers by problem code, the most frequent first."""
        return Counter(problem.code for problem in self.problems)

    @property
    def frequency_counts(self) -> Counter[tuple[Frequency, FrequencySource]]:
        return Counter((line.frequency, line.source) for line in self.lines)


def generate_month_plan(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    *,
    texts: Texts = (None, None),
    dry_run: bool = False,
) -> MonthPlan:
    """Draft the month plan from the strategies, the orders of M-1 and what steps 5 and 6 found; hand changes of the
    draft stay. `texts` are problems and focus in the manager's words; None keeps what was written, "" takes it back.

    Raises Refusal(GATE) before the strategies are generated, STATE once the plan is submitted.
    """
    return _redraft(store, act, policy, manager, month, texts=texts, dry_run=dry_run)


def redraft_plan(store: Store, policy: Policy, portfolio: Portfolio) -> None:
    """Draft the plan's lists anew and write them, inside the caller's operation; texts stay."""
    _write_lists(store, portfolio, _drafted(store, policy, portfolio))


def change_key(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    customer: Customer,
    standing: Standing,
    reason: str,
    *,
    dry_run: bool = False,
) -> MonthPlan:
    """Add a key customer or remove one, with a reason; the frequencies follow.

    Raises Refusal(RULE): not-valid, key-needs-reason; the rest as generate_month_plan.
    """
    if not reason.strip():
        flag = "--remove" if standing is Standing.REMOVED else "--add"
        way_out = f"crmkit plan key {customer.code} {flag} --month {month} --reason REASON"
        raise Refusal(Fault.RULE, rule="key-needs-reason", customer=customer.code, way_out=way_out)
    return _redraft(store, act, policy, manager, month, key=(customer.id, standing, reason), dry_run=dry_run)


def override_frequency(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    customer: Customer,
    frequency: Frequency,
    reason: str,
    *,
    dry_run: bool = False,
) -> MonthPlan:
    """Give one customer another frequency by hand; the next month's approval overwrites it and says so.

    Raises Refusal(RULE): not-valid, reason-needed; the rest as generate_month_plan.
    """
    if not reason.strip():
        way_out = f"crmkit plan frequency {customer.code} {frequency.value} --month {month} --reason REASON"
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=way_out)
    override = (customer.id, Override(frequency, reason))
    return _redraft(store, act, policy, manager, month, override=override, dry_run=dry_run)


def month_plan(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> MonthPlan:
    """The month plan as it is kept. Raises Refusal(GATE) when none was generated."""
    document = documents.find(store, manager.id, month, DocumentKind.PLAN)
    if document is None:
        way_out = way_to_plan(store, policy, manager, month, today)
        raise Refusal(Fault.GATE, step=8, needs="plan-generated", way_out=way_out)
    portfolio = portfolio_of(store, policy, manager, month, today)
    lists = _Lists(
        tuple(keycustomers.problems(store, manager.id, month)),
        tuple(keycustomers.candidates(store, manager.id, month)),
        tuple(frequencies.lines(store, manager.id, month)),
        tuple(strategies.of_manager(store, manager.id, month)),
        findings_of(store, manager, month),
    )
    plan = _plan(store, policy, portfolio, lists, today)
    last = documents.last_transition(store, manager.id, month, DocumentKind.PLAN)
    rejected = document.state is DocumentState.DRAFT and last is not None and last.action is DocumentAction.REJECT
    visits = figures_of_month(store, policy, manager, month)
    shortage = _shortage(store, document)
    return replace(
        plan, state=document.state, rejection=last if rejected else None, visits=visits, shortage=shortage
    )


def _shortage(store: Store, document: Document) -> str | None:
    """What was written when the plan was last submitted; None while it is a draft."""
    if document.state is DocumentState.DRAFT:
        return None
    submits = [one for one in documents.transitions(store, document.id) if one.action is DocumentAction.SUBMIT]
    return submits[-1].reason if submits else None


@dataclass(frozen=True, slots=True)
class _Lists:
    """What is written of a month plan, and what it was drafted from."""

    problems: tuple[Problem, ...]
    candidates: tuple[KeyCandidate, ...]
    lines: tuple[FrequencyLine, ...]
    strategies: tuple[Strategy, ...]
    area: AreaFindings


def _plan(store: Store, policy: Policy, portfolio: Portfolio, lists: _Lists, today: date) -> MonthPlan:
    """A draft with what follows from its lists: the load, the ties, last month's overrides it takes back."""
    manager, month = portfolio.manager, portfolio.month
    return MonthPlan(
        portfolio=portfolio,
        state=DocumentState.DRAFT,
        problems=lists.problems,
        candidates=lists.candidates,
        lines=lists.lines,
        strategies=lists.strategies,
        load=month_load(store, policy, manager, month, lists.lines, today),
        load_from=load_from(month, today),
        over=today > month.last,
        key_limit=key_limit(len(portfolio.valid), policy.key),
        borders=tie_borders(lists.lines, policy.frequency),
        overwritten=_overwritten(store, manager, month, lists.lines),
        area=lists.area,
        texts=documents.texts(store, manager.id, month, DocumentKind.PLAN),
    )


def _redraft(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    *,
    key: tuple[int, Standing, str] | None = None,
    override: tuple[int, Override] | None = None,
    texts: Texts = (None, None),
    dry_run: bool,
) -> MonthPlan:
    _refuse_unless_draft(store, act, policy, manager, month)
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    _refuse_strangers(store, portfolio, [change[0] for change in (key, override) if change])
    lists = _drafted(store, policy, portfolio, key, override)
    plan = _plan(store, policy, portfolio, lists, act.today)
    plan = replace(plan, texts=_written_over(plan.texts, texts))
    if not dry_run:
        with store.operation(act, as_read=True):
            document = _write_lists(store, portfolio, lists)
            documents.set_texts(store, document.id, *plan.texts)
    return plan


def _written_over(kept: Texts, typed: Texts) -> Texts:
    """Nothing typed keeps a text, an empty one takes it back."""
    problems, focus = (old if new is None else new.strip() or None for old, new in zip(kept, typed, strict=True))
    return problems, focus


def plan_from(
    store: Store, policy: Policy, portfolio: Portfolio, known: tuple[Strategy, ...], area: AreaFindings, today: date
) -> MonthPlan:
    """The month plan that these strategies and findings would make, nothing written: another policy's, say."""
    return _plan(store, policy, portfolio, _lists_from(store, policy, portfolio, known, area), today)


def _drafted(
    store: Store,
    policy: Policy,
    portfolio: Portfolio,
    key: tuple[int, Standing, str] | None = None,
    override: tuple[int, Override] | None = None,
) -> _Lists:
    known = tuple(strategies.of_manager(store, portfolio.manager.id, portfolio.month))
    area = findings_of(store, portfolio.manager, portfolio.month)
    return _lists_from(store, policy, portfolio, known, area, key, override)


def _lists_from(
    store: Store,
    policy: Policy,
    portfolio: Portfolio,
    known: tuple[Strategy, ...],
    area: AreaFindings,
    key: tuple[int, Standing, str] | None = None,
    override: tuple[int, Override] | None = None,
) -> _Lists:
    history = history_before(store, policy, portfolio, portfolio.month)
    found = judge_customers(store, policy, portfolio, area, history)
    candidates = _candidates(store, policy, portfolio, found, key)
    lines = _lines(store, policy, portfolio, candidates, known, history[-1], override)
    return _Lists(found.all, candidates, lines, known, area)


def _write_lists(store: Store, portfolio: Portfolio, lists: _Lists) -> Document:
    manager, month = portfolio.manager.id, portfolio.month
    document = documents.ensure(store, manager, month, DocumentKind.PLAN)
    keycustomers.replace_problems(store, manager, month, lists.problems)
    keycustomers.replace_candidates(store, manager, month, lists.candidates)
    frequencies.replace_lines(store, manager, month, lists.lines)
    return document


def _refuse_strangers(store: Store, portfolio: Portfolio, changed: list[int]) -> None:
    """A hand change of a customer who is not on the month's list would be lost without a word."""
    for customer in changed:
        if customer not in portfolio.by_id:
            code = customers.by_id(store, customer).code
            raise Refusal(Fault.RULE, rule="not-valid", value=code, way_out="crmkit customer list")


def _refuse_unless_draft(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> None:
    if documents.find(store, manager.id, month, DocumentKind.STRATEGIES) is None:
        way_out = way_to_plan(store, policy, manager, month, act.today)
        raise Refusal(Fault.GATE, step=8, needs="strategies-generated", way_out=way_out)
    refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "plan generate")


def _candidates(
    store: Store,
    policy: Policy,
    portfolio: Portfolio,
    found: JudgedCustomers,
    change: tuple[int, Standing, str] | None,
) -> tuple[KeyCandidate, ...]:
    """The key list with the manager's additions and removals, those of before and the one asked for now."""
    by_hand: dict[int, tuple[Standing, str]] = {
        c.customer: (c.standing, c.note or "")
        for c in keycustomers.candidates(store, portfolio.manager.id, portfolio.month)
        if c.standing in (Standing.ADDED, Standing.REMOVED) and c.customer in portfolio.by_id
    }
    if change:
        by_hand[change[0]] = (change[1], change[2])
    added = {customer: note for customer, (standing, note) in by_hand.items() if standing is Standing.ADDED}
    removed = {customer: note for customer, (standing, note) in by_hand.items() if standing is Standing.REMOVED}
    reasons = key_reasons(found.problems, found.matches, policy.key)
    return key_candidates(portfolio.valid, reasons, found.lost, policy.key, added, removed)


def _lines(
    store: Store,
    policy: Policy,
    portfolio: Portfolio,
    candidates: tuple[KeyCandidate, ...],
    known: tuple[Strategy, ...],
    last_month: MonthFigures,
    change: tuple[int, Override] | None,
) -> tuple[FrequencyLine, ...]:
    overrides = {
        line.customer: Override(line.frequency, line.note or "")
        for line in frequencies.lines(store, portfolio.manager.id, portfolio.month)
        if line.source is FrequencySource.OVERRIDE
    }
    if change:
        overrides[change[0]] = change[1]
    volumes = {customer: found.volume for customer, found in last_month.customers.items()}
    keys = key_customers(candidates)
    return frequency_lines(portfolio.valid, keys, strategy_counts(known), volumes, policy.frequency, overrides)


def _overwritten(
    store: Store, manager: Person, month: Month, lines: tuple[FrequencyLine, ...]
) -> tuple[FrequencyLine, ...]:
    """Last month's hand overrides that this month's list takes back."""
    mine = {line.customer: line for line in lines}
    owned = {customer.id for customer in customers.all(store, manager.id)}
    return tuple(
        old
        for old in frequencies.lines(store, manager.id, month.previous)
        if old.source is FrequencySource.OVERRIDE
        and old.customer in owned & mine.keys()
        and mine[old.customer].source is not FrequencySource.OVERRIDE
    )
