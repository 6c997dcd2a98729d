"""An invented week for the tests of papers: days of every kind, two of them with visits."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sheet_examples import MANAGER, stop

from crmkit.model.customer import VisitMethod
from crmkit.model.sheet import Printing, Stop
from crmkit.model.visit import PlannedState
from crmkit.model.week import Week
from crmkit.model.week_schedule import DayState, DayTotals, WeekDay, WeekSchedule, WeekStop, WeekTexts
from crmkit.rules.week import week_totals

WEEK = Week(2026, 49)  # 30 November to 6 December: over a month's border


def week_stop(number: int, code: str, at: int) -> WeekStop:
    one: Stop = stop(number, code)
    return WeekStop(at, code, one.customer, one.method, frequency=one.frequency, key=one.key, tasks=one.tasks)


def example_week() -> WeekSchedule:
    """Monday with visits, a day off, an unplanned day, two awaiting approval."""
    monday = [week_stop(n, code, n + 1) for n, code in enumerate(("K7G", "M3T", "PA4", "RB6"))]
    monday[1] = replace(monday[1], pinned=True, note="店主约定上午")
    monday[2] = replace(monday[2], state=PlannedState.VISITED)
    monday[3] = replace(monday[3], method=VisitMethod.PHONE)
    days = (
        WeekDay(
            WEEK.days[0], DayState.PLANNED, tuple(monday), DayTotals(3, 1, 12_340, 95, 14), route="城东线",
            note="下午开会", left_out=(stop(7, "ZZ9").customer,), sheet=1,
        ),
        WeekDay(WEEK.days[1], DayState.WAITING, route="城南线"),
        WeekDay(WEEK.days[2], DayState.AWAY),
        WeekDay(WEEK.days[3], DayState.UNPLANNED),
        WeekDay(WEEK.days[4], DayState.COMPANY_OFF, reason="盘点"),
        WeekDay(
            WEEK.days[5], DayState.PLANNED, (week_stop(9, "TC8", 1),), DayTotals(1, 0, None, 20, 3), provisional=True
        ),
        WeekDay(WEEK.days[6], DayState.WEEKEND),
    )  # fmt: skip
    return WeekSchedule(
        manager=MANAGER,
        week=WEEK,
        days=days,
        texts=WeekTexts("冬季新品价格、断货", None, {WEEK.days[0]: "城东线"}, {WEEK.days[0]: "下午开会"}),
        due=WEEK.days[0],
        late=True,
        totals=week_totals(days),
        zone="Asia/Shanghai",
        methodless=(stop(8, "YY8").customer,),
        printing=Printing(2, datetime(2026, 11, 28, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))),
        changed=(WEEK.days[0],),
    )
