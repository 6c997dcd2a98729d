"""Every word of the program has a Chinese one, and no Chinese one is left over."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations
from importlib import import_module
from io import BytesIO
from pathlib import Path
from pkgutil import iter_modules

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sheet_examples import DAY

import crmkit.model
from crmkit.model.month import Month
from crmkit.report.terms import TERMS, day_words, month_words, problem_words, short_day, word
from crmkit.report.words import CATALOGUES, LANGUAGES, Language, _, language, ngettext, pgettext, use_language

PACKAGE = Path(crmkit.__file__).parent
KEYWORDS = {"_": None, "later": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
HANZI = re.compile(r"[\u3400-\u9fff]")
FIELDS = re.compile(r"\{(\w*)")


@cache
def used() -> frozenset[str]:
    """The msgids in the program's text (of a plural: the singular)."""
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS)
    return frozenset(_singular(message) for _file, _line, message, _comments, _context in found) - {""}


@cache
def translated() -> Mapping[str, str]:
    """All word lists together: msgid → Chinese. A msgid in two lists with two translations fails here."""
    known: dict[str, str] = {}
    for source in sorted((CATALOGUES / "zh_CN").glob("*.po")):
        for message in read_po(BytesIO(source.read_bytes()), locale="zh_CN"):
            text = _singular(message.string)
            if message.id:
                assert known.setdefault(_singular(message.id), text) == text, (source.name, message.id)
    return known


def _singular(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def test_every_word_used_has_a_chinese_one() -> None:
    known = translated()
    assert sorted(message for message in used() if not known.get(message)) == []


def test_no_chinese_word_is_left_over() -> None:
    assert sorted(translated().keys() - used()) == []


def test_translations_keep_the_places_to_fill() -> None:
    """A translation may leave a field out, but never name one the program does not give."""
    wrong = [
        message
        for message, text in translated().items()
        if not set(FIELDS.findall(text)) <= set(FIELDS.findall(message)) | _date_fields(message)
    ]
    assert wrong == []


def _date_fields(message: str) -> set[str]:
    return {"month"} if "{month_" in message else set()


def test_the_compiled_catalogue_is_that_of_the_word_lists() -> None:
    with (CATALOGUES / "zh_CN" / "LC_MESSAGES" / "crmkit.mo").open("rb") as handle:
        compiled = GNUTranslations(handle)
    stale = [message for message, text in translated().items() if compiled.ngettext(message, "", 1) != text]
    stale = [message for message in stale if compiled.gettext(message) != translated()[message]]
    assert stale == [], "run: python hatch_build.py"


def test_a_catalogue_with_contexts_and_plurals_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("Sat", "坐", context="posture")
    catalogue.add(("{n} day", "{n} days"), ("{n}天",))
    written = BytesIO()
    write_mo(written, catalogue)
    written.seek(0)
    use_language("zh")
    monkeypatch.setattr("crmkit.report.words._Speech.words", GNUTranslations(written))
    assert pgettext("posture", "Sat") == "坐"
    assert ngettext("{n} day", "{n} days", 3) == "{n}天"
    assert _("unknown text") == "unknown text"
    assert _("") == ""


def test_the_language_is_chosen_once_and_kept() -> None:
    assert language() == "en"
    assert ngettext("{count} visit", "{count} visits", 2) == "{count} visits"
    use_language("zh")
    assert language() == "zh"
    assert _("Daily visit sheet") == "日拜访记录表"
    assert ngettext("{count} visit", "{count} visits", 1) == "拜访{count}户"


# codes whose words need the facts beside them, or that only the program itself reads
WORDED_ELSEWHERE = {"Fault", "Kind", "Field", "Reason", "Notice", "VolumeUnit", "Check", "BackupReason"}
WORDED_ELSEWHERE |= {"Due", "Measure", "Mark", "Slip", "DraftCode", "Again", "Matter"}


def codes_of_the_model() -> list[StrEnum]:
    """Every StrEnum member of crmkit.model that a term of the field stands for."""
    kinds: set[type[StrEnum]] = set()
    for module in iter_modules(crmkit.model.__path__):
        for thing in vars(import_module(f"crmkit.model.{module.name}")).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__name__ not in WORDED_ELSEWHERE:
                kinds.add(thing)
    kinds.discard(StrEnum)
    return sorted((member for kind in kinds for member in kind), key=lambda member: (type(member).__name__, member))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_code_of_the_model_has_a_word(spoken: Language) -> None:
    use_language(spoken)
    for member in codes_of_the_model():
        assert bool(HANZI.search(word(member))) == (spoken == "zh"), repr(member)


def test_every_term_is_of_one_code_of_the_model() -> None:
    """Kinds and codes are named by texts there."""
    codes = codes_of_the_model()
    assert len({type(code) for code in codes}) == len({type(code).__name__ for code in codes})
    named = {(kind, code) for kind, words in TERMS.items() for code in words}
    assert named == {(type(code).__name__, code.value) for code in codes}


def test_dates_are_written_as_people_do() -> None:
    assert (day_words(DAY), short_day(DAY)) == ("Tue 24 November 2026", "24 Nov")
    assert month_words(Month(2026, 5)) == "May 2026"
    use_language("zh")
    assert (day_words(DAY), short_day(DAY)) == ("2026年11月24日 周二", "11月24日")
    assert month_words(Month(2026, 5)) == "2026年5月"


def test_problem_codes_have_words_and_unknown_ones_speak_for_themselves() -> None:
    use_language("zh")
    assert problem_words("on_shelf:P{1}") == "P{1} 未上柜"
    assert problem_words("volume") == "销量低于目标份额"
    assert problem_words("later_rule:7") == "later_rule:7"
