"""The rows of the file as people call them."""

from crmkit.report.words import _, later

TABLES: dict[str, str] = {
    "person": later("person"),
    "customer": later("customer"),
    "customer_alias": later("former code"),
    "product": later("product"),
    "category": later("category"),
    "closed_range": later("closed dates"),
    "day_off": later("day off"),
    "calendar_day": later("calendar day"),
    "own_field": later("own field"),
    "own_value": later("value of an own field"),
    "own_held": later("own field kept by hand"),
    "verified": later("date of verification"),
    "watched": later("watched product"),
    "stand_in": later("stand-in"),
    "orders": later("order"),
    "line": later("order line"),
    "questionnaire": later("questionnaire"),
    "demand_line": later("demand line"),
    "wish": later("service wish"),
    "operating": later("operating state"),
    "computing": later("computing of the operating state"),
    "computing_rows": later("order rows a computing saw"),
    "effect": later("effect"),
    "effect_item": later("effect indicator"),
    "effect_input": later("orders behind an effect"),
    "score": later("ability score"),
    "brand_target": later("brand target"),
    "target_customer": later("target customer"),
    "analysis": later("analysis of brands or market"),
    "brand_state": later("state of a rate"),
    "market_state": later("state of an indicator"),
    "indicator_target": later("target of an indicator"),
    "document": later("document"),
    "transition": later("step of a document"),
    "strategy": later("service strategy"),
    "problem": later("problem"),
    "key_candidate": later("key customer candidate"),
    "frequency_line": later("frequency of the month plan"),
    "opening_answer": later("answer given when the month was opened"),
    "visit_plan": later("visit plan"),
    "planned_visit": later("planned visit"),
    "visit_move": later("moved visit"),
    "visit": later("visit"),
    "printing": later("printed paper"),
}


def table_word(name: str) -> str:
    """What the rows of a table are; the table's name for one that is not known."""
    return _(TABLES[name]) if name in TABLES else name
