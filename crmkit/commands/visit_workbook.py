"""crmkit visit sheet -o day.xlsx: the sheet to fill in at a screen; `crmkit visit import` reads it back."""

from datetime import date
from pathlib import Path

from crmkit.context import Context, Options
from crmkit.model.errors import Fault, Refusal
from crmkit.model.person import Person
from crmkit.model.sheet import Sheet


def wants_workbook(options: Options) -> bool:
    """Is an .xlsx asked for, by --format or by the file's suffix?"""
    return options.format == "xlsx" or (not options.format and (options.output or "").lower().endswith(".xlsx"))


def write_workbook(context: Context, whose: Person, day: date, *, mark: bool) -> None:
    """The day's sheet as a workbook; `mark`: it is a print, the day is frozen."""
    from crmkit.workflow.print_sheet import print_sheet, seen_sheet

    path = _path(context)
    if not mark:
        _deliver(context, path, seen_sheet(context.store(), context.policy, whose, day, context.now))
        return
    common = (context.store(), context.act(), context.policy, whose, day, "xlsx")
    print_sheet(*common, deliver=lambda sheet: _deliver(context, path, sheet))


def _path(context: Context) -> Path:
    if not context.options.output:
        raise Refusal(Fault.ANSWER_NEEDED, flag="-o day.xlsx")
    return Path(context.options.output)


def _deliver(context: Context, path: Path, sheet: Sheet) -> None:
    from crmkit.report.formats.workbook import render_workbook
    from crmkit.report.papers.daily_sheet import daily_sheet
    from crmkit.report.papers.daily_sheet_data import to_fill, workbook_table
    from crmkit.store import files

    page, keys = daily_sheet(sheet), [key for key, _head in to_fill()]
    files.write_file(path, render_workbook(workbook_table(sheet), f"{page.title} {page.subtitle}", keys))
    context.say(str(path))
