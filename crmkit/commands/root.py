"""The root of the command tree: a static table, so that `crmkit --help` imports no command."""

from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer import _click
from typer.main import get_command as built

from crmkit import __version__
from crmkit.commands.tree import HELP_NAMES, Group
from crmkit.report.words import _, language, later

# name -> (module, help): all of `crmkit --help` without importing a command; a test holds it to the real helps
TABLE: dict[str, tuple[str, str]] = {
    "demo": ("demo", later("Try crmkit: an invented territory, planned, with tomorrow's sheet.")),
    "init": ("init", later("Make a new database with its people.")),
    "status": ("status", later("The month's fourteen steps and what to type next.")),
    "import": ("importing", later("Read customers, products, orders, questionnaires, scores, distances from files.")),
    "customer": ("customer", later("The customers: list, show, set, hand over, merge, check.")),
    "product": ("product", later("The products: list, show, set, category tree, watch list.")),
    "order": ("order", later("The order lines: export.")),
    "team": ("team", later("The people of the file: list, add, set, who stands in.")),
    "analyze": ("analyze", later("Steps 1 to 6: demand, effect and ability, brands, market; the month to date.")),
    "plan": ("plan", later("Steps 7 to 10: strategies, month plan, approval, visit dates.")),
    "review": ("review", later("The market manager's desk: what waits, packages, approve, send back.")),
    "visit": ("visit", later("Step 11: print the daily sheet, log visits.")),
    "annotate": ("annotate", later("Step 12: what is done ★ and added ●, what is open and for how long.")),
    "summarize": ("summarize", later("Steps 13 and 14: the summaries of the week and the month.")),
    "remind": ("remind", later("What is late or waits; silent and 0 when nothing is, else 3.")),
    "explain": ("explain", later("Why: who is planned, how often, on which day and place; a change, debt, figure.")),
    "policy": ("policy", later("Every number of the method: show, compare.")),
    "calendar": ("calendar", later("Working days: show, import a year, days off.")),
    "db": ("db", later("The file: log, undo, backup, restore, check.")),
    "doctor": ("doctor", later("Settings in force and where each comes from.")),
    "help": ("help", later("Help on a command, the exit codes, mapping files.")),
}


@cache
def _branch(module: str, _spoken: str) -> Any:
    """A command with all below it, its options in the words of one language: built once, which takes its time."""
    return built(import_module(f"crmkit.commands.{module}").app)


class Root(Group):
    """crmkit itself."""

    def list_commands(self, ctx: _click.Context) -> list[str]:
        return list(TABLE)

    def get_command(self, ctx: _click.Context, cmd_name: str) -> Any:
        if cmd_name not in TABLE:
            return None
        return _branch(TABLE[cmd_name][0], language())

    def format_commands(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(text)) for name, (_module, text) in TABLE.items()])


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crmkit {__version__}")
        raise typer.Exit


def root_command() -> Any:
    """The whole tree, its branches not yet imported."""
    app = typer.Typer(
        cls=Root,
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=HELP_NAMES,
    )

    @app.callback(help=_("The month of a field customer manager, in one SQLite file: analyse, plan, visit, account."))
    def root(
        version: bool = typer.Option(
            False, "--version", callback=_show_version, is_eager=True, help=_("Show the version.")
        ),
    ) -> None:
        """Only options here."""

    return built(app)
