"""Step 11 in the evening: a sheet that was written as a table and filled in, read back as the day's lines are."""

from datetime import date
from pathlib import Path

from crmkit.model.evening import EveningText
from crmkit.model.person import Person
from crmkit.sources.decoding import examine, kind_of
from crmkit.sources.delimited import open_table
from crmkit.sources.filled_sheet import read_filled, understands
from crmkit.sources.workbook import read_sheet
from crmkit.store.connection import Store
from crmkit.workflow.enter_day import known_of_day
from crmkit.workflow.import_source import staging


def filled_sheet(store: Store, path: Path) -> EveningText:
    """What a filled-in table says, as `enter_day` takes it; lines are the rows of the file.

    Raises Refusal for a file that cannot be read or is no sheet of crmkit.
    """
    with staging(store.path) as stage:
        if kind_of(path, path) in ("xlsx", "xls"):
            target, into = stage.new()
            with into:
                file = read_sheet(path, path, target, into).text
        else:
            file = examine(path, None, path)
        return read_filled(open_table(file, None, understands))


def day_of_sheet(store: Store, manager: Person, text: EveningText, today: date) -> date:
    """The day of the sheet whose code stands in the file; today where none does, or one of no day around."""
    known = known_of_day(store, manager, today)
    return next((known.sheets[code] for _line, code in text.sheets if code in known.sheets), today)
