"""The settings in force."""

from crmkit.report.page import Column, Page, Table
from crmkit.report.words import _


def settings(lines: tuple[tuple[str, str, str], ...]) -> Page:
    """Settings as (key, value, origin)."""
    columns = (Column("setting", _("Setting")), Column("value", _("Value")), Column("origin", _("From")))
    return Page(title=_("Settings in force"), schema="doctor/1", blocks=(Table(columns, lines),))
