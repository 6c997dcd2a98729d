"""Every code a refusal can carry has words in both languages: the source itself is read for them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import crmkit
from crmkit.model.document import DocumentAction, DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.person import Role
from crmkit.report import faults, gates
from crmkit.report.words import LANGUAGES, Language, use_language

TABLES = {"needs": gates.NEEDS, "rule": gates.RULES, "noun": faults.NOUNS, "reason": faults.REASONS}
HANZI = re.compile(r"[\u3400-\u9fff]")
FACTS: dict[str, object] = {
    "who": ["1001", "1002"], "day": "2026-11-03", "value": "1001", "key": "frequency.top_percent", "expected": "0-100",
    "way_out": "crmkit status", "step": 7,
}  # fmt: skip


def raised() -> Iterator[tuple[str, str, str]]:
    """(fact, code, place) of every code written into a Refusal(…) of the program, conditional ones too."""
    for path in sorted(Path(crmkit.__file__).parent.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Refusal":
                for keyword in call.keywords:
                    for code in _texts(keyword.value) if keyword.arg in TABLES else ():
                        yield str(keyword.arg), code, f"{path.name}:{call.lineno}"


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)


def test_every_code_raised_has_words() -> None:
    found = list(raised())
    assert {fact for fact, _code, _place in found} == set(TABLES)  # the scan sees all four kinds
    policy_prose = {"the file is not UTF-8", "nested too deeply"}  # these carry a code beside them
    lacking = [one for one in found if one[1] not in TABLES[one[0]] and one[1] not in policy_prose]
    assert lacking == []


def test_no_words_are_kept_for_a_code_nobody_raises() -> None:
    codes = {(fact, code) for fact, code, _place in raised()}
    assert [code for code in gates.NEEDS if ("needs", code) not in codes] == []
    assert [code for code in gates.RULES if ("rule", code) not in codes] == []


def test_every_fault_has_a_text() -> None:
    assert set(faults.TEXTS) == set(Fault)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize(("fault", "fact"), [(Fault.GATE, "needs"), (Fault.RULE, "rule")])
def test_gates_and_rules_are_told_with_their_way_out(fault: Fault, fact: str, spoken: Language) -> None:
    use_language(spoken)
    for code in TABLES[fact]:
        told = faults.lines(Refusal(fault, **{**FACTS, fact: code}))
        assert len(told) == 2
        assert told[1].endswith("crmkit status")
        assert code not in told[0] or " " not in code
        assert bool(HANZI.search(told[0])) == (spoken == "zh"), told
        assert "{" not in told[0]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_states_and_roles_are_told_in_words(spoken: Language) -> None:
    use_language(spoken)
    for state in (*DocumentState, "missing"):
        for action in (*DocumentAction, "change"):
            told = faults.lines(
                Refusal(Fault.STATE, document=DocumentKind.PLAN, state=state, action=action, way_out="crmkit status")
            )
            assert bool(re.search("[a-z]", told[0])) == (spoken == "en"), told
    nobody = faults.lines(Refusal(Fault.ROLE, role=None, needed=Role.MARKET_MANAGER))
    assert ("库中未登记的人员" in nobody[0]) == (spoken == "zh")


def test_long_lists_are_cut_and_say_how_many_more() -> None:
    who = [f"{number:04d}" for number in range(1, 31)]
    told = faults.lines(Refusal(Fault.GATE, step=2, needs="scored", who=who, way_out="x"))
    assert "0010 and 20 more" in told[0]
    assert "0011" not in told[0]


def test_a_refusal_without_a_way_out_says_only_what_happened() -> None:
    assert len(faults.lines(Refusal(Fault.RULE, rule="key-added-and-removed", way_out=""))) == 1
    assert len(faults.lines(Refusal(Fault.NOT_FOUND, noun="customer", value="x", known=[]))) == 1
