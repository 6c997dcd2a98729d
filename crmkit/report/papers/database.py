"""Pages about the file itself: its log, undo, backups, checks."""

from collections.abc import Sequence
from pathlib import Path

from crmkit.model.backup import BackupFailure, Restored
from crmkit.model.checking import Check, Checked
from crmkit.model.operation import Change, Operation
from crmkit.report.fieldwords import field_word
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text
from crmkit.report.tables import table_word
from crmkit.report.words import _, later
from crmkit.workflow.list_operations import OperationDetail
from crmkit.workflow.undo_operation import Undone

_CHECKS = {
    Check.IDENTITY: later("identity of the file"),
    Check.STRUCTURE: later("structure of the file"),
    Check.REFERENCES: later("references between tables"),
    Check.SCHEMA: later("triggers of the change log"),
    Check.TOTALS: later("control totals of imports"),
    Check.DIGEST: later("digests of imports"),
    Check.LOGGED: later("values against the change log"),
}
_KINDS = {"I": later("new"), "U": later("changed"), "D": later("gone")}

_SHOWN_KEPT = 20


def log(operations: Sequence[Operation]) -> Page:
    """The newest operations."""
    return Page(
        title=_("Operations"),
        schema="operations/1",
        blocks=(Table(_columns(), tuple(map(_row, operations)), empty=_("Nothing was done in this file yet.")),),
    )


_OF_FIELDS = frozenset({"customer", "product"})  # tables whose columns are fields of files


def operation(detail: OperationDetail) -> Page:
    """One operation and the cells it changed."""
    columns = (
        Column("table", _("Table")),
        Column("key", _("Key")),
        Column("kind", _("Change")),
        Column("column", _("Column")),
        Column("old", _("Before")),
        Column("new", _("After")),
    )
    cells = Table(columns, tuple(map(_change, detail.changes)), empty=_("No logged row changed."))
    return Page(
        title=_("Operation {op}").format(op=detail.operation.seq),
        schema="operation/1",
        facts=_facts(detail.operation),
        blocks=(cells,),
        data={"operation": Table(_columns(), (_row(detail.operation),)).records()[0], "changes": cells.records()},
    )


def undone(result: Undone, *, dry_run: bool) -> Page:
    """What an undo took back."""
    title = _("Would undo operation {op}: {command}") if dry_run else _("Undone: operation {op}, {command}")
    facts = [Fact(_("Rows put back"), str(result.rows))]
    if result.withdrawn:
        facts.append(Fact(_("Documents withdrawn"), str(result.withdrawn)))
    return Page(
        title=title.format(op=result.operation.seq, command=result.operation.command),
        schema="undo/1",
        facts=tuple(facts),
        blocks=(*_kept(result), *((Text(_("Nothing was written (--dry-run)."), "note"),) if dry_run else ())),
        data={
            "kept": [{"table": row.table, "key": row.key, "later": row.later} for row in result.kept],
            "op": result.operation.seq,
            "command": result.operation.command,
            "rows": result.rows,
            "withdrawn": result.withdrawn,
            "dry_run": dry_run,
        },
    )


def _kept(result: Undone) -> tuple[Block, ...]:
    """The rows an undo left: changed since, or needed by something later."""
    if not result.kept:
        return ()
    columns = (
        Column("table", _("What")),
        Column("key", _("Which row")),
        Column("later", _("Changed by operation"), "number"),
    )
    rows = tuple((Term(row.table, table_word(row.table)), row.key, row.later) for row in result.kept[:_SHOWN_KEPT])
    title = _("Left as they are: changed since, or needed by something later ({count})").format(count=len(result.kept))
    return (Table(columns, rows, title=title),)


def backed_up(path: Path) -> Page:
    """Where the new backup is."""
    return Page(
        title=_("Backup made and checked"),
        schema="backup/1",
        facts=(Fact(_("File"), str(path)),),
        data={"file": str(path)},
    )


def restored(result: Restored) -> Page:
    """What took the database's place and where the old file went."""
    facts = [Fact(_("Restored from"), str(result.backup)), Fact(_("Kept what was there"), str(result.kept or "-"))]
    if result.migrated_from is not None:
        facts.append(Fact(_("Brought up from schema"), str(result.migrated_from)))
    return Page(
        title=_("Database restored"),
        schema="restore/1",
        facts=tuple(facts),
        data={
            "backup": str(result.backup),
            "kept": str(result.kept) if result.kept else None,
            "migrated_from": result.migrated_from,
        },
    )


def checked(result: Checked) -> Page:
    """What a check found."""
    columns = (
        Column("check", _("Check")),
        Column("table", _("Table")),
        Column("key", _("Key")),
        Column("column", _("Column")),
        Column("expected", _("Expected")),
        Column("found", _("Found")),
    )
    rows = tuple(
        (Term(f.check.value, f"{f.check.value}: {_(_CHECKS[f.check])}"), f.table, f.key, f.column, f.expected, f.found)
        for f in result.findings
    )
    what = _("The file is damaged. Bring a backup back with: crmkit db restore")
    advice = what if result.damaged else _("The data is whole; what is named below is not as this version makes it.")
    return Page(
        title=_("Check of the database"), schema="check/1", blocks=(Text(advice, "warning"), Table(columns, rows))
    )


def backup_failure(failure: BackupFailure) -> str:
    """The warning after work that went on without its backup."""
    what = _("The backup before this ({folder}) could not be made: {cause}.").format(
        folder=failure.path, cause=failure.cause
    )
    if failure.last is None:
        return what + " " + _("There is no earlier backup.")
    age = _("The last good one is {days} days old: {path}").format(days=failure.age_days, path=failure.last.path)
    return f"{what} {age}"


def _columns() -> tuple[Column, ...]:
    return (
        Column("op", _("No."), "number"),
        Column("at", _("When")),
        Column("actor", _("Who")),
        Column("command", _("Command")),
        Column("arguments", _("With")),
        Column("changes", _("Cells"), "number"),
        Column("undoes", _("Undoes"), "number"),
        Column("undone_by", _("Undone by"), "number"),
    )


def _row(operation: Operation) -> tuple[Cell, ...]:
    return (
        operation.seq,
        Term(operation.at, _minute(operation.at)),
        operation.actor,
        operation.command,
        operation.arguments,
        operation.changes,
        operation.undoes,
        operation.undone_by,
    )


def _minute(at: str) -> str:
    """A moment as people read it: the business zone is the file's, seconds matter to programs."""
    return at[:16].replace("T", " ")


def _facts(operation: Operation) -> tuple[Fact, ...]:
    told = (
        (_("When"), _minute(operation.at)),
        (_("Who"), operation.actor),
        (_("Where"), operation.host),
        (_("Command"), f"{operation.command} {operation.arguments}".strip()),
        (_("Undoes"), operation.undoes),
        (_("Undone by"), operation.undone_by),
    )
    return tuple(Fact(word, str(value)) for word, value in told if value not in (None, ""))


def _change(change: Change) -> tuple[Cell, ...]:
    old, new = ("…", "…") if change.masked else (change.old, change.new)
    table = Term(change.table, table_word(change.table))
    column = Term(change.column, field_word(change.column)) if change.table in _OF_FIELDS else change.column
    return (table, change.key, Term(change.kind, _(_KINDS[change.kind])), column, old, new)
