"""crmkit summarize: steps 13 and 14, the week's and the month's summary."""

from typing import Annotated

import typer

from crmkit.commands.analyze_prompts import ask
from crmkit.commands.options import All, DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.times import month_of, week_of
from crmkit.commands.tree import command, context_of, group
from crmkit.context import Context
from crmkit.model.errors import Fault, Refusal
from crmkit.model.summary import PARTS, Period, SummaryPart
from crmkit.report.papers import summary as papers
from crmkit.report.words import _
from crmkit.workflow.summarize import is_month_end, month_period, summarize, week_period, write_parts

app = group(_("Steps 13 and 14: the summaries of the week and the month."))
WeekWord = Annotated[str | None, typer.Option("--week", metavar="W", help=_("2026-W45, this, last; 本周, 上周."))]
Write = Annotated[bool, typer.Option("--write", help=_("Be asked for each part that is yours to write."))]


def _part(name: SummaryPart, told: str) -> object:
    return typer.Option(f"--{name}", metavar="TEXT", help=told)


@command(app, "week", _("Step 13: the week's figures, visits and matters; state, schedule and effect are yours."))
def week(
    ctx: typer.Context,
    which: WeekWord = None,
    state: Annotated[str | None, _part(SummaryPart.STATE, _("How the indicators stand."))] = None,
    schedule: Annotated[str | None, _part(SummaryPart.SCHEDULE, _("Was the schedule reasonable?"))] = None,
    effect: Annotated[str | None, _part(SummaryPart.EFFECT, _("Was the work effective?"))] = None,
    write: Write = False,
    show_all: All = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    period = week_period(week_of(context, which).monday, context.today)
    given = {SummaryPart.STATE: state, SummaryPart.SCHEDULE: schedule, SummaryPart.EFFECT: effect}
    _summarize(context, manager, period, given, write=write, show_all=show_all, dry_run=dry_run)


@command(app, "month", _("Step 14: the same of a month, last month by default; five parts are yours."))
def month(
    ctx: typer.Context,
    month: MonthWord = None,
    completion: Annotated[str | None, _part(SummaryPart.COMPLETION, _("How the plan was completed."))] = None,
    accuracy: Annotated[str | None, _part(SummaryPart.ACCURACY, _("Was the analysis accurate?"))] = None,
    reason: Annotated[str | None, _part(SummaryPart.REASON, _("Was the plan reasonable?"))] = None,
    experience: Annotated[str | None, _part(SummaryPart.EXPERIENCE, _("What was learnt."))] = None,
    shortcomings: Annotated[str | None, _part(SummaryPart.SHORTCOMINGS, _("What fell short."))] = None,
    write: Write = False,
    show_all: All = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    wanted = month_of(context, month or "last")
    given = {
        SummaryPart.COMPLETION: completion,
        SummaryPart.ACCURACY: accuracy,
        SummaryPart.REASON: reason,
        SummaryPart.EXPERIENCE: experience,
        SummaryPart.SHORTCOMINGS: shortcomings,
    }
    period = month_period(wanted, context.today)
    _summarize(context, manager, period, given, write=write, show_all=show_all, dry_run=dry_run)
    if month is None and is_month_end(context.store(), context.policy, manager_of(context, manager), context.today):
        context.say(papers.this_month_too())


@command(app, "effect", _("Did it help: customers flagged with a problem, visited and not, before and after."))
def effect(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None) -> None:
    from crmkit.report.papers.helped import helped_page
    from crmkit.workflow.judge_help import judge_help

    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month or "last")
    context.show(helped_page(judge_help(context.store(), context.policy, whose, wanted, context.today)))


@command(app, "book", _("The month book: calendar, days, customers, analysis and summaries in one HTML file."))
def book(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None) -> None:
    from crmkit.report.formats.html import render_book
    from crmkit.report.papers.month_book import month_book_of
    from crmkit.workflow.month_book import month_book

    context = context_of(ctx)
    if context.format("html").value != "html":
        raise Refusal(Fault.BAD_VALUE, option="--format", value=context.format().value, expected="html")
    whose, wanted = manager_of(context, manager), month_of(context, month or "last")
    found = month_book(context.store(), context.act(), context.policy, whose, wanted)
    context.tell(render_book(month_book_of(found)))


@command(app, "check", _("Look at your own words and visits first: what would somebody ask about?"))
def check(
    ctx: typer.Context, which: WeekWord = None, month: MonthWord = None, manager: ManagerWord = None
) -> None:
    from crmkit.report.papers.honesty import honesty_page
    from crmkit.workflow.check_honesty import check_summary

    context = context_of(ctx)
    whose = manager_of(context, manager)
    period = month_period(month_of(context, month), context.today)
    if which is not None:
        period = week_period(week_of(context, which).monday, context.today)
    context.show(honesty_page(check_summary(context.store(), context.act(), context.policy, whose, period)))


def _summarize(
    context: Context,
    manager: str | None,
    period: Period,
    given: dict[SummaryPart, str | None],
    *,
    write: bool,
    show_all: bool,
    dry_run: bool,
) -> None:
    texts = {part: text for part, text in given.items() if text is not None}
    if write and not context.interactive:
        flags = " ".join(f"--{part}" for part in PARTS[period.kind])
        raise Refusal(Fault.ANSWER_NEEDED, flag=flags)
    whose = own_month_of(context, manager) if texts or write else manager_of(context, manager)
    if write:
        found = summarize(context.store(), context.policy, whose, period)
        for part in PARTS[period.kind]:
            context.say(papers.question(found, part))
            answer = ask("> ")
            if answer is None:
                break
            if answer:
                texts[part] = papers.taken(found, part) if answer in ("+", "＋") else answer
    if texts:
        common = (context.store(), context.act(), context.policy, whose, period, texts)
        found = write_parts(*common, dry_run=dry_run)
    else:
        found = summarize(context.store(), context.policy, whose, period)
    context.show(papers.summary_page(found, show_all=show_all, dry_run=dry_run and bool(texts)))
    context.say(papers.next_step(found))
