"""The week schedule (step 10), what a printed paper shows, and the seals of plans. Frozen once released.

`done_at` is when both focus texts first stood there. `printing.shown` holds digests, one a day. A seal keeps
what a plan was made from (`inputs`, digests by kind), what came out (`listing`, a line a customer or visit), and
`recipe`, what is needed to make it again; `digest` is over all three.
"""

from crmkit.store.migrations.m0001_first import _day, _month, _text

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE week_schedule(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_day("monday")},
        {_text("market", 4000)}, {_text("brand", 4000)}, {_text("done_at", 40)}, {_text("done_by", 100)},
        UNIQUE(manager, monday)) STRICT""",
    f"""CREATE TABLE week_day(
        id INTEGER PRIMARY KEY, schedule INTEGER NOT NULL REFERENCES week_schedule(id), {_day("day")},
        {_text("route", 400)}, {_text("note", 1000)}, UNIQUE(schedule, day)) STRICT""",
    f"ALTER TABLE printing ADD COLUMN {_text('shown', 400)}",
    f"""CREATE TABLE plan_seal(
        id INTEGER PRIMARY KEY, op INTEGER NOT NULL REFERENCES operation(seq),
        manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        kind TEXT NOT NULL CHECK(kind IN ('plan','visits')), {_text("crmkit", 40, null=False)},
        {_text("solver", 200, null=False)}, {_text("recipe", 20000, null=False)}, {_text("inputs", 4000, null=False)},
        {_text("listing", 4000000)}, {_text("digest", 64, null=False)}) STRICT""",
    "CREATE INDEX plan_seal_month ON plan_seal(manager, month)",
)
