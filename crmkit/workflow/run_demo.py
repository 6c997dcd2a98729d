"""The demo: an invented territory through the real import, a month opened, approved, planned and half worked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import ImportResult
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.sheet import Sheet
from crmkit.model.visit import MissReason, PlannedState, PlannedVisit, Visit
from crmkit.rules.calendar import needed_range, next_working_day, opening_days, visit_days
from crmkit.sources.holidays import official_days
from crmkit.sources.territory import DEMO_SEED, territory, write_files
from crmkit.sources.territory.notes import EFFECTS, EFFORT_OF_TEN, OPINIONS
from crmkit.store import files, people, planned, visits
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.analyze_operating import compute_effects, generate, score_all
from crmkit.workflow.generate_month_plan import MonthPlan, generate_month_plan
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.import_files import import_files
from crmkit.workflow.make_file import make_file
from crmkit.workflow.plan_visits import VisitPlan, plan_visits
from crmkit.workflow.print_sheet import print_sheet
from crmkit.workflow.settle_documents import approve, submit

FOLDER = "crmkit-demo"
FIXED_DAY = date(2026, 9, 15)  # where the calendar of today is not published
MANAGER, MARKET_MANAGER = "001", "M01"
_MARKET_MANAGER_NAME = "周正"
_SATISFACTION = Decimal(92)

# ability set for three groups in one act each; the shops of the middle show no price tags, the small ones hold no stock
_GOOD = dict.fromkeys(AbilityItem, 4)
_FAIR = {**dict.fromkeys(AbilityItem, 3), AbilityItem.PRICING: 2}
_WEAK = {**dict.fromkeys(AbilityItem, 3), AbilityItem.STOCK: 2, AbilityItem.ONLINE: 1}


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made. `fixed` is true when the day is not today's next working day."""

    folder: Path
    database: Path
    imported: tuple[ImportResult, ...]
    plan: MonthPlan
    visits: VisitPlan
    logged: int
    sheet: Sheet
    fixed: bool


@dataclass(frozen=True, slots=True)
class _Stage:
    """When the demo plays: the month, its opening day, today, and the day of the sheet."""

    month: Month
    opening: date
    today: date
    day: date
    fixed: bool


def run_demo(
    folder: Path, act: Act, policy: Policy, describe: Callable[..., str], progress: Callable[[int], None]
) -> Demo:
    """Play the demo into a free folder beside `folder`. Raises Refusal as its steps do."""
    free = free_folder(folder)
    stage_calendar = _staged(act.today)
    files.make_private_folder(free)
    try:
        return _made_in(free, stage_calendar, act, policy, describe, progress)
    except BaseException:
        files.remove_folder(free)  # half a demo shows nothing
        raise


