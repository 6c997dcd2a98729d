"""Every command that a refusal or a page names can be typed, and the rule that named it is content with it."""

import re
import shlex
from pathlib import Path

import pytest
from month_examples import BOSS, MANAGER, OTHER, Answer, Typist, kept, write_exports

from crmkit.model.errors import Exit
from crmkit.report.words import Language

NEXT = "2026-12"
NAMED = re.compile(r"(?:Next: |Way out: |then: |下一步：|办法：|请用：)(crmkit [^;；|\n]*)")
BOTH = pytest.mark.parametrize("lang", ["en", "zh"])


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def named(answer: Answer) -> list[str]:
    """The words of the first command an answer names; a placeholder for a person is filled in."""
    found = NAMED.search(answer.out + "\n" + answer.err)
    assert found, answer
    text = found.group(1).replace("MARKETMANAGER", BOSS).replace("市场经理编号", BOSS)
    return shlex.split(text.strip().rstrip("。"))[1:]


def walked(typed: Typist, *words: str, lang: Language, actor: str = MANAGER, steps: int = 12) -> list[list[str]]:
    """Type a command, then whatever is named next, until a command comes twice; every one but the first must work."""
    answer, path = typed(*words, lang=lang, actor=actor), list[list[str]]()
    for _step in range(steps):
        if not NAMED.search(answer.out + answer.err) or (following := named(answer)) in path:
            return path
        path.append(following)
        answer = typed(*following, lang=lang, actor=actor)
        assert answer.code in (Exit.DONE, Exit.DONE_WITH_WARNINGS), (following, answer)
    return path


@BOTH
def test_one_refusal_names_the_root_and_the_story_goes_on_to_the_sheet(typed: Typist, lang: Language) -> None:
    path = walked(typed, "plan", "visits", "--month", NEXT, lang=lang)
    assert path[0] == ["analyze", "compute", "--month", NEXT]
    assert [words[1] for words in path[:6]] == ["compute", "score", "generate", "strategies", "generate", "submit"]
    assert path[-1][:2] == ["visit", "sheet"]


@BOTH
def test_the_month_of_another_stays_his_in_every_command_named(typed: Typist, lang: Language) -> None:
    asked = typed("plan", "show", "--month", NEXT, "--manager", OTHER, actor=OTHER, lang=lang)
    assert named(asked) == ["analyze", "compute", "--month", NEXT, "--manager", OTHER]
    front = typed("status", "--month", NEXT, "--manager", OTHER, lang=lang)
    assert named(front) == ["plan", "open", "--month", NEXT, "--manager", OTHER]
    done = typed("analyze", "compute", "--month", NEXT, "--manager", OTHER, actor=OTHER, lang=lang)
    assert named(done) == ["analyze", "score", "--month", NEXT, "--manager", OTHER, "--all", "3"]


@BOTH
@pytest.mark.parametrize(
    ("words", "way"),
    [
        (("plan", "submit", "--as", OTHER, "--manager", MANAGER), ["plan", "submit", "--as", MANAGER]),
        (("plan", "key", "1001", "--add", "--reason", " "), ["plan", "key", "1001", "--add"]),
        (("plan", "frequency", "1001", "weekly", "--reason", " "), ["plan", "frequency", "1001", "weekly"]),
        (("plan", "skip", "1001", "--date", "2026-12-09"), ["plan", "skip", "1001", "--date", "2026-12-09"]),
        (("visit", "log", "1001", "--date", "2026-12-09"), ["visit", "log", "1001", "--date", "2026-10-30"]),
    ],
)
def test_a_refusal_names_a_whole_command(
    typed: Typist, words: tuple[str, ...], way: list[str], lang: Language
) -> None:
    begun = "analyze compute", "analyze score --all 3", "analyze generate", "plan strategies", "plan generate"
    for done in begun:
        assert typed(*done.split(), "--month", NEXT).code == 0
    month = ["--month", NEXT] if words[1] in ("submit", "key", "frequency") else []
    told = typed(*words, *month, lang=lang)
    assert told.code == Exit.FORBIDDEN
    found = named(told)
    assert set(way) <= set(found)
    assert typed(*found).code != Exit.USAGE
    assert not month or NEXT in found


@BOTH
def test_what_is_not_found_names_where_to_look(typed: Typist, lang: Language) -> None:
    for words, way in (
        (("plan", "route", "--date", "2026-12-09"), f"crmkit status --month {NEXT}"),
        (("explain", "visit", "1001", "--date", "2026-12-09"), "crmkit explain customer 1001 --month 2026-12"),
        (("plan", "move", "1001", "--date", "2026-12-09", "--to", "2026-12-10"), "crmkit customer show 1001"),
        (("help", "map"), "mapping"),
    ):
        told = typed(*words, lang=lang)
        assert told.code == Exit.NOT_FOUND, told
        assert way in told.err
    told = typed("import", "undo", "1", actor=OTHER, lang=lang)
    assert (told.code, MANAGER in told.err) == (Exit.FORBIDDEN, True)


@BOTH
def test_a_finished_month_is_not_sent_back(typed: Typist, lang: Language) -> None:
    walked(typed, "plan", "visits", "--month", NEXT, lang=lang)
    assert named(typed("analyze", "show", "--month", NEXT, lang=lang)) == ["status", "--month", NEXT]
    assert named(typed("plan", "show", "--month", NEXT, lang=lang)) == ["status", "--month", NEXT]
    tried = typed("plan", "visits", "--trial", "--month", NEXT, lang=lang)
    assert named(tried) == ["plan", "visits", "--month", NEXT]
    off = typed("calendar", "off", "2026-12-09", lang=lang)
    assert named(off) == ["plan", "replan", "--month", NEXT]
    assert typed(*named(off)).code == 0


@BOTH
def test_scoring_says_what_it_did_and_takes_one_score_an_item(typed: Typist, lang: Language) -> None:
    month = ("--month", NEXT)
    said = {"en": "get scores: ", "zh": "将评分的客户数："}[lang]
    assert f"{said}23" in typed("analyze", "score", "--all", "3", "--dry-run", *month, lang=lang).err
    assert f"{said}0" in typed("analyze", "score", "--carry", "--dry-run", *month, lang=lang).err
    assert typed("analyze", "score", "1001", "存货=3", "存货=4", *month, lang=lang).code == Exit.USAGE


@BOTH
def test_what_was_not_judged_is_not_called_normal(typed: Typist, lang: Language) -> None:
    normal = {"en": "Nothing is abnormal", "zh": "没有异常"}[lang]
    assert normal not in typed("analyze", "brand", "compute", "--month", NEXT, lang=lang).out
    assert normal not in typed("analyze", "market", "compute", "--month", NEXT, lang=lang).out
