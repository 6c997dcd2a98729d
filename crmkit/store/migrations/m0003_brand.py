"""Brand targets, target customers, the state of brands and of the market (steps 3 to 6). Frozen once released.

Targets and figures that people typed or that are judged are exact texts and whole numbers; `numerator` ÷ `denominator`
is what was found (of a rate: customers or demand lines; of an indicator: the exact figure). Both states are kept.
"""

_JUDGEMENTS = "'abnormal','normal','not_judged'"


def _month(column: str) -> str:
    return (
        f"{column} TEXT NOT NULL CHECK({column}||'-01' IS date({column}||'-01','+0 days') AND length({column})=7 "
        f"AND {column} BETWEEN '1990-01' AND '2100-12')"
    )


def _text(column: str, limit: int) -> str:
    return f"{column} TEXT CHECK({column} IS NULL OR (length({column})<={limit} AND instr({column},char(0))=0))"


def _day(column: str) -> str:
    rule = f"{column} IS date({column},'+0 days') AND length({column})=10 AND {column} BETWEEN '1990' AND '2100-12-31'"
    return f"{column} TEXT CHECK({column} IS NULL OR ({rule}))"


_STATES = (
    f"computed TEXT NOT NULL CHECK(computed IN ({_JUDGEMENTS})), final TEXT NOT NULL CHECK(final IN ({_JUDGEMENTS})), "
    f"{_text('note', 400)}, CHECK(computed=final OR note IS NOT NULL)"
)

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE brand_target(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id),
        product INTEGER NOT NULL REFERENCES product(id), {_month("from_month")}, {_month("to_month")},
        {_text("on_shelf", 60)}, {_text("sell_through", 60)}, {_text("repurchase", 60)}, {_text("stock_out", 60)},
        UNIQUE(manager, product, from_month), CHECK(from_month<=to_month)) STRICT""",
    """CREATE TABLE target_customer(
        id INTEGER PRIMARY KEY, target INTEGER NOT NULL REFERENCES brand_target(id),
        customer INTEGER NOT NULL REFERENCES customer(id), UNIQUE(target, customer)) STRICT""",
    f"""CREATE TABLE analysis(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        kind TEXT NOT NULL CHECK(kind IN ('brand','market')), {_day("through")},
        {_text("problems", 4000)}, {_text("focus", 4000)}, UNIQUE(manager, month, kind)) STRICT""",
    f"""CREATE TABLE brand_state(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        product INTEGER NOT NULL REFERENCES product(id),
        rate TEXT NOT NULL CHECK(rate IN ('on_shelf','sell_through','repurchase','stock_out')), {_text("target", 60)},
        numerator INTEGER NOT NULL, denominator INTEGER NOT NULL, {_STATES},
        UNIQUE(manager, month, product, rate)) STRICT""",
    f"""CREATE TABLE market_state(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        indicator TEXT NOT NULL CHECK(length(indicator) BETWEEN 1 AND 40), {_text("target", 60)},
        numerator INTEGER, denominator INTEGER CHECK(denominator>0),
        base TEXT CHECK(base IN ('last_year','last_month')), {_day("base_first")}, {_day("base_last")},
        {_text("ratio", 200)}, {_STATES}, UNIQUE(manager, month, indicator)) STRICT""",
    f"""CREATE TABLE indicator_target(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        indicator TEXT NOT NULL CHECK(length(indicator) BETWEEN 1 AND 40),
        target TEXT NOT NULL CHECK(length(target) BETWEEN 1 AND 60),
        origin TEXT NOT NULL CHECK(origin IN ('proposed','confirmed','entered')),
        UNIQUE(manager, month, indicator)) STRICT""",
)
