"""Which fields a printed sheet asked to verify in a shop, by their numbers. Frozen once released."""

from crmkit.store.migrations.m0001_first import _day, _text

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE asked(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_day("day")},
        number INTEGER NOT NULL CHECK(number BETWEEN 1 AND 9), {_text("field", 60, null=False)},
        UNIQUE(customer, day, number)) STRICT""",
)
