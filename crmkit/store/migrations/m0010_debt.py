"""Visit debt: owed visits that the newest plan of a month put on no day, and debts forgiven. Frozen once released.

Debts themselves are not kept: they follow from plans, facts and these two. `since` is the first day an unfit visit
could have stood on, or the day from which the forgiven visits are owed; `why` is a code of model/planning.py.
"""

from crmkit.store.migrations.m0001_first import _day, _month, _text

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE unfit_visit(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        manager INTEGER NOT NULL REFERENCES person(id), {_month("month")}, {_day("since")}, number INTEGER NOT NULL,
        {_day("week", null=True)}, {_text("why", 40, null=False)}, UNIQUE(customer, month, number)) STRICT""",
    "CREATE INDEX unfit_visit_manager ON unfit_visit(manager, month)",
    f"""CREATE TABLE forgiven_debt(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_day("since")},
        {_text("reason", 400, null=False)}, {_text("at", 40, null=False)}, {_text("actor", 100, null=False)},
        UNIQUE(customer, since)) STRICT""",
)
