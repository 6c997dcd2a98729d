"""Which columns hold personal data: masked wherever nobody asked for them."""

_PERSONAL: dict[str, frozenset[str]] = {
    "customer": frozenset(
        {"name", "contact", "phone", "licence", "address", "latitude_e6", "longitude_e6"}
    ),
    "person": frozenset({"name"}),
    "own_value": frozenset({"value"}),
    "closed_range": frozenset({"reason"}),
    "wish": frozenset({"note"}),
    "visit": frozenset({"anomaly", "opinion", "effect"}),
}


def is_personal(table: str, column: str) -> bool:
    """Does this column tell of a person? (our list)"""
    return column in _PERSONAL.get(table, frozenset())


def masked_phone(phone: str | None) -> str | None:
    """A phone that tells two customers apart without being given away: 138****8000; None when there is none."""
    if not phone:
        return None
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "****"
