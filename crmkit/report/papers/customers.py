"""The customers: a list with phones masked, and one customer with its month."""

from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.personal import masked_phone, phones
from crmkit.report.fieldwords import field_word, value_word
from crmkit.report.page import Block, Cell, Column, Fact, Heading, Page, Table, Term, Text
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.headings import following
from crmkit.report.terms import day_words, month_words, problem_words, short_day, word
from crmkit.report.words import _
from crmkit.rules.choosing import cell
from crmkit.workflow.list_customers import CustomerList, ShownCustomer

_JOINT = " · "


def customer_list(found: CustomerList) -> Page:
    """Everyone, by code."""
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("state", _("State")),
        Column("grade", _("Grade"), "number"),
        Column("market_type", _("Market type")),
        Column("visit_method", _("Way")),
        Column("frequency", _("Visit frequency")),
    )
    narrow = Table(columns, tuple(_row(one) for one in found.customers), empty=_("No customers yet."))
    more = (
        Column("neighbourhood", _("Neighbourhood")),
        Column("manager", _("Customer manager")),
        Column("contact", _("Contact")),
        Column("phone", _("Phone")),
        *(Column(field.name, field.name) for field in found.fields),
    )
    wide = tuple((*_row(one), *_more(found, one), *_own(found, one)) for one in found.customers)
    count = _("{count}, of them valid {valid}").format(
        count=len(found.customers), valid=sum(one.id in found.valid for one in found.customers)
    )
    return Page(
        title=_("Customers"),
        schema="customers/1",
        facts=(Fact(_("Together"), count),),
        blocks=(narrow,),
        rows=Table((*columns, *more), wide),
    )


def giving_a_method() -> str:
    """What to type for customers without a visit method."""
    return following(_("crmkit customer set --without visit_method visit_method=onsite"))


def customer(shown: ShownCustomer) -> Page:
    """One customer: what is known, what the month says, what comes next."""
    one = shown.customer
    return Page(
        title=f"{one.code} {one.name}",
        subtitle=_JOINT.join(part for part in (shown.short_code, month_words(shown.month)) if part),
        schema="customer/1",
        facts=tuple(Fact(name, value) for name, value in [*_base(shown), *_month(shown)] if value),
        blocks=tuple(_blocks(shown)),
        data=_data(shown),
    )


def _more(found: CustomerList, one: Customer) -> tuple[Cell, ...]:
    manager = found.managers.get(one.manager or 0)
    return (
        one.neighbourhood,
        Term(manager.code, manager.name) if manager else None,
        one.contact,
        masked_phone(one.phone),
    )


def _own(found: CustomerList, one: Customer) -> tuple[Cell, ...]:
    values = found.own.get(one.id, {})
    return tuple(values.get(field.name) for field in found.fields)


def _row(one: Customer) -> tuple[Cell, ...]:
    return (
        one.code,
        one.name,
        Term(one.state.value, word(one.state)),
        one.grade,
        Term(one.market_type.value, word(one.market_type)) if one.market_type else None,
        Term(one.visit_method.value, word(one.visit_method)) if one.visit_method else None,
        Term(one.frequency.value, word(one.frequency)) if one.frequency else None,
    )


def _base(shown: ShownCustomer) -> list[tuple[str, str]]:
    one = shown.customer
    kinds = [word(kind) for kind in (one.market_type, one.business_type) if kind]
    grade = _("grade {grade}").format(grade=one.grade) if one.grade else ""
    return [
        (_("State"), word(one.state)),
        (_("Kind"), _JOINT.join(part for part in (grade, *kinds) if part)),
        (_("Customer manager"), f"{shown.manager.name} ({shown.manager.code})" if shown.manager else ""),
        (field_word("licence"), one.licence or ""),
        (field_word("order_weekday"), _JOINT.join(part for part in (_ordering(one), one.route or "") if part)),
        (_("Address"), _JOINT.join(part for part in (one.city, one.neighbourhood, one.address) if part)),
        (_("Contact"), " ".join(part for part in (one.contact, *phones(one.phone)) if part)),
        (_("Way"), word(one.visit_method) if one.visit_method else _("none yet: not on daily sheets")),
        (_("Visit frequency"), word(one.frequency) if one.frequency else _unapproved()),
        (_("Opening hours"), one.hours or ""),
        (_("Shut"), _shut(shown)),
        *shown.own.items(),
        (_("Merged into it"), _(", ").join(shown.formerly)),
        (_("Kept against imports"), _(", ").join([*map(field_word, sorted(one.held)), *shown.own_held])),
    ]


