"""The week schedule 周工作安排: the focus of the week, and each day's customers with what is still to do there."""

from collections.abc import Mapping, Sequence

from crmkit.model.sheet import SheetTask
from crmkit.model.strategy import StrategyOrigin
from crmkit.model.visit import PlannedState
from crmkit.model.week_schedule import DayState, DayTotals, WeekDay, WeekSchedule, WeekStop
from crmkit.report.page import Block, Cell, Column, Fact, Heading, Page, Table, Term, Text, Tone
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.findings import indicator_focus, indicator_problems, rate_focus
from crmkit.report.papers.headings import following, named, unwritten
from crmkit.report.papers.visit_debts import debt_line
from crmkit.report.papers.week_schedule_data import schedule_data, schedule_rows
from crmkit.report.terms import day_words, short_day, week_words, weekday, word
from crmkit.report.words import _, ngettext
from crmkit.rules.capacity import on_road
from crmkit.workflow.area_findings import AreaFindings

_JOINT = " · "
_HEAD = 40  # a strategy's words up to their colon are its name, where that is no longer
_MARKS = {PlannedState.VISITED: "★", PlannedState.MISSED: "×"}
_TONES: Mapping[DayState, Tone] = {DayState.WAITING: "poor", DayState.UNPLANNED: "poor"}


def week_schedule(
    schedule: WeekSchedule, drafts: AreaFindings, *, full: bool = False, dry_run: bool = False
) -> Page:
    """The week on one overview and each of its days; `full`: strategies in all their words."""
    return Page(
        title=_("Week schedule"),
        subtitle=_JOINT.join((schedule.manager.name, week_words(schedule.week), schedule.zone)),
        schema="week-schedule/1",
        facts=tuple(_facts(schedule)),
        blocks=(
            *_focus(schedule, drafts),
            *_warnings(schedule),
            _overview(schedule),
            *(block for day in schedule.days for block in _day(day, full=full)),
            *unwritten(dry_run=dry_run),
        ),
        generated_for=schedule.week.monday,
        data={**schedule_data(schedule), "dry_run": dry_run},
        rows=schedule_rows(schedule),
        foot=_foot(schedule),
    )


def next_step(schedule: WeekSchedule) -> str:
    """What is still to be written; else how the paper is made."""
    week = schedule.week
    if not schedule.texts.is_done:
        return following(f"crmkit plan week --week {week} --market " + _("TEXT") + " --brand " + _("TEXT"))
    return following(f"crmkit plan week --week {week} -o " + _("week-schedule-{week}.pdf").format(week=week))


def total_words(totals: DayTotals) -> list[str]:
    """24 visits, 3 of them by phone or other ways; 31.2 km; 8 h 5 min; 80 % of the room."""
    said = [ngettext("{count} visit", "{count} visits", totals.visits).format(count=totals.visits)]
    if totals.calls:
        told = _("{onsite} on site, {calls} by phone or other ways")
        said.append(told.format(onsite=totals.onsite, calls=totals.calls))
    if totals.metres is not None:
        said.append(_("{km} km").format(km=_km(totals.metres)))
    if totals.visits:
        hours, minutes = divmod(totals.minutes, 60)
        said.append(_("{hours} h {minutes} min").format(hours=hours, minutes=minutes))
        said.append(_("{percent} % of the room").format(percent=totals.percent))
    return said


def day_word(day: WeekDay) -> str:
    """What a day is; why the company is off, where it said so."""
    said = word(day.state)
    return f"{said}{_(': ')}{day.reason}" if day.state is DayState.COMPANY_OFF and day.reason else said


def _foot(schedule: WeekSchedule) -> str:
    parts = [_("Week schedule"), schedule.manager.name, week_words(schedule.week)]
    if schedule.printing:
        parts.append(_("version {number}").format(number=schedule.printing.version))
        parts.append(_("printed {time}").format(time=f"{schedule.printing.at:%Y-%m-%d %H:%M}"))
    return _JOINT.join(parts)


def _facts(schedule: WeekSchedule) -> list[Fact]:
    facts = [Fact(_("The week"), _JOINT.join(total_words(schedule.totals)))]
    if schedule.texts.done_at and schedule.texts.is_done:
        told = _("{day} by {who}").format(day=schedule.texts.done_at[:10], who=schedule.texts.done_by)
        facts.append(Fact(_("Written"), told + (_JOINT + _("late") if schedule.late else "")))
    return facts


def _focus(schedule: WeekSchedule, drafts: AreaFindings) -> list[Block]:
    """The two focus texts; a draft where facts give one and nothing is written."""
    market = [*indicator_problems(drafts.indicators), *indicator_focus(drafts.indicators, drafts.aims)]
    brand = rate_focus(drafts.rates, drafts.products)
    texts = schedule.texts
    return [
        Heading(_("Focus of market collection")),
        _focus_text(texts.market, market),
        Heading(_("Focus of brand work")),
        _focus_text(texts.brand, brand),
    ]


