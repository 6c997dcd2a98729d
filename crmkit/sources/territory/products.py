"""The assortment of the invented wholesaler: 150 products in a three-level category tree."""

from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.month import Month
from crmkit.sources.territory import words
from crmkit.sources.territory.dice import Dice

# price class, how many, cheapest and dearest wholesale price of a carton in fen
_CLASSES = (
    ("一类", 42, 17_800, 68_000),
    ("二类", 25, 12_400, 16_800),
    ("三类", 45, 6_200, 11_800),
    ("四类", 16, 3_600, 5_600),
    ("五类", 10, 1_650, 3_100),
)
_CIGAR_PRICES = (12_000, 96_000)
_OTHER_PRICES = (2_500, 9_500)
_KEY_BRANDS = 15
_SUCCEEDED = 5  # products that ended within the year, each with a successor
_ENDED_LONG_AGO = 4


@dataclass(frozen=True, slots=True)
class Article:
    """A product 规格 with its wholesale price in fen per carton and its weight among those of its class."""

    code: str
    name: str
    category: tuple[str, str, str]
    price: int
    popularity: int
    limited: bool  # has an allowed quantity 可订量
    key_brand: bool = False
    tar: str = ""
    units: int = 200  # 支/条
    ended_on: date | None = None
    follows: int | None = None  # position of the product it replaces

    @property
    def price_class(self) -> str:
        return self.category[1]

    @property
    def row(self) -> tuple[str, ...]:
        """The line of 商品信息.csv."""
        key = "是" if self.key_brand else "否"
        state = "停产" if self.ended_on else "正常"
        return (self.code, self.name, *self.category, key, self.tar, str(self.units), state)


def articles(seed: int, month: Month) -> tuple[Article, ...]:
    """All 150 products as of the planned month. Successors stand beside what they replace."""
    dice = Dice(seed, "products")
    found = [*_cigarettes(dice), *_cigars(dice), *_others(dice)]
    return _with_fates(found, dice, month)


def _cigarettes(dice: Dice) -> list[Article]:
    found: list[Article] = []
    for number, (price_class, count, low, high) in enumerate(_CLASSES, start=1):
        names = [(b, *style) for style in words.STYLES for b, sold in words.BRANDS if price_class in sold]
        taken = {article.name for article in found}
        free = [name for name in names if f"{name[0]}({name[1]})" not in taken]
        for place, (brand, style, kind) in enumerate(free[:count]):
            price = _price(dice, low, high, place, count)
            code = f"{number}{place + 1:05d}"
            found.append(_cigarette(dice, code, f"{brand}({style})", ("卷烟", price_class, kind), price))
    return found


def _price(dice: Dice, low: int, high: int, place: int, count: int) -> int:
    """Prices spread over the class, the cheap ones closer together."""
    step = place * 7 % count
    return low + (high - low) * step * step // (count * count) + dice.below(40) * 5


def _cigarette(dice: Dice, code: str, name: str, category: tuple[str, str, str], price: int) -> Article:
    slim = category[2] in ("细支", "短支")
    tenths = dice.between(60, 80) if slim else dice.between(80, 110)
    units = 160 if category[2] == "短支" else 200
    return Article(
        code=code,
        name=name,
        category=category,
        price=price,
        popularity=dice.between(1, 10) ** 2,
        limited=price > 10_000 or dice.chance(500),
        tar=f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10),
        units=units,
    )


def _cigars(dice: Dice) -> list[Article]:
    """Their codes begin with zeros, as codes do."""
    return [
        Article(
            f"00{place:04d}", name, ("雪茄烟", kind, size), dice.between(*_CIGAR_PRICES) // 50 * 50,
            dice.between(5, 20), limited=True, units=units,
        )
        for place, (name, kind, size, units) in enumerate(words.CIGARS, start=1)
    ]  # fmt: skip


def _others(dice: Dice) -> list[Article]:
    return [
        Article(
            f"09{place:04d}", name, ("其他", kind, sort), dice.between(*_OTHER_PRICES), dice.between(5, 20),
            limited=False,
        )
        for place, (name, kind, sort) in enumerate(words.OTHERS, start=1)
    ]  # fmt: skip


def _with_fates(found: list[Article], dice: Dice, month: Month) -> tuple[Article, ...]:
    """Key brands, products that ended, and what took their place."""
    ordinary = [place for place, good in enumerate(found) if good.price_class in ("一类", "二类", "三类")]
    drawn = dice.shuffled(ordinary)
    key = set(drawn[:_KEY_BRANDS])
    endings = _endings(found, drawn[_KEY_BRANDS:], dice, month)
    return tuple(
        replace(
            article,
            popularity=article.popularity * (2 if place in key else 1),
            key_brand=place in key,
            ended_on=endings.ended.get(place),
            follows=endings.follows.get(place),
        )
        for place, article in enumerate(found)
    )


@dataclass(frozen=True, slots=True)
class _Endings:
    ended: dict[int, date]
    follows: dict[int, int]


def _endings(found: list[Article], places: list[int], dice: Dice, month: Month) -> _Endings:
    """Each product that ends within the year is followed by its neighbour in price of the same class."""
    ended: dict[int, date] = {}
    follows: dict[int, int] = {}
    for place in places:
        heir = _heir(found, place, places)
        if len(follows) == _SUCCEEDED or heir is None or {place, heir} & (ended.keys() | follows.keys()):
            continue
        ended[place] = month.plus(-dice.between(3, 11)).first
        follows[heir] = place
    rest = [place for place in places if place not in ended and place not in follows]
    for place in rest[:_ENDED_LONG_AGO]:
        ended[place] = month.plus(-dice.between(20, 40)).first
    return _Endings(ended, follows)


def _heir(found: list[Article], place: int, places: list[int]) -> int | None:
    """The product of the class nearest in price, when it is within 3 %."""
    price = found[place].price
    rivals = [p for p in places if p != place and found[p].price_class == found[place].price_class]
    nearest = min(rivals, key=lambda p: (abs(found[p].price - price), p), default=None)
    if nearest is None or abs(found[nearest].price - price) * 100 > price * 3:
        return None
    return nearest
