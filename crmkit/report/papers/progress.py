"""The running month to date: what was ordered, how it stands against the base, how far the month is."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from crmkit.model.market import BaseKind, Indicator
from crmkit.model.progress import ProgressLine
from crmkit.report.figurewords import percent, places, signed, trimmed
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import whose
from crmkit.report.terms import day_words, month_words, short_day
from crmkit.report.words import _, later
from crmkit.workflow.show_progress import AreaProgress, Progress

_ITEMS = {
    Indicator.VOLUME: later("Sales volume, cartons"),
    Indicator.CARTON_VALUE: later("Carton value"),
    Indicator.KEY_BRAND_GROWTH: later("Key brands, cartons"),
    Indicator.ORDERS: later("Orders"),
    Indicator.ORDERING_CUSTOMERS: later("Customers ordering, of {valid} valid"),
}
_VOLUMES = (Indicator.VOLUME, Indicator.KEY_BRAND_GROWTH)


def progress(found: Progress, *, team: bool = False) -> Page:
    """One manager's month to date, or a row for each of the team."""
    area = found.whole_team
    table = _team_table(found) if team else progress_table(found, area)
    name = _("{month}, the team").format(month=month_words(found.month)) if team else whose(area.manager, found.month)
    return Page(
        title=_("Progress to date"),
        subtitle=name,
        schema="team-progress/1" if team else "progress/1",
        facts=_facts(found, area),
        generated_for=found.pace.until,
        blocks=(table, *orders_behind(found)),
        data=_data(found, area, team=team),
        rows=table,
    )


def _facts(found: Progress, area: AreaProgress) -> tuple[Fact, ...]:
    pace = found.pace
    gone = _("{passed} of {days} working days, up to {day}").format(
        passed=pace.passed, days=pace.days, day=day_words(pace.until)
    )
    facts = [Fact(_("Month"), gone), Fact(_("Base"), _base_words(found))]
    if area.joint:
        told = _("together: volume {volume}, key brands {key}").format(
            volume=signed(percent(area.joint_growth[0])), key=signed(percent(area.joint_growth[1]))
        )
        facts.append(Fact(_("January and February"), told))
    return tuple(facts)


def _base_words(found: Progress) -> str:
    base, passed = found.base, found.pace.passed
    if base is None:
        return _("none: the file holds neither the same month last year nor the month before")
    month = month_words(base.month)
    if base.kind is BaseKind.LAST_YEAR:
        kind = _("{month}, the same month last year").format(month=month)
    else:
        kind = _("{month}, the month before (the file does not hold last year's)").format(month=month)
    if base.last == base.month.last:
        return kind
    told = _("the first {days} working days, to {day}, of {base}")
    return told.format(days=passed, day=short_day(base.last), base=kind)


def progress_table(found: Progress, area: AreaProgress) -> Table:
    """The indicators; where the file holds no order of the month yet, not a nought and −100 %, but nothing."""
    if not _has_orders(found):
        unknown = tuple(replace(line, actual=None, growth=None, reached=None) for line in area.lines)
        area = replace(area, lines=unknown)
    columns = (
        Column("indicator", _("Indicator")),
        Column("actual", _("To date"), "number"),
        Column("base", _("Base"), "number"),
        Column("growth", _("Growth %"), "number"),
    )
    aimed = (
        Column("target", _("Target"), "number"),
        Column("due", _("Due by now"), "number"),
        Column("reached", _("Reached %"), "number"),
    )
    if not any(line.target is not None for line in area.lines):
        return Table(columns, tuple(_row(line, area)[: len(columns)] for line in area.lines))
    return Table((*columns, *aimed), tuple(_row(line, area) for line in area.lines))


def _row(line: ProgressLine, area: AreaProgress) -> tuple[Cell, ...]:
    return (
        Term(line.indicator.value, _(_ITEMS[line.indicator]).format(valid=area.valid)),
        _figure(line.indicator, line.actual),
        _figure(line.indicator, line.base),
        percent(line.growth),
        _target(line),
        _due(line),
        percent(line.reached),
    )


def _target(line: ProgressLine) -> Cell:
    """A growth aimed at stands as +5 % among the cartons."""
    if line.target is None or not line.indicator.is_growth:
        return line.target
    return Term(f"{line.target:f}", signed(line.target))


def _due(line: ProgressLine) -> Cell:
    if line.due is None or line.indicator.is_growth:
        return None
    return places(line.due, 2 if line.indicator is Indicator.CARTON_VALUE else 1)


def _figure(indicator: Indicator, value: Fraction | None) -> Cell:
    if value is None:
        return None
    if indicator is Indicator.CARTON_VALUE:
        return places(value, 2)
    return trimmed(value) if indicator in _VOLUMES else int(value)


def _team_table(found: Progress) -> Table:
    columns = (
        Column("manager", _("Code")),
        Column("name", _("Name")),
        Column("volume", _("Volume"), "number"),
        Column("growth", _("Growth %"), "number"),
        Column("carton_value", _("Carton value"), "number"),
        Column("key_growth", _("Key %"), "number"),
        Column("orders", _("Orders"), "number"),
        Column("ordering", _("Ordering"), "number"),
        Column("valid", _("Valid"), "number"),
    )
    total = (None, _("All together"), *_team_cells(found.whole_team))
    rows = tuple((area.manager.code, area.manager.name, *_team_cells(area)) for area in found.areas)
    return Table(columns, (*rows, total) if len(rows) > 1 else rows)


def _team_cells(area: AreaProgress) -> tuple[Cell, ...]:
    volume, carton_value, key_brands, orders, ordering = area.lines
    return (
        _figure(volume.indicator, volume.actual),
        percent(volume.growth),
        _figure(carton_value.indicator, carton_value.actual),
        percent(key_brands.growth),
        _figure(orders.indicator, orders.actual),
        _figure(ordering.indicator, ordering.actual),
        area.valid,
    )


def _has_orders(found: Progress) -> bool:
    return found.orders_end is not None and found.orders_end >= found.month.first


def orders_behind(found: Progress) -> tuple[Block, ...]:
    """That the file's orders end before the day asked about, or hold nothing of the month yet."""
    if found.orders_end is None or not _has_orders(found):
        return (Text(_("The file holds no order of {month} yet.").format(month=month_words(found.month)), "warning"),)
    if found.orders_are_behind:
        told = _("The file's orders end on {day}: the month is counted up to there.")
        return (Text(told.format(day=short_day(found.orders_end)), "warning"),)
    return ()


def _data(found: Progress, area: AreaProgress, *, team: bool) -> dict[str, Any]:
    pace, base = found.pace, found.base
    head = {
        "month": str(found.month),
        "as_of": found.as_of.isoformat(),
        "until": pace.until.isoformat(),
        "working_days_passed": pace.passed,
        "working_days": pace.days,
        "base": base.kind.value if base else None,
        "base_first": coded(base.first) if base else None,
        "base_last": coded(base.last) if base else None,
    }
    if team:
        return head | {"managers": [_area_data(one) for one in found.areas], "team": _area_data(area, named=False)}
    return head | _area_data(area)


def _area_data(area: AreaProgress, *, named: bool = True) -> dict[str, Any]:
    keys = ("actual", "base", "growth", "target", "due", "reached")
    return {
        **({"manager": area.manager.code} if named else {}),
        "valid": area.valid,
        "indicators": {
            line.indicator.value: dict(zip(keys, map(coded, _row(line, area)[1:]), strict=True)) for line in area.lines
        },
        "january_and_february_growth": {
            "volume": coded(percent(area.joint_growth[0])),
            "key_brand_growth": coded(percent(area.joint_growth[1])),
        },
    }
