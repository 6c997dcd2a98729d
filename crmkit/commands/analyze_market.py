"""crmkit analyze market: step 6, the indicators of the area and their targets."""

from typing import Annotated

import typer

from crmkit.commands import typed_targets as typed
from crmkit.commands.options import DryRun, Focus, ManagerWord, MonthWord, Note, Problems, manager_of, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.commands.typed import code_of
from crmkit.report.papers import market as papers
from crmkit.report.words import _
from crmkit.workflow import analyze_market as step

app = group(_("Step 6: the indicators of the month before, and the targets of this one."))


@command(app, "compute", _("Step 6: judge the indicators of the month before, propose the targets of this one."))
def compute(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    found = step.compute_market(context.store(), context.act(), context.policy, whose, wanted, dry_run=dry_run)
    context.show(papers.market(found, dry_run=dry_run))
    context.say(papers.next_step(found))


@command(app, "show", _("Step 6 as it stands."))
def show(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None) -> None:
    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = step.market_state(context.store(), context.policy, whose, wanted, context.act())
    context.show(papers.market(found))
    context.say(papers.next_step(found))


@command(app, "target", _("Step 6: the targets of the month: enter them, or confirm what is proposed."))
def target(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INDICATOR=NUMBER]…",
            help=_("volume=12000 carton_value=180.5 key_brand_growth=-2; Chinese words too."),
        ),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help=_("Take every other target as proposed."))] = False,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    entered = typed.targets_of(words or [])
    common = (context.store(), context.act(), context.policy, whose, wanted)
    found = step.set_indicator_targets(*common, entered, confirm=confirm, dry_run=dry_run)
    context.show(papers.targets(found, dry_run=dry_run))
    context.say(papers.next_step(found))


@command(app, "judge", _("Step 6: change the state of an indicator by hand, with a note; both states are kept."))
def judge(
    ctx: typer.Context,
    indicator: Annotated[
        str, typer.Argument(metavar="INDICATOR", help=_("volume, carton_value, key_brand_growth; Chinese words too."))
    ],
    state: Annotated[
        str, typer.Argument(metavar="STATE", help=_("abnormal, normal or not_judged; Chinese words too."))
    ],
    note: Note = "",
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    meant = code_of(typed.INDICATORS, indicator, "INDICATOR")
    final = code_of(typed.JUDGEMENTS, state, "STATE")
    common = (context.store(), context.act(), context.policy, whose, wanted)
    found = step.judge_indicator(*common, meant, final, typed.note_of(note), dry_run=dry_run)
    context.show(papers.market(found, dry_run=dry_run))


@command(app, "write", _("Step 6: problems and focus in your own words, in place of the draft."))
def write(
    ctx: typer.Context,
    problems: Problems = None,
    focus: Focus = None,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    texts = typed.texts_of(problems, focus)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    found = step.write_market_texts(*common, *texts, dry_run=dry_run)
    context.show(papers.market(found, dry_run=dry_run))
