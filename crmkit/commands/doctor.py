"""crmkit doctor: the settings in force and where each comes from."""

import typer

from crmkit.commands.tree import command, context_of, single
from crmkit.report.papers import doctor as papers
from crmkit.report.words import _

app = single()


@command(app, "doctor", _("Settings in force and where each comes from."))
def doctor(ctx: typer.Context) -> None:
    context = context_of(ctx)
    context.show(papers.settings(context.settings_in_force()))
