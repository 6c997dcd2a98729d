"""The people of a file."""

from crmkit.model.person import Person
from crmkit.report import terms
from crmkit.report.page import Cell, Column, Fact, Heading, Page, Table, Term, Text
from crmkit.report.papers.headings import unwritten
from crmkit.report.words import _
from crmkit.workflow.keep_team import StandInNoted, Team
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
        empty=_("Nobody yet. To add a customer manager: crmkit team --help"),
    )


def whole_team(found: Team) -> Page:
    """Everyone, with the customers of each manager, and who stands in for whom."""
    loads = {load.person.id: load for load in found.loads}
    columns = (
        Column("code", _("Code")),
        Column("name", _("Name")),
        Column("role", _("Role")),
        Column("customers", _("Customers"), "number"),
        Column("acting", _("Stood in for by")),
    )
    rows = tuple(
        (
            p.code,
            p.name,
            Term(p.role.value, terms.word(p.role)),
            loads[p.id].customers if p.id in loads else None,
            _acting(found, p),
        )
        for p in found.people
    )
    over = [load for load in found.loads if load.over]
    limit = [
        Text(_("{name}: {over} over the limit of {limit}").format(name=o.person.name, over=o.over, limit=o.limit))
        for o in over
    ]
    return Page(title=_("Team"), schema="team/1", blocks=(Table(columns, rows), *limit, *_coming(found)))


def _acting(found: Team, person: Person) -> Cell:
    one = next((s for s in found.stand_ins if s.person == person.id and s.first <= found.today <= s.last), None)
    substitute = found.by_id[one.substitute] if one else None
    return Term(substitute.code, substitute.name) if substitute else None


def _coming(found: Team) -> tuple[Heading | Table, ...]:
    if not found.stand_ins:
        return ()
    columns = (
        Column("person", _("Stood in for")),
        Column("substitute", _("Stood in for by")),
        Column("first", _("First day")),
        Column("last", _("Last day")),
    )
    known = found.by_id
    rows = tuple((_one(known[s.person]), _one(known[s.substitute]), s.first, s.last) for s in found.stand_ins)
    return (Heading(_("Stand-ins")), Table(columns, rows))


def _one(person: Person) -> str:
    return f"{person.code} {person.name}"


def person(one: Person, *, dry_run: bool) -> Page:
    """Somebody who was added or changed."""
    return Page(
        title=_one(one),
        schema="person/1",
        facts=(Fact(_("Role"), terms.word(one.role)),),
        blocks=unwritten(dry_run=dry_run),
        data={"code": one.code, "name": one.name, "role": one.role.value, "dry_run": dry_run},
    )


def stand_in(noted: StandInNoted, *, dry_run: bool) -> Page:
    """Who stands in for whom, or no longer."""
    by = _one(noted.substitute) if noted.substitute else _("nobody any more")
    return Page(
        title=_("Stand-in for {name}").format(name=_one(noted.person)),
        schema="stand-in/1",
        facts=(
            Fact(_("Stood in for by"), by),
            Fact(_("First day"), terms.day_words(noted.first)),
            Fact(_("Last day"), terms.day_words(noted.last)),
        ),
        blocks=unwritten(dry_run=dry_run),
        data={
            "person": noted.person.code,
            "substitute": noted.substitute.code if noted.substitute else None,
            "first": noted.first.isoformat(),
            "last": noted.last.isoformat(),
            "dry_run": dry_run,
        },
    )
