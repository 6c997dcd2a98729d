"""The ways between shops that somebody gave."""

import json
from collections.abc import Iterable
from typing import Any

from crmkit.model.customer import Place
from crmkit.model.distance import GivenWay
from crmkit.store.connection import Store

_COLUMNS = "one, other, metres, one_latitude_e6, one_longitude_e6, other_latitude_e6, other_longitude_e6"


def between(store: Store, customers: Iterable[int]) -> list[GivenWay]:
    """Every given way between two of these customers, in one query."""
    wanted = json.dumps(sorted(set(customers)))
    rows = store.rows(
        f"""SELECT {_COLUMNS} FROM distance WHERE one IN (SELECT value FROM json_each(?1))
            AND other IN (SELECT value FROM json_each(?1)) ORDER BY one, other""",
        (wanted,),
    )
    return [GivenWay(one, other, metres, _place(a, b), _place(c, d)) for one, other, metres, a, b, c, d in rows]


def put(store: Store, ways: Iterable[GivenWay]) -> None:
    """Write ways, each in the place of an older one between the same shops."""
    store.executemany(
        f"""INSERT INTO distance({_COLUMNS}) VALUES (?,?,?,?,?,?,?) ON CONFLICT(one, other) DO UPDATE SET
            metres=excluded.metres, one_latitude_e6=excluded.one_latitude_e6,
            one_longitude_e6=excluded.one_longitude_e6, other_latitude_e6=excluded.other_latitude_e6,
            other_longitude_e6=excluded.other_longitude_e6""",
        [_row(way) for way in ways],
    )


def forget(store: Store, customer: int) -> None:
    """Take away the ways to one shop."""
    store.execute("DELETE FROM distance WHERE one=?1 OR other=?1", (customer,))


def count(store: Store, customer: int) -> int:
    """How many ways to one shop are given."""
    return int(store.value("SELECT count(*) FROM distance WHERE one=?1 OR other=?1", (customer,)))


def _row(way: GivenWay) -> tuple[Any, ...]:
    return way.one, way.other, way.metres, *_columns(way.one_place), *_columns(way.other_place)


def _columns(place: Place | None) -> tuple[int | None, int | None]:
    return (place.latitude_e6, place.longitude_e6) if place else (None, None)


def _place(latitude: int | None, longitude: int | None) -> Place | None:
    return None if latitude is None or longitude is None else Place(latitude, longitude)
