"""What the market manager's desk counts: every manager of a month at once. SQL counts, Python judges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crmkit.model.customer import Frequency, VisitMethod
from crmkit.model.document import DocumentAction, DocumentKind, DocumentState, Transition
from crmkit.model.judgement import Judgement
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem
from crmkit.model.review import (
    HandChange,
    HandFrequency,
    HandStanding,
    HandState,
    HandStrategy,
    PlanCounts,
    TextKind,
    Waiting,
)
from crmkit.model.strategy import FrequencySource, Standing
from crmkit.store import documents
from crmkit.store.connection import Store

ON_SITE = (VisitMethod.ONSITE.value, VisitMethod.MEETING.value)
_WAITING = (DocumentState.SUBMITTED.value, DocumentState.RESULT_SUBMITTED.value)
_SUBMITTING = (DocumentAction.SUBMIT.value, DocumentAction.SUBMIT_RESULT.value)

_LINES = """SELECT c.manager, f.frequency, count(*), sum(f.source='override'), sum(c.visit_method IS NULL),
    sum(c.visit_method IS NOT NULL AND c.visit_method NOT IN (?2,?3))
    FROM frequency_line f JOIN customer c ON c.id=f.customer WHERE f.month=?1 GROUP BY c.manager, f.frequency"""
_KEYS = """SELECT c.manager, sum(k.standing IN ('proposed','added')), sum(k.standing='added'), sum(k.standing='removed')
    FROM key_candidate k JOIN customer c ON c.id=k.customer WHERE k.month=?1 GROUP BY c.manager"""
_STATES = """SELECT manager, count(*), sum(computed<>final), sum(final='not_judged') FROM (
    SELECT manager, computed, final FROM brand_state WHERE month=?1
    UNION ALL SELECT manager, computed, final FROM market_state WHERE month=?1) GROUP BY manager"""
_SCORES = """SELECT c.manager, count(*), sum(s.origin='carried'), sum(s.origin='assumed')
    FROM score s JOIN customer c ON c.id=s.customer WHERE s.month=?1 GROUP BY c.manager"""
_PROFILE = "||".join(f"max(CASE WHEN s.item='{item.value}' THEN s.score END)" for item in AbilityItem)
_ALIKE = f"""SELECT manager, sum(many), max(many) FROM (
    SELECT manager, profile, count(*) AS many FROM (
        SELECT c.manager AS manager, {_PROFILE} AS profile
        FROM score s JOIN customer c ON c.id=s.customer WHERE s.month=?1 GROUP BY s.customer)
    WHERE profile IS NOT NULL GROUP BY manager, profile) GROUP BY manager"""
_STRATEGIES = """SELECT c.manager, count(*), sum(s.state='dropped'), sum(s.origin='hand')
    FROM strategy s JOIN customer c ON c.id=s.customer WHERE s.month=?1 GROUP BY c.manager"""
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_KEYS, ("key", "key_added", "key_removed")),
    (_STATES, ("states", "states_changed", "not_judged")),
    (_SCORES, ("scores", "carried", "assumed")),
    (_ALIKE, ("scored", "alike")),
    (_STRATEGIES, ("strategies", "dropped", "hand_strategies")),
)


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """A row as it stood before some operations and as it stands now; None where it was not, or is not, there."""

    table: str
    then: Mapping[str, Any] | None
    now: Mapping[str, Any] | None


def counts(store: Store, month: Month) -> dict[int, PlanCounts]:
    """What was counted of each manager's month; who has nothing in it is left out."""
    found = _frequencies(store, month)
    for sql, names in _NAMES:
        for manager, *values in store.rows(sql, (str(month),)):
            if manager is not None:
                known = found.get(manager, PlanCounts())
                found[manager] = replace(known, **dict(zip(names, values, strict=True)))
    return found


