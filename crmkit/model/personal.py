"""Which columns hold personal data: masked wherever nobody asked for them."""

_PERSONAL: dict[str, frozenset[str]] = {
    "customer": frozenset(
        {"name", "contact", "phone", "licence", "address", "latitude_e6", "longitude_e6"}
    ),
    "person": frozenset({"name"}),
    "own_value": frozenset({"value"}),
    "closed_range": frozenset({"reason"}),
    "day_off": frozenset({"reason"}),
    "wish": frozenset({"note"}),
    "visit": frozenset({"anomaly", "opinion", "effect"}),
    "ad_hoc_item": frozenset({"text"}),
    "summary": frozenset({"text"}),
    "mark_restatement": frozenset({"reason", "answer"}),
    "planned_visit": frozenset({"note"}),
    "visit_move": frozenset({"note"}),
    "week_schedule": frozenset({"market", "brand"}),
    "week_day": frozenset({"route", "note"}),
    "forgiven_debt": frozenset({"reason"}),
    "analysis": frozenset({"problems", "focus"}),
    "document": frozenset({"problems", "focus"}),
    "transition": frozenset({"reason"}),
    "brand_state": frozenset({"note"}),
    "market_state": frozenset({"note"}),
    "strategy": frozenset({"text"}),
    "strategy_edit": frozenset({"reason", "before"}),
    "submitted_line": frozenset({"text"}),
    "line_feedback": frozenset({"text"}),
    "key_candidate": frozenset({"note"}),
    "frequency_line": frozenset({"note"}),
    "opening_answer": frozenset({"note"}),
}


def is_personal(table: str, column: str) -> bool:
    """Does this column tell of a person? (our list)"""
    return column in _PERSONAL.get(table, frozenset())


PHONES_BETWEEN = ";"  # between the phones of one customer


def phones(text: str | None) -> tuple[str, ...]:
    """The phones of one customer, the first one to call first."""
    return tuple(filter(None, (text or "").split(PHONES_BETWEEN)))


def masked_phone(text: str | None) -> str | None:
    """Phones that tell two customers apart without being given away: 138****8000; None when there is none."""
    masked = (f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "****" for phone in phones(text))
    return PHONES_BETWEEN.join(masked) or None
