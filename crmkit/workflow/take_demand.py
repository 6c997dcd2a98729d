"""Step 1, direct demand 直接需求分析: what customers asked for, entered by hand, confirmed; who is missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from crmkit.model.consequence import Consequence, Follower
from crmkit.model.customer import Customer
from crmkit.model.demand import NOTE_LENGTH, Channel, Missing, Questionnaire
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Reason
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import CatalogueEntry, Policy
from crmkit.model.product import Product
from crmkit.rules.demand import (
    as_of,
    assigned,
    cut_off,
    edited,
    emptied,
    is_late,
    joined,
    kind_words,
    missing,
    told_by,
    unconfirmed,
    wishes_in,
    without_wishes,
)
from crmkit.rules.strategies import OTHER_DEMAND
from crmkit.sources import cells
from crmkit.store import demand, documents, products
from crmkit.store.connection import Store
from crmkit.workflow.draft_only import refuse_after_submit
from crmkit.workflow.portfolio import Portfolio, portfolio_of
from crmkit.workflow.rederive_month import with_consequences
from crmkit.workflow.working_calendar import deadline_of

_NOTE = cells.text_of(NOTE_LENGTH)
WISH_WORDS = frozenset({"服务", "服务需求", "诉求", "wish", "service"})


@dataclass(frozen=True, slots=True)
class DirectDemand:
    """Step 1 of one manager and month. `changed` are the questionnaires this command wrote; `state` is that of the
    month's strategies, None before they are generated.
    """

    portfolio: Portfolio
    questionnaires: Mapping[int, Questionnaire]
    missing: tuple[Missing, ...]
    cut_off: date
    deadline: date
    products: Mapping[int, Product]
    catalogue: Mapping[str, CatalogueEntry]
    state: DocumentState | None
    changed: tuple[Questionnaire, ...] = ()
    late: bool = False
    consequences: tuple[Consequence, ...] = ()  # what followed in strategies and month plan

    @property
    def unconfirmed(self) -> tuple[Questionnaire, ...]:
        """Of valid customers, those that nobody confirmed."""
        return unconfirmed(one for one in self.questionnaires.values() if one.customer in self.portfolio.by_id)

    @property
    def customers(self) -> Mapping[int, Customer]:
        return self.portfolio.owned


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody types for one customer: thousandths of a carton by product (0: not wanted any more), wishes."""

    lines: Mapping[int, int] = field(default_factory=dict)
    wishes: Mapping[str, str | None] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    nothing: bool = False  # nothing is wanted: what is there goes


