"""Ad hoc items ●: what was done or promised in a shop besides the month's strategies. Frozen once released."""

from crmkit.store.migrations.m0001_first import _day, _text

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE ad_hoc_item(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        manager INTEGER NOT NULL REFERENCES person(id), {_day("day")}, {_text("text", 400, null=False)},
        {_day("done_on", null=True)}, UNIQUE(customer, day, text), CHECK(done_on IS NULL OR done_on>=day)) STRICT""",
    "CREATE INDEX ad_hoc_item_manager ON ad_hoc_item(manager, day)",
)
