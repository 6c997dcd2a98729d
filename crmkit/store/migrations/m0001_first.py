"""The first schema. Frozen once released.

Dates are checked with date(d,'+0 days') because plain date(d) accepts 30 February. Volumes are thousandths of a
carton, amounts minor units. Rows of logged tables have an integer key `id`; order headers and lines are bulk tables
that carry their operation and log only updates and deletes.
"""


def _day(column: str, null: bool = False) -> str:
    rule = (
        f"({column} IS date({column},'+0 days') AND length({column})=10 "
        f"AND {column} BETWEEN '1990-01-01' AND '2100-12-31')"
    )
    return (
        f"{column} TEXT CHECK({column} IS NULL OR {rule})"
        if null
        else f"{column} TEXT NOT NULL CHECK({rule})"
    )


def _month(column: str) -> str:
    return (
        f"{column} TEXT NOT NULL CHECK({column}||'-01' IS date({column}||'-01','+0 days') AND length({column})=7 "
        f"AND {column} BETWEEN '1990-01' AND '2100-12')"
    )


def _text(column: str, limit: int = 200, null: bool = True) -> str:
    rule = f"length({column})<={limit} AND instr({column},char(0))=0"
    if null:
        return f"{column} TEXT CHECK({column} IS NULL OR ({rule}))"
    return f"{column} TEXT NOT NULL CHECK({rule} AND {column}<>'')"


def _word(column: str, *words: str, null: bool = False, default: str | None = None) -> str:
    listed = ",".join(f"'{word}'" for word in words)
    start = f"{column} TEXT" + ("" if null else " NOT NULL") + (f" DEFAULT '{default}'" if default else "")
    rule = f"{column} IN ({listed})"
    return f"{start} CHECK({column} IS NULL OR {rule})" if null else f"{start} CHECK({rule})"


def _flag(column: str, null: bool = False) -> str:
    return (
        f"{column} INTEGER CHECK({column} IN (0,1))"
        if null
        else f"{column} INTEGER NOT NULL DEFAULT 0 CHECK({column} IN (0,1))"
    )


FREQUENCIES = ("weekly", "twice_monthly", "monthly")
METHODS = ("onsite", "phone", "wechat", "online", "meeting")

