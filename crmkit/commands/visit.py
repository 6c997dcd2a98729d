"""crmkit visit: step 11, the daily sheet and the facts of the street."""

from datetime import date
from typing import Annotated

import typer

from crmkit.commands import typed
from crmkit.commands.options import CustomerWord, DayWord, DryRun, ManagerWord, manager_of, own_customer
from crmkit.commands.times import NEXT, day_of
from crmkit.commands.tree import command, context_of, group
from crmkit.commands.visit_check import hang_check
from crmkit.commands.visit_debt import hang_debt
from crmkit.commands.visit_enter import hang_enter
from crmkit.commands.visit_import import hang_import
from crmkit.commands.visit_workbook import wants_workbook, write_workbook
from crmkit.context import Context
from crmkit.model.person import Person
from crmkit.report.words import _
from crmkit.sources.visitwords import METHODS, MISSES

app = group(_("Step 11: print the daily sheet, log visits."))
_SKETCH = ("svg", "png")  # of the road alone: no sheet
Correct = Annotated[bool, typer.Option("--correct", help=_("Write over what was logged for that day."))]
Method = Annotated[str | None, typer.Option(metavar="WAY", help=_("onsite, phone, wechat, online or meeting."))]


@command(app, "sheet", _("The daily visit sheet; on paper it freezes the day against replanning."))
def sheet(
    ctx: typer.Context,
    day: Annotated[
        str, typer.Option("--date", metavar="D", help=_("2026-11-20, today, tomorrow, or next: the next working day."))
    ] = "next",
    no_mark: Annotated[bool, typer.Option("--no-mark", help=_("Do not record the printing."))] = False,
    manager: ManagerWord = None,
) -> None:
    from crmkit.report.papers.daily_sheet import daily_sheet
    from crmkit.workflow.print_sheet import print_sheet, seen_sheet

    book = wants_workbook(ctx.obj.options)
    context = context_of(ctx, draws=True, writes=("xlsx",) if book else ())
    whose = manager_of(context, manager)
    wanted = _sheet_day(context, whose, day)
    if book:
        write_workbook(context, whose, wanted, mark=not no_mark)
        return
    on_paper = (bool(context.options.output) or context.format() in ("html", "pdf")) and context.format() not in _SKETCH
    if no_mark or not on_paper:
        context.show(daily_sheet(seen_sheet(context.store(), context.policy, whose, wanted, context.now)))
        return
    common = (context.store(), context.act(), context.policy, whose, wanted, context.format().value)
    print_sheet(*common, deliver=lambda printed: context.show(daily_sheet(printed)))


def _sheet_day(context: Context, whose: Person, word: str) -> date:
    """The day meant; said as a date when a word was typed, so that nobody carries the wrong day's sheet."""
    from crmkit.workflow.print_sheet import next_visit_day

    if word.strip() not in NEXT:
        return day_of(context, word)
    wanted = next_visit_day(context.store(), context.policy, whose, context.today)
    context.say(f"{word.strip()} = {wanted.isoformat()}")
    return wanted


@command(app, "log", _("Log a visit that was made, planned or not."))
def log(
    ctx: typer.Context,
    customer: CustomerWord,
    day: DayWord = None,
    effect: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Effect and impressions."))] = None,
    anomaly: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Market anomaly."))] = None,
    opinion: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Opinions and wishes."))] = None,
    done: Annotated[
        list[str] | None, typer.Option(metavar="N", help=_("Finished tasks: 2, or K7M-2 as printed."))
    ] = None,
    method: Method = None,
    arrived: Annotated[str | None, typer.Option(metavar="HH:MM", help=_("When you arrived."))] = None,
    left: Annotated[str | None, typer.Option(metavar="HH:MM", help=_("When you left."))] = None,
    verify: Annotated[
        list[str] | None,
        typer.Option(metavar="N", help=_("Fields to verify that were right: 1, 2, √ for both; 2=VALUE where not.")),
    ] = None,
    correct: Correct = False,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers.visits import logged
    from crmkit.workflow.log_visit import VisitFacts, log_visit
    from crmkit.workflow.verify_in_shop import fields_named

    context = context_of(ctx)
    act = context.act()
    found, wanted = own_customer(context, customer), day_of(context, day)
    facts = VisitFacts(
        wanted,
        typed.code_of(METHODS, method, "--method") if method else None,
        typed.clock_of(arrived, "--arrived"),
        typed.clock_of(left, "--left"),
        anomaly,
        opinion,
        effect,
        typed.numbers_of([*(done or []), *typed.task_behind(customer)]),
        verified=fields_named(context.store(), context.policy, found, verify or (), wanted),
    )
    result = log_visit(context.store(), act, context.policy, found, facts, correct=correct, dry_run=dry_run)
    context.show(logged(result, dry_run=dry_run))


@command(app, "miss", _("Log a planned visit that did not take place, and why."))
def miss(
    ctx: typer.Context,
    customer: CustomerWord,
    why: Annotated[
        str, typer.Option(metavar="REASON", help=_("closed, owner_away, weather, meeting, refused, other; 关门 …"))
    ],
    day: DayWord = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help=_("What else there is to say."))] = None,
    correct: Correct = False,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers.visits import logged
    from crmkit.workflow.log_visit import VisitFacts, log_visit

    context = context_of(ctx)
    act = context.act()
    facts = VisitFacts(day_of(context, day), missed=typed.code_of(MISSES, why, "--why"), effect=note)
    found = own_customer(context, customer)
    result = log_visit(context.store(), act, context.policy, found, facts, correct=correct, dry_run=dry_run)
    context.show(logged(result, dry_run=dry_run))


hang_debt(app)


@command(app, "list", _("The visits of a day: planned, made, missed, extra."))
def list_(ctx: typer.Context, day: DayWord = None, manager: ManagerWord = None) -> None:
    from crmkit.report.papers.visits import day_list
    from crmkit.workflow.list_visits import list_visits

    context = context_of(ctx)
    context.show(day_list(list_visits(context.store(), manager_of(context, manager), day_of(context, day))))


hang_enter(app)
hang_import(app)
hang_check(app)
