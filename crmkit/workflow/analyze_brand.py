"""Step 5, brand state 月度品牌状态分析: compute it, change a state with a note, write problems and focus."""

from dataclasses import replace

from crmkit.model.brand import RateKind
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.judgement import Judgement
from crmkit.model.market import AnalysisKind
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.product import Product
from crmkit.rules.brand import judged_by_hand
from crmkit.store import brand, market, products, targets
from crmkit.store.connection import Store
from crmkit.workflow.draft_only import refuse_unless_draft
from crmkit.workflow.judge_brand import BrandAnalysis, judge_brand, near_rates, write_brand
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.rederive_month import with_consequences

COMPUTE = "crmkit analyze brand compute --month {month}"


def compute_brand(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, dry_run: bool = False
) -> BrandAnalysis:
    """Judge every watched product of M-1; what the manager changed by hand stays, a drafted month plan follows.

    Raises Refusal: GATE (no customers), RULE month-not-begun, STATE or RULE once the month plan is submitted.
    """
    refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze brand compute")
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    found = judge_brand(store, policy, portfolio, act.today)

    def write() -> None:
        write_brand(store, found)

    _, followed = with_consequences(
        store, act, policy, manager, (month,), write, portfolio=portfolio, dry_run=dry_run
    )
    return replace(found, consequences=followed)


def brand_state(store: Store, policy: Policy, manager: Person, month: Month, act: Act) -> BrandAnalysis:
    """Step 5 as it is kept. Raises Refusal(GATE) before it was computed."""
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    analysis = market.analysis(store, manager.id, month, AnalysisKind.BRAND)
    if analysis is None:
        raise Refusal(Fault.GATE, step=5, needs="brand-computed", way_out=COMPUTE.format(month=month))
    judged, states = month.previous, tuple(brand.states(store, manager.id, month))
    kept = {one.product for one in states}
    return BrandAnalysis(
        portfolio=portfolio,
        judged=judged,
        products=tuple(one for one in products.all(store) if one.id in kept),
        states=states,
        targets=targets.of_month(store, manager.id, judged),
        listed={product: len(who) for product, who in targets.customers(store, manager.id, judged).items()},
        analysis=analysis,
        running=analysis.through < judged.last,
        near=near_rates(states, policy),
    )


def judge_rate(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    product: Product,
    kind: RateKind,
    final: Judgement,
    note: str,
    *,
    dry_run: bool = False,
) -> BrandAnalysis:
    """Change one state by hand, with a note; both states are kept. Back to what was computed takes the change away.

    Raises Refusal: GATE before it was computed, NOT_FOUND for a product that was not judged, RULE note-needed, and as
    compute_brand.
    """
    refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze brand judge")
    found = brand_state(store, policy, manager, month, act)
    if product.id not in found.by_id:
        raise Refusal(Fault.NOT_FOUND, noun="watched", value=product.code, known=[one.code for one in found.products])
    states = tuple(
        judged_by_hand(one, final, note, product.code) if (one.product, one.kind) == (product.id, kind) else one
        for one in found.states
    )
    changed = replace(found, states=states)

    def write() -> None:
        write_brand(store, changed)

    _, followed = with_consequences(
        store, act, policy, manager, (month,), write, portfolio=found.portfolio, dry_run=dry_run
    )
    return replace(changed, consequences=followed)


def write_brand_texts(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    problems: str | None,
    focus: str | None,
    *,
    dry_run: bool = False,
) -> BrandAnalysis:
    """Problems of M-1 and focus of M in the manager's words; None keeps what was written, "" takes it back."""
    refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze brand write")
    found = brand_state(store, policy, manager, month, act)
    assert found.analysis is not None, "brand_state refuses without one"
    changed = replace(found, analysis=found.analysis.rewritten(problems, focus))
    if not dry_run:
        with store.operation(act, as_read=True):
            write_brand(store, changed)
    return changed
