"""crmkit explain: why an effect, a problem, a key customer, a number of strategies, a rate, an indicator."""

from typing import TYPE_CHECKING, Annotated

import typer

from crmkit.commands.options import CustomerWord, ManagerWord, MonthWord, manager_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.commands.typed import code_of
from crmkit.commands.typed_targets import INDICATORS, RATES
from crmkit.context import Context
from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.report.papers import why_area, why_customer
from crmkit.report.words import _
from crmkit.workflow.explain_effect import explain_effect
from crmkit.workflow.explain_problems import explain_key, explain_problems
from crmkit.workflow.explain_state import explain_indicator, explain_rate
from crmkit.workflow.explain_strategies import explain_strategies
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.list_products import show_product

if TYPE_CHECKING:
    from crmkit.store.connection import Store

Rows = Annotated[int, typer.Option("--rows", min=0, metavar="N", help=_("Name so many order lines as well."))]


def hang_analysis(app: typer.Typer) -> None:
    """Hang the commands on `crmkit explain`."""
    command(app, "effect", _("Why a customer's operating effect is what it is."))(effect)
    command(app, "problems", _("Why a customer is, or is not, a problem customer."))(problems)
    command(app, "key", _("Why a customer is, or is not, a key customer."))(key)
    command(app, "strategies", _("Why a customer has so many strategies."))(strategies)
    command(app, "rate", _("Why a rate of a product is abnormal, normal or not judged."))(rate)
    command(app, "indicator", _("Why an indicator of the area is abnormal, normal or not judged."))(indicator)


Asked = tuple["Store", Policy, Person, Month, Customer]


def _asked(context: Context, customer: str, month: str | None, manager: str | None) -> Asked:
    """What every explanation of a customer asks for."""
    whose = manager_of(context, manager)
    found = find_customer(context.store(), customer, whose)
    return context.store(), context.policy, whose, month_of(context, month), found


def effect(
    ctx: typer.Context, customer: CustomerWord, month: MonthWord = None, rows: Rows = 0, manager: ManagerWord = None
) -> None:
    context = context_of(ctx)
    asked = _asked(context, customer, month, manager)
    context.show(why_customer.effect(explain_effect(*asked, rows=rows)))


def problems(
    ctx: typer.Context, customer: CustomerWord, month: MonthWord = None, rows: Rows = 0, manager: ManagerWord = None
) -> None:
    context = context_of(ctx)
    asked = _asked(context, customer, month, manager)
    context.show(why_customer.problems(explain_problems(*asked, context.today, rows=rows)))


def key(ctx: typer.Context, customer: CustomerWord, month: MonthWord = None, manager: ManagerWord = None) -> None:
    context = context_of(ctx)
    asked = _asked(context, customer, month, manager)
    context.show(why_customer.key(explain_key(*asked, context.today)))


def strategies(
    ctx: typer.Context, customer: CustomerWord, month: MonthWord = None, manager: ManagerWord = None
) -> None:
    context = context_of(ctx)
    asked = _asked(context, customer, month, manager)
    context.show(why_customer.strategies(explain_strategies(*asked)))


def rate(
    ctx: typer.Context,
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help=_("Code, or a unique part of code or name."))],
    rate: Annotated[
        str,
        typer.Argument(metavar="RATE", help=_("on_shelf, sell_through, repurchase or stock_out; Chinese words too.")),
    ],
    month: MonthWord = None,
    rows: Rows = 0,
    manager: ManagerWord = None,
) -> None:
    context = context_of(ctx)
    whose, kind = manager_of(context, manager), code_of(RATES, rate, "RATE")
    found = show_product(context.store(), product).product
    wanted = month_of(context, month)
    context.show(why_area.rate(explain_rate(context.store(), context.policy, whose, wanted, found, kind, rows)))


def indicator(
    ctx: typer.Context,
    indicator: Annotated[
        str, typer.Argument(metavar="INDICATOR", help=_("volume, carton_value, key_brand_growth; Chinese words too."))
    ],
    month: MonthWord = None,
    rows: Rows = 0,
    manager: ManagerWord = None,
) -> None:
    context = context_of(ctx)
    whose, meant = manager_of(context, manager), code_of(INDICATORS, indicator, "INDICATOR")
    asked = (context.store(), context.policy, whose, month_of(context, month), meant, context.today)
    context.show(why_area.indicator(explain_indicator(*asked, rows=rows)))
