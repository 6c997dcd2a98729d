"""The customers of the invented territory: who they are, where they stand and what becomes of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from crmkit.model.month import Month
from crmkit.sources.territory import words
from crmkit.sources.territory.dice import Dice, share_of
from crmkit.sources.territory.places import Neighbourhood, neighbourhoods, rural_count

WEEKDAYS = "一二三四五六日"
_SMALLEST_WITH_STORIES = 8  # from so many shops on, the first stories are told at least once


class Story(StrEnum):
    """What happens to a shop in the months before the planned one."""

    STEADY = "steady"
    GROWING = "growing"
    DECLINING = "declining"  # volume falls well below its own base
    STOPPED = "stopped"  # ordered in M-2, nothing in M-1
    DOWNGRADING = "downgrading"  # same volume, cheaper goods: carton value falls
    NEW = "new"
    CLOSED = "closed"  # 歇业
    SUSPENDED = "suspended"  # 停业


TROUBLES = frozenset({Story.DECLINING, Story.STOPPED, Story.DOWNGRADING})
# Per cent of the customers; the first three come at least once in a territory of eight shops or more.
_SHARES = (
    (Story.DECLINING, 2),
    (Story.CLOSED, 3),
    (Story.NEW, 4),
    (Story.DOWNGRADING, 2),
    (Story.STOPPED, 1),
    (Story.SUSPENDED, 1),
    (Story.GROWING, 3),
)
_ALWAYS = 3


@dataclass(frozen=True, slots=True)
class Shop:
    """One customer and what drives his orders: `appetite` is the weekly demand in thousandths of a carton."""

    code: str
    name: str
    licence: str
    manager: str
    story: Story
    grade: int
    business_type: str
    neighbourhood: Neighbourhood
    online: bool
    visit_method: str
    latitude: int
    longitude: int
    address: str
    contact: str
    phone: str
    opened_on: date
    closed_on: date | None
    closed_weekday: str
    appetite: int

    @property
    def rural(self) -> bool:
        return self.neighbourhood.rural

    @property
    def row(self) -> tuple[str, ...]:
        """The line of 客户信息.csv."""
        states = {Story.CLOSED: "歇业", Story.SUSPENDED: "停业"}
        ground = self.neighbourhood
        return (
            self.code, self.name, self.licence, self.manager, states.get(self.story, "正常"), str(self.grade),
            "乡村" if self.rural else "城镇", self.business_type, ground.name, ground.route,
            "周" + WEEKDAYS[ground.weekday - 1], "是" if self.online else "否", self.visit_method,
            degrees(self.longitude), degrees(self.latitude), self.address, self.contact, self.phone,
            self.opened_on.isoformat(), self.closed_on.isoformat() if self.closed_on else "",
            self.closed_weekday,
        )  # fmt: skip


def degrees(millionths: int) -> str:
    """101318000 → 101.318000."""
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"


def shops(seed: int, month: Month, customers: int, managers: int) -> tuple[Shop, ...]:
    """All customers, neighbourhood by neighbourhood; each manager owns a sector of city and country."""
    where = _spread(neighbourhoods(seed, customers), customers)
    fates = _stories(Dice(seed, "stories"), customers)
    blank = set(Dice(seed, "methods").shuffled(range(customers))[: share_of(customers, 1)])
    names = _Names(Dice(seed, "names"), customers)
    maker = _Maker(seed, month, customers, managers, names)
    return tuple(
        maker.shop(place, ground, house, fates[place], blank=place in blank)
        for place, (ground, house) in enumerate(where)
    )


def manager_names(managers: int) -> tuple[str, ...]:
    """Invented names, numbered when there are more managers than names."""
    known = words.MANAGERS
    rounds = [divmod(n, len(known)) for n in range(managers)]
    return tuple(known[place] + (str(again + 1) if again else "") for again, place in rounds)


def _spread(grounds: tuple[Neighbourhood, ...], customers: int) -> list[tuple[Neighbourhood, int]]:
    """The neighbourhood of each customer and his number within it, evenly dealt."""
    rural = rural_count(customers)
    city = [ground for ground in grounds if not ground.rural]
    country = [ground for ground in grounds if ground.rural]
    return [*_dealt(city, customers - rural), *_dealt(country, rural)]


def _dealt(grounds: list[Neighbourhood], count: int) -> list[tuple[Neighbourhood, int]]:
    dealt: list[tuple[Neighbourhood, int]] = []
    for place, ground in enumerate(grounds):
        here = count * (place + 1) // len(grounds) - count * place // len(grounds)
        dealt += [(ground, house) for house in range(here)]
    return dealt


def _stories(dice: Dice, customers: int) -> list[Story]:
    told: list[Story] = []
    for place, (story, percent) in enumerate(_SHARES):
        least = 1 if place < _ALWAYS and customers >= _SMALLEST_WITH_STORIES else 0
        told += [story] * max(least, share_of(customers, percent))
    return dice.shuffled(told + [Story.STEADY] * (customers - len(told)))


class _Names:
    """Shop names, each used once as long as the words last; the odd ones are strewn in."""

    def __init__(self, dice: Dice, customers: int) -> None:
        self._dice = dice
        self._used: set[str] = set()
        odd = words.ODD_NAMES[: max(1, min(len(words.ODD_NAMES), customers // 5))]
        self._odd = dict(zip(dice.shuffled(range(customers)), odd, strict=False))

    def name(self, place: int, business_type: str, surname: str, ground: Neighbourhood) -> str:
        """The name on the shop's sign."""
        if place in self._odd:
            return self._odd[place]
        form = self._dice.one_of(words.SHOP_FORMS[business_type])
        lucky = self._dice.one_of(words.LUCKY.split("|"))
        where = ground.name.removesuffix("镇").removesuffix("乡")
        name = form.format(s=surname, l=lucky, p=where)
        if name in self._used:
            name = where + name if where not in name else f"{name}({lucky}店)"
        self._used.add(name)
        return name


