"""Step 7 by hand: one customer's service strategies looked at, added, reworded, dropped and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmkit.model.consequence import Consequence, Follower
from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import LineFeedback
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import CatalogueEntry, Policy
from crmkit.model.strategy import FrequencyLine, Strategy, StrategyAction, StrategyEdit
from crmkit.rules.strategies import strategy_counts, strategy_words
from crmkit.rules.strategies_by_hand import Key, added, changed, key_of, last_edits, numbered
from crmkit.store import documents, feedback, frequencies, strategies
from crmkit.store.connection import Store
from crmkit.workflow.draft_only import refuse_after_submit
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.rederive_month import written_and_followed
from crmkit.workflow.since_rejection import open_feedback
from crmkit.workflow.way_to_plan import way_to_plan


@dataclass(frozen=True, slots=True)
class StrategyChange:
    """What a person wants: the number of a strategy where one is meant, the text where one is given."""

    action: StrategyAction
    reason: str = ""
    number: int = 0
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerStrategies:
    """The strategies of one customer and month, by number, the dropped ones too; `line` is his frequency."""

    manager: Person
    month: Month
    customer: Customer
    state: DocumentState | None
    listed: tuple[Strategy, ...]
    words: tuple[CatalogueEntry, ...]
    edits: Mapping[Key, StrategyEdit]  # the newest change by hand of each
    line: FrequencyLine | None
    feedback: tuple[LineFeedback, ...] = ()  # of the last rejection, to be answered

    def edit_of(self, one: Strategy) -> StrategyEdit | None:
        """Its newest change by hand."""
        return self.edits.get(key_of(one))

    @property
    def counted(self) -> int:
        """How many count for the frequency."""
        return strategy_counts(self.listed)[self.customer.id]


@dataclass(frozen=True, slots=True)
class EditedStrategy:
    """What a change by hand did: the strategy before (None: it was added) and after, and what followed."""

    shown: CustomerStrategies
    change: StrategyChange
    before: Strategy | None
    after: Strategy
    was: CatalogueEntry | None  # the words of both
    becomes: CatalogueEntry
    consequences: tuple[Consequence, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # of the customers, by code

    @property
    def unchanged(self) -> bool:
        return self.before == self.after


def customer_strategies(
    store: Store, policy: Policy, manager: Person, month: Month, customer: Customer
) -> CustomerStrategies:
    """The strategies of a customer as they stand."""
    document = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    listed = tuple(numbered(strategies.of_customer(store, customer.id, month)).values())
    return CustomerStrategies(
        manager,
        month,
        customer,
        document.state if document else None,
        listed,
        tuple(strategy_words(one, policy) for one in listed),
        last_edits(strategies.edits(store, month, customer=customer.id)),
        frequencies.line_of(store, customer.id, month),
        tuple(one for one in open_feedback(store, manager, month) if one.line.customer == customer.code),
    )


def edit_strategy(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    customer: Customer,
    change: StrategyChange,
    *,
    dry_run: bool = False,
) -> EditedStrategy:
    """Change one strategy while the month is a draft; the frequencies of a drafted month plan follow.

    Raises Refusal: STATE or RULE in-force once submitted; GATE before the strategies are generated; RULE not-valid,
    reason-needed, strategy-dropped, nothing-to-restore; NOT_FOUND for a number nobody has.
    """
    refuse_after_submit(store, manager, month)
    _refuse_early(store, act, policy, manager, month)
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    if customer.id not in portfolio.by_id:
        raise Refusal(Fault.RULE, rule="not-valid", value=customer.code, way_out="crmkit customer list")
    before, after = _decided(store, manager, month, customer, change)
    words = (strategy_words(before, policy) if before else None), strategy_words(after, policy)
    if before == after:
        shown = customer_strategies(store, policy, manager, month, customer)
        return EditedStrategy(shown, change, before, after, *words)
    _refuse_without_reason(customer, month, change)

    def write() -> None:
        _write(store, act, month, change, before, after)

    with store.operation(act, as_read=True, rehearse=dry_run):
        _none, followed = written_and_followed(store, act, policy, manager, (month,), write, portfolio=portfolio)
        shown = customer_strategies(store, policy, manager, month, customer)
    later = tuple(one for one in followed if one.follower is not Follower.STRATEGIES)
    names = {one.code: one.name for one in portfolio.owned.values()}
    return EditedStrategy(shown, change, before, after, *words, later, names)


def _refuse_early(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> None:
    if documents.find(store, manager.id, month, DocumentKind.STRATEGIES) is None:
        way_out = way_to_plan(store, policy, manager, month, act.today)
        raise Refusal(Fault.GATE, step=7, needs="strategies-generated", way_out=way_out)


def _refuse_without_reason(customer: Customer, month: Month, change: StrategyChange) -> None:
    """Taking a change back needs none."""
    if change.reason.strip() or change.action is StrategyAction.RESTORE:
        return
    raise Refusal(Fault.RULE, rule="reason-needed", way_out=_typed(customer, month, change) + " --reason REASON")


def _typed(customer: Customer, month: Month, change: StrategyChange) -> str:
    """The command as it is typed, without a reason."""
    number = f" {change.number}" if change.number else ""
    text = f' "{change.text}"' if change.text else ""
    said = f" --text{text}" if change.action is StrategyAction.EDIT else text
    return f"crmkit plan strategy {customer.code} --month {month} --{change.action.value}{number}{said}"


def _decided(
    store: Store, manager: Person, month: Month, customer: Customer, change: StrategyChange
) -> tuple[Strategy | None, Strategy]:
    """The strategy before and after."""
    listed = strategies.of_customer(store, customer.id, month)
    if change.action is StrategyAction.ADD:
        assert change.text, "what is added has a text"
        made = added(listed, customer.id, month, change.text, _shown(store, manager, month, customer))
        return (made if made.id else None), made
    try:
        edits = strategies.edits(store, month, customer=customer.id)
        return changed(listed, edits, change.number, change.action, change.text)
    except Refusal as refusal:
        way_out = str(refusal.facts.get("way_out", ""))
        if way_out.startswith("--"):
            refusal.facts["way_out"] = f"crmkit plan strategy {customer.code} --month {month} {way_out}"
        raise


def _shown(store: Store, manager: Person, month: Month, customer: Customer) -> set[int]:
    """Numbers of this customer's strategies that a round has shown."""
    document = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    return feedback.used_numbers(store, document.id).get(customer.id, set()) if document else set()


def _write(
    store: Store, act: Act, month: Month, change: StrategyChange, before: Strategy | None, after: Strategy
) -> None:
    if before is None:
        strategies.add(store, month, after)
    else:
        strategies.set_state(store, before.id, after.state)
        strategies.set_text(store, before.id, after.text)
    strategies.note_edit(store, act, month, _edit_of(change, before, after))


def _edit_of(change: StrategyChange, before: Strategy | None, after: Strategy) -> StrategyEdit:
    reason = change.reason.strip() or None
    was = before.text if before else None
    customer, code, cause = key_of(after)
    return StrategyEdit(customer, code, cause, change.action, reason, actor="", at="", before=was)
