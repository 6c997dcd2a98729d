"""Direct demand (step 1), who scored when, and what an operating state came from (step 2). Frozen once released.

A questionnaire is one per customer and month; `came_on` is the day it came in, which the cut-off looks at.
`effect_input` keeps the counted orders behind an effect, `computing` the moment and the last operation it saw,
`computing_rows` the order rows of each of the two months as counts, sums and a digest.
"""

from crmkit.store.migrations.m0001_first import _day, _flag, _month, _text, _word

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE questionnaire(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        {_day("came_on")}, {_word("channel", "online", "phone", "visit", "wechat", "paper", "other")},
        {_flag("confirmed")}, {_text("confirmed_by", 100)}, {_text("confirmed_at", 40)},
        UNIQUE(customer, month), CHECK(confirmed=1 OR confirmed_by IS NULL)) STRICT""",
    "CREATE INDEX questionnaire_month ON questionnaire(month)",
    """CREATE TABLE demand_line(
        id INTEGER PRIMARY KEY, questionnaire INTEGER NOT NULL REFERENCES questionnaire(id),
        product INTEGER NOT NULL REFERENCES product(id),
        volume INTEGER NOT NULL CHECK(volume>0), UNIQUE(questionnaire, product)) STRICT""",
    "CREATE INDEX demand_line_product ON demand_line(product)",
    f"""CREATE TABLE wish(
        id INTEGER PRIMARY KEY, questionnaire INTEGER NOT NULL REFERENCES questionnaire(id),
        {_text("kind", 60, null=False)}, {_text("note", 400)}, UNIQUE(questionnaire, kind)) STRICT""",
    f"ALTER TABLE score ADD COLUMN {_text('scored_by', 100)}",
    f"ALTER TABLE score ADD COLUMN {_text('scored_at', 40)}",
    f"""CREATE TABLE computing(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        at TEXT NOT NULL, {_text("actor", 100, null=False)}, through INTEGER NOT NULL, {_text("policy", 100)},
        UNIQUE(manager, month)) STRICT""",
    f"""CREATE TABLE computing_rows(
        id INTEGER PRIMARY KEY, computing INTEGER NOT NULL REFERENCES computing(id), {_month("month")},
        orders INTEGER NOT NULL, lines INTEGER NOT NULL, volume INTEGER NOT NULL, amount INTEGER NOT NULL,
        digest INTEGER NOT NULL, UNIQUE(computing, month)) STRICT""",
    f"""CREATE TABLE effect_input(
        id INTEGER PRIMARY KEY, effect INTEGER NOT NULL REFERENCES effect(id), {_month("month")},
        days INTEGER NOT NULL, volume INTEGER NOT NULL, amount INTEGER NOT NULL, orders INTEGER NOT NULL,
        products INTEGER NOT NULL, key_products INTEGER NOT NULL, key_volume INTEGER NOT NULL,
        ordered_limited INTEGER NOT NULL, allowed INTEGER NOT NULL, UNIQUE(effect, month)) STRICT""",
)
