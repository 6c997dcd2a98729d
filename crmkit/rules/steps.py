"""The fourteen steps of the month as one table, and where a month stands in them (method.md §3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from crmkit.model.document import DocumentState
from crmkit.model.status import Due, MonthFacts, MonthStatus, StepState, StepStatus
from crmkit.rules.states import is_approved

APPROVAL = "approval"  # what the market manager does between 8 and 9; blocks like a step
WATCH_LIST = "watch_list"  # what the market manager issues before 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number, its key, when it is due and what stops it ("approval" = the market manager)."""

    number: int
    key: str
    due: Due
    needs: tuple[str, ...] = ()


STEPS: tuple[Step, ...] = (
    Step(0, "base", Due.ALWAYS),  # 基础信息维护
    Step(1, "demand", Due.DEADLINE, ("base",)),  # 直接需求分析
    Step(2, "operating", Due.DEADLINE, ("base",)),  # 客户经营状态分析
    Step(3, "brand_targets", Due.MONTH, (WATCH_LIST,)),  # 品牌状态分析目标设置
    Step(4, "target_customers", Due.MONTH, ("brand_targets",)),  # 目标客户管理
    Step(5, "brand_state", Due.DEADLINE),  # 月度品牌状态分析
    Step(6, "market", Due.DEADLINE),  # 市场分析
    Step(7, "strategies", Due.DEADLINE, ("operating",)),  # 生成服务策略
    Step(8, "plan", Due.DEADLINE, ("strategies",)),  # 月工作计划
    Step(9, "visits", Due.PLANNED, (APPROVAL,)),  # 拜访计划
    Step(10, "week", Due.WEEK, (APPROVAL, "visits")),  # 周工作安排
    Step(11, "day", Due.DAY, ("visits",)),  # 日拜访记录
    Step(12, "annotation", Due.CLOSE, (APPROVAL,)),  # 任务执行标注表
    Step(13, "week_summary", Due.WEEK),  # 周工作小结
    Step(14, "month_summary", Due.CLOSE),  # 月度工作总结
)
"""Facts are never gated: a real visit can be logged whatever step 11 says here (it gates printed papers)."""

COMMANDS: dict[str, str] = {
    "base.import": "import",
    "month.open": "plan open",
    "base.method": "customer list --without-method",
    "demand.enter": "analyze demand missing",
    "demand.confirm": "analyze demand confirm --all",
    "operating.compute": "analyze compute",
    "operating.score": "analyze score",
    "operating.generate": "analyze generate",
    "brand_targets.set": "analyze target set",
    "target_customers.choose": "analyze target choose",
    "brand_state.compute": "analyze brand compute",
    "market.compute": "analyze market compute",
    "market.targets": "analyze market target --confirm",
    "strategies.generate": "plan strategies",
    "strategies.target": "plan strategies --satisfaction",
    "strategies.submit": "plan submit",
    "plan.generate": "plan generate",
    "plan.submit": "plan submit",
    "approval": "plan approve",
    "visits.plan": "plan visits",
    "week.write": "plan week",
    "day.record": "visit enter",
    "day.sheet": "visit sheet --date today",
    "annotation.mark": "annotate list",
    "annotation.result": "annotate submit",
    "week_summary.this": "summarize week --week this",
    "week_summary.last": "summarize week --week last",
    "week_summary.earlier": "summarize week --week",
    "month_summary.this": "summarize month --month this",
    "month_summary.write": "summarize month",
}
"""What to type in each situation. A situation whose command is not built yet is not listed and never proposed."""

