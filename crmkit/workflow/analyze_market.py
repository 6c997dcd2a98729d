"""Step 6, market 市场分析: compute it, set the targets of M, change a state with a note, write problems and focus."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from crmkit.model.consequence import Follower
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.judgement import Judgement
from crmkit.model.market import AnalysisKind, Indicator, IndicatorTarget
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.borderline import of_indicators
from crmkit.rules.market import indicators, judged_by_hand, targets_wanted
from crmkit.store import market, targets
from crmkit.store.connection import Store
from crmkit.workflow.draft_only import refuse_unless_draft
from crmkit.workflow.judge_market import MarketAnalysis, judge_market, month_targets, write_market
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.rederive_month import with_consequences

COMPUTE = "crmkit analyze market compute --month {month}"


def compute_market(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> MarketAnalysis:
    """Judge the indicators of M-1 and propose the targets of M; what the manager changed by hand stays, a drafted month
    plan follows. Raises Refusal: GATE (no customers), RULE month-not-begun, STATE or RULE once the plan is submitted.
    """
    refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze market compute")
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    found = judge_market(store, policy, portfolio, act.today)

    def write() -> None:
        write_market(store, found)

    _, followed = with_consequences(
        store, act, policy, manager, (month,), write, portfolio=portfolio, dry_run=dry_run
    )
    return replace(found, consequences=followed)


def market_state(store: Store, policy: Policy, manager: Person, month: Month, act: Act) -> MarketAnalysis:
    """Step 6: the kept states, with the comparison counted anew. Raises Refusal(GATE) before it was computed."""
    analysis = market.analysis(store, manager.id, month, AnalysisKind.MARKET)
    if analysis is None:
        raise Refusal(Fault.GATE, step=6, needs="market-computed", way_out=COMPUTE.format(month=month))
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    found = judge_market(store, policy, portfolio, act.today)
    states = tuple(market.states(store, manager.id, month))
    near = len(of_indicators(states, found.passed, policy))
    return replace(found, states=states, analysis=analysis, near=near)


def judge_indicator(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    indicator: Indicator,
    final: Judgement,
    note: str,
    *,
    dry_run: bool = False,
) -> MarketAnalysis:
    """Change one state by hand, with a note; both states are kept. Back to what was computed takes the change away."""
    refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze market judge")
    found = market_state(store, policy, manager, month, act)
    known = [one.indicator for one in found.states]
    if indicator not in known:
        raise Refusal(Fault.NOT_FOUND, noun="indicator", value=indicator.value, known=[one.value for one in known])
    states = tuple(
        judged_by_hand(one, final, note) if one.indicator is indicator else one for one in found.states
    )
    changed = replace(found, states=states)

    def write() -> None:
        write_market(store, changed)

    _, followed = with_consequences(
        store, act, policy, manager, (month,), write, portfolio=found.portfolio, dry_run=dry_run
    )
    return replace(changed, consequences=followed)


def write_market_texts(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    problems: str | None,
    focus: str | None,
    *,
    dry_run: bool = False,
) -> MarketAnalysis:
    """Problems of M-1 and focus of M in the manager's words; None keeps what was written, "" takes it back."""
    refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze market write")
    found = market_state(store, policy, manager, month, act)
    assert found.analysis is not None, "market_state refuses without one"
    changed = replace(found, analysis=found.analysis.rewritten(problems, focus))
    if not dry_run:
        with store.operation(act, as_read=True):
            write_market(store, changed)
    return changed


def set_indicator_targets(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    entered: Mapping[Indicator, Decimal],
    *,
    confirm: bool = False,
    dry_run: bool = False,
) -> MarketAnalysis:
    """The targets of M: those entered, and with `confirm` every other one as proposed. The analysis of M, made in M+1,
    is judged by them: when it was made already it follows, when its plan is submitted the targets stay.

    Raises Refusal: NOT_FOUND for an indicator the policy does not ask for or when there is nothing to confirm, STATE or
    RULE for a target the submitted month plan of M carries.
    """
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    _refuse_unasked(policy, entered)
    kept = month_targets(store, policy, manager, month, act.today)
    wanted = targets_wanted(kept, entered, confirm=confirm)
    if confirm and not wanted and not entered and not any(one.in_force for one in kept.values()):
        raise Refusal(Fault.NOT_FOUND, noun="proposal", value=str(month), known="crmkit analyze market target --help")
    _refuse_moved(store, manager, month, kept, wanted)

    def write() -> MarketAnalysis:
        targets.write_indicators(store, manager.id, month, wanted)
        return judge_market(store, policy, portfolio, act.today)

    made, followed = with_consequences(
        store, act, policy, manager, (month.next,), write, Follower.MARKET_STATE, dry_run=dry_run
    )
    kept_states = tuple(market.states(store, manager.id, month))
    analysis = market.analysis(store, manager.id, month, AnalysisKind.MARKET)
    return replace(made, states=kept_states, analysis=analysis, consequences=followed)


def _refuse_unasked(policy: Policy, entered: Mapping[Indicator, Decimal]) -> None:
    asked = indicators(policy.indicator)
    for one in entered:
        if one not in asked:
            raise Refusal(Fault.NOT_FOUND, noun="indicator", value=one.value, known=[known.value for known in asked])


def _refuse_moved(
    store: Store,
    manager: Person,
    month: Month,
    kept: Mapping[Indicator, IndicatorTarget],
    wanted: tuple[IndicatorTarget, ...],
) -> None:
    """What the month plan of M went out with stays; what was missing in it may still come."""
    moved = [one for one in wanted if one.indicator in kept and kept[one.indicator].in_force]
    if moved:
        refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze market target")
    if wanted:
        refuse_unless_draft(store, manager, month.next, DocumentKind.PLAN, "analyze market target")

