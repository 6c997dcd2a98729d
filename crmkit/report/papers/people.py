"""The people of a file."""

from crmkit.model.person import Person
from crmkit.report import terms
from crmkit.report.page import Column, Page, Table, Term
from crmkit.report.words import _
from crmkit.workflow.make_file import MadeFile


def made(result: MadeFile) -> Page:
    """A new database and what to type next."""
    return Page(
        title=_("New database: {path}").format(path=result.path),
        schema="people/1",
        blocks=(team(result.people),),
    )


def team(people: tuple[Person, ...]) -> Table:
    """Who works in this file, in which role."""
    return Table(
        columns=(Column("code", _("Code")), Column("name", _("Name")), Column("role", _("Role"))),
        rows=tuple((p.code, p.name, Term(p.role.value, terms.word(p.role))) for p in people),
        empty=_("Nobody yet: the customer managers come with --manager CODE=NAME."),
    )
