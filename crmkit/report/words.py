"""Words in the reader's language: English is the msgid, Chinese comes from the compiled catalogue.

`_("Kept {count} rows").format(count=3)` for a text, `ngettext` where a count changes it, `pgettext` where one
English word has two Chinese ones. A text needed before the language is known (a module's table) is marked
with `later` and spoken with `_` when it is shown.
"""

from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CATALOGUES = Path(__file__).parent.parent / "locale"


class _Speech:
    """The one language of this run."""

    language: Language = "en"
    words: NullTranslations = NullTranslations()


def use_language(language: Language) -> None:
    """Speak this language from now on. English needs no catalogue; a missing Chinese one leaves English."""
    _Speech.language = language
    _Speech.words = _catalogue("zh_CN") if language == "zh" else NullTranslations()


def language() -> Language:
    """The language spoken now."""
    return _Speech.language


def _catalogue(name: str) -> NullTranslations:
    try:
        with (CATALOGUES / name / "LC_MESSAGES" / "crmkit.mo").open("rb") as handle:
            return GNUTranslations(handle)
    except FileNotFoundError:
        return NullTranslations()


def _(message: str) -> str:
    """The message in the language spoken now. The empty message stays empty."""
    return _Speech.words.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form that fits the count; `{count}` in it is still to be filled by the caller."""
    return _Speech.words.ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """The message as it is said in this context: `pgettext("weekday", "Sat")`."""
    return _Speech.words.pgettext(context, message)


def later(message: str) -> str:
    """Marks a text for the catalogue without translating it yet; say it with `_` when it is shown."""
    return message
