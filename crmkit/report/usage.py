"""What is wrong with a command line, in our words: Typer says it in English only and keeps no codes."""

import re
from difflib import get_close_matches

from typer._click.exceptions import BadParameter as BadParameterError
from typer._click.exceptions import ClickException, MissingParameter, NoSuchOption, UsageError

from crmkit.report.words import _, later

# Typer's sentences and ours; a test holds them against the Typer that is installed
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"Missing command\.", later("A command is missing.")),
    (r"No such option: (?P<name>.+)", later("There is no option {name}.")),
    (r"Option '(?P<name>.+)' requires an argument\.", later("Option {name} needs a value.")),
    (r"Option '(?P<name>.+)' requires (?P<count>\d+) arguments\.", later("Option {name} needs {count} values.")),
    (r"Option '(?P<name>.+)' does not take a value\.", later("Option {name} takes no value.")),
    (r"Got unexpected extra argument\(s\) \((?P<words>.*)\)", later("Too many words: {words}")),
    (r"Argument '(?P<name>.+)' takes (?P<count>\d+) values\.", later("{name} takes {count} values.")),
    (r"(?P<value>.+) is not a valid (?:integer|int|int range|integer range)\.", later("{value} is no whole number.")),
    (r"(?P<value>.+) is not a valid (?:float|float range)\.", later("{value} is no number.")),
    (r"(?P<value>.+) is not in the range (?P<range>.+)\.", later("{value} is outside {range}.")),
    (r"(?P<value>.+) is not one of (?P<allowed>.+)\.", later("{value} is none of {allowed}.")),
    (r"(?P<value>.+) does not match the formats? (?P<formats>.+)\.", later("{value} is not written as {formats}.")),
)


def message(error: ClickException) -> str:
    """One sentence that says what is wrong, in the reader's language."""
    match error:
        case MissingParameter(param=param) if param is not None:
            return _("{name} is missing.").format(name=_name(param, error))
        case BadParameterError(param=param) if param is not None:
            return _("{name}: {reason}").format(name=_name(param, error), reason=_sentence(error.message))
        case NoSuchOption(possibilities=far, option_name=typed) if far:
            near = get_close_matches(typed, far, cutoff=0.7)  # Typer's own choice is wide: --yes for --few
            meant = _(" Did you mean {names}?").format(names=", ".join(sorted(near))) if near else ""
            return _sentence(error.message) + meant
    return _sentence(error.message)


def _name(param: object, error: UsageError) -> str:
    """How the user knows the parameter: its flag, or the place-holder of the usage line."""
    flags = [flag for flag in getattr(param, "opts", []) if flag.startswith("-")]
    if flags:
        return " / ".join(flags)
    return str(getattr(param, "human_readable_name", "")).strip("[]").upper() or error.message


def _sentence(english: str) -> str:
    for pattern, ours in _SENTENCES:
        found = re.fullmatch(pattern, english, re.DOTALL)
        if found:
            return _(ours).format(**found.groupdict())
    return english
