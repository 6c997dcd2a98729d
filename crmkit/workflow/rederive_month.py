"""Changing an earlier step before submit re-derives what hangs on it, in the same operation, and says what changed.

The chain: brand and market state → month plan; operating state → strategies → month plan. A link that was not made yet
is not made here, one that was submitted stays as it is.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from crmkit.model.consequence import Consequence, Follower
from crmkit.model.document import DocumentKind
from crmkit.model.market import AnalysisKind
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.consequences import Standing, consequences
from crmkit.rules.strategies import counted
from crmkit.store import customers, documents, frequencies, keycustomers, market, operating, strategies
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import findings_of
from crmkit.workflow.derive_strategies import write_derived
from crmkit.workflow.draft_only import is_draft
from crmkit.workflow.generate_month_plan import redraft_plan
from crmkit.workflow.judge_brand import judge_brand, write_brand
from crmkit.workflow.judge_market import judge_market, write_market
from crmkit.workflow.portfolio import Portfolio, portfolio_of

Made = TypeVar("Made")
_OF_PLAN = (Follower.PROBLEMS, Follower.KEY_CUSTOMERS, Follower.FREQUENCIES)


def with_consequences(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    months: Sequence[Month],
    write: Callable[[], Made],
    start: Follower | None = None,
    *,
    portfolio: Portfolio | None = None,
    dry_run: bool = False,
) -> tuple[Made, tuple[Consequence, ...]]:
    """Do `write` and what follows from it in the working months, all in one operation; a dry run takes it back.

    `start` is the first link to be made anew; None: only the month plan. `portfolio` is that of the month it is of,
    where the caller has it.
    """
    with store.operation(act, as_read=True, rehearse=dry_run):
        return written_and_followed(store, act, policy, manager, months, write, start, portfolio=portfolio)


def written_and_followed(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    months: Sequence[Month],
    write: Callable[[], Made],
    start: Follower | None = None,
    *,
    portfolio: Portfolio | None = None,
) -> tuple[Made, tuple[Consequence, ...]]:
    """As with_consequences, inside the caller's operation: of an import that brings more than one month's demand."""
    begun = [month for month in months if _made(store, manager, month)]
    before = [_standing(store, manager, month) for month in begun]
    made = write()
    for month in begun:
        if portfolio is None or portfolio.month != month:
            portfolio = portfolio_of(store, policy, manager, month, act.today)
        _follow(store, policy, portfolio, start, act.today)
    after = [_standing(store, manager, month) for month in begun]
    moved = zip(begun, before, after, strict=True)
    return made, tuple(one for month, old, new in moved for one in consequences(month, old, new))


def _follow(store: Store, policy: Policy, portfolio: Portfolio, start: Follower | None, today: date) -> None:
    links: dict[Follower | None, Callable[[], None]] = {
        Follower.BRAND_STATE: lambda: _judge_brand_again(store, policy, portfolio, today),
        Follower.MARKET_STATE: lambda: _judge_market_again(store, policy, portfolio, today),
        Follower.STRATEGIES: lambda: _derive_strategies_again(store, policy, portfolio),
    }
    if start in links:
        links[start]()
    if is_draft(store, portfolio.manager, portfolio.month, DocumentKind.PLAN):
        redraft_plan(store, policy, portfolio)


def _judge_brand_again(store: Store, policy: Policy, portfolio: Portfolio, today: date) -> None:
    if market.analysis(store, portfolio.manager.id, portfolio.month, AnalysisKind.BRAND):
        write_brand(store, judge_brand(store, policy, portfolio, today))


def _judge_market_again(store: Store, policy: Policy, portfolio: Portfolio, today: date) -> None:
    if market.analysis(store, portfolio.manager.id, portfolio.month, AnalysisKind.MARKET):
        write_market(store, judge_market(store, policy, portfolio, today))


def _derive_strategies_again(store: Store, policy: Policy, portfolio: Portfolio) -> None:
    manager, month = portfolio.manager, portfolio.month
    generated = operating.state(store, manager.id, month) == "generated"
    if generated and is_draft(store, manager, month, DocumentKind.STRATEGIES):
        write_derived(store, policy, portfolio)


def _standing(store: Store, manager: Person, month: Month) -> Standing:
    """What of the later steps stands, by the codes people know."""
    known = {one.id: one.code for one in customers.all(store, manager.id)}
    found: dict[Follower, dict[str, tuple[str, ...]]] = {one: {} for one in _made(store, manager, month)}

    def put(follower: Follower, code: str, *values: str) -> None:
        if follower in found:
            found[follower][code] = (*found[follower].get(code, ()), *values)

    area = findings_of(store, manager, month)
    for rate in area.rates:
        put(Follower.BRAND_STATE, area.codes[rate.product], rate.kind.value)
    for one in area.indicators:
        put(Follower.MARKET_STATE, one.indicator.value, one.final.value)
    for strategy in counted(strategies.of_manager(store, manager.id, month)):
        put(Follower.STRATEGIES, known[strategy.customer], f"{strategy.code} {strategy.cause}")
    for problem in keycustomers.problems(store, manager.id, month):
        put(Follower.PROBLEMS, known[problem.customer], problem.code)
    for candidate in keycustomers.candidates(store, manager.id, month):
        if candidate.standing.is_key:
            put(Follower.KEY_CUSTOMERS, known[candidate.customer], candidate.standing.value)
    for line in frequencies.lines(store, manager.id, month):
        put(Follower.FREQUENCIES, known[line.customer], line.frequency.value)
    return found


def _made(store: Store, manager: Person, month: Month) -> tuple[Follower, ...]:
    """What there is of the month that can follow."""
    made = {
        (Follower.BRAND_STATE,): market.analysis(store, manager.id, month, AnalysisKind.BRAND),
        (Follower.MARKET_STATE,): market.analysis(store, manager.id, month, AnalysisKind.MARKET),
        (Follower.STRATEGIES,): documents.find(store, manager.id, month, DocumentKind.STRATEGIES),
        _OF_PLAN: documents.find(store, manager.id, month, DocumentKind.PLAN),
    }
    return tuple(one for followers, there in made.items() if there for one in followers)
