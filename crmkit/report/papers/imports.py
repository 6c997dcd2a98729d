"""What an import brought, and why rows were refused."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from crmkit.model.figures import AMOUNT_SCALE, VOLUME_SCALE
from crmkit.model.importing import (
    CellChange,
    Counted,
    ImportResult,
    Kind,
    Notice,
    Reason,
    Rejected,
    VolumeUnit,
)
from crmkit.model.personal import masked_phone
from crmkit.model.product import UNITS_PER_CASE, UNITS_PER_CRATE, UNITS_PER_PACK
from crmkit.report.fieldwords import field_word, value_cell
from crmkit.report.page import Block, Cell, Column, Fact, Facts, Heading, Page, Table, Term, Text
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.translations import pointer, translations
from crmkit.report.words import _, later

SHOWN_REJECTS = 20
_HELD_SHOWN = 10
_BOOKS = frozenset({"xlsx", "xls"})
LISTED_REJECTS = 1000  # in JSON; the rejects file has them all

KIND_WORDS = {
    Kind.CUSTOMERS: later("customers"), Kind.PRODUCTS: later("products"), Kind.ORDERS: later("order lines"),
    Kind.DEMAND: later("questionnaires"), Kind.SCORES: later("customers scored"),
    Kind.DISTANCES: later("ways between shops"),
}  # fmt: skip
_REASONS: dict[Reason, str] = {
    Reason.CELLS: later("cells found and expected"),
    Reason.BLANK: later("a needed cell is blank"),
    Reason.BAD_CODE: later("not a code"),
    Reason.DIGITS_LOST: later("digits lost by a spreadsheet"),
    Reason.ERROR_CELL: later("an error of a spreadsheet"),
    Reason.TOO_LONG: later("too long"),
    Reason.CONTROL_CHARACTER: later("holds a NUL character"),
    Reason.BAD_NUMBER: later("not a number"),
    Reason.TOO_LARGE: later("number out of range"),
    Reason.TOO_FINE: later("not a whole thousandth of a carton"),
    Reason.BAD_DATE: later("not a date"),
    Reason.AMBIGUOUS_DATE: later("a date with two readings; name its order in a mapping file"),
    Reason.SERIAL_DATE: later("a bare number among dates; is it an Excel day? then say --dates excel"),
    Reason.DATE_RANGE: later("a date before 1990 or after 2100"),
    Reason.MONTH_FAR: later("a month too far from the running one; taken are"),
    Reason.FUTURE_DATE: later("a date in the future"),
    Reason.BAD_PHONE: later("not a phone number"),
    Reason.BAD_COORDINATE: later("not a pair of coordinates"),
    Reason.UNKNOWN_WORD: later("a word that is not known"),
    Reason.UNIT_CONFLICT: later("the row counts in another unit than the header says"),
    Reason.UNKNOWN_MANAGER: later("no customer manager of this file"),
    Reason.UNKNOWN_CUSTOMER: later("not a customer of the database"),
    Reason.UNKNOWN_PRODUCT: later("not a product of the database"),
    Reason.LOST_ZEROS: later("a code whose zeros in front were lost; mend it, or it would be a second one"),
    Reason.STORED_WITHOUT_ZEROS: later("stored without its zeros in front; undo the import that lost them"),
    Reason.TWO_NAMES: later("one code with two names"),
    Reason.REPEATED_LINE: later("the same order line twice with different values"),
    Reason.NOT_A_LEAF: later("products hang on the lowest category only"),
    Reason.MASTER_REJECTED: later("its customer or product was rejected"),
    Reason.BAD_MONTH: later("not a month"),
    Reason.TWO_PRODUCTS: later("several products have this name; use the code"),
    Reason.MONTH_SUBMITTED: later("the strategies of that month are submitted"),
    Reason.NOT_VALID: later("the customer has no customer manager"),
    Reason.NO_UNIT: later("metres or kilometres? name the unit at the column: 距离(公里)"),
    Reason.TO_ITSELF: later("a way from a shop to itself"),
    Reason.NO_WAY: later("0 between shops that are not known to stand in one place"),
    Reason.TOO_FAR: later("a way of more than 2000 km"),
    Reason.BELOW_STRAIGHT: later("shorter than the straight line between the two places; no road is"),
    Reason.TWO_LENGTHS: later("one way with two lengths"),
}
_NOTICES: dict[Notice, str] = {
    Notice.COLUMNS_IGNORED: later("Columns not used"),
    Notice.UNIT: later("Unit taken from the header"),
    Notice.STRANGE_UNIT: later("Not known as a unit, read as it stands"),
    Notice.ROW_UNITS: later("Units of the rows"),
    Notice.FOOT_ROWS: later("Signed at the foot, not imported (lines)"),
    Notice.SERIAL_DATES: later("Read as Excel days"),
    Notice.LOOKALIKE_CODES: later("Codes that look alike"),
    Notice.MANAGER_ASSUMED: later("Customer manager of the new customers"),
    Notice.TITLE_ROWS: later("Rows above the header"),
    Notice.JOINED_HEADER: later("Header of two rows, read as"),
    Notice.SHEETS_LEFT: later("Other sheets of the workbook"),
    Notice.HIDDEN_ROWS: later("Hidden rows, read too (--visible-only leaves them out)"),
    Notice.HIDDEN_COLUMNS: later("Hidden columns, read too (--visible-only leaves them out)"),
    Notice.MERGED_CELLS: later("Merged cells; only the first of them holds a value"),
    Notice.FILTERED: later("Sheets with a filter"),
    Notice.LOCK_FILE: later("Left out: a lock file of a spreadsheet program"),
    Notice.SAVED_MAP: later("Mapping known by the header (folder maps)"),
    Notice.TOTAL_AGREES: later("The total at the foot is the sum of the rows"),
    Notice.TOTAL_DIFFERS: later("The total at the foot is not the sum of the rows"),
    Notice.ORDER_TOTALS_DIFFER: later("Orders whose lines do not add up to their total; the lines are kept"),
    Notice.SUBTOTALS: later("Rows of sums, not imported"),
    Notice.NEW_NAME: later("Same code, quite another name: another shop?"),
    Notice.LINES_STANDING: later("Orders with more lines than the file has of them; those stay"),
    Notice.CLOSED_ORDERS: later("Orders of customers that are not active"),
    Notice.EARLY_ORDERS: later("Orders before the day of opening"),
    Notice.FAR_AWAY: later("Places far from the rest"),
    Notice.MISSING_CUSTOMERS: later("Customers that are not in the file; they stay (--archive-missing)"),
    Notice.CLOSED_MISSING: later("Customers that are not in the file, marked closed"),
    Notice.NO_MANAGER: later("New customers nobody looks after yet (customer assign)"),
    Notice.COORDINATES: later("Coordinates read as (other: --coordinates)"),
    Notice.MONTH_COLUMNS: later("A column a month, not read; orders come line by line"),
    Notice.VISITS_CANCELLED: later("Open visits cancelled, their customers are not active any more"),
    Notice.LATE_DEMAND: later("Online questionnaires after the cut-off, for a later month"),
    Notice.UNCONFIRMED: later("Questionnaires that were confirmed and changed; confirm them again"),
    Notice.CARRIED_SCORES: later("Customers with last month's scores, marked carried over"),
    Notice.MATRIX: later("A square table, read as a row for each way; lines below count those rows"),
    Notice.METRES_ASSUMED: later("No unit at the column; numbers without one read as metres"),
    Notice.THERE_AND_BACK: later("Ways of two lengths, there and back; the mean counts (the largest difference)"),
    Notice.LATER_ROW: later("Rows that differ from an earlier one of the same code; the last filled cell counts"),
}


def describe(reject: Rejected) -> str:
    """Why a row was refused, in words; of an unknown word also where it can be translated."""
    where = pointer(reject)
    return _("; ").join([_why(reject), where] if where else [_why(reject)])


def _why(reject: Rejected) -> str:
    return f"{_(_REASONS[reject.reason])}: {reject.detail}" if reject.detail else _(_REASONS[reject.reason])


def imported(results: Sequence[ImportResult]) -> Page:
    """What a command's files brought."""
    blocks: list[Block] = []
    for result in results:
        blocks += _file_blocks(result)
    return Page(title=_("Import"), schema="import/1", blocks=tuple(blocks), data=[_data(result) for result in results])


