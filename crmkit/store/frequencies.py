"""The frequency list of a month plan, and the frequency approval writes into the customer."""

from collections.abc import Iterable
from typing import Any

from crmkit.model.customer import Frequency
from crmkit.model.month import Month
from crmkit.model.strategy import FrequencyLine, FrequencySource
from crmkit.store.connection import Store
from crmkit.store.month_rows import replace_rows


def replace_lines(store: Store, manager: int, month: Month, lines: Iterable[FrequencyLine]) -> None:
    columns = ("customer", "frequency", "source", "rank", "strategies", "volume", "tied", "note")
    rows = (
        (n.customer, n.frequency.value, n.source.value, n.rank, n.strategies, n.volume, n.tied, n.note) for n in lines
    )
    replace_rows(store, "frequency_line", columns, manager, month, rows)


_SELECT = """SELECT f.customer, f.frequency, f.source, f.rank, f.strategies, f.volume, f.tied, f.note
    FROM frequency_line f JOIN customer c ON c.id=f.customer"""


def lines(store: Store, manager: int, month: Month) -> list[FrequencyLine]:
    """The list: key customers first, then by rank."""
    return _lines(
        store.rows(f"{_SELECT} WHERE c.manager=? AND f.month=? ORDER BY f.rank, c.code", (manager, str(month)))
    )


def of_portfolio(store: Store, manager: int) -> dict[int, dict[Month, Frequency]]:
    """How often each of a manager's customers was to be visited in each month that has a list."""
    sql = "SELECT f.customer, f.month, f.frequency FROM frequency_line f JOIN customer c ON c.id=f.customer"
    found: dict[int, dict[Month, Frequency]] = {}
    for customer, month, frequency in store.rows(f"{sql} WHERE c.manager=?", (manager,)):
        found.setdefault(customer, {})[Month.parse(month)] = Frequency(frequency)
    return found


def line_of(store: Store, customer: int, month: Month) -> FrequencyLine | None:
    """One customer's line, whoever has him."""
    found = _lines(store.rows(f"{_SELECT} WHERE f.customer=? AND f.month=?", (customer, str(month))))
    return found[0] if found else None


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[FrequencyLine]:
    return [
        FrequencyLine(
            customer, Frequency(frequency), FrequencySource(source), rank, strategies, volume, tied, note
        )
        for customer, frequency, source, rank, strategies, volume, tied, note in rows
    ]


def write_into_customers(store: Store, lines_: Iterable[FrequencyLine]) -> None:
    """Approval's act (step 8): all frequencies in the caller's one transaction."""
    store.executemany(
        "UPDATE customer SET frequency=? WHERE id=? AND frequency IS NOT ?",
        [(line.frequency.value, line.customer, line.frequency.value) for line in lines_],
    )
