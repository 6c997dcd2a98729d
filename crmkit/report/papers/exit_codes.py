"""The one table of exit codes."""

from crmkit.model.errors import Exit
from crmkit.report.page import Column, Page, Table, Term
from crmkit.report.words import _, later

MEANINGS: dict[Exit, str] = {
    Exit.DONE: later("done"),
    Exit.BUG: later("a bug of crmkit"),
    Exit.USAGE: later("the command line is not understood"),
    Exit.DONE_WITH_WARNINGS: later("done, with rejects or warnings"),
    Exit.INPUT_REFUSED: later("input refused, nothing written"),
    Exit.NOT_FOUND: later("not found, or more than one"),
    Exit.FORBIDDEN: later("forbidden by a rule or a state"),
    Exit.NO_DATABASE: later("no crmkit database"),
    Exit.BUSY: later("the database is in use"),
    Exit.PERMISSION: later("no permission, or wrong key"),
    Exit.DAMAGED: later("the database is damaged"),
    Exit.TOO_NEW: later("written by a newer crmkit"),
    Exit.DISK: later("the disk did not take it"),
    Exit.HANGUP: later("the terminal was closed"),
    Exit.INTERRUPTED: later("interrupted by Ctrl-C"),
    Exit.READER_LEFT: later("the reader of the output left"),
    Exit.TERMINATED: later("asked to end"),
}


def page() -> Page:
    """All exit codes with their meaning."""
    rows = tuple((code.value, Term(code.name.lower(), _(meaning))) for code, meaning in MEANINGS.items())
    columns = (Column("code", _("Exit code"), "number"), Column("meaning", _("Meaning")))
    return Page(title=_("Exit codes"), schema="exit-codes/1", blocks=(Table(columns, rows),))
