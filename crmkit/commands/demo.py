"""crmkit demo: an invented territory, planned, with the next sheet."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.tree import command, context_of, single
from crmkit.report.papers import daily_sheet, imports
from crmkit.report.papers import demo as papers
from crmkit.report.words import _
from crmkit.workflow.run_demo import FOLDER, run_demo

app = single()


@command(app, "demo", _("Try crmkit: an invented territory, planned, with tomorrow's sheet."))
def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help=_("A new folder for it."))] = Path(FOLDER),
) -> None:
    context = context_of(ctx)
    with context.progress(_("Demo"), 100) as progress:
        result = run_demo(folder, context.founding_act(), context.policy, imports.describe, progress)
    sheet = daily_sheet.daily_sheet(result.sheet)
    for name in ("html", "pdf"):
        context.keep(sheet, result.folder / f"{papers.sheet_name(result)}.{name}")
    context.show(sheet)
    context.say("\n".join(papers.told(result)))
