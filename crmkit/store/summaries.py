"""The person's part of week and month summaries."""

from collections.abc import Mapping
from datetime import date

from crmkit.model.operation import Act
from crmkit.model.summary import SummaryKind, SummaryPart
from crmkit.store.connection import Store


def parts(store: Store, manager: int, kind: SummaryKind, first: date) -> dict[SummaryPart, str]:
    """What was written of the period that begins on that day."""
    rows = store.rows(
        "SELECT part, text FROM summary WHERE manager=? AND kind=? AND first=?",
        (manager, kind.value, first.isoformat()),
    )
    return {SummaryPart(part): text for part, text in rows}


def written(
    store: Store, manager: int, kind: SummaryKind, first: date, last: date
) -> dict[date, set[SummaryPart]]:
    """Which parts were written of the periods that begin between two days."""
    rows = store.rows(
        "SELECT first, part FROM summary WHERE manager=? AND kind=? AND first BETWEEN ? AND ?",
        (manager, kind.value, first.isoformat(), last.isoformat()),
    )
    found: dict[date, set[SummaryPart]] = {}
    for begins, part in rows:
        found.setdefault(date.fromisoformat(begins), set()).add(SummaryPart(part))
    return found


def write(
    store: Store, act: Act, manager: int, kind: SummaryKind, first: date, texts: Mapping[SummaryPart, str]
) -> None:
    """Write parts; an empty text takes its part back."""
    at = act.now.isoformat(timespec="seconds")
    for part, text in texts.items():
        key = (manager, kind.value, first.isoformat(), part.value)
        if text:
            store.execute(
                """INSERT INTO summary(manager, kind, first, part, text, actor, at) VALUES (?,?,?,?,?,?,?)
                   ON CONFLICT(manager, kind, first, part) DO UPDATE SET text=excluded.text, actor=excluded.actor,
                   at=excluded.at WHERE text<>excluded.text""",
                (*key, text, act.actor, at),
            )
        else:
            store.execute("DELETE FROM summary WHERE manager=? AND kind=? AND first=? AND part=?", key)
