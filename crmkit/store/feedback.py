"""The rounds of a document: its lines as each round submitted them, and what was said of lines."""

from collections.abc import Iterable, Mapping

from crmkit.model.feedback import LineFeedback, LinePart, Lines, LineValue, PlanLine
from crmkit.model.operation import Act
from crmkit.store.connection import Store


def write_round(store: Store, document: int, number: int, lines: Lines, ids: Mapping[str, int]) -> None:
    """Keep the lines of a round in place of what it had; `ids` are the customers by code."""
    forget_rounds(store, document, number, number)
    store.executemany(
        """INSERT INTO submitted_line(document, round, part, customer, number, value, of_, text)
           VALUES (?,?,?,?,?,?,?,?)""",
        [
            (document, number, line.part.value, ids.get(line.customer), line.number, value.value, value.of or None,
             value.text)
            for line, value in sorted(lines.items(), key=lambda one: one[0])
        ],
    )  # fmt: skip


def forget_rounds(store: Store, document: int, first: int, last: int) -> None:
    """Take back what rounds submitted: nobody decided on them."""
    store.execute("DELETE FROM submitted_line WHERE document=? AND round BETWEEN ? AND ?", (document, first, last))


def rounds(store: Store, document: int) -> dict[int, dict[PlanLine, LineValue]]:
    """Every round kept, by number; 0 is what was generated."""
    found: dict[int, dict[PlanLine, LineValue]] = {}
    rows = store.rows(
        """SELECT s.round, ifnull(c.code,''), s.part, s.number, s.value, ifnull(s.of_,''), s.text
           FROM submitted_line s LEFT JOIN customer c ON c.id=s.customer WHERE s.document=? ORDER BY s.id""",
        (document,),
    )
    for number, code, part, digit, value, of, text in rows:
        found.setdefault(number, {})[PlanLine(code, LinePart(part), digit)] = LineValue(value, of, text)
    return found


def used_numbers(store: Store, document: int) -> dict[int, set[int]]:
    """Numbers of strategies that a round showed, by customer: no other strategy gets them."""
    found: dict[int, set[int]] = {}
    rows = store.rows(
        "SELECT DISTINCT customer, number FROM submitted_line WHERE document=? AND part=?",
        (document, LinePart.STRATEGY.value),
    )
    for customer, number in rows:
        found.setdefault(customer, set()).add(number)
    return found


def add_feedback(
    store: Store, act: Act, document: int, number: int, feedback: Iterable[LineFeedback], ids: Mapping[str, int]
) -> None:
    """Keep what was said of lines of a round."""
    store.executemany(
        "INSERT INTO line_feedback(document, round, part, customer, number, text, actor, at) VALUES (?,?,?,?,?,?,?,?)",
        [
            (document, number, one.line.part.value, ids.get(one.line.customer), one.line.number, one.text, act.actor,
             act.now.isoformat(timespec="seconds"))
            for one in feedback
        ],
    )  # fmt: skip


def feedback_of(store: Store, document: int) -> list[LineFeedback]:
    """Everything said of a document's lines, oldest first."""
    rows = store.rows(
        """SELECT ifnull(c.code,''), f.part, f.number, f.text, f.round, f.actor, f.at
           FROM line_feedback f LEFT JOIN customer c ON c.id=f.customer WHERE f.document=? ORDER BY f.id""",
        (document,),
    )
    return [LineFeedback(PlanLine(row[0], LinePart(row[1]), row[2]), *row[3:]) for row in rows]