def _focus_text(written: str | None, draft: Sequence[str]) -> Text:
    if written:
        return Text(written)
    if draft:
        told = _("Draft from what is abnormal; nothing is written yet:")
        return Text("\n".join([told, *(f"· {line}" for line in draft)]), "note")
    return Text(_("Nothing is written yet."), "note")


def _warnings(schedule: WeekSchedule) -> list[Block]:
    told = []
    if schedule.late and not schedule.texts.is_done:
        assert schedule.due is not None
        told.append(_("Late: it was due on {day}.").format(day=day_words(schedule.due)))
    if schedule.changed and schedule.printing:
        days = _(", ").join(f"{weekday(day)} {short_day(day)}" for day in schedule.changed)
        said = _("Version {number}, printed {time}, no longer holds for: {days}")
        at = f"{schedule.printing.at:%Y-%m-%d %H:%M}"
        told.append(said.format(number=schedule.printing.version, time=at, days=days))
    if any(day.provisional for day in schedule.days):
        told.append(_("Provisional: a calendar year was assumed, not published."))
    if schedule.methodless:
        told.append(_("Without a visit method, so on no paper: ") + named(schedule.methodless, show_all=True))
    return [*(Text(line, "warning") for line in told), *debt_line(schedule.owed)]


def _overview(schedule: WeekSchedule) -> Table:
    columns = (
        Column("day", _("Date")),
        Column("state", _("State")),
        Column("onsite", _("On site"), "number"),
        Column("calls", _("Other ways"), "number"),
        Column("km", _("km"), "number"),
        Column("hours", _("Time needed"), "number"),
        Column("percent", _("Fullness"), "number"),
        Column("route", _("Route")),
    )
    return Table(columns, tuple(map(_overview_row, schedule.days)))


def _overview_row(day: WeekDay) -> tuple[Cell, ...]:
    name = f"{weekday(day.day)} {short_day(day.day)}"
    totals = day.totals
    if day.state is not DayState.PLANNED:
        state = Term(day.state.value, day_word(day), _TONES.get(day.state, ""))
        return (name, state, None, None, None, None, None, day.route or "")
    km = None if totals.metres is None else _km(totals.metres)
    hours = f"{totals.minutes // 60}:{totals.minutes % 60:02d}"
    said = _("sheet printed") if day.sheet else word(day.state) if totals.visits else _("no visits")
    figures = (totals.onsite, totals.calls, km, hours, f"{totals.percent} %")
    return (name, Term(day.state.value, said), *figures, day.route or "")


def _day(day: WeekDay, *, full: bool) -> list[Block]:
    """One day with its visits; days without any only where something was written of them."""
    blocks: list[Block] = []
    if day.note:
        blocks.append(Text(_("Note: {text}").format(text=day.note)))
    if day.left_out:
        names = named(day.left_out, show_all=True)
        blocks.append(Text(_("Planned but left out (no visit method, or not active): ") + names, "warning"))
    if day.stops:
        blocks.append(_stops(day, full=full))
    if not blocks:
        return []
    parts = [day_words(day.day), total_words(day.totals)[0] if day.stops else day_word(day)]
    if day.route:
        parts.append(_("route {route}").format(route=day.route))
    return [Heading(_JOINT.join(parts)), *blocks]


def _stops(day: WeekDay, *, full: bool) -> Table:
    columns = (
        Column("position", _("No."), "number"),
        Column("short_code", _("Short")),
        Column("name", _("Name")),
        Column("way", _("Way")),
        Column("tasks", _("Strategies still open")),
    )
    return Table(columns, tuple(_stop_row(stop, full=full) for stop in day.stops))


def _stop_row(stop: WeekStop, *, full: bool) -> tuple[Cell, ...]:
    name = stop.customer.name + (f" [{_('KEY')}]" if stop.key else "")
    way = word(stop.method) if not on_road(stop.method) else ""
    held = _("fixed") + (f"{_(': ')}{stop.note}" if stop.note else "") if stop.pinned else ""
    ways = _("; ").join(part for part in (_MARKS.get(stop.state, ""), way, held) if part)
    return (stop.position, stop.short_code, name, ways, _tasks(stop.tasks, full=full))


def _tasks(tasks: Sequence[SheetTask], *, full: bool) -> str:
    if not tasks:
        return _("this month's are done")
    return _("; ").join(f"{task.number} {_task(task, full=full)}" for task in tasks)


def _task(task: SheetTask, *, full: bool) -> str:
    """A strategy's words, or its name: what stands before the colon."""
    said = words_of(task.words)
    head = said.replace("：", ":").partition(":")[0]
    short = head if len(head) <= _HEAD and len(head) < len(said) and not full else said
    return short + (_(" (carried)") if task.origin is StrategyOrigin.CARRIED else "")


def _km(metres: int) -> str:
    return f"{metres // 1000}.{metres % 1000 // 100}"
