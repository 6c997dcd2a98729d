"""The words of every fault: what happened, and the next thing to type."""

import os
from collections.abc import Mapping
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.report.gates import code_words, need_words, rule_words
from crmkit.report.mappingwords import MAPPING_REASONS
from crmkit.report.repairwords import repairs_words
from crmkit.report.tables import table_word
from crmkit.report.words import _, later

WAY_OUT = later("Way out: {way_out}")

# what happened, then what to do; facts in braces. Reasons and nouns are codes with words of their own below.
TEXTS: dict[Fault, tuple[str, str]] = {
    Fault.BAD_VALUE: (later("{option}: {value!r} is not understood."), later("Expected: {expected}")),
    Fault.CONFLICTING_OPTIONS: (
        later("{first} and {second} exclude each other."),
        later("Give one of them."),
    ),
    Fault.ANSWER_NEEDED: (
        later("An answer is needed that was not given."),
        later("Give it with {flag}."),
    ),
    Fault.NOT_UTF8: (
        later("An argument is not UTF-8 text."),
        later("Type it again, or set the terminal to UTF-8."),
    ),
    Fault.FILE_MISSING: (
        later("There is no file {path!r}."),
        later("Check the name; put -- before names that begin with -."),
    ),
    Fault.FOLDER_MISSING: (
        later("There is no folder {path!r}; nothing was written."),
        later("Make it first: mkdir -p '{path}'"),
    ),
    Fault.FILE_EMPTY: (
        later("{path!r} is empty (0 bytes)."),
        later("Export it again from your office system."),
    ),
    Fault.WRONG_FILE_TYPE: (
        later("{path!r} is {found}, not {expected}."),
        later("Open it in a spreadsheet, save it as .xlsx or CSV and import that."),
    ),
    Fault.NO_LINES: (
        later("There is no line in {path!r}; nothing was kept."),
        later("A shop a line, by the codes on the sheet; or type them in at the prompt: crmkit visit enter"),
    ),
    Fault.NOT_LINES: (
        later("{path!r} is {found}: no lines of a day; nothing was kept."),
        later("Save the lines as text (.txt, UTF-8), or paste them in at the prompt: crmkit visit enter"),
    ),
    Fault.DAMAGED_TEXT: (
        later("{path!r} has damaged text in line {line} (byte {byte}); nothing was imported."),
        later("Export it again, or name its encoding with --encoding."),
    ),
    Fault.AMBIGUOUS_TEXT: (
        later("{path!r} can be read in two ways. As UTF-8: {utf8}. As GBK: {gbk}"),
        later("Say which is right: --encoding gb18030 or --encoding utf-8"),
    ),
    Fault.DAMAGED_BOOK: (
        later("{path!r} cannot be read as a workbook ({reason}); nothing was imported."),
        later("Open it in a spreadsheet, save it again as .xlsx or CSV and import that."),
    ),
    Fault.UNKNOWN_COLUMNS: (
        later("{path!r} has columns that are not known: {columns}."),
        later("Leave out --strict-columns, or write a mapping file and give it with --map."),
    ),
    Fault.TOO_MANY_MISSING: (
        later("{missing} of {known} customers are missing from the file, more than {percent} %: {codes}"),
        later("Is it the full list? Without --archive-missing they stay as they are."),
    ),
    Fault.NO_HEADER: (
        later("{path!r} has no header this command knows. Found: {found}"),
        later(
            "Expected columns such as: {expected}. Other names? Write a mapping file for --map, such as: "
            'customers = {{ code = "Nr", name = "Shop" }} (crmkit help mapping)'
        ),
    ),
    Fault.TWICE_ENCODED: (
        later("{path!r} was saved in a wrong encoding: its header reads {found} and was {meant}."),
        later("Export it again from your office system; do not open and save it in between."),
    ),
    Fault.NO_ROWS: (
        later("{path!r} has a header and no row below it; nothing was imported."),
        later("Export it again: the query found nothing, or only the header was saved."),
    ),
    Fault.OPEN_QUOTE: (
        later("{path!r}, line {line}: a quotation mark is opened and never closed; nothing was imported."),
        later("Close it or take it out: all rows behind it would be one cell."),
    ),
    Fault.HALF_ORDERS: (
        later("{path!r} looks like order lines, but lacks: {expected}. Found: {found}"),
        later("Other names? Write a mapping file for --map. To take only the rest: crmkit import {path!r} {kinds}"),
    ),
    Fault.BAD_MAPPING: (
        later("Mapping file {path!r}, line {line}: {reason}"),
        later("Mend that line. How they are written: crmkit help mapping"),
    ),
    Fault.BAD_POLICY: (
        later("Policy file {path!r}, line {line}: {reason}"),
        later("See the keys and their values: crmkit policy show"),
    ),
    Fault.BAD_CONFIG: (
        later("Settings file {path!r}, line {line}: {reason}"),
        later("Allowed keys: database, actor, lang, zone, policy, format, review_key"),
    ),
    Fault.BAD_CALENDAR: (
        later("Calendar file {path!r}, line {line}: {reason}"),
        later("Lines look like: 2027-01-01,休,元旦"),
    ),
    Fault.UNSAFE_FILE: (later("{path!r} is not used: {reason}."), later("Type: {command}")),
    Fault.NOTHING_USABLE: (
        later("No row of {path!r} could be used; {rejected} rejected. Nothing was written."),
        later("Line {line} {column}: {why}"),
    ),
    Fault.MASTERS_UNKNOWN: (
        later("The customers or products of {path!r} are not known; {rejected} rows rejected. Nothing was written."),
        later("Import them first, or with it, since it names them: crmkit import {path!r} {kinds}"),
    ),
    Fault.MASTERS_FIRST: (
        later("The customers or products of {path!r} are not known; {rejected} rows rejected. Nothing was written."),
        later("Import their lists first, or all files in one command. Line {line} {column}: {why}"),
    ),
    Fault.TARGET_EXISTS: (
        later("{path!r} is there already; it was left as it is."),
        later("Name another file."),
    ),
    Fault.NOT_ENCODABLE: (
        later("{encoding} has no {characters} (row {code!r}); {path!r} was not written."),
        later("--encoding gb18030 holds every character, and so does utf-8-sig."),
    ),
    Fault.BAD_PACKAGE: (
        later("{path!r} is not used: {reason}."),
        later("Ask for the file again, and see that nobody opens and saves it on the way."),
    ),
    Fault.BALANCE: (
        later("{what} does not add up: expected {expected}, found {found}. Nothing was written."),
        later("Export the file again."),
    ),
    Fault.NOT_FOUND: (later("No {noun} {value!r}."), later("Known: {known}")),
    Fault.AMBIGUOUS: (later("{value!r} means more than one {noun}:"), later("{candidates}")),
    Fault.STATE: (later("{document} is {state}: {action} is not possible now."), WAY_OUT),
    Fault.GATE: (later("Step {step} has to wait: {needs}."), WAY_OUT),
    Fault.ROLE: (
        later("This needs the {needed}; you act as {role}."),
        later("Act as somebody else with --as CODE."),
    ),
    Fault.LATE_CHANGE: (
        later("Operation {op} cannot be undone: {table} {key} was changed since. Nothing was undone."),
        later("See what came later: crmkit db log. Undo the rest of an import: crmkit import undo N --keep-later"),
    ),
    Fault.UNDO_REFUSED: (later("Operation {op} cannot be undone: {reason}."), later("See: crmkit db log")),
    Fault.SHORTAGE: (
        later(
            "The month cannot hold the plan: {asked} visits are asked for, there is room for {room}; {missing} do not "
            "fit ({days} full days short). {repairs} of them can be made by phone, {unfit} become visit debt.\n"
            "Cheapest repairs first, frequencies stay as they are:\n{cheapest}"
        ),
        later(
            "Names: crmkit plan show --month {month} --all. To submit it so: "
            "crmkit plan submit --month {month} --accept-shortage REASON"
        ),
    ),
    Fault.CALENDAR_UNPUBLISHED: (
        later("The official calendar of {year} ({country}) is not published in this version."),
        later("Import it when it is: crmkit calendar import FILE. Or plan provisionally with --assume-weekdays."),
    ),
    Fault.RULE: (later("Not allowed: {rule}."), WAY_OUT),
    Fault.NO_DATABASE: (
        later("There is no crmkit database at {path!r}."),
        later("Make one: crmkit init. Or try: crmkit demo"),
    ),
    Fault.FOREIGN_FILE: (
        later("{path!r} is no crmkit database; it was not touched."),
        later("Name the right file with --db FILE, or make one: crmkit init"),
    ),
    Fault.BUSY: (
        later("{path!r} is in use by another crmkit; nothing was written."),
        later("Try again in a moment."),
    ),
    Fault.PERMISSION: (later("No permission for {path!r}."), later("Type: {command}")),
    Fault.DAMAGED: (
        later("{path!r} is damaged; it was not changed."),
        later("Newest backup: {backup}. Bring it back with: crmkit db restore"),
    ),
    Fault.TOO_NEW: (
        later("{path!r} was written by a newer crmkit (schema {version}, this one knows {known}); it was not changed."),
        later("Install the newer crmkit."),
    ),
    Fault.PACKAGE_TOO_NEW: (
        later("{path!r} was written by a newer crmkit (package format {version}, this one knows {known})."),
        later("Install the newer crmkit."),
    ),
    Fault.BAD_KEY: (
        later("{path!r} is not used: {reason}."),
        later("Both sides name the same secret file in review_key (crmkit.toml) or CRMKIT_REVIEW_KEY."),
    ),
    Fault.DISK: (
        later("The disk did not take it: {path!r} ({reason}). Nothing half-written was left."),
        later("Make room and type the command again."),
    ),
    Fault.CLOCK: (
        later("The clock of this machine says {now}; nothing was written."),
        later("Set the clock and type the command again."),
    ),
    Fault.SQLITE_TOO_OLD: (
        later("This Python's SQLite is {found}; crmkit needs {needed} or newer."),
        later("Install a newer Python."),
    ),
}