def _file_blocks(result: ImportResult) -> list[Block]:
    name = Heading(result.file)
    if result.already is not None:
        already = _("Already imported as number {batch}; nothing was changed.").format(batch=result.already)
        return [name, Text(already, "note")]
    blocks: list[Block] = [name, Facts(tuple(_facts(result)))]
    if result.rejected:
        blocks += [_reason_table(result), _reject_table(result), *translations(result.rejected)]
    if result.changes:
        blocks += [_change_table(result), *_more_changes(result)]
    blocks += followed(result.consequences, {})
    if result.dry_run and result.columns:
        blocks += [_column_table(result), *_keeping(result)]
    if result.dry_run:
        blocks.append(Text(_("Nothing was written (--dry-run)."), "note"))
    return blocks


def _facts(result: ImportResult) -> list[Fact]:
    told = _("Kind of file") if result.encoding in _BOOKS else _("Encoding")
    facts = [Fact(told, result.encoding), Fact(_("Rows"), str(result.rows))]
    for kind, counted in result.counted.items():
        text = _("{new} new, {changed} changed, {unchanged} unchanged")
        told = text.format(new=counted.new, changed=counted.changed, unchanged=counted.unchanged)
        facts.append(Fact(_(KIND_WORDS[kind]), told))
    facts += [Fact(_("Kept as set by hand"), _held(counted)) for counted in result.counted.values() if counted.held]
    if Kind.ORDERS in result.counted:
        facts.append(Fact(_("Orders"), str(result.orders)))
        facts.append(Fact(_("Together") if result.dry_run else _("Written and counted again"), _totals(result)))
    if result.skipped:
        facts.append(Fact(_("Blank, heading, sum and signature rows"), str(result.skipped)))
    facts += [Fact(_(_NOTICES[notice]), _notice_words(notice, detail)) for notice, detail in result.notices]
    if result.rejected:
        facts.append(Fact(_("Rejected rows"), str(len(result.rejected))))
    if result.rejects_file:
        facts.append(Fact(_("Mend and import again"), result.rejects_file))
    if result.batch is not None:
        undo = f"{result.batch} (crmkit import undo {result.batch})"
        facts.append(Fact(_("Import number"), undo))
    return facts


