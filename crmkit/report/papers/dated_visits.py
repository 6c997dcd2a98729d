"""The dated visits as rows of a table."""

from crmkit.model.dated_visits import DatedVisit, DatedVisits
from crmkit.model.personal import phones
from crmkit.report.page import Cell, Column, Table, Term
from crmkit.report.terms import weekday, word
from crmkit.report.words import _


def visit_table(dated: DatedVisits, *, with_phones: bool = False) -> Table:
    """One row a visit, cancelled ones with their state; phones only when asked for."""
    columns = [
        Column("manager", _("Customer manager")),
        Column("date", _("Date")),
        Column("weekday", _("Weekday")),
        Column("position", _("No."), "number"),
        Column("begins", _("Begins")),
        Column("short_code", _("Short")),
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("method", _("Way")),
        Column("state", _("State")),
        Column("neighbourhood", _("Neighbourhood")),
        Column("address", _("Address")),
    ]
    if with_phones:
        columns += [Column("contact", _("Contact")), Column("phone", _("Phone"))]
    rows = (_row(visit, with_phones=with_phones) for visit in dated.visits)
    return Table(tuple(columns), tuple(rows))


def _row(visit: DatedVisit, *, with_phones: bool) -> tuple[Cell, ...]:
    customer = visit.customer
    cells: list[Cell] = [
        visit.identity.manager.code,
        visit.day,
        weekday(visit.day),
        visit.position or None,
        f"{visit.begins:%H:%M}" if visit.begins else None,
        visit.short_code,
        customer.code,
        customer.name,
        Term(visit.method.value, word(visit.method)),
        Term(visit.state.value, word(visit.state)),
        customer.neighbourhood,
        customer.address,
    ]
    if with_phones:
        cells += [customer.contact, "; ".join(phones(customer.phone))]
    return tuple(cells)
