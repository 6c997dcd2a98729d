"""What an operating state was computed from: kept with it, so that it can be asked for after later imports (step 2)."""

from collections.abc import Iterable, Mapping

from crmkit.model.document import DocumentKind
from crmkit.model.figures import CustomerMonth
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.restating import Computing, Input, LateRows, RowsSeen
from crmkit.store import sealing
from crmkit.store.connection import Store

_FIGURES = "volume, amount, orders, products, key_products, key_volume, ordered_limited, allowed"


def keep(
    store: Store, act: Act, manager: int, month: Month, policy: str, inputs: Mapping[int, Mapping[Month, Input]]
) -> None:
    """Keep the moment, the rows seen, and the figures behind each effect just written."""
    forget(store, manager, month)
    through = store.value("SELECT max(seq) FROM operation")
    at = act.now.isoformat(timespec="seconds")
    cursor = store.execute(
        "INSERT INTO computing(manager, month, at, actor, through, policy) VALUES (?,?,?,?,?,?)",
        (manager, str(month), at, act.actor, through, policy),
    )
    seen = rows_now(store, manager, (month.plus(-2), month.previous))
    store.executemany(
        "INSERT INTO computing_rows(computing, month, orders, lines, volume, amount, digest) VALUES (?,?,?,?,?,?,?)",
        [(cursor.lastrowid, str(one.month), one.orders, one.lines, one.volume, one.amount, one.digest) for one in seen],
    )
    keys = dict(store.rows("SELECT customer, id FROM effect WHERE month=?", (str(month),)))
    rows = [(keys[key], *_row(counted, one)) for key, months in inputs.items() for counted, one in months.items()]
    sql = f"INSERT INTO effect_input(effect, month, days, {_FIGURES}) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
    store.executemany(sql, rows)


def forget(store: Store, manager: int, month: Month) -> None:
    """Take away what was kept of an earlier computing; the figures behind its effects go with those."""
    old = store.rows("SELECT id FROM computing WHERE manager=? AND month=?", (manager, str(month)))
    store.executemany("DELETE FROM computing_rows WHERE computing=?", old)
    store.executemany("DELETE FROM computing WHERE id=?", old)


def of_month(store: Store, manager: int, month: Month) -> Computing | None:
    """The computing behind a month's state; None where an older version of the file kept none."""
    row = store.one(
        "SELECT id, at, actor, through, ifnull(policy, '') FROM computing WHERE manager=? AND month=?",
        (manager, str(month)),
    )
    if row is None:
        return None
    seen = store.rows(
        "SELECT month, orders, lines, volume, amount, digest FROM computing_rows WHERE computing=? ORDER BY month",
        (row[0],),
    )
    return Computing(row[1], row[2], row[3], row[4], tuple(RowsSeen(Month.parse(one[0]), *one[1:]) for one in seen))


def inputs(store: Store, manager: int, month: Month) -> dict[int, dict[Month, Input]]:
    """The figures behind the effects of a month, by customer and the month they were counted in."""
    found: dict[int, dict[Month, Input]] = {}
    for customer, counted, days, *figures in store.rows(
        f"""SELECT e.customer, i.month, i.days, {", ".join("i." + name for name in _FIGURES.split(", "))}
            FROM effect_input i JOIN effect e ON e.id=i.effect JOIN customer c ON c.id=e.customer
            WHERE c.manager=? AND e.month=? ORDER BY c.code, i.month""",
        (manager, str(month)),
    ):
        found.setdefault(customer, {})[Month.parse(counted)] = Input(CustomerMonth(customer, *figures), days)
    return found


def rows_now(store: Store, manager: int, months: Iterable[Month]) -> tuple[RowsSeen, ...]:
    """The order rows of a manager's customers as they are."""
    found = []
    for month in months:
        seal = sealing.between(store, month.first, month.last, manager)
        found.append(RowsSeen(month, seal.orders, seal.lines, seal.volume, seal.amount, seal.line_digest))
    return tuple(found)


def late_rows(store: Store, manager: int, month: Month, through: int) -> list[LateRows]:
    """Operations after `through` that brought or changed order lines of the two months, oldest first; an undo of an
    import is told without a count: its lines are gone.
    """
    rows = store.rows(
        """WITH touched(op, lines) AS (
             SELECT l.op, count(*) FROM orders o JOIN line l ON l.orders=o.id
             WHERE l.op>?1 AND o.day BETWEEN ?2 AND ?3 AND o.customer IN (SELECT id FROM customer WHERE manager=?4)
             GROUP BY l.op
             UNION ALL
             SELECT h.op, count(DISTINCT h.key) FROM change h
             JOIN orders o ON o.id=CAST(substr(h.key, 1, instr(h.key, '/') - 1) AS INTEGER)
             WHERE h.tbl='line' AND h.kind='U' AND h.op>?1 AND o.day BETWEEN ?2 AND ?3
             AND o.customer IN (SELECT id FROM customer WHERE manager=?4) GROUP BY h.op
             UNION ALL
             SELECT u.seq, 0 FROM operation u JOIN seal s ON s.op=u.undoes WHERE u.seq>?1 AND u.undoes<=?1)
           SELECT t.op, p.at, p.actor, p.command, sum(t.lines) FROM touched t JOIN operation p ON p.seq=t.op
           GROUP BY t.op ORDER BY t.op""",
        (through, month.plus(-2).first.isoformat(), month.previous.last.isoformat(), manager),
    )
    return [LateRows(*row) for row in rows]


def reopen(store: Store, manager: int, month: Month) -> None:
    """Make drafts of the month's documents: only inside a rehearsal, to see what would follow."""
    kinds = tuple(kind.value for kind in DocumentKind)
    sql = "UPDATE document SET state='draft' WHERE manager=? AND month=? AND kind IN (?,?)"
    store.execute(sql, (manager, str(month), *kinds))


def _row(month: Month, one: Input) -> tuple[str | int, ...]:
    counted = one.figures
    return (
        str(month), one.days, counted.volume, counted.amount, counted.orders, counted.products,
        counted.key_products, counted.key_volume, counted.ordered_limited, counted.allowed,
    )  # fmt: skip
