"""The batches that were imported: who, when, which file, how much."""

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Batch, ImportResult, Kind
from crmkit.store.connection import Store

_SELECT = """SELECT b.id, b.op, o.at, o.actor, b.file, b.sha256, b.kinds, b.encoding, b.rows, b.accepted, b.unchanged,
    b.rejected, b.skipped, b.volume, b.amount, (SELECT max(u.seq) FROM operation u WHERE u.undoes = b.op)
    FROM batch b JOIN operation o ON o.seq = b.op"""


def all(store: Store) -> list[Batch]:  # noqa: A001 - imports.all reads as it should
    """Every batch, newest first."""
    return [_batch(row) for row in store.rows(f"{_SELECT} ORDER BY b.id DESC")]


def by_number(store: Store, number: int) -> Batch:
    """One batch. Raises Refusal(NOT_FOUND)."""
    row = store.one(f"{_SELECT} WHERE b.id=?", (number,))
    if row is None:
        known = [key for (key,) in store.rows("SELECT id FROM batch ORDER BY id DESC LIMIT 10")]
        raise Refusal(Fault.NOT_FOUND, noun="batch", value=number, known=known or "-")
    return _batch(row)


def of_operation(store: Store, op: int) -> list[Batch]:
    """The batches one command brought: one for each of its files."""
    return [_batch(row) for row in store.rows(f"{_SELECT} WHERE b.op=? ORDER BY b.id", (op,))]


def of_file(store: Store, sha256: str, map_sha256: str | None) -> int | None:
    """The batch that brought this very file with this very mapping and was not undone."""
    found: int | None = store.value(
        """SELECT b.id FROM batch b WHERE b.sha256=? AND b.map_sha256 IS ?
           AND NOT EXISTS (SELECT 1 FROM operation u WHERE u.undoes = b.op) ORDER BY b.id DESC LIMIT 1""",
        (sha256, map_sha256),
    )
    return found


def record(store: Store, op: int, result: ImportResult, map_sha256: str | None) -> int:
    """Note one file that was imported; returns the batch's number."""
    unchanged = sum(counted.unchanged for counted in result.counted.values())
    cursor = store.execute(
        """INSERT INTO batch(op, file, sha256, kinds, encoding, map_sha256, rows, accepted, unchanged, rejected,
           skipped, volume, amount) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)""",
        (
            op,
            result.file[:400],
            result.sha256,
            " ".join(result.kinds),
            result.encoding,
            map_sha256,
            result.rows,
            result.rows - len(result.rejected),
            unchanged,
            len(result.rejected),
            result.skipped,
            result.totals.volume,
            result.totals.amount,
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _batch(row: tuple[object, ...]) -> Batch:
    values = list(row)
    values[6] = tuple(Kind(kind) for kind in str(row[6]).split())
    return Batch(*values)  # type: ignore[arg-type]
