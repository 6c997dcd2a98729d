"""crmkit order: the order lines, out of the file."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.options import EncodingWord
from crmkit.commands.times import day_of
from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers.customer_fields import exported
from crmkit.report.words import _
from crmkit.workflow.export_orders import export_orders

app = group(_("The order lines: export."))


@app.callback(help=_("The order lines: export."))
def orders() -> None:
    """Keeps `export` a word of its own: a group of one command would become that command."""


@command(app, "export", _("Write order lines into a file that import reads back."))
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or XLSX file to make; import reads it back."))],
    encoding: EncodingWord = None,
    first: Annotated[str | None, typer.Option("--from", metavar="D", help=_("First day to write."))] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="D", help=_("Last day to write."))] = None,
) -> None:
    context = context_of(ctx)
    begin = day_of(context, first, "--from") if first else None
    end = day_of(context, last, "--to") if last else None
    context.show(exported(export_orders(context.store(), file, encoding, first=begin, last=end)))
