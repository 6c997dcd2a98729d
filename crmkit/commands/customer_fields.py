"""crmkit customer: field, verify, check, export; they hang on the group of the list."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.options import All, CustomerWord, DryRun, EncodingWord
from crmkit.commands.tree import command, context_of, group
from crmkit.model.errors import Exit
from crmkit.model.ownfield import FieldType
from crmkit.report.papers import customer_fields as papers
from crmkit.report.words import _
from crmkit.workflow.acting import person_named
from crmkit.workflow.check_customers import check_customers, verify_customer
from crmkit.workflow.export_base_data import export_customers
from crmkit.workflow.find_customer import actors_customer
from crmkit.workflow.keep_own_field import add_own_field, list_own_fields, remove_own_field

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("The field's name, e.g. floor space."))]

fields = group(_("Own fields of the customers: list, add, remove."))


@command(fields, "list", _("The fields of your own."))
def field_list(ctx: typer.Context) -> None:
    context = context_of(ctx)
    context.show(papers.own_fields(list_own_fields(context.store())))


@command(fields, "add", _("Add a field of your own to every customer."))
def field_add(
    ctx: typer.Context,
    name: Name,
    kind: Annotated[FieldType, typer.Option("--type", help=_("text, number, date or choice."))] = FieldType.TEXT,
    choice: Annotated[
        list[str] | None, typer.Option("--choice", metavar="WORD", help=_("An allowed word; repeat for each."))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    made = add_own_field(context.store(), context.act(), name, kind, choice or (), dry_run=dry_run)
    context.show(papers.own_field(made, dry_run=dry_run))


@command(fields, "remove", _("Take a field of your own away, with its values."))
def field_remove(ctx: typer.Context, name: Name, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    gone = remove_own_field(context.store(), context.act(), name, dry_run=dry_run)
    context.show(papers.own_field(gone, dry_run=dry_run))


def verify(
    ctx: typer.Context,
    customer: CustomerWord,
    field: Annotated[
        list[str] | None, typer.Argument(metavar="[FIELD]…", help=_("Which fields; all that are filled."))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    found = actors_customer(context.store(), customer, context.act().actor)
    seen = verify_customer(context.store(), context.act(), found, field or (), dry_run=dry_run)
    context.show(papers.verified(found, seen, context.today, dry_run=dry_run))


def check(
    ctx: typer.Context,
    manager: Annotated[str | None, typer.Option(metavar="CODE", help=_("Only the customers of this manager."))] = None,
    show_all: All = False,
) -> int:
    context = context_of(ctx)
    whose = person_named(context.store(), manager) if manager else None
    checked = check_customers(context.store(), context.policy, context.today, whose)
    context.show(papers.checked(checked, show_all=show_all))
    return Exit.DONE_WITH_WARNINGS if checked.lacking else Exit.DONE


def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or XLSX file to make; import reads it back."))],
    encoding: EncodingWord = None,
) -> None:
    context = context_of(ctx)
    context.show(papers.exported(export_customers(context.store(), file, encoding)))


def hang_fields(app: typer.Typer) -> None:
    """Hang these commands on `crmkit customer`."""
    app.add_typer(fields, name="field")
    command(app, "verify", _("Note that somebody made sure of a customer's fields today."))(verify)
    command(app, "check", _("How full the customer file is, what the month lacks, what is stale."))(check)
    command(app, "export", _("Write all customers into a file that import reads back."))(export)