_UNITS: dict[VolumeUnit, tuple[str, int]] = {
    VolumeUnit.CARTON: (later("{rows} in cartons"), 0),
    VolumeUnit.CASE: (later("{rows} in cases of {sticks} sticks"), UNITS_PER_CASE),
    VolumeUnit.CRATE: (later("{rows} in crates of {sticks} sticks"), UNITS_PER_CRATE),
    VolumeUnit.STICK: (later("{rows} in sticks"), 1),
    VolumeUnit.PACK: (later("{rows} in packs of {sticks} sticks"), UNITS_PER_PACK),
}


def _notice_words(notice: Notice, detail: str) -> str:
    """What a notice tells. Sticks of a carton are each product's own; those of the other units are crmkit's default."""
    if notice is Notice.SERIAL_DATES:
        mac = _("counted from 1900; a file of the 1904 system is 1462 days later: --dates excel-1904")
        return _("; ").join((detail, mac))
    if notice is not Notice.ROW_UNITS:
        return detail
    told = []
    for part in detail.split(", "):
        text, sticks = _UNITS[VolumeUnit(part.split()[0])]
        told.append(_(text).format(rows=part.split()[1], sticks=sticks))
    return _("; ").join([*told, _("the sticks of a carton by the product, the others fixed in crmkit")])


def _held(counted: Counted) -> str:
    """Where the file says otherwise than a person did: what was set stays."""
    shown = [f"{code} {field_word(column)}" for code, column in counted.held[:_HELD_SHOWN]]
    more = len(counted.held) - len(shown)
    return _("; ").join(shown) + (_(" and {count} more").format(count=more) if more else "")


def _totals(result: ImportResult) -> str:
    totals = result.totals
    text = _("{lines} lines, volume {volume}, amount {amount}")
    return text.format(lines=totals.lines, volume=volume_words(totals.volume), amount=amount_words(totals.amount))


def volume_words(volume: int) -> str:
    """Thousandths as people write cartons: 7453231, 0.5."""
    return f"{(Decimal(volume) / VOLUME_SCALE).normalize():f}"


def amount_words(amount: int) -> str:
    """Minor units as an amount with two places."""
    return f"{Decimal(amount) / AMOUNT_SCALE:.2f}"


def _reason_table(result: ImportResult) -> Table:
    counts = Counter((reject.column, reject.reason) for reject in result.rejected)
    columns = (Column("column", _("Column")), Column("reason", _("Reason")), Column("rows", _("Rows"), "number"))
    rows = tuple((c, Term(r.value, _(_REASONS[r])), n) for (c, r), n in counts.most_common())
    return Table(columns, rows, title=_("Why rows were rejected"))


