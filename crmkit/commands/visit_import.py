"""crmkit visit import: a day's sheet as a table, filled in by a person, read back in one operation."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.options import DayWord, DryRun, ManagerWord, own_month_of
from crmkit.commands.times import day_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Exit
from crmkit.model.evening import Again
from crmkit.report.words import _


def hang_import(app: typer.Typer) -> None:
    """Hang the command on `crmkit visit`."""
    told = _("Read back a sheet that was written as a table (visit sheet -o FILE.xlsx or .csv) and filled in.")
    command(app, "import", told)(import_)


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The filled-in table: csv, xlsx or xls."))],
    day: DayWord = None,
    correct: Annotated[bool, typer.Option("--correct", help=_("Write over what was logged for that day."))] = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> int:
    from crmkit.report.papers.evening import evening_page
    from crmkit.workflow.enter_day import enter_day
    from crmkit.workflow.import_day import day_of_sheet, filled_sheet

    context = context_of(ctx)
    whose, text = own_month_of(context, manager), filled_sheet(context.store(), file)
    wanted = day_of(context, day) if day else day_of_sheet(context.store(), whose, text, context.today)
    common = (context.store(), context.act(), context.policy, whose, wanted, text)
    again = Again.CORRECTED if correct else Again.REFUSED
    kept = enter_day(*common, again=again, dry_run=dry_run)
    context.show(evening_page(kept, dry_run=dry_run))
    return Exit.INPUT_REFUSED if kept.slips else Exit.DONE
