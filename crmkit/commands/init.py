"""crmkit init: a new database with its people."""

import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.tree import command, context_of, single
from crmkit.context import DATABASE_NAME
from crmkit.model.errors import Fault, Refusal
from crmkit.model.person import Role
from crmkit.report.papers import people as papers
from crmkit.report.words import _
from crmkit.workflow.make_file import make_file

app = single()

PAIR = "CODE=NAME"


@command(app, "init", _("Make a new database with its people."))
def init(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help=_("Where to make it."), metavar="[FILE]")] = None,
    manager: Annotated[list[str] | None, typer.Option(metavar=PAIR, help=_("A customer manager; may repeat."))] = None,
    market_manager: Annotated[list[str] | None, typer.Option(metavar=PAIR, help=_("The market manager."))] = None,
    brand_manager: Annotated[list[str] | None, typer.Option(metavar=PAIR, help=_("The brand manager."))] = None,
) -> None:
    context = context_of(ctx)
    team = [
        *_pairs("--manager", manager, Role.CUSTOMER_MANAGER),
        *_pairs("--market-manager", market_manager, Role.MARKET_MANAGER),
        *_pairs("--brand-manager", brand_manager, Role.BRAND_MANAGER),
    ]
    if context.options.db and file:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=f"--db {context.options.db}", second=str(file))
    named, _origin = context.setting("database", context.options.db)
    path = file or Path(named or DATABASE_NAME)  # where every other command will look for it
    context.show(papers.made(make_file(path, context.founding_act(), tuple(team))))
    context.say(_("Next: crmkit import FILE…"))


def _pairs(option: str, typed: list[str] | None, role: Role) -> list[tuple[str, str, Role]]:
    """Read CODE=NAME."""
    pairs = []
    for pair in typed or []:
        code, _equals, name = pair.partition("=")
        if not _fits(code, 40) or not _fits(name, 100):
            raise Refusal(Fault.BAD_VALUE, option=option, value=pair, expected="001=张三")
        pairs.append((code.strip(), name.strip(), role))
    return pairs


def _fits(text: str, longest: int) -> bool:
    """Is this a code or a name: not blank, not too long, without control characters?"""
    return bool(text.strip()) and len(text.strip()) <= longest and all(unicodedata.category(c)[0] != "C" for c in text)
