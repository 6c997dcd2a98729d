"""The number of a strategy, its changes by hand, the rounds of a month's documents, feedback on lines. Frozen once
released.

A strategy keeps the digit the daily sheet prints. `submitted_line` holds every line of a document as a round
submitted it; round 0 is what was generated. A line of the whole month has no customer; `part` is a code of
model/feedback.py, whose words may grow, so the schema does not list them.
"""

from crmkit.store.migrations.m0001_first import _month, _text, _word

_LINE = f"""document INTEGER NOT NULL REFERENCES document(id), round INTEGER NOT NULL CHECK(round>=0),
        {_text("part", 40, null=False)}, customer INTEGER REFERENCES customer(id),
        number INTEGER NOT NULL DEFAULT 0 CHECK(number>=0)"""

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE strategy ADD COLUMN number INTEGER CHECK(number>0)",
    """UPDATE strategy SET number=(SELECT count(*) FROM strategy o
       WHERE o.customer=strategy.customer AND o.month=strategy.month AND o.id<=strategy.id)""",
    f"""CREATE TABLE strategy_edit(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        {_text("code", 60, null=False)}, {_text("cause", 100, null=False)},
        {_word("action", "add", "edit", "drop", "restore")}, {_text("reason", 400)}, {_text("before", 400)},
        {_text("actor", 100, null=False)}, {_text("at", 40, null=False)}) STRICT""",
    "CREATE INDEX strategy_edit_customer ON strategy_edit(customer, month)",
    f"""CREATE TABLE submitted_line(
        id INTEGER PRIMARY KEY, {_LINE}, {_text("value", 40, null=False)}, {_text("of_", 200)}, {_text("text", 4000)},
        UNIQUE(document, round, part, customer, number)) STRICT""",
    f"""CREATE TABLE line_feedback(
        id INTEGER PRIMARY KEY, {_LINE}, {_text("text", 1000, null=False)}, {_text("actor", 100, null=False)},
        {_text("at", 40, null=False)}) STRICT""",
    "CREATE INDEX line_feedback_document ON line_feedback(document)",
)
