"""Pages about the fields of customers: own ones, how full and fresh they are, what was exported."""

from collections.abc import Sequence
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.ownfield import OwnField
from crmkit.report.fieldwords import field_word
from crmkit.report.page import Block, Column, Fact, Heading, Page, Table, Term, Text
from crmkit.report.papers.headings import coded, named, unwritten
from crmkit.report.terms import day_words, word
from crmkit.report.words import _
from crmkit.rules.completeness import Filled
from crmkit.workflow.check_customers import CheckedCustomers
from crmkit.workflow.export_base_data import Exported
from crmkit.workflow.keep_own_field import KeptField

_FIRST = 20


def own_fields(listed: Sequence[tuple[OwnField, int]]) -> Page:
    """The user's own fields."""
    columns = (
        Column("field", _("Field")),
        Column("type", _("Type")),
        Column("choices", _("Allowed words")),
        Column("filled", _("Filled"), "number"),
    )
    rows = tuple((one.name, Term(one.type.value, word(one.type)), " ".join(one.choices), n) for one, n in listed)
    empty = _("None yet: crmkit customer field add NAME --type text")
    return Page(title=_("Own fields"), schema="own-fields/1", blocks=(Table(columns, rows, empty=empty),))


def own_field(kept: KeptField, *, dry_run: bool) -> Page:
    """A field that was added or taken away."""
    one = kept.field
    title = _("Own field taken away: {name}") if kept.removed else _("Own field added: {name}")
    facts = [Fact(_("Type"), word(one.type)), Fact(_("Allowed words"), " ".join(one.choices))]
    if kept.removed:
        facts.append(Fact(_("Values that went with it"), str(kept.values)))
    then = _("Fill it: crmkit customer set CODE {name}=…, or import a file with a column {name}").format(name=one.name)
    return Page(
        title=title.format(name=one.name),
        schema="own-field/1",
        facts=tuple(fact for fact in facts if fact.value),
        blocks=(*(() if kept.removed else (Text(then, "note"),)), *unwritten(dry_run=dry_run)),
        data={
            "field": one.name,
            "type": one.type.value,
            "choices": list(one.choices),
            "removed": kept.removed,
            "values": kept.values,
            "dry_run": dry_run,
        },
    )


def verified(customer: Customer, seen: Sequence[str], today: date, *, dry_run: bool) -> Page:
    """Fields that somebody made sure of."""
    words = _(", ").join(map(field_word, seen))
    return Page(
        title=_("Verified: {code} {name}").format(code=customer.code, name=customer.name),
        schema="customer-verify/1",
        facts=(Fact(_("Date"), day_words(today)), Fact(_("Fields"), words or "-")),
        blocks=unwritten(dry_run=dry_run),
        data={"customer": customer.code, "date": today.isoformat(), "fields": list(seen), "dry_run": dry_run},
    )


def checked(found: CheckedCustomers, *, show_all: bool) -> Page:
    """How full the file is, what the month lacks, what is stale."""
    needs = Heading(_("What the month needs and does not find"))
    blocks: list[Block] = [_filled(found), needs, _lacks(found, show_all)]
    if len(found.lacking) > _FIRST and not show_all:
        blocks.append(Text(_("{count} more with --all").format(count=len(found.lacking) - _FIRST), "note"))
    if found.lacking:
        blocks.append(Text(_("Fill them: crmkit customer set --without FIELD FIELD=VALUE"), "note"))
    blocks += _stale(found, show_all)
    return Page(
        title=_("Customer file"),
        schema="customer-check/1",
        facts=(Fact(_("Customers"), str(found.customers)), Fact(_("Valid customers"), str(found.valid))),
        blocks=tuple(blocks),
        data={
            "customers": found.customers,
            "valid": found.valid,
            "months": found.months,
            "fields": [
                {"field": one.field, "filled": one.filled, "of": one.of, "stale": coded(one.stale)}
                for one in found.fields
            ],
            "lacking": [{"customer": one.customer.code, "fields": list(one.fields)} for one in found.lacking],
        },
    )


def _filled(found: CheckedCustomers) -> Table:
    columns = (
        Column("field", _("Field")),
        Column("filled", _("Filled"), "number"),
        Column("share", "%", "number"),
        Column("stale", _("Not verified for {months} months").format(months=found.months), "number"),
    )
    rows = tuple(
        (Term(one.field, field_word(one.field)), one.filled, _percent(one), len(one.stale) or None)
        for one in found.fields
    )
    return Table(columns, rows)


def _percent(one: Filled) -> str:
    return f"{one.permille // 10}.{one.permille % 10}"


def _lacks(found: CheckedCustomers, show_all: bool) -> Table:
    columns = (Column("customer", _("Code")), Column("name", _("Name")), Column("fields", _("Missing")))
    shown = found.lacking if show_all else found.lacking[:_FIRST]
    rows = tuple(
        (one.customer.code, one.customer.name, _(", ").join(map(field_word, one.fields))) for one in shown
    )
    return Table(columns, rows, empty=_("Nothing is missing."))


def _stale(found: CheckedCustomers, show_all: bool) -> list[Block]:
    lines = [
        f"{field_word(one.field)}: {named(one.stale, show_all=show_all)}" for one in found.fields if one.stale
    ]
    if not lines:
        return []
    heading = Heading(_("Not verified for {months} months").format(months=found.months))
    then = Text(_("Asked in the shop? crmkit customer verify CODE"), "note")
    return [heading, Text("\n".join(lines)), then]


def exported(result: Exported) -> Page:
    """A file that an import reads back."""
    return Page(
        title=_("Exported: {path}").format(path=result.path),
        schema="export/1",
        facts=(
            Fact(_("Rows"), str(result.rows)),
            Fact(_("Encoding"), result.encoding),
            Fact(_("Columns"), " ".join(result.header)),
        ),
        data={
            "path": str(result.path),
            "rows": result.rows,
            "encoding": result.encoding,
            "columns": list(result.header),
        },
    )
