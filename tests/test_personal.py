"""What the operation log masks: every column of the schema that holds free text is personal, or says why not."""

import re
from collections.abc import Iterator

import pytest

from crmkit.model.personal import is_personal
from crmkit.store.connection import Store

_CODE = "a code or a name of the program's own, not of a person"
_FIGURE = "figures the program computed"
_LOGIN = "who acted: the log is about nothing else"
_PLACE = "an area, no address"
_FREE_BUT_SHOWN = {
    "batch.encoding": _CODE,
    "batch.file": "the file's name, which every list of imports shows",
    "batch.kinds": _CODE,
    "batch.map_sha256": _FIGURE,
    "batch.sha256": _FIGURE,
    "calendar_day.country": _CODE,
    "calendar_day.name": "a public holiday",
    "category.name": "a group of products",
    "computing.actor": _LOGIN,
    "computing.at": _FIGURE,
    "computing.policy": _CODE,
    "customer.city": _PLACE,
    "customer.closed_weekdays": _CODE,
    "customer.code": "what the log names a shop by",
    "customer.held": _CODE,
    "customer.hours": "when a shop is open",
    "customer.neighbourhood": _PLACE,
    "customer.route": _PLACE,
    "customer_alias.code": "what the log names a shop by",
    "document.satisfaction_target": _FIGURE,
    "effect.score": _FIGURE,
    "effect_item.item": _CODE,
    "effect_item.score": _FIGURE,
    "effect_item.value": _FIGURE,
    "brand_state.target": _FIGURE,
    "brand_target.on_shelf": _FIGURE,
    "brand_target.repurchase": _FIGURE,
    "brand_target.sell_through": _FIGURE,
    "brand_target.stock_out": _FIGURE,
    "indicator_target.indicator": _CODE,
    "indicator_target.target": _FIGURE,
    "key_candidate.reasons": _CODE,
    "mark_restatement.asked_at": _FIGURE,
    "mark_restatement.asked_by": _LOGIN,
    "mark_restatement.decided_at": _FIGURE,
    "mark_restatement.decided_by": _LOGIN,
    "market_state.indicator": _CODE,
    "market_state.ratio": _FIGURE,
    "market_state.target": _FIGURE,
    "orders.number": "the number of an order, not of a phone",
    "own_field.choices": "what may be entered, the firm's words",
    "own_field.name": "the heading of a field",
    "person.code": _LOGIN,
    "printing.at": _FIGURE,
    "opening_answer.actor": _LOGIN,
    "opening_answer.at": _FIGURE,
    "opening_answer.basis": _CODE,
    "opening_answer.matter": _CODE,
    "opening_answer.subject": _CODE,
    "printing.format": _CODE,
    "printing.paper": _CODE,
    "printing.shown": _FIGURE,
    "plan_seal.crmkit": _CODE,
    "plan_seal.inputs": _FIGURE,
    "plan_seal.digest": _FIGURE,
    "plan_seal.listing": _CODE,
    "plan_seal.recipe": _FIGURE,
    "plan_seal.solver": _CODE,
    "week_schedule.done_at": _FIGURE,
    "week_schedule.done_by": _LOGIN,
    "problem.actual": _FIGURE,
    "problem.code": _CODE,
    "problem.limit_": _FIGURE,
    "product.code": _CODE,
    "product.held": _CODE,
    "product.name": "a product",
    "product.tar": _FIGURE,
    "questionnaire.confirmed_at": _FIGURE,
    "questionnaire.confirmed_by": _LOGIN,
    "score.item": _CODE,
    "score.scored_at": _FIGURE,
    "score.scored_by": _LOGIN,
    "line_feedback.actor": _LOGIN,
    "line_feedback.at": _FIGURE,
    "line_feedback.part": _CODE,
    "strategy.cause": _CODE,
    "strategy.code": _CODE,
    "package.actor": _LOGIN,
    "package.answers": _FIGURE,
    "package.at": _FIGURE,
    "package.digest": _FIGURE,
    "summary.actor": _LOGIN,
    "summary.at": _FIGURE,
    "strategy_edit.actor": _LOGIN,
    "strategy_edit.at": _FIGURE,
    "strategy_edit.cause": _CODE,
    "strategy_edit.code": _CODE,
    "submitted_line.of_": _CODE,
    "submitted_line.part": _CODE,
    "submitted_line.value": _CODE,
    "transition.action": _CODE,
    "transition.actor": _LOGIN,
    "transition.after": _CODE,
    "transition.at": _FIGURE,
    "transition.before": _CODE,
    "transition.role": _CODE,
    "verified.field": _CODE,
    "asked.field": _CODE,
    "watched.to_month": _FIGURE,
    "visit.arrived": "an hour",
    "visit.left_": "an hour",
    "forgiven_debt.actor": _LOGIN,
    "forgiven_debt.at": _FIGURE,
    "unfit_visit.why": _CODE,
    "visit_move.actor": _LOGIN,
    "visit_move.reason": _CODE,
    "visit_move.at": _FIGURE,
    "visit_plan.figures": _FIGURE,
    "wish.kind": _CODE,
}
_NOT_LOGGED = {"change", "operation"}  # the log itself


def _free(store: Store) -> Iterator[tuple[str, str]]:
    """Columns whose type and checks let any text in: no list of words, no date."""
    tables = store.rows("SELECT name, sql FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'")
    for table, sql in tables:
        for _at, column, kind, *_rest in store.rows(f"PRAGMA table_info({table})"):
            bound = re.search(rf"\b{column} IN \(|\bdate\({column}\b", sql)
            if kind == "TEXT" and not bound and table not in _NOT_LOGGED:
                yield table, column


def test_every_free_text_of_the_schema_is_personal_or_says_why_not(store: Store) -> None:
    shown = {f"{table}.{column}" for table, column in _free(store) if not is_personal(table, column)}
    assert sorted(shown ^ _FREE_BUT_SHOWN.keys()) == []


@pytest.mark.parametrize(
    "column",
    ["analysis.problems", "analysis.focus", "brand_state.note", "market_state.note", "planned_visit.note",
     "key_candidate.note", "frequency_line.note", "transition.reason", "visit_move.note", "day_off.reason",
     "document.problems", "document.focus", "strategy.text", "strategy_edit.reason", "strategy_edit.before",
     "submitted_line.text", "line_feedback.text", "forgiven_debt.reason", "ad_hoc_item.text",
     "mark_restatement.reason", "mark_restatement.answer", "opening_answer.note",
     "summary.text"],
)  # fmt: skip
def test_what_people_write_of_people_is_masked(store: Store, column: str) -> None:
    table, name = column.split(".")
    assert is_personal(table, name)
    assert name in {row[1] for row in store.rows(f"PRAGMA table_info({table})")}
