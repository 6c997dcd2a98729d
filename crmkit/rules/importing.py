"""What makes rows of a file contradict each other or the file's own tree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from crmkit.model.importing import Reason
from crmkit.model.month import Month

Path = tuple[str, ...]

_LOOKALIKES = str.maketrans("OILQ", "0110")


def two_names(names: Iterable[tuple[str, str | None]]) -> dict[str, tuple[str, ...]]:
    """Codes that stand with more than one name: none of them may silently win (bad-input.md 105)."""
    seen: dict[str, dict[str, None]] = {}
    for code, name in names:
        if name is not None:
            seen.setdefault(code, {})[name] = None
    return {code: tuple(found) for code, found in seen.items() if len(found) > 1}


def lookalikes(codes: Iterable[str]) -> list[tuple[str, ...]]:
    """Codes that differ only by O and 0 or I, L and 1: a warning, no more (bad-input.md 107)."""
    groups: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        groups[code.translate(_LOOKALIKES)].add(code)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def off_leaf(wanted: Mapping[str, Path], tree: Iterable[Path], holding: Iterable[Path]) -> dict[str, Path]:
    """Products that would not hang on a leaf (method.md step 0): code → the category in the way.

    A product's category may have none below it, in the tree or in this file, and no stored product above it.
    """
    inner = {path[:depth] for path in (*tree, *wanted.values()) for depth in range(1, len(path))}
    held = set(holding)
    found = {}
    for code, path in wanted.items():
        above = next((path[:depth] for depth in range(1, len(path)) if path[:depth] in held), None)
        if path in inner:
            found[code] = path
        elif above is not None:
            found[code] = above
    return found


def padded_twins(codes: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Codes that look like a known one whose zeros in front a spreadsheet took away: 123 beside 00123."""
    padded = {code.lstrip("0"): code for code in known if code.startswith("0")}
    return {code: padded[code] for code in codes if code in padded and code.isdigit()}


def stranger(code: str, known: Iterable[str]) -> tuple[Reason, str]:
    """Why a row with a code nobody has is refused, and what is told of it: it may have lost its zeros in front."""
    twin = padded_twins({code}, known).get(code)
    return (Reason.LOST_ZEROS, f"{code} ({twin}?)") if twin else (Reason.UNKNOWN_CUSTOMER, code)


def bare_twins(codes: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Codes whose twin is known without the zeros in front: 00123 when 123 came from a file that had lost them."""
    bare = {code for code in known if code.isdigit() and not code.startswith("0")}
    found = {code: code.lstrip("0") for code in codes if code.startswith("0") and code.isdigit()}
    return {code: twin for code, twin in found.items() if twin in bare}


def quite_another(before: str, now: str) -> bool:
    """Names that share less than a third of the shorter one's characters: perhaps another shop (our default)."""
    one, other = set(before.casefold()), set(now.casefold())
    return 3 * len(one & other) < min(len(one), len(other))


Point = tuple[int, int]  # latitude and longitude in millionths of a degree
_LEAST_POINTS = 5
_FAR_TIMES = 6
_MANY = 20
_FAR_LEAST = 200_000  # millionths of a degree of latitude: about 22 km


def far_points(points: Mapping[str, Point]) -> list[str]:
    """Codes of places far from the middle of the rest: six times the usual distance and 22 km (our default).

    When more than one in twenty is, the points are of several towns and none of them is a slip.
    """
    if len(points) < _LEAST_POINTS:
        return []
    middle = (_median([lat for lat, _lon in points.values()]), _median([lon for _lat, lon in points.values()]))
    away = {code: _distance(point, middle) for code, point in points.items()}
    most = max(_FAR_TIMES * _median(list(away.values())), _FAR_LEAST)
    far = sorted(code for code, distance in away.items() if distance > most)
    return far if len(far) <= max(1, len(points) // _MANY) else []


def _median(values: list[int]) -> int:
    return sorted(values)[len(values) // 2]


def _distance(one: Point, other: Point) -> int:
    """The larger of the two differences, east-west shortened by the latitude; exact enough to tell a slip."""
    shortened = abs(one[1] - other[1]) * (90_000_000 - abs(other[0])) // 90_000_000
    return max(abs(one[0] - other[0]), shortened)


MOST_MISSING_PERCENT = 5  # of the customers that one import may mark closed (bad-input.md 125)
_FULL_PERCENT = 80  # a file that holds so many of the known customers is taken for a full list (our default)


def is_full_list(held: int, known: int) -> bool:
    """Does a file hold so many of the known customers that the missing ones are worth a word?"""
    return held * 100 >= known * _FULL_PERCENT


def too_many_missing(missing: int, known: int) -> bool:
    """More than one import may mark closed."""
    return missing * 100 > known * MOST_MISSING_PERCENT


MONTHS_BACK, MONTHS_AHEAD = 13, 2  # of the running month: the same month last year, and the plan after next


def far_month(month: Month, today: date) -> str | None:
    """The month and those that are taken, when a working month in a file must be a slip; None for one of them
    [our default: 13 months back to 2 ahead of the running one].
    """
    running = Month.of(today)
    first, last = running.plus(-MONTHS_BACK), running.plus(MONTHS_AHEAD)
    return None if first <= month <= last else f"{month} ({first} – {last})"