_MAIN_LINE = (
    "operating", "strategies", "plan", APPROVAL, "visits", "day", "week_summary", "annotation", "month_summary",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What the facts say of one step, before its gate and its date are looked at."""

    done: bool
    missing: int = 0
    situation: str = ""
    ahead: bool = False
    due: date | None = None


def month_status(facts: MonthFacts) -> MonthStatus:
    """Every step done, open, late, blocked (by what) or ahead, and the one command to type next.

    Next is the first unfinished thing on the main line (operating state, strategies, plan, approval, visits, day,
    the summary of a week that is over, annotation, month summary), then any other step [our default: what stops the
    month comes before what enriches it]. Brand state and market come into the line, before the strategies, where
    targets were set for them. Without customers it is the import; where nothing of the month is begun, its opening in
    one sitting.
    """
    steps = tuple(_status(step, facts) for step in STEPS)
    return MonthStatus(facts.month, steps, _next_command(steps, facts))


def is_late(today: date, deadline: date) -> bool:
    """Late is allowed and shown as late: the day after the deadline is the first late one."""
    return today > deadline


def blocked_by(step: Step, facts: MonthFacts) -> str | None:
    """The first thing the step waits for, or None."""
    return next((need for need in step.needs if not _GATES[need](facts)), None)


def _status(step: Step, facts: MonthFacts) -> StepStatus:
    found = _JUDGES[step.key](facts)
    due = found.due or _due(step, facts)
    late = not found.done and due is not None and is_late(facts.today, due)
    blocker = None if found.done else blocked_by(step, facts)
    return StepStatus(
        number=step.number,
        key=step.key,
        state=_state(found, blocker, late=late),
        due=due,
        late=late,
        missing=0 if found.done else found.missing,
        blocked_by=blocker,
        command=None if found.done or blocker else COMMANDS.get(found.situation),
    )


def _state(found: _Found, blocker: str | None, *, late: bool) -> StepState:
    if found.done:
        return StepState.DONE
    if blocker:
        return StepState.BLOCKED
    if late:
        return StepState.LATE
    return StepState.AHEAD if found.ahead else StepState.OPEN


def _due(step: Step, facts: MonthFacts) -> date | None:
    if step.due in (Due.ALWAYS, Due.DEADLINE, Due.PLANNED):
        return facts.deadline
    if step.due is Due.MONTH:
        return facts.month.last
    return facts.next_deadline if step.due is Due.CLOSE else None


def _next_command(steps: tuple[StepStatus, ...], facts: MonthFacts) -> str | None:
    commands = {step.key: step.command for step in steps if step.state in (StepState.OPEN, StepState.LATE)}
    commands[APPROVAL] = COMMANDS[APPROVAL] if _waits_for_approval(facts) else None
    if facts.customers == 0:
        return commands["base"]
    if not _is_begun(facts):
        return COMMANDS["month.open"]
    aimed = [key for key, wanted in (("brand_state", facts.brand_aims), ("market", facts.market_aims)) if wanted]
    line = (_MAIN_LINE[0], *aimed, *_MAIN_LINE[1:])
    order = (*line, *(step.key for step in STEPS if step.key not in line))
    return next((command for key in order if (command := commands.get(key))), None)


def _is_begun(facts: MonthFacts) -> bool:
    """Has anything of steps 2 and 5 to 8 been made? Where nothing has, one sitting opens the month."""
    made = (facts.effects, facts.generated, facts.brand_analysed, facts.market_analysed)
    return any(made) or facts.documents.strategies is not None


def _waits_for_approval(facts: MonthFacts) -> bool:
    documents = facts.documents
    return DocumentState.SUBMITTED in (documents.strategies, documents.plan) and _is_submitted(documents.plan)


def _is_submitted(state: DocumentState | None) -> bool:
    return state not in (None, DocumentState.DRAFT)


def _base(facts: MonthFacts) -> _Found:
    if facts.customers == 0:
        return _Found(done=False, situation="base.import")
    return _Found(facts.methodless == 0, facts.methodless, "base.method")


def _demand(facts: MonthFacts) -> _Found:
    """Every valid customer has a questionnaire and each is confirmed; after submit nothing moves."""
    missing = facts.demands_missing + facts.demands_unconfirmed
    situation = "demand.confirm" if facts.demands_unconfirmed else "demand.enter"
    if _is_submitted(facts.documents.strategies):
        situation = ""
    return _Found(facts.demands > 0 and missing == 0, missing, situation)


def _operating(facts: MonthFacts) -> _Found:
    uncomputed = facts.customers - facts.effects
    if facts.generated:
        return _Found(done=True)
    if uncomputed > 0:
        return _Found(done=False, missing=uncomputed, situation="operating.compute")
    if facts.unscored > 0:
        return _Found(done=False, missing=facts.unscored, situation="operating.score")
    return _Found(done=False, situation="operating.generate")


def _brand_targets(facts: MonthFacts) -> _Found:
    missing = facts.watched - facts.brand_targets
    return _Found(facts.watched > 0 and missing == 0, missing, "brand_targets.set")


def _target_customers(facts: MonthFacts) -> _Found:
    missing = facts.brand_targets - facts.target_customers
    return _Found(facts.brand_targets > 0 and missing == 0, missing, "target_customers.choose")


def _brand_state(facts: MonthFacts) -> _Found:
    return _Found(facts.brand_analysed, situation=_while_draft(facts, "brand_state.compute"))


def _while_draft(facts: MonthFacts, situation: str) -> str:
    """Steps 5 and 6 hang on the month plan: once it is submitted they cannot be made any more."""
    return "" if _is_submitted(facts.documents.plan) else situation


def _market(facts: MonthFacts) -> _Found:
    if not facts.market_analysed:
        return _Found(done=False, situation=_while_draft(facts, "market.compute"))
    return _Found(facts.market_targets_missing == 0, facts.market_targets_missing, "market.targets")


def _strategies(facts: MonthFacts) -> _Found:
    state = facts.documents.strategies
    if state is None:
        return _Found(done=False, situation="strategies.generate")
    situation = "strategies.submit" if facts.satisfaction_target else "strategies.target"
    return _Found(_is_submitted(state), situation=situation)


def _plan(facts: MonthFacts) -> _Found:
    state = facts.documents.plan
    return _Found(_is_submitted(state), situation="plan.generate" if state is None else "plan.submit")


def _visits(facts: MonthFacts) -> _Found:
    """A month may be planned week by week: late is who has passed the last day covered."""
    covered = facts.covered_until
    done = covered is not None and facts.last_visit_day is not None and covered >= facts.last_visit_day
    return _Found(done, situation="visits.plan", due=max(facts.deadline, covered) if covered else None)


def _week(facts: MonthFacts) -> _Found:
    """The week of today; late from the day after its first working day."""
    ahead = facts.today not in facts.month
    return _Found(facts.week_scheduled, situation="week.write", ahead=ahead, due=None if ahead else facts.week_due)


def _day(facts: MonthFacts) -> _Found:
    if facts.unrecorded:
        return _Found(done=False, missing=facts.unrecorded, situation="day.record", due=_yesterday(facts))
    if facts.visits_today:
        situation = "day.record" if facts.printed_today else "day.sheet"
        return _Found(done=False, missing=facts.visits_today, situation=situation, due=facts.today)
    over = facts.last_planned_day is not None and facts.today >= facts.last_planned_day
    return _Found(over, ahead=True)


def _annotation(facts: MonthFacts) -> _Found:
    """Marks are made after each day; done with the result submission, which opens on the last planned day."""
    done = facts.documents.strategies in (DocumentState.RESULT_SUBMITTED, DocumentState.RESULT_APPROVED)
    opened = facts.last_planned_day is not None and facts.today >= facts.last_planned_day
    situation = "annotation.result" if opened else "annotation.mark"
    return _Found(done, facts.unmarked, situation, ahead=not opened and facts.unmarked == 0)


def _month_summary(facts: MonthFacts) -> _Found:
    """From the last working day of the month on; while the month runs, it has to be named."""
    situation = "month_summary.this" if facts.today in facts.month else "month_summary.write"
    ahead = facts.today < (facts.last_visit_day or facts.month.last)
    return _Found(facts.month_summarised, situation="" if ahead else situation, ahead=ahead)


def _week_summary(facts: MonthFacts) -> _Found:
    """Last week's first, then this one's from its last working day on, then older ones; late after the Sunday."""
    waiting = facts.unsummarised
    if not waiting:
        return _Found(facts.week_summarised, ahead=True)
    this = facts.today - timedelta(days=facts.today.weekday())
    weeks = {this - timedelta(days=7): "week_summary.last", this: "week_summary.this"}
    situation = next((words for monday, words in weeks.items() if monday in waiting), "week_summary.earlier")
    return _Found(done=False, missing=len(waiting), situation=situation, due=waiting[0] + timedelta(days=6))


def _yesterday(facts: MonthFacts) -> date:
    return date.fromordinal(facts.today.toordinal() - 1)


_JUDGES: dict[str, Callable[[MonthFacts], _Found]] = {
    "base": _base,
    "demand": _demand,
    "operating": _operating,
    "brand_targets": _brand_targets,
    "target_customers": _target_customers,
    "brand_state": _brand_state,
    "market": _market,
    "strategies": _strategies,
    "plan": _plan,
    "visits": _visits,
    "week": _week,
    "day": _day,
    "annotation": _annotation,
    "week_summary": _week_summary,
    "month_summary": _month_summary,
}

_GATES: dict[str, Callable[[MonthFacts], bool]] = {
    "base": lambda facts: facts.customers > 0,
    "operating": lambda facts: facts.generated,
    WATCH_LIST: lambda facts: facts.watched > 0,
    "brand_targets": lambda facts: facts.brand_targets > 0,
    "strategies": lambda facts: facts.documents.strategies is not None,
    "visits": lambda facts: facts.covered_until is not None,
    APPROVAL: lambda facts: is_approved(facts.documents.strategies) and is_approved(facts.documents.plan),
}
"""What opens a need. Step 8 may be generated beside 7 and is submitted with or after it (rules.states)."""
