"""Invented sheets for the tests of papers: an ordinary day, a crowded one, an empty one, a hostile one."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from crmkit.model.customer import BusinessType, Customer, Frequency, MarketType, Place, VisitMethod
from crmkit.model.debt import Debt, DebtCause
from crmkit.model.evening import AdHocItem
from crmkit.model.person import Person, Role
from crmkit.model.policy import CatalogueEntry
from crmkit.model.sheet import Printing, Sheet, SheetTask, SheetTotals, SinceVisit, Stop
from crmkit.model.strategy import StrategyOrigin
from crmkit.model.visit import MissReason, Visit
from crmkit.rules.codes import sheet_code, short_codes
from crmkit.rules.sheet import to_bring
from crmkit.rules.sketch import sketch_of

DAY = date(2026, 11, 24)
MANAGER = Person(1, "001", "张伟", Role.CUSTOMER_MANAGER)
ROUTINE = (
    CatalogueEntry("routine.stock", "查看库存和断货", "Check stock and stock-outs"),
    CatalogueEntry("routine.display", "检查明码标价和陈列", "Check price tags and display"),
    CatalogueEntry("routine.news", "传达货源和政策信息", "Pass on news of supply and rules"),
)
CATALOGUE = (
    CatalogueEntry("unlock", "分析滞销规格，帮助调整订货结构", "Go through slow products, adjust the order"),
    CatalogueEntry(
        "weak.volume_growth", "了解销量下滑原因，商定补货计划", "Find out why volume falls; agree on restocking"
    ),
    CatalogueEntry("low.display", "整理柜台，按陈列标准摆放", "Tidy the counter to the display standard"),
    CatalogueEntry("demand.supply", "回复紧俏货源需求，说明投放安排", "Answer the wish for scarce goods"),
)
NAMES = (
    "福满多便利店", "老王烟酒商行", "金桥超市", "百姓食杂店", "幸福里商店", "城南䶮记烟酒",
    "𠮷祥杂货铺", "四季鲜生活超市（人民路二店）", "阿珍小卖部", "星光娱乐会所",
)  # fmt: skip
STREETS = ("人民路", "建设街", "东湖大道", "和平里", "柳树巷")


def _customer(number: int) -> Customer:
    kinds = tuple(BusinessType)
    return Customer(
        id=number,
        code=f"{4201_0000 + number * 37:010d}",
        name=NAMES[number % len(NAMES)],
        grade=1 + number * 7 % 30,
        market_type=MarketType.RURAL if number % 3 == 2 else MarketType.URBAN,
        business_type=kinds[number % len(kinds)],
        neighbourhood=f"{('城东', '城南', '柳林')[number % 3]}小片",
        address=f"{STREETS[number % 5]}{12 + number * 5}号",
        contact="王李赵钱孙周吴郑"[number % 8] + ("女士" if number % 2 else "先生"),
        phone=f"1380000{number:04d}",
        visit_method=VisitMethod.ONSITE,
        hours="08:00-12:00,14:00-21:30",
        place=Place(30_500_000 + number * 37 % 23 * 1000, 114_300_000 + number * 1300) if number % 8 != 5 else None,
    )


def _tasks(number: int) -> tuple[SheetTask, ...]:
    origins = (StrategyOrigin.QUADRANT, StrategyOrigin.WEAK_EFFECT, StrategyOrigin.CARRIED, StrategyOrigin.DEMAND)
    count = number % 4
    wanted = (("黄鹤楼（软）", 5000), ("红金龙（硬）", 2500)) if number % 4 == 1 else ()
    return tuple(
        SheetTask(n + 1, CATALOGUE[(number + n) % 4], origins[n], n, wanted if origins[n] is origins[0] else ())
        for n in range(count)
    )


def _last(number: int) -> Visit | None:
    if number % 4 == 3:
        return None
    day = date(2026, 11, 10 + number % 5)
    if number % 4 == 2:
        return Visit(number, 1, day, False, VisitMethod.ONSITE, MissReason.OWNER_AWAY)
    opinion = "希望增加新品试销" if number % 2 else None
    return Visit(number, 1, day, True, VisitMethod.ONSITE, opinion=opinion, effect="柜台已整理，配合较好")


def _owed(number: int) -> Debt:
    """Missed on the Tuesday before."""
    return Debt(number + 1, 1, date(2026, 10, 27), DebtCause.MISSED, MissReason.CLOSED)


def _since(number: int) -> SinceVisit | None:
    """None of every fifth, nothing ordered of every seventh."""
    if number % 5 == 3:
        return None
    if number % 7 == 2:
        return SinceVisit(date(2026, 11, 20), 0)
    gained = ("黄鹤楼（硬）", "利群（新版）", "云烟（紫）", "白沙（精品）")[: number % 4 + 1]
    lost = ("红塔山（经典）",) if number % 3 == 0 else ()
    return SinceVisit(date(2026, 11, 20), 2, 38_500, 712_300, Fraction(3_500_00), gained, lost)


def _promises(number: int) -> tuple[AdHocItem, ...]:
    if number % 6 != 3:
        return ()
    return (AdHocItem(number, 1, date(2026, 11, 10), "带新品宣传折页两份", id=number + 40),)


def stop(number: int, code: str) -> Stop:
    """The number-th invented shop, at place number + 1."""
    key = number % 6 == 0
    return Stop(
        position=number + 1,
        short_code=code,
        customer=_customer(number),
        method=VisitMethod.ONSITE,
        frequency=tuple(Frequency)[0 if key else number % 3],
        key=key,
        reasons=("relative_volume", "on_shelf:10034") if key else (),
        last=_last(number),
        tasks=_tasks(number),
        debt=int(number % 7 == 5),
        owed=_owed(number) if number % 7 == 5 else None,
        shut_at="12:40" if number % 9 == 4 else None,
        since=_since(number),
        promises=_promises(number),
        verify=("contact", "phone") if number % 2 else ("address", "hours"),
    )


def sheet(stops: int, calls: int = 0, manager: Person = MANAGER) -> Sheet:
    """A day with so many shops on the road and so many calls."""
    codes = list(short_codes(_customer(number).code for number in range(stops + calls)).values())
    all_stops = [stop(number, codes[number]) for number in range(stops + calls)]
    urban = sum(s.customer.market_type is MarketType.URBAN for s in all_stops[:stops])
    return Sheet(
        manager=manager,
        day=DAY,
        zone="Asia/Shanghai",
        totals=SheetTotals(stops, urban, stops - urban, calls, stops * 22, stops * 1530, stops * 36),
        stops=tuple(all_stops[:stops]),
        calls=tuple(replace(s, method=VisitMethod.PHONE, position=0) for s in all_stops[stops:]),
        routine=ROUTINE,
        code=sheet_code(manager.code, DAY),
        bring=to_bring(all_stops),
        sketch=sketch_of([s.customer for s in all_stops[:stops]]),
        focus="冬季新品上柜；雨雪天气注意行车安全。",
        printing=Printing(2, datetime(2026, 11, 23, 18, 5, tzinfo=ZoneInfo("Asia/Shanghai"))),
    )


def empty_sheet() -> Sheet:
    """A day without any visit."""
    return replace(sheet(0), focus=None, printing=None, provisional=True)
