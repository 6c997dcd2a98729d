"""plan verify: a plan made again from the same data, policy and seed, and compared with its seal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from crmkit import __version__
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.verifying import (
    Because,
    Difference,
    InputCheck,
    InputState,
    PlanSeal,
    SealKind,
    Verdict,
    Verification,
)
from crmkit.rules.verifying import (
    SOURCES,
    Written,
    check_inputs,
    listed_differences,
    record_differences,
    visit_differences,
)
from crmkit.solvers.choosing import Chosen, best, plain
from crmkit.store import customers, frequencies, moves, past, plan_seals, strategies
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import findings_of
from crmkit.workflow.generate_month_plan import plan_from
from crmkit.workflow.plan_visits import plan_visits
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.replan_visits import replan_visits
from crmkit.workflow.seal_plan import (
    engine_of,
    frequency_listing,
    kept_policy,
    plan_inputs,
    visit_inputs,
    visit_listing,
)

_SHAPING = ("valid.", "calendar.", "month.")  # keys of the policy that decide what counts as data


@dataclass(frozen=True, slots=True)
class VerifiedMonth:
    """What verifying showed of a month; None for what was not sealed."""

    manager: Person
    month: Month
    plan: Verification | None
    visits: Verification | None

    @property
    def parts(self) -> tuple[Verification, ...]:
        return tuple(part for part in (self.plan, self.visits) if part)

    @property
    def is_altered(self) -> bool:
        return any(part.is_altered for part in self.parts)

    @property
    def is_clean(self) -> bool:
        return all(part.is_clean for part in self.parts)


def verify_plan(store: Store, policy: Policy, manager: Person, month: Month) -> VerifiedMonth:
    """Take the file back, in memory, to when the frequencies were drafted and the visits dated; make both again.

    Nothing is written. Raises Refusal(GATE, step 8) when the month has no seal.
    """
    plan = plan_seals.newest(store, manager.id, month, SealKind.PLAN)
    visits = plan_seals.newest(store, manager.id, month, SealKind.VISITS)
    if plan is None and visits is None:
        raise Refusal(Fault.GATE, step=8, needs="plan-sealed", way_out=f"crmkit status --month {month}")
    return VerifiedMonth(
        manager,
        month,
        _verified_plan(store, policy, manager, month, plan) if plan else None,
        _verified_visits(store, policy, manager, month, visits) if visits else None,
    )


# the frequencies


def _verified_plan(store: Store, policy: Policy, manager: Person, month: Month, seal: PlanSeal) -> Verification:
    then = past.before(store, seal.op)
    keys = _policy_keys(seal, policy)
    now = plan_inputs(store, policy, manager, month, seal.today)
    was = plan_inputs(then.store, policy, manager, month, seal.today) if then else None
    drafted = plan_seals.drafted_by(store, manager.id, month, seal.op)
    verdict = _of_version(seal, keys) or _frequencies_again(store, policy, manager, month, seal, drafted)
    present = frequency_listing(store, manager, frequencies.lines(store, manager.id, month))
    codes = {one.code for one in customers.all(store, manager.id)}
    found = [
        replace(one, because=Because.HANDED_OVER) if one.customer not in codes else one
        for one in listed_differences(seal.listing, present, Because.ALTERED)
    ]
    found += _records(store, manager, seal)
    checked = _checked(store, seal, was, now, keys)
    if not keys and any(one.state is not InputState.SAME for one in checked):
        day = datetime.fromisoformat(drafted[1]).date() if drafted else seal.today
        found += _as_of_now(store, policy, manager, month, seal, day)
    return Verification(seal, verdict, checked, tuple(found), keys, _untraced(then))


def _frequencies_again(
    store: Store, policy: Policy, manager: Person, month: Month, seal: PlanSeal, drafted: tuple[int, str] | None
) -> Verdict:
    """The frequencies drafted once more in the file as it stood after they were."""
    then = past.before(store, drafted[0] + 1) if drafted else None
    if drafted is None or then is None:
        return Verdict.PAST
    day = datetime.fromisoformat(drafted[1]).date()
    lines = _lines(then.store, policy, manager, month, day)
    return Verdict.SAME if lines == [*seal.listing] else Verdict.OTHER


def _as_of_now(
    store: Store, policy: Policy, manager: Person, month: Month, seal: PlanSeal, day: date
) -> list[Difference]:
    return [*listed_differences(seal.listing, _lines(store, policy, manager, month, day), Because.NOW)]


def _lines(store: Store, policy: Policy, manager: Person, month: Month, day: date) -> list[str]:
    """The frequencies that a file's data, and the hand changes kept in it, give on a day."""
    portfolio = portfolio_of(store, policy, manager, month, day)
    known, area = strategies.of_manager(store, manager.id, month), findings_of(store, manager, month)
    return frequency_listing(store, manager, plan_from(store, policy, portfolio, tuple(known), area, day).lines)