def _frequencies(store: Store, month: Month) -> dict[int, PlanCounts]:
    found: dict[int, PlanCounts] = {}
    for manager, frequency, count, by_hand, left_out, phone in store.rows(_LINES, (str(month), *ON_SITE)):
        if manager is not None:
            known = found.get(manager, PlanCounts())
            found[manager] = replace(
                known,
                frequencies={**known.frequencies, Frequency(frequency): count},
                by_hand=known.by_hand + by_hand,
                left_out=known.left_out + left_out,
                phone=known.phone + phone,
            )
    return found


def texts(store: Store, month: Month) -> dict[int, dict[TextKind, str]]:
    """What each manager wrote into the month: problems and focus of plan, brands and market."""
    rows = store.rows(
        """SELECT manager, 'plan', problems, focus FROM document WHERE month=?1 AND kind='plan'
           UNION ALL SELECT manager, kind, problems, focus FROM analysis WHERE month=?1 ORDER BY 1, 2""",
        (str(month),),
    )
    found: dict[int, dict[TextKind, str]] = {}
    for manager, kind, problems, focus in rows:
        for what, text in (("problems", problems), ("focus", focus)):
            if text:
                found.setdefault(manager, {})[TextKind(f"{kind}_{what}")] = text
    return found


def hand_changes(store: Store, manager: int, month: Month) -> tuple[HandChange, ...]:
    """Every state, key customer, frequency and strategy that a person decided, with the reason; by item and code."""
    values = (manager, str(month))
    listed = (_states(store, values), _standings(store, values), _hand_frequencies(store, values))
    return (*(one for found in listed for one in found), *_hand_strategies(store, values))


def _states(store: Store, values: tuple[int, str]) -> list[HandChange]:
    rows = store.rows(
        """SELECT indicator, computed, final, note FROM market_state
           WHERE manager=?1 AND month=?2 AND computed<>final
           UNION ALL SELECT s.rate||':'||p.code, s.computed, s.final, s.note
           FROM brand_state s JOIN product p ON p.id=s.product
           WHERE s.manager=?1 AND s.month=?2 AND s.computed<>s.final ORDER BY 1""",
        values,
    )
    return [HandState(item, Judgement(computed), Judgement(final), note or "") for item, computed, final, note in rows]


def _standings(store: Store, values: tuple[int, str]) -> list[HandChange]:
    rows = store.rows(
        """SELECT c.code, c.name, k.standing, k.note FROM key_candidate k JOIN customer c ON c.id=k.customer
           WHERE c.manager=? AND k.month=? AND k.standing IN ('added','removed') ORDER BY k.standing, c.code""",
        values,
    )
    return [HandStanding(code, name, Standing(standing), note or "") for code, name, standing, note in rows]


def _hand_frequencies(store: Store, values: tuple[int, str]) -> list[HandChange]:
    rows = store.rows(
        """SELECT c.code, c.name, f.frequency, f.note FROM frequency_line f JOIN customer c ON c.id=f.customer
           WHERE c.manager=? AND f.month=? AND f.source=? ORDER BY c.code""",
        (*values, FrequencySource.OVERRIDE.value),
    )
    return [HandFrequency(code, name, Frequency(frequency), note or "") for code, name, frequency, note in rows]


def _hand_strategies(store: Store, values: tuple[int, str]) -> list[HandChange]:
    rows = store.rows(
        """SELECT c.code, c.name, s.code, s.state<>'dropped', (SELECT e.reason FROM strategy_edit e
                  WHERE e.customer=s.customer AND e.month=s.month AND e.code=s.code AND e.cause=s.cause
                  AND e.reason IS NOT NULL ORDER BY e.id DESC LIMIT 1), s.text
           FROM strategy s JOIN customer c ON c.id=s.customer
           WHERE c.manager=? AND s.month=? AND (s.state='dropped' OR s.origin='hand') ORDER BY c.code, s.id""",
        values,
    )
    return [
        HandStrategy(customer, name, code, bool(added), reason or "", text or "")
        for customer, name, code, added, reason, text in rows
    ]


_NEWEST = "(SELECT max(id) FROM transition WHERE document=d.id AND action IN (?,?))"