REASONS: dict[str, str] = {
    "hard-link": later("the file has a second name (hard link), its journal would be lost"),
    "writable-by-others": later("others may write it"),
    "readable-by-others": later("others may read it"),
    "not-a-file": later("it is no ordinary file"),
    "no-package": later("it is no package of crmkit"),
    "too-large": later("it is too large for a package"),
    "cut-off": later("its end is missing"),
    "altered": later("it was altered on the way, its checksum does not fit"),
    "fields": later("its checksum fits, but it holds what cannot be ({field})"),
    "chain": later("its checksum fits, but the chain of earlier steps does not hold"),
    "is-answer": later("it is an answer, not a month sent for approval; crmkit plan receive takes it"),
    "is-submission": later("it is a month sent for approval, not an answer; crmkit review open shows it"),
    "unsealed": later("a review key is set here, and this package was made without one"),
    "wrong-key": later("it was altered, or made with another review key"),
    "key-missing": later("there is no such review key file"),
    "key-size": later("a review key has {needed} to 4096 bytes"),
    "moved": later("the file was moved or replaced meanwhile"),
    "toml": later("this is not TOML"),
    "unknown-setting": later("there is no setting called {key}"),
    "setting-text": later("{key} must be a text in quotes"),
    "SQLITE_FULL": later("disk full"),
    "SQLITE_IOERR": later("read or write error"),
    "already-undone": later("it was undone already"),
    "other-actor": later("{whose} did it, so only {whose} takes it back"),
    "decision": later("approvals and rejections are never undone; restate the plan and decide again"),
    "decided": later("somebody has decided on it since"),
    "submitted": later("it is part of what was submitted, and that is read-only; withdraw the month first"),
    "withdrawn": later("a withdrawal is taken back by submitting again"),
    "package-left": later("it went to another machine in a package; the market manager can send it back"),
    "migration": later("the file was brought to a new schema since"),
    "restore": later("the file was restored from a backup since"),
    "import-again": later("an undone import is brought back by importing the file again"),
    "UTF-8": later("the file is not UTF-8"),
    # of a policy file
    "text": later("the file is not UTF-8"),
    "syntax": later("this is not TOML"),
    "extends": later("extends must name a policy of crmkit"),
    "unknown-key": later("there is no value called {key}"),
    "wrong-type": later("{key} must be {expected}"),
    "out-of-range": later("{key} must lie within {expected}"),
    "impossible": later("{key} contradicts another value"),
    # of a calendar file
    "header": later("no header with date and working or off"),
    "columns": later("a column is missing"),
    "date": later("this is no date"),
    "range": later("the date lies before 1990 or after 2100"),
    "working": later("neither working nor off"),
    "twice": later("the same day twice"),
    "empty": later("no day in it"),
    "long": later("too long"),
}