def _made_in(
    free: Path, stage_calendar: _Stage, act: Act, policy: Policy, describe: Callable[..., str],
    progress: Callable[[int], None],
) -> Demo:  # fmt: skip
    exports = free / "exports"
    files.make_private_folder(exports)
    invented = territory(DEMO_SEED, stage_calendar.month)
    paths = write_files(invented, exports, files.write_file)
    opening = _at(act, stage_calendar.opening, time(8, 30))
    team = (
        (MANAGER, invented.managers[0], Role.CUSTOMER_MANAGER),
        (MARKET_MANAGER, _MARKET_MANAGER_NAME, Role.MARKET_MANAGER),
    )
    database = free / "crmkit.db"
    make_file(database, opening, team)
    store = open_store(database)
    try:
        results = import_files(
            store, opening, policy, paths=paths, describe=describe, progress=lambda done: progress(done // 3)
        )
        return _play(store, opening, policy, stage_calendar, free, results, progress)
    finally:
        store.close()


def free_folder(wanted: Path) -> Path:
    """The folder, or the next free name beside it: a demo never writes over anything."""
    number, folder = 1, wanted
    while folder.exists() or folder.is_symlink():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder


def _play(
    store: Store, opening: Act, policy: Policy, stage: _Stage, folder: Path, results: tuple[ImportResult, ...],
    progress: Callable[[int], None],
) -> Demo:  # fmt: skip
    manager = people.named(store, MANAGER)[0]
    plan = _open_month(store, opening, policy, manager, stage.month)
    progress(45)
    planned_month = plan_visits(store, opening, policy, manager, stage.month)
    progress(60)
    logged = _work(store, opening, manager, stage)
    progress(90)
    evening = _at(opening, stage.today, time(18, 0))
    sheet = print_sheet(store, evening, policy, manager, stage.day, "pdf")
    return Demo(folder, store.path, results, plan, planned_month, logged, sheet, stage.fixed)


def _open_month(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> MonthPlan:
    """Steps 2, 7 and 8 with everything computed, submitted and approved."""
    compute_effects(store, act, policy, manager, month)
    score_all(store, act, policy, manager, month, _GOOD, among=lambda shop: _grade(shop) >= 20)
    score_all(store, act, policy, manager, month, _FAIR, among=lambda shop: _grade(shop) >= 10)
    score_all(store, act, policy, manager, month, _WEAK)
    generate(store, act, policy, manager, month)
    generate_strategies(store, act, policy, manager, month, _SATISFACTION)
    plan = generate_month_plan(store, act, policy, manager, month)
    submit(store, act, policy, manager, month, accept_shortage="demo")
    approve(store, replace(act, actor=MARKET_MANAGER, role=Role.MARKET_MANAGER), policy, manager, month)
    return plan


def _grade(shop: Customer) -> int:
    return shop.grade or 0


def _staged(today: date) -> _Stage:
    """The stage for today; a fixed day where the official calendar does not reach."""
    try:
        return _stage(today, fixed=False)
    except Refusal as refusal:
        if refusal.fault is not Fault.CALENDAR_UNPUBLISHED:
            raise
        return _stage(FIXED_DAY, fixed=True)


def _stage(today: date, *, fixed: bool) -> _Stage:
    """The next working day's month; when that day is one of the month's opening days, its first visit day."""
    month = Month.of(today)
    following = next_working_day(_calendar(month), today)
    if following is None:
        month = month.next
        following = next_working_day(_calendar(month), today)
    assert following is not None, "every month has a working day"
    calendar = _calendar(month)
    opening = opening_days(calendar, month, 1)[0]
    day = next(day for day in visit_days(calendar, month, 1) if day >= following)
    return _Stage(month, opening, max(today, opening), day, fixed)


def _calendar(month: Month) -> WorkCalendar:
    """The official days a month needs; the play knows no company days off."""
    first, last = needed_range(month)
    official = official_days("CN", first, last)
    if official.unpublished:
        raise Refusal(Fault.CALENDAR_UNPUBLISHED, year=official.unpublished[0], country="CN")
    return WorkCalendar(first, last, official.working)


def _at(act: Act, day: date, hour: time) -> Act:
    """The same person at another moment of the play."""
    now = datetime.combine(day, hour, tzinfo=act.now.tzinfo)
    return replace(act, actor=MANAGER, role=Role.CUSTOMER_MANAGER, now=now, today=day)


def _work(store: Store, act: Act, manager: Person, stage: _Stage) -> int:
    """The visits of the days before the sheet's day, made or missed, one evening's entry a day."""
    dice = Random(DEMO_SEED)  # noqa: S311 - the same demo on every machine
    plans = [
        plan for plan in planned.between(store, manager.id, stage.month.first, stage.today) if plan.day < stage.day
    ]
    for day in sorted({plan.day for plan in plans}):
        with store.operation(replace(_at(act, day, time(18, 30)), command="visit log")):
            for plan in plans:
                if plan.day == day:
                    _keep_visit(store, plan, _invented_visit(plan, dice))
    return len(plans)


def _keep_visit(store: Store, plan: PlannedVisit, visit: Visit) -> None:
    visits.add(store, visit, plan.id)
    planned.set_state(store, plan.id, PlannedState.VISITED if visit.visited else PlannedState.MISSED)


def _invented_visit(plan: PlannedVisit, dice: Random) -> Visit:
    made = dice.random() * 10 < EFFORT_OF_TEN
    opinion = OPINIONS[int(dice.random() * len(OPINIONS))] if dice.random() * 10 < 1 else None
    return Visit(
        customer=plan.customer,
        manager=plan.manager,
        day=plan.day,
        visited=made,
        method=plan.method,
        miss_reason=None if made else MissReason.CLOSED,
        opinion=opinion if made else None,
        effect=EFFECTS[int(dice.random() * len(EFFECTS))] if made else None,
    )
