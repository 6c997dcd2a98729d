"""crmkit plan export: the dated visits for a phone's calendar, a table, an office's wall."""

from datetime import date, time
from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands import typed
from crmkit.commands.options import EncodingWord, ManagerWord, MonthWord, manager_of
from crmkit.commands.plan_week import WeekWord
from crmkit.commands.times import month_of, week_of
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.dated_visits import DatedVisits
from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import _, ngettext

FORMS = ("ics", "csv", "xlsx")
_TIMED = _("Timed by the order of the road, from this hour on.")
Start = Annotated[str | None, typer.Option("--start", metavar="HH:MM", help=_TIMED)]


def hang_export(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    command(app, "export", _("The dated visits as a file: .ics for a phone, .csv, .xlsx with a sheet a week."))(export)


def export(
    ctx: typer.Context,
    month: MonthWord = None,
    week: WeekWord = None,
    start: Start = None,
    with_phones: Annotated[bool, typer.Option("--with-phones", help=_("Contacts and phones too."))] = False,
    encoding: EncodingWord = None,
    manager: ManagerWord = None,
) -> None:
    from crmkit.workflow.export_visits import dated_visits

    context = context_of(ctx, writes=FORMS)
    path, form = _target(context, encoding)
    first, last = _range(context, month, week)
    whose = manager_of(context, manager)
    begins = typed.clock_of(start, "--start")
    clock = time.fromisoformat(begins) if begins else None
    dated = dated_visits(context.store(), context.policy, [whose], first, last, clock)
    _write(dated, path, form, encoding, with_phones=with_phones)
    count = ngettext("{count} visit", "{count} visits", len(dated.visits)).format(count=len(dated.visits))
    context.say(f"{path}{_(': ')}{count}")


def _target(context: Context, encoding: str | None) -> tuple[Path, str]:
    """The file and its kind: --format, else the suffix. Raises Refusal(BAD_VALUE), (CONFLICTING_OPTIONS)."""
    named = context.options.output or ""
    if not named:
        raise Refusal(Fault.ANSWER_NEEDED, flag=f"-o visits.{context.options.format or FORMS[0]}")
    form = context.options.format or Path(named).suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise Refusal(Fault.BAD_VALUE, option="-o", value=named, expected=" ".join(f"*.{one}" for one in FORMS))
    if encoding and form != "csv":
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=f"--encoding {encoding}", second=form)
    return Path(named), form


def _range(context: Context, month: str | None, week: str | None) -> tuple[date, date]:
    if month and week:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=f"--month {month}", second=f"--week {week}")
    if week:
        meant = week_of(context, week)
        return meant.monday, meant.sunday
    whole = month_of(context, month)
    return whole.first, whole.last


def _write(dated: DatedVisits, path: Path, form: str, encoding: str | None, *, with_phones: bool) -> None:
    from crmkit.report.formats.csv import guarded_rows
    from crmkit.report.papers.dated_visits import visit_table
    from crmkit.store import files

    if form == "ics":
        from crmkit.report.formats.ics import render_ics

        files.write_file(path, render_ics(dated, with_phones=with_phones))
        return
    table = visit_table(dated, with_phones=with_phones)
    if form == "xlsx":
        from crmkit.report.formats.xlsx import render_xlsx
        from crmkit.report.page import said

        rows = [[column.word for column in table.columns], *([said(cell) for cell in row] for row in table.rows)]
        files.write_file(path, render_xlsx(dated, rows))
        return
    from crmkit.workflow.export_base_data import write_csv

    header, *rows = guarded_rows(table)
    write_csv(path, encoding, header, rows)
