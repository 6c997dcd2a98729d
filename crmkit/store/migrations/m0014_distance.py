"""Ways by road between shops that somebody gave, as from a map service. Frozen once released.

A pair is kept once, the smaller id first, with the places both shops had when the way was given: once one of them has
moved it no longer holds. Which import brought a row is in the change log.
"""

_PLACE = ("latitude_e6 INTEGER CHECK({0}_latitude_e6 BETWEEN -90000000 AND 90000000)",
          "longitude_e6 INTEGER CHECK({0}_longitude_e6 BETWEEN -180000000 AND 180000000)")  # fmt: skip


def _place(shop: str) -> str:
    return ", ".join(f"{shop}_{column.format(shop)}" for column in _PLACE)


STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE distance(
        id INTEGER PRIMARY KEY, one INTEGER NOT NULL REFERENCES customer(id),
        other INTEGER NOT NULL REFERENCES customer(id), metres INTEGER NOT NULL CHECK(metres BETWEEN 0 AND 2000000),
        {_place("one")}, {_place("other")}, UNIQUE(one, other), CHECK(one<other),
        CHECK((one_latitude_e6 IS NULL)=(one_longitude_e6 IS NULL)),
        CHECK((other_latitude_e6 IS NULL)=(other_longitude_e6 IS NULL))) STRICT""",
    "CREATE INDEX distance_other ON distance(other)",
)
