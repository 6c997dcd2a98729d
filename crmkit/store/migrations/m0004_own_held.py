"""Own fields that a person set by hand: an import leaves them alone, as it does with the columns in customer.held."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE own_held(
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        field INTEGER NOT NULL REFERENCES own_field(id), UNIQUE(customer, field)) STRICT""",
)
