"""Marks asked for after a month's results were submitted, and what was decided of them. Frozen once released."""

from crmkit.store.migrations.m0001_first import _flag, _month, _text, _word

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE mark_restatement(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        customer INTEGER NOT NULL REFERENCES customer(id), {_word("kind", "strategy", "ad_hoc")},
        item INTEGER NOT NULL, {_flag("done")}, {_text("reason", 1000, null=False)},
        {_text("asked_by", 100, null=False)}, {_text("asked_at", 40, null=False)},
        {_word("state", "waiting", "approved", "rejected", default="waiting")}, {_text("decided_by", 100)},
        {_text("decided_at", 40)}, {_text("answer", 1000)}) STRICT""",
    "CREATE INDEX mark_restatement_month ON mark_restatement(manager, month)",
)
