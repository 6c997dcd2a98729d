"""Options that say which customers a command is for."""

from typing import Annotated

import typer

from crmkit.context import Context
from crmkit.model.customer import Customer
from crmkit.report.words import _
from crmkit.workflow.acting import person_named
from crmkit.workflow.choose_customers import Choice, choose_customers

Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="FIELD=VALUE", help=_("Only these: grade=20-30, state=active; may repeat.")),
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="FIELD", help=_("Only where this field is blank; may repeat."))
]
Owner = Annotated[str | None, typer.Option("--manager", metavar="CODE", help=_("Only the customers of this manager."))]
Valid = Annotated[bool, typer.Option("--valid", help=_("Only valid customers."))]
Named = Annotated[
    list[str] | None, typer.Argument(metavar="[CUSTOMER]…", help=_("Codes or unique parts; or use --where."))
]


def choice_of(
    context: Context,
    named: list[str] | None,
    where: list[str] | None,
    without: list[str] | None = None,
    manager: str | None = None,
    valid: bool = False,
) -> list[Customer]:
    """The customers that names or a filter mean."""
    whose = person_named(context.store(), manager) if manager else None
    choice = Choice(tuple(named or ()), tuple(where or ()), tuple(without or ()), whose, valid)
    return choose_customers(context.store(), context.policy, context.today, choice, context.act().actor)