def _unapproved() -> str:
    return _("none approved yet: new customers are visited by the policy's frequency")


def _ordering(one: Customer) -> str:
    return value_word("order_weekday", one.order_weekday) if one.order_weekday else ""


def _shut(shown: ShownCustomer) -> str:
    weekly = value_word("closed_weekdays", cell(shown.customer, "closed_weekdays"))
    ranges = [
        f"{first.isoformat()}…{last.isoformat()}" + (f" ({why})" if why else "") for first, last, why in shown.closures
    ]
    return _(", ").join([part for part in (weekly,) if part != "-"] + ranges)


def _month(shown: ShownCustomer) -> list[tuple[str, str]]:
    key, line, last = shown.candidate, shown.line, shown.last
    why = [*map(problem_words, key.reasons), *((key.note,) if key.note else ())] if key else []
    reasons = _("; ").join(why)
    return [
        (_("Quadrant"), word(shown.quadrant) if shown.quadrant else ""),
        (_("Key list"), word(key.standing) + (_(": ") + reasons if reasons else "") if key else ""),
        (_("In the month plan"), f"{word(line.frequency)} ({word(line.source)})" if line else ""),
        (_("Last visit"), day_words(last.day) if last else ""),
        (_("Planned"), _(", ").join(short_day(visit.day) for visit in shown.planned)),
    ]


def _blocks(shown: ShownCustomer) -> list[Block]:
    if not shown.strategies:
        return []
    lines = []
    for number, strategy, words in shown.strategies:
        code = f"{shown.short_code}-{number}" if number and shown.short_code else "-"
        lines.append(f"{code}  {words_of(words)} ({word(strategy.state)})")
    return [Heading(_("Strategies")), Text("\n".join(lines))]


def _data(shown: ShownCustomer) -> dict[str, Any]:
    one = shown.customer
    return {
        "customer": one.code,
        "name": one.name,
        "short_code": shown.short_code,
        "month": str(shown.month),
        "manager": shown.manager.code if shown.manager else None,
        "state": one.state.value,
        "grade": one.grade,
        "market_type": one.market_type.value if one.market_type else None,
        "business_type": one.business_type.value if one.business_type else None,
        "neighbourhood": one.neighbourhood,
        "visit_method": one.visit_method.value if one.visit_method else None,
        "frequency": one.frequency.value if one.frequency else None,
        "hours": one.hours,
        "closed_weekdays": list(one.closed_weekdays),
        "closed": [{"first": a.isoformat(), "last": b.isoformat(), "reason": why} for a, b, why in shown.closures],
        "own": dict(shown.own),
        "merged": list(shown.formerly),
        "held": [*sorted(one.held), *shown.own_held],
        "quadrant": shown.quadrant.value if shown.quadrant else None,
        "key": shown.candidate.standing.value if shown.candidate else None,
        "reasons": list(shown.candidate.reasons) if shown.candidate else [],
        "planned_frequency": shown.line.frequency.value if shown.line else None,
        "last_visit": shown.last.day.isoformat() if shown.last else None,
        "planned": [visit.day.isoformat() for visit in shown.planned],
        "strategies": [
            {"number": number or None, "code": s.code, "origin": s.origin.value, "state": s.state.value, "text": s.text}
            for number, s, _words in shown.strategies
        ],
    }