def direct_demand(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> DirectDemand:
    """Step 1 as it stands."""
    portfolio = portfolio_of(store, policy, manager, month, today)
    document = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    known = as_of(demand.of_month(store, month, manager.id), today)
    day = policy.month.questionnaire_day
    return DirectDemand(
        portfolio=portfolio,
        questionnaires=known,
        missing=missing(portfolio.valid, known, month, today, day),
        cut_off=cut_off(month, day),
        deadline=deadline_of(store, policy, month),
        products={one.id: one for one in products.all(store)},
        catalogue={entry.code: entry for entry in policy.strategy.catalogue},
        state=document.state if document else None,
    )


def read_entry(store: Store, policy: Policy, words: Sequence[str]) -> Entry:
    """P1=5 黄山=2.5 服务=送货：上午 服务=-培训 as an entry. Raises Refusal: BAD_VALUE, NOT_FOUND, AMBIGUOUS."""
    lines: dict[int, int] = {}
    wishes: dict[str, str | None] = {}
    withdrawn: set[str] = set()
    known = kind_words(policy.strategy.catalogue)
    for word in words:
        name, equals, value = word.replace("＝", "=").partition("=")
        if not equals or not value.strip() or isinstance(_NOTE(value), Reason):
            raise Refusal(Fault.BAD_VALUE, option="demand", value=word, expected="P1=5 服务=送货")
        if name.strip().casefold() not in WISH_WORDS:
            product = products.find(store, name)
            if product.id in lines:
                raise Refusal(Fault.BAD_VALUE, option="demand", value=word, expected="P1=5 P2=3")
            lines[product.id] = _volume(word, value)
        elif value.strip().startswith("-"):
            withdrawn |= _kinds(word, value.strip()[1:], known)
        else:
            wishes |= joined(wishes, wishes_in(str(_NOTE(value)), known))
    return Entry(lines, wishes, frozenset(withdrawn))


def month_for(store: Store, policy: Policy, came_on: date, channel: Channel, wanted: Month | None) -> Month:
    """The month an entry by hand goes to: the one named, else by the rule of step 1."""
    day = policy.month.questionnaire_day
    return assigned(came_on, channel, wanted, day, lambda month: deadline_of(store, policy, month))


def enter_demand(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    wanted: Month | None,
    customer: Customer,
    entry: Entry,
    *,
    channel: Channel | None = None,
    came_on: date | None = None,
    confirm: bool = False,
    dry_run: bool = False,
) -> DirectDemand:
    """Write what one customer asked for over what is there; a changed questionnaire is no longer confirmed.

    Without a channel the record keeps its own; an entry without anything is a record that nothing is wanted.

    Raises Refusal: BAD_VALUE for a day to come, RULE not-valid, STATE or RULE once the strategies are submitted.
    """
    day = came_on or act.today
    if day > act.today:
        raise Refusal(Fault.BAD_VALUE, option="--date", value=day.isoformat(), expected=f"<= {act.today}")
    said = channel or Channel.OTHER
    month = month_for(store, policy, day, said, wanted)
    refuse_after_submit(store, manager, month)
    found = direct_demand(store, policy, manager, month, act.today)
    if customer.id not in found.portfolio.by_id:
        raise Refusal(Fault.RULE, rule="not-valid", value=customer.code, way_out="crmkit customer list")
    before = found.questionnaires.get(customer.id)
    start = Questionnaire(customer.id, month, day, told_by(before, channel))
    after = edited(_base(before, entry), start, entry.lines, entry.wishes)
    after = _confirmed(after, act) if confirm and not after.confirmed else after
    late = is_late(day, said, wanted, policy.month.questionnaire_day)
    changed = () if after == before else (after,)
    return replace(_written(store, act, policy, found, changed, dry_run=dry_run), late=late)


def _base(before: Questionnaire | None, entry: Entry) -> Questionnaire | None:
    """What an entry is written over."""
    if before is None:
        return None
    return emptied(before) if entry.nothing else without_wishes(before, entry.withdrawn)


def confirm_demand(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    chosen: Collection[int] | None,
    *,
    named: bool = True,
    dry_run: bool = False,
) -> DirectDemand:
    """Confirm the questionnaires of these customers (None: all there are, before the others came too).

    `named` means one by one; of those a filter found, the ones without a questionnaire are passed over. Raises
    Refusal: NOT_FOUND when one of the customers named has none, STATE or RULE once submitted.
    """
    refuse_after_submit(store, manager, month)
    found = direct_demand(store, policy, manager, month, act.today)
    without = [key for key in chosen or () if key not in found.questionnaires]
    if without and named:
        codes = " ".join(found.customers[key].code if key in found.customers else str(key) for key in without)
        known = f"crmkit analyze demand missing --month {month}"
        raise Refusal(Fault.NOT_FOUND, noun="questionnaire", value=codes, known=known)
    open_ones = unconfirmed(found.questionnaires.values())
    wanted = tuple(_confirmed(one, act) for one in open_ones if chosen is None or one.customer in chosen)
    return _written(store, act, policy, found, wanted, dry_run=dry_run)


def _written(
    store: Store, act: Act, policy: Policy, found: DirectDemand, changed: tuple[Questionnaire, ...], *, dry_run: bool
) -> DirectDemand:
    def write() -> None:
        for one in changed:
            demand.write(store, one)

    followed: tuple[Consequence, ...] = ()
    if changed:
        manager, months = found.portfolio.manager, (found.portfolio.month,)
        _, followed = with_consequences(
            store, act, policy, manager, months, write, Follower.STRATEGIES, dry_run=dry_run
        )
    known = {**found.questionnaires, **{one.customer: one for one in changed}}
    month, today, day = found.portfolio.month, act.today, policy.month.questionnaire_day
    left = missing(found.portfolio.valid, known, month, today, day)
    ordered = sorted(known, key=lambda key: found.customers[key].code if key in found.customers else "")
    return replace(found, questionnaires={key: known[key] for key in ordered}, missing=left, changed=changed,
                   consequences=followed)  # fmt: skip


def _confirmed(one: Questionnaire, act: Act) -> Questionnaire:
    return replace(one, confirmed=True, confirmed_by=act.actor, confirmed_at=act.now.isoformat(timespec="seconds"))


def _kinds(word: str, typed: str, known: Mapping[str, str]) -> set[str]:
    """The kinds of the wishes to take away; a word no kind is known by takes nothing away."""
    found = set(wishes_in(typed, known))
    if OTHER_DEMAND in found and known.get(typed.strip().casefold()) != OTHER_DEMAND:
        raise Refusal(Fault.BAD_VALUE, option="demand", value=word, expected="服务=-送货")
    return found


def _volume(word: str, typed: str) -> int:
    found = cells.volume(typed)
    if not isinstance(found, int) or found < 0:
        raise Refusal(Fault.BAD_VALUE, option="demand", value=word, expected="P1=5")
    return found