def _reject_table(result: ImportResult) -> Table:
    columns = (Column("line", _("Line"), "number"), Column("column", _("Column")), Column("reason", _("Reason")))
    rows = tuple((r.line, r.column, Term(r.reason.value, _why(r))) for r in result.rejected[:SHOWN_REJECTS])
    return Table(columns, rows, title=_("The first rejected rows"))


def _change_table(result: ImportResult) -> Table:
    """What an import changes, old and new; phones are masked."""
    columns = (
        Column("kind", _("What")), Column("key", _("Code")), Column("field", _("Field")),
        Column("old", _("Old")), Column("new", _("New")),
    )  # fmt: skip
    overwritten_first = sorted(result.changes, key=lambda change: change.old is None)
    return Table(columns, tuple(map(_change_row, overwritten_first[:SHOWN_REJECTS])), title=_("Changes"))


def _more_changes(result: ImportResult) -> list[Block]:
    """Say that the table does not hold every change."""
    if len(result.changes) <= SHOWN_REJECTS:
        return []
    text = _("The first {shown} changed cells, those that held something else before in front; there are more.")
    return [Text(text.format(shown=SHOWN_REJECTS), "note")]


def _change_row(change: CellChange) -> tuple[Cell, ...]:
    kind = Term(change.kind.value, _(KIND_WORDS[change.kind]))
    field = Term(change.field, field_word(change.field))
    return (kind, change.key, field, _cell(change.field, change.old), _cell(change.field, change.new))


def _cell(field: str, value: str | int | None) -> Cell:
    """A changed cell in words: 停业, not suspended."""
    if field in ("phone", "volume", "allowed", "amount"):
        return _cell_words(field, value)
    return "" if value is None else value_cell(field, value)


def _cell_words(field: str, value: str | int | None) -> str:
    if value is None:
        return ""
    if field == "phone":
        return masked_phone(str(value)) or ""
    if field in ("volume", "allowed"):
        return volume_words(int(value))
    return amount_words(int(value)) if field == "amount" else str(value)


def _keeping(result: ImportResult) -> list[Block]:
    """How a column that is not used is kept."""
    if Kind.CUSTOMERS not in result.kinds or Notice.COLUMNS_IGNORED not in dict(result.notices):
        return []
    return [Text(_("To keep a column that is not used: crmkit customer field add NAME, then import"), "note")]


def _column_table(result: ImportResult) -> Table:
    """Which column was read as what, in words and as a mapping file writes it."""
    columns = (Column("column", _("Column")), Column("field", _("Field")), Column("key", _("In a mapping file")))
    rows = ((heading, field_word(field.partition(".")[2] or field), field) for heading, field in result.columns)
    return Table(columns, tuple(rows), title=_("Columns"))


def _data(result: ImportResult) -> dict[str, object]:
    return {
        "file": result.file,
        "sha256": result.sha256,
        "encoding": result.encoding,
        "kinds": [kind.value for kind in result.kinds],
        "rows": result.rows,
        "skipped": result.skipped,
        "counted": {
            kind.value: {"new": c.new, "changed": c.changed, "unchanged": c.unchanged, "held": len(c.held)}
            for kind, c in result.counted.items()
        },
        "orders": result.orders,
        "lines": result.totals.lines,
        "volume": volume_words(result.totals.volume),
        "amount": amount_words(result.totals.amount),
        "rejected_rows": len(result.rejected),
        "rejected": [
            {"line": r.line, "column": r.column, "reason": r.reason.value, "detail": r.detail}
            for r in result.rejected[:LISTED_REJECTS]
        ],
        "columns": [{"column": heading, "field": field} for heading, field in result.columns],
        "changes": [
            {
                "kind": c.kind.value,
                "key": c.key,
                "field": c.field,
                "old": _cell_words(c.field, c.old),
                "new": _cell_words(c.field, c.new),
            }
            for c in result.changes
        ],
        "notices": [{"notice": notice.value, "detail": detail} for notice, detail in result.notices],
        "consequences": consequence_data(result.consequences),
        "rejects_file": result.rejects_file,
        "batch": result.batch,
        "already": result.already,
        "dry_run": result.dry_run,
    }
