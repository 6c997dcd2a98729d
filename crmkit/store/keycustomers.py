"""Problems and key candidates of a month."""

from collections.abc import Iterable

from crmkit.model.month import Month
from crmkit.model.strategy import KeyCandidate, Problem, Standing
from crmkit.store.connection import Store


def replace_problems(store: Store, manager: int, month: Month, problems: Iterable[Problem]) -> None:
    _clear(store, "problem", manager, month)
    store.executemany(
        "INSERT INTO problem(customer, month, code, actual, limit_) VALUES (?,?,?,?,?)",
        [(p.customer, str(month), p.code, p.actual, p.limit) for p in problems],
    )


def problems(store: Store, manager: int, month: Month) -> list[Problem]:
    rows = store.rows(
        """SELECT p.customer, p.code, p.actual, p.limit_ FROM problem p JOIN customer c ON c.id=p.customer
           WHERE c.manager=? AND p.month=? ORDER BY c.code, p.code""",
        (manager, str(month)),
    )
    return [Problem(*row) for row in rows]


def replace_candidates(store: Store, manager: int, month: Month, candidates: Iterable[KeyCandidate]) -> None:
    _clear(store, "key_candidate", manager, month)
    store.executemany(
        "INSERT INTO key_candidate(customer, month, rank, standing, reasons, lost_volume, note) VALUES (?,?,?,?,?,?,?)",
        [
            (k.customer, str(month), k.rank, k.standing.value, " ".join(k.reasons), k.lost_volume, k.note)
            for k in candidates
        ],
    )


def candidates(store: Store, manager: int, month: Month) -> list[KeyCandidate]:
    """Every candidate by rank, those added by hand last."""
    rows = store.rows(
        """SELECT k.customer, k.rank, k.standing, k.reasons, k.lost_volume, k.note FROM key_candidate k
           JOIN customer c ON c.id=k.customer WHERE c.manager=? AND k.month=? ORDER BY k.rank=0, k.rank, c.code""",
        (manager, str(month)),
    )
    return [
        KeyCandidate(customer, rank, Standing(standing), tuple((reasons or "").split()), lost, note)
        for customer, rank, standing, reasons, lost, note in rows
    ]


def _clear(store: Store, table: str, manager: int, month: Month) -> None:
    store.execute(
        f"DELETE FROM {table} WHERE month=? AND customer IN (SELECT id FROM customer WHERE manager=?)",
        (str(month), manager),
    )