def waiting(store: Store, month: Month | None = None) -> list[Waiting]:
    """Every manager's month that waits to be decided on, the longest waiting first."""
    rows = store.rows(
        f"""SELECT d.manager, d.month, d.kind, d.state, substr(t.at,1,10), t.late
            FROM document d LEFT JOIN transition t ON t.id={_NEWEST}
            WHERE d.state IN (?,?) AND (? IS NULL OR d.month=?) ORDER BY d.month, d.manager, d.kind DESC""",
        (*_SUBMITTING, *_WAITING, *(2 * (None if month is None else str(month),))),
    )
    found: dict[tuple[int, str], Waiting] = {}
    for manager, text, kind, state, day, late in rows:
        one = Waiting(
            manager, Month.parse(text), (DocumentKind(kind),), date.fromisoformat(day), bool(late),
            result=state == DocumentState.RESULT_SUBMITTED.value,
        )  # fmt: skip
        found[manager, text] = _together(found.get((manager, text)), one)
    return sorted(found.values(), key=lambda one: (one.since, one.month.first, one.manager))


def _together(first: Waiting | None, second: Waiting) -> Waiting:
    """Both documents of a month: waiting since the later one came in, late when one was."""
    if first is None:
        return second
    return replace(
        first, kinds=(*first.kinds, *second.kinds), since=max(first.since, second.since), late=first.late or second.late
    )


def rows_before(store: Store, tables: Iterable[str], operation: int) -> list[LoggedRow]:
    """The rows of these tables that changed after an operation, each as it stood then and as it stands now."""
    marks = ",".join(f"'{name}'" for name in tables)
    rows = store.rows(
        f"""SELECT tbl, key, kind, col, old FROM change INDEXED BY change_op
            WHERE op>? AND tbl IN ({marks}) ORDER BY seq DESC""",
        (operation,),
    )
    cells: dict[tuple[str, Any], dict[str, Any]] = {}
    oldest: dict[tuple[str, Any], str] = {}
    for table, key, kind, column, old in rows:  # newest first: the oldest has the last word
        cells.setdefault((table, key), {})[column] = old
        oldest[table, key] = kind
    return [
        LoggedRow(table, None if oldest[table, key] == "I" else {**(now or {}), **olds}, now)
        for (table, key), olds in cells.items()
        for now in (_row(store, table, key),)
    ]


def _row(store: Store, table: str, key: Any) -> dict[str, Any] | None:
    cursor = store.execute(f"SELECT * FROM {table} WHERE id=?", (key,))
    row = cursor.fetchone()
    return None if row is None else dict(zip((one[0] for one in cursor.description), row, strict=True))


def rejected_by(store: Store, documents: Iterable[int]) -> Mapping[int, int]:
    """The operation of each rejection of these documents, by the key of the step."""
    keys = ",".join(str(int(key)) for key in documents) or "NULL"
    rows = store.rows(
        f"""SELECT t.id, max(c.op) FROM transition t JOIN change c ON c.tbl='transition' AND c.key=t.id AND c.kind='I'
            WHERE t.document IN ({keys}) AND t.action IN ('reject','reject_result') GROUP BY t.id"""
    )
    return dict(rows)


def steps(store: Store, document: int) -> list[tuple[int, Transition]]:
    """The document's steps with their keys, oldest first."""
    keys = [key for (key,) in store.rows("SELECT id FROM transition WHERE document=? ORDER BY id", (document,))]
    return list(zip(keys, documents.transitions(store, document), strict=True))


def handed_in_late(store: Store, documents_: Iterable[int]) -> bool:
    """Was one of these documents handed in after the deadline when it was handed in last?"""
    keys = ",".join(str(int(key)) for key in documents_) or "NULL"
    return bool(
        store.value(
            f"""SELECT max(t.late) FROM document d JOIN transition t ON t.id={_NEWEST} WHERE d.id IN ({keys})""",
            _SUBMITTING,
        )
    )