def _records(store: Store, manager: Person, seal: PlanSeal) -> tuple[Difference, ...]:
    """What stands in the customers' records against what approvals wrote there."""
    mine = customers.all(store, manager.id)
    codes = {one.id: one.code for one in mine}
    trail = [
        (codes[key], command, new)
        for key, command, new in plan_seals.frequency_trail(store, seal.op)
        if key in codes
    ]
    sealed = {code: what.split()[0] for code, _space, what in (line.partition(" ") for line in seal.listing)}
    present = {one.code: one.frequency and one.frequency.value for one in mine}
    return record_differences(sealed, trail, present, seal.command)


# the visits


def _verified_visits(store: Store, policy: Policy, manager: Person, month: Month, seal: PlanSeal) -> Verification:
    then = past.before(store, seal.op)
    keys = _policy_keys(seal, policy)
    now = visit_inputs(store, policy, manager, month, seal.today)
    was = visit_inputs(then.store, policy, manager, month, seal.today) if then else None
    verdict = _of_version(seal, keys)
    if verdict is None:
        verdict = _visits_again(then.store, policy, manager, month, seal) if then else Verdict.PAST
    checked = _checked(store, seal, was, now, keys)
    return Verification(seal, verdict, checked, _dated(store, manager, month, seal), keys, _untraced(then))


def _visits_again(then: Store, policy: Policy, manager: Person, month: Month, seal: PlanSeal) -> Verdict:
    """The same command once more, in memory."""
    chosen, recipe = _chosen(seal), seal.recipe
    if chosen is None:
        return Verdict.VERSION
    now = datetime.fromisoformat(seal.at)
    act = Act(seal.actor, None, seal.command, "", "-", now, seal.today)
    common = {"first": recipe.first, "seed": recipe.seed, "effort": recipe.effort, "chosen": chosen}
    if recipe.steady:
        settled = replan_visits(
            then, act, policy, manager, month, assume_weekdays=recipe.assume_weekdays, **common  # type: ignore[arg-type]
        ).plan.settled  # fmt: skip
    else:
        settled = plan_visits(
            then, act, policy, manager, month, last=recipe.last, assume_weekdays=recipe.assume_weekdays,
            **common,  # type: ignore[arg-type]
        ).settled  # fmt: skip
    if visit_listing(then, manager, month) == [*seal.listing]:
        return Verdict.SAME
    return Verdict.INTERRUPTED if settled.iterations != recipe.iterations else Verdict.OTHER


def _chosen(seal: PlanSeal) -> Chosen | None:
    """The search that made the plan, where it can run here."""
    return next((one for one in (best(), plain()) if engine_of(one.solver.name) == seal.engine), None)


def _dated(store: Store, manager: Person, month: Month, seal: PlanSeal) -> tuple[Difference, ...]:
    codes = {one.id: one.code for one in customers.all(store)}
    ours = {one.code for one in customers.all(store, manager.id)}
    moved = [(codes[one.customer], one) for one in moves.since(store, manager.id, month, seal.op)]
    trail = [(codes[key], command) for key, command in plan_seals.visit_trail(store, seal.op) if key in codes]
    return visit_differences(seal.listing, visit_listing(store, manager, month), moved, ours, trail)


# both


def _policy_keys(seal: PlanSeal, policy: Policy) -> tuple[str, ...]:
    now = kept_policy(policy)
    return tuple(key for key in sorted(seal.policy.keys() | now.keys()) if seal.policy.get(key) != now.get(key))


def _of_version(seal: PlanSeal, keys: tuple[str, ...]) -> Verdict | None:
    if seal.crmkit != __version__ or (seal.kind is SealKind.VISITS and _chosen(seal) is None):
        return Verdict.VERSION
    return Verdict.POLICY if keys else None


def _checked(
    store: Store,
    seal: PlanSeal,
    was: Mapping[str, str] | None,
    now: Mapping[str, str],
    keys: tuple[str, ...],
) -> tuple[InputCheck, ...]:
    """The data then and now against the seal; not comparable where the policy counts other data now."""
    if any(key.startswith(_SHAPING) for key in keys):
        return ()
    writers: dict[str, list[Written]] = {
        name: plan_seals.writers(store, SOURCES[name], seal.op) for name in seal.inputs if name in SOURCES
    }
    if "orders" in writers:
        undone = plan_seals.imports_undone(store, seal.op)
        known = {(op[0], op[3]): op for op in (*writers["orders"], *plan_seals.imports_since(store, seal.op), *undone)}
        writers["orders"] = [known[key] for key in sorted(known, reverse=True)]
        was = {**was, "orders": seal.inputs["orders"]} if was and undone else was
    return check_inputs(seal.inputs, was, now, writers)


def _untraced(then: past.Past | None) -> tuple[str, ...]:
    return tuple(f"{table} {key}" for table, key in then.untraced) if then else ()
