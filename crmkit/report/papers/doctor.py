"""The settings in force."""

from crmkit.report.page import Cell, Column, Page, Table, Term
from crmkit.report.words import _, later

_WORDS = {
    "database": later("database"),
    "exists": later("exists"),
    "today": later("today"),
    "actor": later("who acts"),
    "lang": later("language"),
    "zone": later("time zone"),
    "policy": later("policy"),
    "format": later("format"),
    "settings file": later("settings file"),
    "true": later("yes"),
    "false": later("no"),
    "flag": later("command line"),
    "default": later("default"),
    "clock": later("clock"),
}


def settings(lines: tuple[tuple[str, str, str], ...]) -> Page:
    """Settings as (key, value, origin)."""
    columns = (Column("setting", _("Setting")), Column("value", _("Value")), Column("origin", _("From")))
    rows = tuple((_term(key), _term(value) if key == "exists" else value, _term(who)) for key, value, who in lines)
    return Page(title=_("Settings in force"), schema="doctor/1", blocks=(Table(columns, rows),))


def _term(code: str) -> Cell:
    return Term(code, _(_WORDS[code])) if code in _WORDS else code
