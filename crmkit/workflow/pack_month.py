"""A month as it goes to another machine: what a reviewer needs to judge it, by codes, without phones."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operating import ScoreOrigin
from crmkit.model.package import (
    Party,
    PolicyMark,
    SentCustomer,
    SentFrequency,
    SentIndicator,
    SentKey,
    SentLoad,
    SentPlan,
    SentProblem,
    SentRate,
    SentRepair,
    SentStrategies,
    SentStrategy,
    SentTie,
    SentUnfit,
    SentWeek,
    Submission,
)
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy, flat
from crmkit.model.strategy import Strategy
from crmkit.rules.chain import chained, head
from crmkit.rules.strategies_by_hand import all_numbered
from crmkit.store import documents, operating, people, stand_ins, strategies
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import AreaFindings
from crmkit.workflow.generate_month_plan import MonthPlan, month_plan
from crmkit.workflow.portfolio import Portfolio, portfolio_of

Code = Callable[[int], str]


def pack_month(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> Submission:
    """The month as it stands submitted. Raises Refusal(STATE) when no document waits for a decision."""
    states = {kind: _state(store, manager, month, kind) for kind in DocumentKind}
    waiting = tuple(kind for kind, state in states.items() if state and state.is_waiting)
    if not waiting:
        state = states[DocumentKind.PLAN] or states[DocumentKind.STRATEGIES]
        way_out = f"crmkit plan submit --month {month}" if state in (None, DocumentState.DRAFT) else "crmkit status"
        facts = {"document": DocumentKind.PLAN, "state": state or "missing", "action": "send", "way_out": way_out}
        raise Refusal(Fault.STATE, **facts)
    portfolio = portfolio_of(store, policy, manager, month, today)
    plan = month_plan(store, policy, manager, month, today) if states[DocumentKind.PLAN] else None
    chain = chained(documents.steps_of_month(store, manager.id, month))
    origins = _origins(store, manager, month)
    return Submission(
        manager=Party(manager.code, manager.name),
        month=month,
        strategies=states[DocumentKind.STRATEGIES],
        plan=states[DocumentKind.PLAN],
        waiting=waiting,
        deciders=_deciders(store, today),
        policy=policy_mark(policy),
        chain=chain,
        head=head(chain),
        entered=origins[ScoreOrigin.ENTERED],
        carried=origins[ScoreOrigin.CARRIED],
        assumed=origins[ScoreOrigin.ASSUMED],
        customers=_customers(portfolio),
        step7=_step7(store, policy, portfolio),
        step8=_step8(plan) if plan else None,
    )


def policy_mark(policy: Policy) -> PolicyMark:
    """Name, version, and one digest over every number and text of a policy."""
    lines = "".join(f"{key}={value}\n" for key, value in sorted(flat(policy).items()))
    return PolicyMark(policy.name, policy.version, sha256(lines.encode()).hexdigest(), policy.month.approval)


def _state(store: Store, manager: Person, month: Month, kind: DocumentKind) -> DocumentState | None:
    found = documents.find(store, manager.id, month, kind)
    return found.state if found else None


def _deciders(store: Store, today: date) -> tuple[Party, ...]:
    """The market managers, and who stands in for one today or later; on which days is judged when the answer comes."""
    known = {one.id: one for one in people.everyone(store)}
    above = {key for key, one in known.items() if one.role is Role.MARKET_MANAGER}
    lent = {one.substitute for one in stand_ins.all(store) if one.person in above and one.last >= today}
    return tuple(Party(one.code, one.name) for key, one in known.items() if key in above | lent)


def _origins(store: Store, manager: Person, month: Month) -> Counter[ScoreOrigin]:
    """How many customers were scored in which way: all carried or assumed ones are counted for the reviewer."""
    found = operating.abilities(store, manager.id, month)
    return Counter(ability.origin for ability in found.values())


def _customers(portfolio: Portfolio) -> tuple[SentCustomer, ...]:
    valid = portfolio.by_id
    return tuple(
        SentCustomer(
            one.code, one.name, one.grade, one.market_type, one.visit_method, one.frequency, one.id in valid
        )
        for one in sorted(portfolio.owned.values(), key=lambda one: one.code)
    )


def _step7(store: Store, policy: Policy, portfolio: Portfolio) -> SentStrategies:
    manager, month = portfolio.manager, portfolio.month
    document = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    listed = all_numbered(strategies.of_manager(store, manager.id, month))
    found = [one for one in listed if one.customer in portfolio.owned]
    entries = {one.code: policy.strategy.entry(one.code) for one in found}
    return SentStrategies(
        documents.satisfaction_target(store, document.id) if document else None,
        tuple(_strategy(portfolio.owned, one) for one in found),
        tuple(entry for code, entry in sorted(entries.items()) if entry),
    )


def _strategy(owned: Mapping[int, Customer], one: Strategy) -> SentStrategy:
    return SentStrategy(owned[one.customer].code, one.number, one.code, one.origin, one.cause, one.text, one.state)


def _step8(plan: MonthPlan) -> SentPlan:
    def code(customer: int) -> str:
        return plan.portfolio.owned[customer].code

    return SentPlan(
        area_problems=plan.texts[0],
        area_focus=plan.texts[1],
        indicators=_indicators(plan.area),
        rates=_rates(plan.area),
        not_analysed=plan.area.missing,
        problems=tuple(SentProblem(code(p.customer), p.code, p.actual, p.limit) for p in plan.problems),
        key_limit=plan.key_limit,
        keys=tuple(
            SentKey(code(k.customer), k.rank, k.standing, k.reasons, k.lost_volume, k.note) for k in plan.candidates
        ),
        frequencies=tuple(
            SentFrequency(
                code(n.customer), n.frequency, n.source, n.rank, n.strategies, n.volume, n.tied, n.note
            )
            for n in plan.lines
        ),
        ties=tuple(
            SentTie(
                t.upper, t.lower, t.strategies, t.went_up, t.tied, t.by, _codes(code, t.above), _codes(code, t.below)
            )
            for t in plan.borders
        ),
        overwritten=_codes(code, (line.customer for line in plan.overwritten)),
        load=_load(plan, code),
        shortage=plan.shortage,
    )  # fmt: skip


def _codes(code: Code, customers: Iterable[int]) -> tuple[str, ...]:
    return tuple(code(customer) for customer in customers)


def _load(plan: MonthPlan, code: Code) -> SentLoad:
    load = plan.load
    return SentLoad(
        since=plan.load_from,
        over=plan.over,
        asked=load.asked,
        room=load.room,
        short=load.short,
        day=load.day,
        visits=load.visits,
        weeks=tuple(SentWeek(week.week, week.days, week.room, week.bound) for week in load.weeks),
        repairs=tuple(SentRepair(code(r.customer), r.number, r.kind, r.week) for r in load.repairs),
        unfit=tuple(SentUnfit(code(u.customer), u.number, u.misfit, u.week) for u in load.unfit),
    )


def _indicators(area: AreaFindings) -> tuple[SentIndicator, ...]:
    return tuple(
        SentIndicator(
            one.indicator,
            _exact(one.target),
            one.actual,
            one.ratio,
            _exact(area.aims[one.indicator].target) if one.indicator in area.aims else None,
        )
        for one in area.indicators
    )


def _rates(area: AreaFindings) -> tuple[SentRate, ...]:
    return tuple(
        SentRate(
            area.products[one.product].code,
            area.products[one.product].name,
            one.kind,
            _exact(one.target),
            one.rate.numerator,
            one.rate.denominator,
        )
        for one in area.rates
    )


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)
