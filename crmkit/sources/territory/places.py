"""The ground of the invented territory: quarters of one city and towns around it, with their streets."""

from dataclasses import dataclass

from crmkit.sources.territory import words
from crmkit.sources.territory.dice import Dice

# WGS-84, millionths of a degree. Everything lies inside the box.
CENTRE = (25_352_000, 101_318_000)  # latitude, longitude of the old town
BOX = (25_150_000, 25_560_000, 101_090_000, 101_550_000)  # south, north, west, east

_RURAL_PERCENT = 30
_URBAN_SIZE = 14  # shops of a quarter
_RURAL_SIZE = 12  # shops of a town
_WEEKDAYS = 5
# Sixteen directions in thousandths: no sine, which may differ in the last place between machines.
_COMPASS = (
    (0, 1000), (383, 924), (707, 707), (924, 383), (1000, 0), (924, -383), (707, -707), (383, -924),
    (0, -1000), (-383, -924), (-707, -707), (-924, -383), (-1000, 0), (-924, 383), (-707, 707), (-383, 924),
)  # fmt: skip
_NORTH_OF_METRE = 9  # millionths of a degree of latitude in a metre
_EAST_OF_METRE = 10  # of longitude, at this latitude


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A 小片: a quarter of the city or a town with its villages, on one route with one ordering day."""

    name: str
    rural: bool
    latitude: int
    longitude: int
    route: str
    weekday: int  # ISO
    streets: tuple["Street", ...]


@dataclass(frozen=True, slots=True)
class Street:
    """A straight street or village: house numbers grow along it."""

    name: str
    latitude: int
    longitude: int
    direction: int
    metres_per_number: int

    def house(self, number: int, aside: int) -> tuple[int, int]:
        """Latitude and longitude of a house, `aside` metres off the middle of the street."""
        return _moved((self.latitude, self.longitude), self.direction, number * self.metres_per_number, aside)


def rural_count(customers: int) -> int:
    """How many of the shops lie in the country."""
    return (customers * _RURAL_PERCENT + 50) // 100


def neighbourhoods(seed: int, customers: int) -> tuple[Neighbourhood, ...]:
    """Quarters first, then towns, each in the order of its direction from the centre."""
    dice = Dice(seed, "places")
    rural = rural_count(customers)
    quarters = max(1, -(-(customers - rural) // _URBAN_SIZE))
    towns = -(-rural // _RURAL_SIZE)
    found = [_neighbourhood(dice, place, quarters, rural=False) for place in range(quarters)]
    return (*found, *(_neighbourhood(dice, place, towns, rural=True) for place in range(towns)))


def _neighbourhood(dice: Dice, place: int, count: int, *, rural: bool) -> Neighbourhood:
    names = words.RURAL_TOWNS if rural else words.URBAN_QUARTERS
    round_, index = divmod(place, len(names))
    name = names[index] + (f"{round_ + 1}片" if round_ else "")
    far = dice.between(7_500, 15_500) if rural else 500 + place % 2 * 1_300 + dice.between(0, 600)
    middle = _moved(CENTRE, place * len(_COMPASS) // count % len(_COMPASS), far, dice.between(-400, 400))
    weekday = place % _WEEKDAYS + 1
    return Neighbourhood(
        name=name,
        rural=rural,
        latitude=middle[0],
        longitude=middle[1],
        route=f"{'乡' if rural else '城'}{weekday}线",
        weekday=weekday,
        streets=_streets(dice, names[index], middle, rural=rural),
    )


def _streets(dice: Dice, name: str, middle: tuple[int, int], *, rural: bool) -> tuple[Street, ...]:
    labels = words.VILLAGES if rural else words.URBAN_STREETS
    first = dice.below(len(labels))
    chosen = [labels[(first + n) % len(labels)] for n in range(3)]
    return tuple(_street(dice, label if rural else name + label, middle, rural=rural) for label in chosen)


def _street(dice: Dice, name: str, middle: tuple[int, int], *, rural: bool) -> Street:
    apart = 1_600 if rural else 220
    start = _moved(middle, dice.below(len(_COMPASS)), dice.between(apart // 4, apart), 0)
    return Street(name, *start, dice.below(len(_COMPASS)), 9 if rural else 3)


def _moved(start: tuple[int, int], direction: int, metres: int, aside: int) -> tuple[int, int]:
    """A place so many metres on in a direction and so many to its right."""
    east, north = _COMPASS[direction]
    go_north = (north * metres - east * aside) // 1000
    go_east = (east * metres + north * aside) // 1000
    return start[0] + go_north * _NORTH_OF_METRE, start[1] + go_east * _EAST_OF_METRE
