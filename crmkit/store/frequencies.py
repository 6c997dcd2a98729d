"""The frequency list of a month plan, and the frequency approval writes into the customer."""

from collections.abc import Iterable

from crmkit.model.customer import Frequency
from crmkit.model.month import Month
from crmkit.model.strategy import FrequencyLine, FrequencySource
from crmkit.store.connection import Store


def replace_lines(store: Store, manager: int, month: Month, lines: Iterable[FrequencyLine]) -> None:
    store.execute(
        "DELETE FROM frequency_line WHERE month=? AND customer IN (SELECT id FROM customer WHERE manager=?)",
        (str(month), manager),
    )
    store.executemany(
        "INSERT INTO frequency_line(customer, month, frequency, source, rank, strategies, volume, tied, note) "
        "VALUES (?,?,?,?,?,?,?,?,?)",
        [
            (
                n.customer,
                str(month),
                n.frequency.value,
                n.source.value,
                n.rank,
                n.strategies,
                n.volume,
                n.tied,
                n.note,
            )
            for n in lines
        ],
    )


def lines(store: Store, manager: int, month: Month) -> list[FrequencyLine]:
    """The list: key customers first, then by rank."""
    rows = store.rows(
        """SELECT f.customer, f.frequency, f.source, f.rank, f.strategies, f.volume, f.tied, f.note
           FROM frequency_line f JOIN customer c ON c.id=f.customer
           WHERE c.manager=? AND f.month=? ORDER BY f.rank, c.code""",
        (manager, str(month)),
    )
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
