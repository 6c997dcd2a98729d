"""Visits that left their day: from where, to where, why, and who did it. Frozen once released.

`was` is empty for a visit that was not planned before, `becomes` for one taken off the plan. `reason` is a code of
model/moving.py; its words may grow, so the schema does not list them.
"""

from crmkit.store.migrations.m0001_first import _day, _text

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE visit_move(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        manager INTEGER NOT NULL REFERENCES person(id), {_day("was", null=True)}, {_day("becomes", null=True)},
        {_text("reason", 40, null=False)}, {_text("note", 400)}, {_text("at", 40, null=False)},
        {_text("actor", 100, null=False)}, CHECK(was IS NOT NULL OR becomes IS NOT NULL)) STRICT""",
    "CREATE INDEX visit_move_customer ON visit_move(customer)",
    "CREATE INDEX visit_move_manager ON visit_move(manager)",
)