NOUNS: dict[str, str] = {
    "person": later("person"),
    "customer": later("customer"),
    "product": later("product"),
    "operation": later("operation"),
    "operation-of": later("operation to undo of"),
    "batch": later("import"),
    "sheet": later("sheet"),
    "stop": later("stop of the day"),
    "backup": later("backup"),
    "command": later("command"),
    "strategy": later("task number"),
    "line": later("line"),
    "item": later("item"),
    "restatement": later("restatement number"),
    "working-day": later("working day after"),
    "frequency": later("frequency of"),
    "planned-visit": later("planned visit on"),
    "visit-debt": later("visit debt of"),
    "visit-debt-since": later("visit debt since"),
    "field": later("own field"),
    "appointment": later("appointment of this customer on"),
    "closed-range": later("closed dates of this customer from"),
    "day-off": later("day off on"),
    "category": later("category"),
    "watched": later("watched product"),
    "stand-in": later("stand-in of"),
    "brand-target": later("brand target of"),
    "indicator": later("indicator"),
    "rate": later("rate"),
    "key-list": later("key list of"),
    "proposal": later("proposed target of"),
    "questionnaire": later("questionnaire of"),
}


_FOUND = {
    "folder": later("a folder"),
    "endless pipe": later("an endless pipe"),
    "binary": later("not text"),
    "web page or XML": later("a web page or XML"),
    "workbook too large": later("a workbook too large"),
    "xlsx with a password": later("an .xlsx with a password"),
    "xls with a password": later("an .xls with a password"),
    "doc, wps or another OLE file": later("a document (doc, wps), not a workbook"),
}


