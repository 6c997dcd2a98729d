"""What was imported before: all of it, and one import."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from crmkit.model.figures import AMOUNT_SCALE
from crmkit.model.importing import Batch, Kind
from crmkit.report.page import Column, Fact, Page, Table, Term
from crmkit.report.papers.imports import KIND_WORDS, amount_words, volume_words
from crmkit.report.words import _
from crmkit.workflow.list_imports import BatchDetail


def history(batches: Sequence[Batch]) -> Page:
    """Every import, newest first."""
    table = Table(_history_columns(), tuple(map(_history_row, batches)), empty=_("Nothing was imported yet."))
    return Page(title=_("Imports"), schema="imports/1", blocks=(table,))


def _history_columns() -> tuple[Column, ...]:
    return (
        Column("batch", _("No."), "number"),
        Column("at", _("When")),
        Column("actor", _("Who")),
        Column("file", _("File")),
        Column("kinds", _("What")),
        Column("rows", _("Rows"), "number"),
        Column("rejected", _("Refused"), "number"),
        Column("amount", _("Amount"), "number"),
        Column("undone_by", _("Undone by"), "number"),
    )


def _history_row(batch: Batch) -> tuple[int | str | Decimal | Term | None, ...]:
    kinds = Term(" ".join(batch.kinds), ", ".join(_(KIND_WORDS[kind]) for kind in batch.kinds))
    amount = Decimal(batch.amount) / AMOUNT_SCALE if Kind.ORDERS in batch.kinds else None
    return (
        batch.id,
        Term(batch.at[:16], batch.at[:16].replace("T", " ")),
        batch.actor,
        Path(batch.file).name,
        kinds,
        batch.rows,
        batch.rejected,
        amount,
        batch.undone_by,
    )


def batch_page(detail: BatchDetail) -> Page:
    """One import."""
    batch = detail.batch
    facts = [
        Fact(_("File"), batch.file),
        Fact(_("When"), batch.at),
        Fact(_("Who"), batch.actor),
        Fact(_("What"), ", ".join(_(KIND_WORDS[kind]) for kind in batch.kinds)),
        Fact(_("Encoding"), batch.encoding),
        Fact("SHA-256", batch.sha256),
        Fact(_("Rows"), str(batch.rows)),
        Fact(_("Taken"), str(batch.accepted)),
        Fact(_("of these unchanged"), str(batch.unchanged)),
        Fact(_("Rejected rows"), str(batch.rejected)),
        Fact(_("Blank, heading, sum and signature rows"), str(batch.skipped)),
        Fact(_("Volume"), volume_words(batch.volume)),
        Fact(_("Amount"), amount_words(batch.amount)),
        Fact(_("Operation"), str(batch.op)),
    ]
    if detail.together:
        facts.append(Fact(_("Imported by the same command"), ", ".join(map(str, detail.together))))
    if batch.undone_by is not None:
        facts.append(Fact(_("Undone by operation"), str(batch.undone_by)))
    row = Table(_history_columns(), (_history_row(batch),)).records()[0]
    data = {**row, "sha256": batch.sha256, "accepted": batch.accepted, "unchanged": batch.unchanged, "op": batch.op}
    title = _("Import {batch}").format(batch=batch.id)
    return Page(title=title, schema="import-batch/1", facts=tuple(facts), data=data)
