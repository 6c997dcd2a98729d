"""The door: choose the language, find the command, turn every end into one exit code."""

import os
import signal
import sys
from types import FrameType
from typing import Any, NoReturn

from crmkit.model.errors import Exit, Fault, Refusal, Signalled
from crmkit.report.words import LANGUAGES, Language, use_language


def main(argv: list[str] | None = None) -> NoReturn:
    """Run crmkit; never returns."""
    arguments = sys.argv[1:] if argv is None else argv
    _harden_streams()
    _watch_signals()
    use_language(chosen_language(arguments))
    code = run(arguments)
    _leave(code)


def run(arguments: list[str]) -> int:
    """Carry out one command line; returns its exit code."""
    from crmkit.context import Context, Options

    context = Context(Options())
    try:
        _refuse_broken_text(arguments)
        code = _invoke(arguments, context)
        return int(code or (Exit.DONE_WITH_WARNINGS if context.warnings else Exit.DONE))
    except BaseException as error:  # noqa: BLE001 - the one place where every end is translated
        return ending(error, context)
    finally:
        context.close()


def _invoke(arguments: list[str], context: Any) -> int:
    from crmkit.commands.root import root_command

    result = root_command().main(args=arguments, prog_name="crmkit", standalone_mode=False, obj=context)
    return result if isinstance(result, int) else 0


def ending(error: BaseException, context: Any) -> int:
    """What the user sees of an error, and the exit code it means."""
    from crmkit.report import endings

    return endings.tell(error, context.database_or_none(), debug=context.options.debug)


def chosen_language(arguments: list[str]) -> Language:
    """--lang, CRMKIT_LANG, the settings file's lang, then the locale; before any command is imported."""
    for index, word in enumerate(arguments):
        if word == "--":
            break
        if word.startswith("--lang="):
            return _language(word[7:])
        if word == "--lang" and index + 1 < len(arguments):
            return _language(arguments[index + 1])
    named = os.environ.get("CRMKIT_LANG") or _configured_language()
    return _language(named) if named else _system_language()


def _language(word: str) -> Language:
    short = word.lower().replace("_", "-").split("-")[0]
    return next((known for known in LANGUAGES if known == short), None) or _system_language()


def _configured_language() -> str | None:
    from pathlib import Path

    from crmkit.sources.config import read_config, user_folder

    try:
        return read_config(Path.cwd(), user_folder()).get("lang")
    except (Refusal, OSError):
        return None  # told later, when the settings are needed


def _system_language() -> Language:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return "zh" if os.environ[variable].lower().startswith("zh") else "en"
    if os.name == "nt":
        import locale

        return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
    return "en"


def _refuse_broken_text(arguments: list[str]) -> None:
    """Bytes that are no UTF-8 are allowed only as the name of a file that is there."""
    for word in arguments:
        if any("\ud800" <= character <= "\udfff" for character in word) and not os.path.exists(word):  # noqa: PTH110
            raise Refusal(Fault.NOT_UTF8)


def _harden_streams() -> None:
    """A screen that cannot show a character shows a replacement; the work goes on."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _watch_signals() -> None:
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _signalled)


def _signalled(number: int, frame: FrameType | None) -> NoReturn:
    raise Signalled(number)


def _leave(code: int) -> NoReturn:
    """Flush what the reader still takes and go."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except (BrokenPipeError, OSError, ValueError):
        code = code or int(Exit.READER_LEFT)
        _silence_streams()
    raise SystemExit(int(code))


def _silence_streams() -> None:
    """Python flushes once more at exit: let it write into nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        try:
            os.dup2(nowhere, descriptor)
        except OSError:
            continue