STATEMENTS: tuple[str, ...] = (
    # who did what: never undone, never logged itself
    f"""CREATE TABLE operation(
        seq INTEGER PRIMARY KEY, at TEXT NOT NULL, {_text("actor", 100, null=False)}, {_text("host", 255)},
        {_text("command", 100, null=False)}, {_text("arguments", 4000)},
        undoes INTEGER REFERENCES operation(seq)) STRICT""",
    """CREATE TABLE change(
        seq INTEGER PRIMARY KEY, op INTEGER NOT NULL REFERENCES operation(seq), tbl TEXT NOT NULL, key ANY NOT NULL,
        kind TEXT NOT NULL CHECK(kind IN ('I','U','D')), col TEXT NOT NULL, old ANY, new ANY) STRICT""",
    "CREATE INDEX change_op ON change(op)",
    "CREATE INDEX change_row ON change(tbl, key)",
    # people and days
    f"""CREATE TABLE person(
        id INTEGER PRIMARY KEY, {_text("code", 40, null=False)} UNIQUE, {_text("name", 100, null=False)},
        {_word("role", "customer_manager", "market_manager", "brand_manager")}) STRICT""",
    f"""CREATE TABLE day_off(
        id INTEGER PRIMARY KEY, person INTEGER REFERENCES person(id), {_day("day")}, {_text("reason")},
        UNIQUE(person, day)) STRICT""",
    f"""CREATE TABLE calendar_day(
        id INTEGER PRIMARY KEY, {_text("country", 10, null=False)}, {_day("day")}, {_flag("working")},
        {_text("name")}, UNIQUE(country, day)) STRICT""",
    # base data
    f"""CREATE TABLE customer(
        id INTEGER PRIMARY KEY, {_text("code", 40, null=False)} UNIQUE, {_text("name", 200, null=False)},
        manager INTEGER REFERENCES person(id),
        {_word("state", "active", "closed", "suspended", "revoked", "expired", default="active")},
        grade INTEGER CHECK(grade BETWEEN 1 AND 30), {_word("market_type", "urban", "rural", null=True)},
        {_word("business_type", "mall", "supermarket", "convenience", "tobacco_liquor", "grocery", "entertainment",
               "other", null=True)},
        {_text("neighbourhood", 100)}, {_text("route", 100)},
        order_weekday INTEGER CHECK(order_weekday BETWEEN 1 AND 7), {_flag("online", null=True)},
        {_word("visit_method", *METHODS, null=True)}, {_word("frequency", *FREQUENCIES, null=True)},
        latitude_e6 INTEGER CHECK(latitude_e6 BETWEEN -90000000 AND 90000000),
        longitude_e6 INTEGER CHECK(longitude_e6 BETWEEN -180000000 AND 180000000),
        {_text("address", 400)}, {_text("city", 100)}, {_text("contact", 100)}, {_text("phone", 40)},
        {_text("licence", 40)}, {_day("opened_on", null=True)}, {_day("closed_on", null=True)},
        {_text("closed_weekdays", 7)}, {_text("hours", 60)}, {_text("held", 600)},
        CHECK((latitude_e6 IS NULL) = (longitude_e6 IS NULL))) STRICT""",
    "CREATE INDEX customer_manager ON customer(manager)",
    f"""CREATE TABLE category(
        id INTEGER PRIMARY KEY, parent INTEGER REFERENCES category(id), {_text("name", 100, null=False)}) STRICT""",
    "CREATE UNIQUE INDEX category_name ON category(ifnull(parent,0), name)",
    f"""CREATE TABLE product(
        id INTEGER PRIMARY KEY, {_text("code", 40, null=False)} UNIQUE, {_text("name", 200, null=False)},
        category INTEGER REFERENCES category(id), {_flag("key_brand")}, {_text("tar", 20)},
        units_per_carton INTEGER NOT NULL DEFAULT 200 CHECK(units_per_carton BETWEEN 1 AND 1000000),
        active INTEGER NOT NULL DEFAULT 1 CHECK(active IN (0,1)), {_text("held", 200)}) STRICT""",
    # codes of customers merged into others; days on which a shop is shut; what users add, and when a field was verified
    f"""CREATE TABLE customer_alias(
        id INTEGER PRIMARY KEY, {_text("code", 40, null=False)} UNIQUE,
        customer INTEGER NOT NULL REFERENCES customer(id)) STRICT""",
    f"""CREATE TABLE closed_range(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_day("first")}, {_day("last")},
        {_text("reason")}, UNIQUE(customer, first, last), CHECK(first<=last)) STRICT""",
    f"""CREATE TABLE own_field(
        id INTEGER PRIMARY KEY, {_text("name", 60, null=False)} UNIQUE,
        {_word("type", "text", "number", "date", "choice")}, {_text("choices", 2000)}) STRICT""",
    f"""CREATE TABLE own_value(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        field INTEGER NOT NULL REFERENCES own_field(id), {_text("value", 400, null=False)},
        UNIQUE(customer, field)) STRICT""",
    f"""CREATE TABLE verified(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_text("field", 60, null=False)},
        {_day("day")}, UNIQUE(customer, field)) STRICT""",
    f"""CREATE TABLE watched(
        id INTEGER PRIMARY KEY, product INTEGER NOT NULL REFERENCES product(id), {_month("from_month")},
        to_month TEXT CHECK(to_month IS NULL OR (length(to_month)=7 AND to_month>=from_month)),
        UNIQUE(product, from_month)) STRICT""",
    f"""CREATE TABLE stand_in(
        id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person(id),
        substitute INTEGER NOT NULL REFERENCES person(id), {_day("first")}, {_day("last")},
        UNIQUE(person, first), CHECK(first<=last AND person<>substitute)) STRICT""",
    # orders: bulk tables, undone by their operation
    f"""CREATE TABLE orders(
        id INTEGER PRIMARY KEY, {_day("day")}, customer INTEGER NOT NULL REFERENCES customer(id),
        number TEXT NOT NULL CHECK(length(number)<=60), op INTEGER NOT NULL,
        UNIQUE(day, customer, number)) STRICT""",
    """CREATE TABLE line(
        orders INTEGER NOT NULL REFERENCES orders(id), no INTEGER NOT NULL,
        product INTEGER NOT NULL REFERENCES product(id),
        volume INTEGER NOT NULL, amount INTEGER NOT NULL, allowed INTEGER, op INTEGER NOT NULL,
        PRIMARY KEY(orders, no)) STRICT, WITHOUT ROWID""",
    # imports
    f"""CREATE TABLE batch(
        id INTEGER PRIMARY KEY, op INTEGER NOT NULL, {_text("file", 400, null=False)}, sha256 TEXT NOT NULL,
        {_text("kinds", 100, null=False)}, {_text("encoding", 20, null=False)}, map_sha256 TEXT,
        rows INTEGER NOT NULL, accepted INTEGER NOT NULL, unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL,
        skipped INTEGER NOT NULL, volume INTEGER NOT NULL, amount INTEGER NOT NULL,
        undone_by INTEGER) STRICT""",
    "CREATE INDEX batch_file ON batch(sha256)",
    # what an operation stored in the bulk tables, with digests: `db check` compares, with later logged changes added
    """CREATE TABLE seal(
        op INTEGER PRIMARY KEY, orders INTEGER NOT NULL, lines INTEGER NOT NULL, volume INTEGER NOT NULL,
        amount INTEGER NOT NULL, order_digest INTEGER NOT NULL, line_digest INTEGER NOT NULL) STRICT""",
    # the month: step 2
    f"""CREATE TABLE operating(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        {_word("state", "computed", "generated")}, UNIQUE(manager, month)) STRICT""",
    f"""CREATE TABLE effect(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        {_text("score", 40)}, {_word("peers", "grade", "market", "all")}, peer_count INTEGER NOT NULL,
        UNIQUE(customer, month)) STRICT""",
    f"""CREATE TABLE effect_item(
        id INTEGER PRIMARY KEY, effect INTEGER NOT NULL REFERENCES effect(id) ON DELETE RESTRICT,
        {_text("item", 40, null=False)}, {_text("value", 80)}, {_text("score", 40)}, UNIQUE(effect, item)) STRICT""",
    f"""CREATE TABLE score(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        {_text("item", 40, null=False)}, score INTEGER NOT NULL CHECK(score BETWEEN 1 AND 5),
        {_word("origin", "entered", "carried", "assumed")}, UNIQUE(customer, month, item)) STRICT""",
    # steps 7 and 8
    f"""CREATE TABLE document(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        {_word("kind", "strategies", "plan")},
        {_word("state", "draft", "submitted", "approved", "result_submitted", "result_approved", default="draft")},
        {_text("satisfaction_target", 20)}, {_text("problems", 4000)}, {_text("focus", 4000)},
        UNIQUE(manager, month, kind)) STRICT""",
    f"""CREATE TABLE transition(
        id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document(id), {_text("action", 40, null=False)},
        {_text("before", 40, null=False)}, {_text("after", 40, null=False)}, {_text("actor", 100, null=False)},
        {_text("role", 40)}, at TEXT NOT NULL, {_text("reason", 1000)}, {_flag("late")}) STRICT""",
    f"""CREATE TABLE strategy(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        {_text("code", 60, null=False)},
        {_word("origin", "quadrant", "weak_effect", "weak_ability", "demand", "carried", "hand")},
        {_text("cause", 100, null=False)}, {_text("text", 400)},
        {_word("state", "open", "done", "dropped", default="open")},
        UNIQUE(customer, month, code, cause)) STRICT""",
    f"""CREATE TABLE problem(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        {_text("code", 100, null=False)}, {_text("actual", 80, null=False)}, {_text("limit_", 80, null=False)},
        UNIQUE(customer, month, code)) STRICT""",
    f"""CREATE TABLE key_candidate(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        rank INTEGER NOT NULL, {_word("standing", "proposed", "below", "added", "removed")},
        {_text("reasons", 1000)}, lost_volume INTEGER NOT NULL, {_text("note", 400)},
        UNIQUE(customer, month)) STRICT""",
    f"""CREATE TABLE frequency_line(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id), {_month("month")},
        {_word("frequency", *FREQUENCIES)}, {_word("source", "key", "rank", "override", "new")},
        rank INTEGER NOT NULL, strategies INTEGER NOT NULL, volume INTEGER NOT NULL, tied INTEGER NOT NULL,
        {_text("note", 400)}, UNIQUE(customer, month)) STRICT""",
    # steps 9 to 12
    f"""CREATE TABLE visit_plan(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        {_day("first")}, {_day("last")}, seed INTEGER NOT NULL, {_flag("provisional")},
        {_text("figures", 4000)}) STRICT""",
    f"""CREATE TABLE planned_visit(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        manager INTEGER NOT NULL REFERENCES person(id), {_day("day")}, {_word("method", *METHODS)},
        position INTEGER NOT NULL,
        {_word("state", "open", "visited", "missed", "cancelled", "early", default="open")}, {_flag("pinned")},
        {_text("note", 400)}) STRICT""",
    "CREATE INDEX planned_visit_day ON planned_visit(manager, day)",
    "CREATE INDEX planned_visit_customer ON planned_visit(customer, day)",
    f"""CREATE TABLE visit(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        manager INTEGER NOT NULL REFERENCES person(id), {_day("day")}, {_flag("visited")}, {_word("method", *METHODS)},
        {_word("miss_reason", "closed", "owner_away", "weather", "meeting", "refused", "other", null=True)},
        {_flag("ad_hoc")}, {_text("arrived", 5)}, {_text("left_", 5)}, {_text("anomaly", 2000)},
        {_text("opinion", 2000)}, {_text("effect", 2000)},
        planned INTEGER REFERENCES planned_visit(id), UNIQUE(customer, day),
        CHECK((visited = 1) = (miss_reason IS NULL))) STRICT""",
    "CREATE INDEX visit_day ON visit(manager, day)",
    f"""CREATE TABLE printing(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_day("day")},
        {_text("paper", 40, null=False)}, version INTEGER NOT NULL, at TEXT NOT NULL, {_text("format", 10)},
        UNIQUE(manager, day, paper, version)) STRICT""",
)
