"""Thirteen months of a customer, a product or an area: bars to look at and the numbers they show."""

from collections.abc import Callable
from decimal import Decimal

from crmkit.model.market import AreaSum
from crmkit.report.figurewords import cartons, places
from crmkit.report.page import Bar, Block, Chart, Column, Page, Table, Text, coded
from crmkit.report.terms import month_words, short_day
from crmkit.report.words import _
from crmkit.workflow.show_chart import ChartSeries, MonthBar, Subject

Measured = Callable[[AreaSum], Decimal | None]


def chart(found: ChartSeries) -> Page:
    """The charts of a subject, then the table of their numbers."""
    table = _table(found)
    return Page(
        title=_title(found),
        subtitle=_("{first} to {last}").format(
            first=month_words(found.bars[0].month), last=month_words(found.bars[-1].month)
        ),
        schema="chart/1",
        generated_for=found.through,
        blocks=(*_charts(found), table, *_running(found)),
        data={
            "subject": found.subject.value,
            "code": _code(found),
            "through": coded(found.through),
            "months": table.records(),
        },
        rows=table,
    )


def _title(found: ChartSeries) -> str:
    if found.customer:
        return f"{found.customer.code} {found.customer.name}"
    area = f"{found.manager.name} ({found.manager.code})" if found.manager else _("All areas")
    return f"{found.product.code} {found.product.name} · {area}" if found.product else area


def _code(found: ChartSeries) -> str | None:
    subject = found.customer or found.product or found.manager
    return subject.code if subject else None


def _charts(found: ChartSeries) -> list[Block]:
    drawn: list[tuple[str, Measured]] = [(_("Sales volume, cartons"), _volume)]
    if found.subject is not Subject.PRODUCT:
        drawn.append((_("Carton value"), _carton_value))
    if found.subject is not Subject.CUSTOMER:
        drawn.append((_("Customers ordering"), lambda area: Decimal(area.customers)))
    return [_drawn(word, found.bars, measured) for word, measured in drawn]


def _drawn(word: str, months: tuple[MonthBar, ...], measured: Measured) -> Chart:
    bars = (
        Bar(
            label=f"{one.month.number:02}",
            above=str(one.month.year) if number == 0 or one.month.number == 1 else "",
            value=None if one.found is None else measured(one.found),
            hollow=one.running,
        )
        for number, one in enumerate(months)
    )
    return Chart(word, tuple(bars))


def _volume(found: AreaSum) -> Decimal:
    return cartons(found.volume)


def _carton_value(found: AreaSum) -> Decimal | None:
    return None if found.carton_value is None else places(found.carton_value, 2)


def _table(found: ChartSeries) -> Table:
    columns = (
        Column("month", _("Month")),
        Column("volume", _("Volume"), "number"),
        Column("carton_value", _("Carton value"), "number"),
        Column("key_volume", _("Key brands, cartons"), "number"),
        Column("ordering_customers", _("Ordering"), "number"),
        Column("orders", _("Orders"), "number"),
    )
    rows = tuple((str(one.month), *_cells(one.found)) for one in found.bars)
    return Table(columns, rows)


def _cells(found: AreaSum | None) -> tuple[Decimal | int | None, ...]:
    if found is None:
        return (None,) * 5
    return _volume(found), _carton_value(found), cartons(found.key_volume), found.customers, found.orders


def _running(found: ChartSeries) -> tuple[Block, ...]:
    if not found.bars[-1].running:
        return ()
    told = _("{month} is counted up to {day}; its bar is hollow.")
    return (Text(told.format(month=month_words(found.bars[-1].month), day=short_day(found.through)), "note"),)
