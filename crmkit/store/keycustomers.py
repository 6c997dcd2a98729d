"""Problems and key candidates of a month."""

from collections.abc import Iterable

from crmkit.model.month import Month
from crmkit.model.strategy import KeyCandidate, Problem, Standing
from crmkit.store.connection import Store
from crmkit.store.month_rows import replace_rows


def replace_problems(store: Store, manager: int, month: Month, problems: Iterable[Problem]) -> None:
    rows = ((p.customer, p.code, p.actual, p.limit) for p in problems)
    replace_rows(store, "problem", ("customer", "code", "actual", "limit_"), manager, month, rows)


def problems(store: Store, manager: int, month: Month) -> list[Problem]:
    rows = store.rows(
        """SELECT p.customer, p.code, p.actual, p.limit_ FROM problem p JOIN customer c ON c.id=p.customer
           WHERE c.manager=? AND p.month=? ORDER BY c.code, p.code""",
        (manager, str(month)),
    )
    return [Problem(*row) for row in rows]


def replace_candidates(store: Store, manager: int, month: Month, candidates: Iterable[KeyCandidate]) -> None:
    columns = ("customer", "rank", "standing", "reasons", "lost_volume", "note")
    rows = ((k.customer, k.rank, k.standing.value, " ".join(k.reasons), k.lost_volume, k.note) for k in candidates)
    replace_rows(store, "key_candidate", columns, manager, month, rows)


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
