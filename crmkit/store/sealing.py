"""Seals of the bulk tables: what an operation stored, counted and digested, so that `db check` can find rot.

Bulk inserts are not in the change log; their seal stands in for it. A digest is the sum over rows of
(a weight from the key) x (a mix of the other fields) modulo a prime: one changed field always changes it, a value
swapped between two rows does too.
"""

from dataclasses import astuple, dataclass
from datetime import date
from zlib import crc32

from crmkit.store.connection import Store

_P = 2147483647  # the Mersenne prime 2^31-1: products of two residues fit SQLite's integers
ORDER_COLUMNS = ("id", "day", "customer", "number", "op")
LINE_COLUMNS = ("orders", "no", "product", "volume", "amount", "allowed", "op")
_LINE = (
    f"((orders % {_P} * 1103515 + no % {_P} * 12345 + 7) % {_P})"
    f" * ((product % {_P} * 69069 + volume % {_P} * 1664525 + amount % {_P} * 22695477"
    f" + ifnull(allowed, -1) % {_P} * 134775813) % {_P}) % {_P}"
)
_ORDER = f"((id % {_P} * 1103515 + 7) % {_P}) * ((crc(day||'/'||number) + customer % {_P} * 69069) % {_P}) % {_P}"


@dataclass(frozen=True, slots=True)
class Seal:
    """Counts, sums and digests of the bulk rows of one operation."""

    orders: int = 0
    lines: int = 0
    volume: int = 0
    amount: int = 0
    order_digest: int = 0
    line_digest: int = 0

    def plus(self, other: "Seal", times: int = 1) -> "Seal":
        return Seal(*(mine + times * its for mine, its in zip(astuple(self), astuple(other), strict=True)))


def seal(store: Store, op: int) -> None:
    """Seal what operation `op` stored, inside its transaction, after its last bulk row. Reads both bulk tables once."""
    _teach(store)
    orders = f"SELECT count(*), ifnull(sum({_ORDER}),0) FROM orders WHERE op=?1"
    lines = (
        "SELECT count(*), ifnull(sum(volume),0), ifnull(sum(amount),0), "
        f"ifnull(sum({_LINE}),0) FROM line WHERE op=?1"
    )
    headers, header_digest = store.rows(orders, (op,))[0]
    count, volume, amount, digest = store.rows(lines, (op,))[0]
    keep(store, op, Seal(headers, count, volume, amount, header_digest, digest))


def keep(store: Store, op: int, found: Seal) -> None:
    """Store the seal of an operation."""
    sql = "INSERT INTO seal(op, orders, lines, volume, amount, order_digest, line_digest) VALUES (?,?,?,?,?,?,?)"
    store.execute(sql, (op, *astuple(found)))


def sealed(store: Store) -> dict[int, Seal]:
    """The seals as they were made, by operation."""
    rows = store.rows("SELECT op, orders, lines, volume, amount, order_digest, line_digest FROM seal ORDER BY op")
    return {row[0]: Seal(*row[1:]) for row in rows}


def present(store: Store, *, digests: bool) -> dict[int, Seal]:
    """What the bulk tables hold now, by operation; digests are 0 unless asked for."""
    _teach(store)
    order, line = (_ORDER, _LINE) if digests else ("0", "0")
    found = {op: Seal() for op in sealed(store)}
    for op, count, digest in store.rows(f"SELECT op, count(*), sum({order}) FROM orders GROUP BY op"):
        found[op] = found.get(op, Seal()).plus(Seal(orders=count, order_digest=digest))
    sql = f"SELECT op, count(*), sum(volume), sum(amount), sum({line}) FROM line GROUP BY op"
    for op, count, volume, amount, digest in store.rows(sql):
        row = Seal(lines=count, volume=volume, amount=amount, line_digest=digest)
        found[op] = found.get(op, Seal()).plus(row)
    return found


def between(store: Store, first: date, last: date, manager: int) -> Seal:
    """The order lines of a manager's customers from first to last: counts, sums and a digest. Reads them once."""
    _teach(store)
    row = store.one(
        f"""SELECT count(DISTINCT line.orders), count(*), ifnull(sum(volume),0), ifnull(sum(amount),0), 0,
            ifnull(sum({_LINE}),0)
            FROM orders o JOIN line ON line.orders=o.id WHERE o.day BETWEEN ? AND ?
            AND o.customer IN (SELECT id FROM customer WHERE manager=?)""",
        (first.isoformat(), last.isoformat(), manager),
    )
    assert row is not None
    return Seal(*row)


def of_line(store: Store, row: dict[str, object]) -> Seal:
    """The share of one line in its operation's seal."""
    _teach(store)
    named = ", ".join(f"? AS {column}" for column in LINE_COLUMNS)
    values = [row[column] for column in LINE_COLUMNS]
    return Seal(0, *store.rows(f"SELECT 1, volume, amount, 0, {_LINE} FROM (SELECT {named})", values)[0])


def of_order(store: Store, row: dict[str, object]) -> Seal:
    """The share of one order header in its operation's seal."""
    _teach(store)
    named = ", ".join(f"? AS {column}" for column in ORDER_COLUMNS)
    values = [row[column] for column in ORDER_COLUMNS]
    return Seal(1, 0, 0, 0, *store.rows(f"SELECT {_ORDER} FROM (SELECT {named})", values)[0])


def _teach(store: Store) -> None:
    """SQLite has no checksum of a text: lend it Python's."""
    store.connection.create_function("crc", 1, lambda text: crc32(text.encode()), deterministic=True)