class _Maker:
    """Makes one shop after the other; each has dice of its own."""

    def __init__(self, seed: int, month: Month, customers: int, managers: int, names: _Names) -> None:
        self._seed = seed
        self._month = month
        self._customers = customers
        self._names = names
        self._managers = manager_names(managers)

    def shop(self, place: int, ground: Neighbourhood, house: int, story: Story, *, blank: bool) -> Shop:
        dice = Dice(self._seed, f"shop {place}")
        business_type = _business_type(dice, rural=ground.rural)
        surname = dice.one_of(words.SURNAMES)
        street = ground.streets[house % len(ground.streets)]
        number = house * 6 + dice.between(1, 5)
        latitude, longitude = street.house(number, dice.between(8, 20) * (1 if number % 2 else -1))
        opened, closed = _lifetime(dice, story, self._month)
        grade = _grade(dice, business_type, rural=ground.rural)
        return Shop(
            code=f"{words.CODE_AREA}{place + 1:05d}",
            name=self._names.name(place, business_type, surname, ground),
            licence=f"{words.LICENCE_AREA}{place + 100_001:06d}",
            manager=self._manager(place, rural=ground.rural),
            story=story,
            grade=grade,
            business_type=business_type,
            neighbourhood=ground,
            online=dice.chance(620 if ground.rural else 880),
            visit_method="" if blank else _visit_method(dice),
            latitude=latitude,
            longitude=longitude,
            address=_address(dice, ground, street.name, number),
            contact=surname + dice.one_of(words.GIVEN.split("|")),
            phone=f"1390000{place % 10_000:04d}",
            opened_on=opened,
            closed_on=closed,
            closed_weekday="周" + dice.one_of(WEEKDAYS) if dice.chance(60) else "",
            appetite=_appetite(dice, grade),
        )

    def _manager(self, place: int, *, rural: bool) -> str:
        """Sectors: the shops of the city and those of the country are each dealt round the compass."""
        country = rural_count(self._customers)
        first, count = (self._customers - country, country) if rural else (0, self._customers - country)
        return self._managers[(place - first) * len(self._managers) // count]


def _business_type(dice: Dice, *, rural: bool) -> str:
    kinds = words.RURAL_TYPES if rural else words.URBAN_TYPES
    return kinds[dice.weighted([weight for _, weight in kinds])][0]


def _grade(dice: Dice, business_type: str, *, rural: bool) -> int:
    """档位 1-30: the middle is common, the ends are rare; liquor shops and supermarkets stand higher."""
    lift = {"烟酒商店": 4, "超市": 3, "商场": 4, "食杂店": -2}.get(business_type, 0)
    low, high = (1, 22) if rural else (3, 29)
    return max(1, min(30, dice.middling(low, high) + lift))


def _appetite(dice: Dice, grade: int) -> int:
    """Higher grades sell disproportionately more: about 8 cartons a week at grade 1, 42 at 15, 120 at 30."""
    cartons = 7 + grade + grade * grade // 11
    return cartons * dice.between(880, 1120)


def _visit_method(dice: Dice) -> str:
    return ("实地", "电话", "微信")[dice.weighted((94, 3, 3))]


def _address(dice: Dice, ground: Neighbourhood, street: str, number: int) -> str:
    if ground.rural:
        return f"{words.CITY}{ground.name}{street}{number}号"
    floor = f",{dice.between(1, 6)}栋一楼" if dice.chance(40) else ""
    return f"{words.CITY}{street}{number}号{floor}"


def _lifetime(dice: Dice, story: Story, month: Month) -> tuple[date, date | None]:
    """Day of opening and, for a closed shop, of closing; closings lie more than three months back."""
    opened = month.plus(-dice.between(20, 150)).first + timedelta(days=dice.below(28))
    if story is Story.NEW:
        opened = month.plus(-dice.between(1, 5)).first + timedelta(days=dice.below(20))
    if story is not Story.CLOSED:
        return opened, None
    return opened, month.plus(-dice.between(5, 11)).first + timedelta(days=dice.below(25))