_PLACEHOLDERS = {"REASON": later("REASON")}
"""Words of a command that a person replaces."""


class _Known(dict[str, Any]):
    """Facts of which a text may ask for one that is not there."""

    def __missing__(self, key: str) -> str:
        return "-"


def lines(refusal: Refusal) -> list[str]:
    """The lines that tell a refusal; the second is left out where there is nothing to say."""
    what, then = TEXTS[refusal.fault]
    facts = _Known(_spoken(refusal.facts))
    needed = [name for name in _TELLING if "{" + name + "}" in then]
    told = [_(what)] + ([_(then)] if all(str(facts[name]).strip(" -") for name in needed) else [])
    return [text.format_map(facts) for text in told]


_TELLING = ("way_out", "known", "backup")  # a second line that has nothing else to say
_SHOWN = 10
_SHOWN_ROWS = 20


def _spoken(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as a person reads them: codes become words, lists become lines; codes may speak of the other facts."""
    plain = _Known({name: _spoken_one(name, value) for name, value in facts.items()})
    for name, words in (("needs", need_words), ("rule", rule_words)):
        if name in facts:
            plain[name] = words(str(facts[name]), plain)
    if {"op", "table"} <= facts.keys():
        plain["table"] = table_word(facts["table"])
    if "reason" in facts:
        plain["reason"] = _reason(facts, plain)
    return plain


def _reason(facts: Mapping[str, Any], plain: Mapping[str, Any]) -> str:
    """A reason's words; a policy file's reason is told by its code."""
    code = str(facts.get("code") or facts["reason"])
    known = REASONS.get(code) or MAPPING_REASONS.get(code)
    return _(known).format_map(plain) if known else str(plain["reason"])


def _spoken_one(name: str, value: Any) -> Any:
    if name == "way_out":
        return " ".join(_(_PLACEHOLDERS[word]) if word in _PLACEHOLDERS else word for word in str(value).split(" "))
    if name == "found" and value in _FOUND:
        return _(_FOUND[value])
    if name == "cheapest":
        return repairs_words(value)
    if name == "noun":
        return _(NOUNS.get(value, value))
    if isinstance(value, list | tuple):
        return _listed(value)
    return code_words(name, _readable(value))


def _readable(value: Any) -> Any:
    """The name of a file whose bytes are no UTF-8, with replacement characters for them (bad-input.md 73)."""
    broken = isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value)
    return os.fsencode(value).decode("utf-8", "replace") if broken else value


def _listed(values: list[Any] | tuple[Any, ...]) -> str:
    if values and isinstance(values[0], tuple):
        rows = ("  " + "  ".join(str(cell) for cell in row).rstrip() for row in values[:_SHOWN_ROWS])
        return "\n".join(rows) + _and_more(len(values) - _SHOWN_ROWS)
    return ", ".join(str(value) for value in values[:_SHOWN]) + _and_more(len(values) - _SHOWN)


def _and_more(count: int) -> str:
    return _(" and {count} more").format(count=count) if count > 0 else ""
