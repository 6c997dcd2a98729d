"""What a person wrote into the summaries of weeks and months. Frozen once released."""

from crmkit.store.migrations.m0001_first import _day, _text, _word

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE summary(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_word("kind", "week", "month")},
        {_day("first")},
        {_word("part", "state", "schedule", "effect", "completion", "accuracy", "reason", "experience",
               "shortcomings")},
        {_text("text", 4000, null=False)}, {_text("actor", 100, null=False)}, {_text("at", 40, null=False)},
        UNIQUE(manager, kind, first, part)) STRICT""",
)
