"""Steps 3 and 4: brand targets 品牌目标 per product and month range, and their target customers 目标客户."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from crmkit.model.brand import BrandTarget, RateKind
from crmkit.model.consequence import Consequence, Follower
from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.product import Product
from crmkit.rules.brand import months_changed, refuse_overlap, unwatched_month
from crmkit.store import customers, documents, people, products, targets, watchlist
from crmkit.store.connection import Store
from crmkit.workflow.draft_only import refuse_unless_draft
from crmkit.workflow.judge_brand import watched_products
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.rederive_month import with_consequences


@dataclass(frozen=True, slots=True)
class TargetList:
    """A manager's brand targets that hold in a month (None: all of them), each with its number of target customers."""

    manager: Person
    month: Month | None
    targets: tuple[tuple[Product, BrandTarget, int], ...]
    untargeted: tuple[Product, ...] = ()  # watched in the month, without a target


@dataclass(frozen=True, slots=True)
class ChangedTarget:
    """A target set, changed or removed: as it was and as it is now."""

    manager: Person
    product: Product
    before: BrandTarget | None
    after: BrandTarget | None
    listed: int = 0  # target customers on its list, those of the range before it taken along
    consequences: tuple[Consequence, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # of the manager's customers, by code


@dataclass(frozen=True, slots=True)
class TargetCustomers:
    """The target customers of one product; `came` and `went` are what a command changed."""

    manager: Person
    product: Product
    target: BrandTarget
    customers: tuple[Customer, ...]
    came: tuple[Customer, ...] = ()
    went: tuple[Customer, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # of the manager's customers, by code


def target_list(store: Store, manager: Person, month: Month | None) -> TargetList:
    """The targets by product code."""
    known = {one.id: one for one in products.all(store)}
    found = [one for one in targets.of_manager(store, manager.id) if month is None or one.holds(month)]
    listed = tuple((known[one.product], one, len(targets.listed(store, one.id))) for one in found)
    aimed = {one.product for one in found}
    watched = watched_products(store, month) if month else ()
    return TargetList(manager, month, listed, tuple(one for one in watched if one.id not in aimed))


def set_target(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    product: Product,
    first: Month,
    last: Month | None,
    rates: Mapping[RateKind, Decimal | None],
    *,
    dry_run: bool = False,
) -> ChangedTarget:
    """Set the target of a product from one month to another, or change the one that begins in that month: rates not
    named keep theirs (None takes one away), `last` left out keeps its end.

    Raises Refusal: BAD_VALUE (from after to), GATE watched, RULE targets-overlap, STATE or RULE for a month whose
    analysis was submitted.
    """
    kept = [one for one in targets.of_manager(store, manager.id) if one.product == product.id]
    before = next((one for one in kept if one.first == first), None)
    until = last or (before.last if before else first)
    merged = {**(before.rates if before else {}), **rates}
    aimed = {kind: merged[kind] for kind in RateKind if merged.get(kind) is not None}
    wanted = BrandTarget(before.id if before else 0, manager.id, product.id, first, until, _known(aimed))
    refuse_overlap(wanted, kept, product.code)
    _refuse_unwatched(store, product, wanted)
    return _changed(store, act, policy, manager, product, before, wanted, dry_run=dry_run)


def remove_target(
    store: Store, act: Act, policy: Policy, manager: Person, product: Product, first: Month, *, dry_run: bool = False
) -> ChangedTarget:
    """Take away the target of a product that holds in a month, with its list of customers.

    Raises Refusal: NOT_FOUND, STATE or RULE for a month whose analysis was submitted.
    """
    before = _holding(store, manager, product, first)
    return _changed(store, act, policy, manager, product, before, None, dry_run=dry_run)


def target_customers(store: Store, manager: Person, product: Product, month: Month) -> TargetCustomers:
    """The target customers of a product in a month. Raises Refusal(GATE, step 4) without a target."""
    target = _gated(store, manager, product, month)
    return TargetCustomers(manager, product, target, _people(store, manager, targets.listed(store, target.id)))


def choose_target_customers(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    product: Product,
    month: Month,
    chosen: Sequence[Customer],
    *,
    drop: bool = False,
    dry_run: bool = False,
) -> TargetCustomers:
    """Put customers on the list of the target that holds in a month, or take them off; the list is kept as it is, who
    fulfils a filter later does not come in by himself.

    Raises Refusal: GATE (no target), RULE not-valid, STATE or RULE for a month whose analysis was submitted.
    """
    target = _gated(store, manager, product, month)
    if not drop:
        _refuse_strangers(store, act, policy, manager, month, chosen)
    held = set(targets.listed(store, target.id))
    moved = [one for one in chosen if (one.id in held) is drop]
    months = _months_left(store, manager, product, target) if moved else ()

    def write() -> tuple[int, ...]:
        put = targets.drop_customers if drop else targets.add_customers
        put(store, target.id, [one.id for one in moved])
        return tuple(targets.listed(store, target.id))

    listed, followed = with_consequences(
        store, act, policy, manager, months, write, Follower.BRAND_STATE, dry_run=dry_run
    )
    went, came = (tuple(moved), ()) if drop else ((), tuple(moved))
    people_ = _people(store, manager, listed)
    return TargetCustomers(manager, product, target, people_, came, went, followed, _names(store, manager))


def _changed(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    product: Product,
    before: BrandTarget | None,
    after: BrandTarget | None,
    *,
    dry_run: bool,
) -> ChangedTarget:
    months = _months_open(store, manager, product, before, after)

    def write() -> int:
        if after is None:
            targets.remove(store, before.id if before else 0)
            return 0
        key = targets.write(store, after)
        if before is None:
            targets.add_customers(store, key, _list_before(store, manager, after))
        return len(targets.listed(store, key))

    listed, followed = with_consequences(
        store, act, policy, manager, months, write, Follower.BRAND_STATE, dry_run=dry_run
    )
    return ChangedTarget(manager, product, before, after, listed, followed, _names(store, manager))


def _list_before(store: Store, manager: Person, target: BrandTarget) -> list[int]:
    """A new range of a product takes along the list of the range before it [our default]."""
    kept = [one for one in targets.of_manager(store, manager.id) if one.product == target.product]
    earlier = [one for one in kept if one.last < target.first]
    return targets.listed(store, earlier[-1].id) if earlier else []


def _months_open(
    store: Store, manager: Person, product: Product, before: BrandTarget | None, after: BrandTarget | None
) -> tuple[Month, ...]:
    """The working months whose analysis a change moves: the month after each month changed. After submit none moves."""
    months = tuple(month.next for month in months_changed(before, after))
    for month in months:
        _refuse_submitted(store, manager, product, month)
    return months


def _months_left(store: Store, manager: Person, product: Product, target: BrandTarget) -> tuple[Month, ...]:
    """Of a target's working months those that are still open; what was judged by its list before keeps its count."""
    months = [month.next for month in months_changed(target, None)]
    kept = [month for month in months if not _is_submitted(store, manager, month)]
    if not kept:
        _refuse_submitted(store, manager, product, months[-1])
    return tuple(kept)


def _is_submitted(store: Store, manager: Person, month: Month) -> bool:
    found = documents.find(store, manager.id, month, DocumentKind.PLAN)
    return found is not None and found.state is not DocumentState.DRAFT


def _refuse_submitted(store: Store, manager: Person, product: Product, month: Month) -> None:
    """The way out of an approved month is a target that begins in the first month not judged yet."""
    try:
        refuse_unless_draft(store, manager, month, DocumentKind.PLAN, "analyze target list")
    except Refusal as refusal:
        if refusal.fault is Fault.RULE:
            refusal.facts["way_out"] = f"crmkit analyze target set {product.code} --from {month}"
        raise


def _refuse_unwatched(store: Store, product: Product, wanted: BrandTarget) -> None:
    month = unwatched_month(wanted, watchlist.all(store))
    if month is not None:
        bosses = [one.code for one in people.of_role(store, Role.MARKET_MANAGER)]
        issuer = f" --as {bosses[0]}" if bosses else ""
        way_out = f"crmkit product watch add {product.code} --from {month}{issuer}"
        raise Refusal(Fault.GATE, step=3, needs="watched", product=product.code, month=month, way_out=way_out)


def _refuse_strangers(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, chosen: Sequence[Customer]
) -> None:
    valid = portfolio_of(store, policy, manager, month, act.today).by_id
    for one in chosen:
        if one.id not in valid:
            raise Refusal(Fault.RULE, rule="not-valid", value=one.code, way_out="crmkit customer list --valid")


def _gated(store: Store, manager: Person, product: Product, month: Month) -> BrandTarget:
    found = targets.of_month(store, manager.id, month).get(product.id)
    if found is None:
        _refuse_unwatched(store, product, BrandTarget(0, manager.id, product.id, month, month, {}))
        way_out = f"crmkit analyze target set {product.code} --from {month} on_shelf=60"
        raise Refusal(Fault.GATE, step=4, needs="target-set", product=product.code, month=month, way_out=way_out)
    return found


def _holding(store: Store, manager: Person, product: Product, month: Month) -> BrandTarget:
    found = targets.of_month(store, manager.id, month).get(product.id)
    if found is None:
        known = "crmkit analyze target list --all"
        raise Refusal(Fault.NOT_FOUND, noun="brand-target", value=f"{product.code} {month}", known=known)
    return found


def _people(store: Store, manager: Person, keys: Sequence[int]) -> tuple[Customer, ...]:
    """Customers by key, in the order given; one who has gone to another manager is not named."""
    known = {one.id: one for one in customers.all(store, manager.id)}
    return tuple(known[key] for key in keys if key in known)


def _names(store: Store, manager: Person) -> dict[str, str]:
    return {one.code: one.name for one in customers.all(store, manager.id)}


def _known(rates: Mapping[RateKind, Decimal | None]) -> dict[RateKind, Decimal]:
    return {kind: rate for kind, rate in rates.items() if rate is not None}
