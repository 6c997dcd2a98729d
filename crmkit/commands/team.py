"""crmkit team: the people of a file that is in use; `init` makes the file and knows only its first ones."""

from typing import Annotated

import typer

from crmkit.commands.options import DryRun
from crmkit.commands.times import day_of
from crmkit.commands.tree import command, context_of, group
from crmkit.model.errors import Exit, Fault, Refusal
from crmkit.model.person import Role
from crmkit.report.papers import people as papers
from crmkit.report.words import _
from crmkit.workflow.acting import person_named
from crmkit.workflow.keep_team import add_person, change_person, end_stand_in, list_team, note_stand_in

app = group(_("The people of the file: list, add, set, who stands in."))

Who = Annotated[str, typer.Argument(metavar="CODE", help=_("Code or name of a person of the file."))]
RoleWord = Annotated[
    Role | None, typer.Option("--role", help=_("customer_manager, market_manager or brand_manager."))
]


@command(app, "list", _("Everyone, with customers and stand-ins."))
def list_(ctx: typer.Context) -> int:
    context = context_of(ctx)
    found = list_team(context.store(), context.policy, context.today)
    context.show(papers.whole_team(found))
    return Exit.DONE_WITH_WARNINGS if any(load.over for load in found.loads) else Exit.DONE


@command(app, "add", _("Add somebody to the file."))
def add(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("The new person's code."))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("The new person's name."))],
    role: RoleWord = Role.CUSTOMER_MANAGER,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    common = (context.store(), context.act(), context.policy)
    made = add_person(*common, code, name, role or Role.CUSTOMER_MANAGER, dry_run=dry_run)
    context.show(papers.person(made, dry_run=dry_run))


@command(app, "set", _("Give somebody another name or role."))
def set_(
    ctx: typer.Context,
    person: Who,
    name: Annotated[str | None, typer.Option(help=_("The new name."))] = None,
    role: RoleWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    found = person_named(context.store(), person)
    changed = change_person(context.store(), context.act(), context.policy, found, name, role, dry_run=dry_run)
    context.show(papers.person(changed, dry_run=dry_run))


@command(app, "stand-in", _("Who stands in for somebody, from one day to another."))
def stand_in(
    ctx: typer.Context,
    person: Who,
    by: Annotated[str | None, typer.Option("--by", metavar="CODE", help=_("Who stands in."))] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="D", help=_("First day; today when left out."))] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="D", help=_("Last day; the first when left out."))] = None,
    remove: Annotated[bool, typer.Option("--remove", help=_("Take it back."))] = False,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    found = person_named(context.store(), person)
    if remove:
        ended = end_stand_in(context.store(), context.act(), context.policy, found, dry_run=dry_run)
        context.show(papers.stand_in(ended, dry_run=dry_run))
        return
    if by is None:
        raise Refusal(Fault.ANSWER_NEEDED, flag="--by")
    begin = day_of(context, first, "--from")
    end = day_of(context, last, "--to") if last else begin
    substitute = person_named(context.store(), by)
    common = (context.store(), context.act(), context.policy)
    noted = note_stand_in(*common, found, substitute, begin, end, dry_run=dry_run)
    context.show(papers.stand_in(noted, dry_run=dry_run))
