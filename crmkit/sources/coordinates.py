"""Coordinates as they come in China: GCJ-02 (国测局) and BD-09 (百度) turned into WGS-84.

The library knows the forward way exactly and the way back nearly; five corrections by the forward way bring it within
a millionth of a degree, a tenth of a metre.
"""

from collections.abc import Callable

SYSTEMS = ("wgs84", "gcj02", "bd09")
_MILLION = 1_000_000
_CORRECTIONS = 5
Pair = tuple[float, float]


def to_wgs84(system: str, latitude_e6: int, longitude_e6: int) -> tuple[int, int]:
    """A place of this system as latitude and longitude of WGS-84, in millionths of a degree."""
    if system == "wgs84":
        return latitude_e6, longitude_e6
    import coordTransform as transform  # noqa: N813 - the library's name

    forward: Callable[[float, float], Pair] = {"gcj02": transform.wgs84_to_gcj02, "bd09": transform.wgs84_to_bd09}[
        system
    ]
    wanted = longitude_e6 / _MILLION, latitude_e6 / _MILLION
    longitude, latitude = wanted
    for _round in range(_CORRECTIONS):
        reached = forward(longitude, latitude)
        longitude, latitude = longitude + wanted[0] - reached[0], latitude + wanted[1] - reached[1]
    return round(latitude * _MILLION), round(longitude * _MILLION)
