"""Texts longer than their column: refused by their option before any work, and kindly by whatever way they come in."""

import re
import sqlite3
from pathlib import Path

import pytest
from month_examples import Typist
from test_strategies_by_hand import OF_MONTH, SHOP, typed  # noqa: F401 - a fixture

from crmkit.commands.long_texts import LONGEST, OTHERWISE, longest
from crmkit.commands.manual import HelpContext
from crmkit.commands.root import root_command
from crmkit.store.connection import in_memory, refusal_of
from crmkit.store.migrating import apply_pending

CHECKED_THEMSELVES = {"line"}  # commands/typed_lines.py measures what stands behind the colon


def test_every_text_that_can_be_typed_has_its_length() -> None:
    root = root_command()
    ctx = HelpContext(root, info_name="crmkit")
    texts = {
        (f"{group} {name}", str(param.name))
        for group in root.list_commands(ctx)
        for name, command in getattr(root.get_command(ctx, group), "commands", {}).items()
        for param in command.params
        if getattr(param, "metavar", None) in ("TEXT", "REASON", "DATE=TEXT")
    }
    texts -= {("visit miss", "why")}  # one of six words
    assert len(texts) > 40
    assert {one for one in texts if one[1] not in LONGEST and one[1] not in CHECKED_THEMSELVES} == set()
    assert OTHERWISE.keys() <= texts


MOST = [
    ("plan strategy", "add", ("plan", "strategy", SHOP, *OF_MONTH, "--reason", "x", "--add")),
    ("plan strategy", "reason", ("plan", "strategy", SHOP, *OF_MONTH, "--drop", "1", "--reason")),
    ("plan key", "reason", ("plan", "key", *OF_MONTH, "--add", "1010", "--reason")),
    ("plan frequency", "reason", ("plan", "frequency", "1010", "weekly", *OF_MONTH, "--reason")),
    ("plan generate", "focus", ("plan", "generate", *OF_MONTH, "--focus")),
    ("plan submit", "accept_shortage", ("plan", "submit", *OF_MONTH, "--accept-shortage")),
    ("plan week", "market", ("plan", "week", "--week", "2026-W45", "--market")),
    ("plan week", "note", ("plan", "week", "--week", "2026-W45", "--note", "周三={}")),
    ("plan week", "route", ("plan", "week", "--week", "2026-W45", "--route", "周三={}")),
    ("customer closed", "reason", ("customer", "closed", SHOP, "2026-11-05", "2026-11-06", "--reason")),
    ("visit log", "effect", ("visit", "log", SHOP, "--date", "2026-10-30", "--effect")),
    ("summarize week", "state", ("summarize", "week", "--week", "2026-W44", "--state")),
]


@pytest.mark.parametrize(("command", "name", "words"), MOST, ids=[f"{one} {name}" for one, name, _ in MOST])
def test_what_is_allowed_is_kept_and_one_more_is_refused(
    typed: Typist, command: str, name: str, words: tuple[str, ...]  # noqa: F811
) -> None:
    def said(text: str) -> tuple[str, ...]:
        return (*words[:-1], words[-1].format(text)) if "{}" in words[-1] else (*words, text)

    most = longest(command, name)
    long = typed(*said("长" * (most + 1)))
    assert (long.code, str(most) in long.err) == (2, True), long
    assert "长" * 21 not in long.err
    kept = typed(*said("长" * most))
    assert kept.code in (0, 3), kept


def test_an_ad_hoc_item_too_long_is_refused_before_its_gate(typed: Typist) -> None:  # noqa: F811
    long = typed("annotate", "add", SHOP, "长" * 401, "--date", "2026-10-30")
    assert (long.code, "at most 400" in long.err) == (2, True)


def test_a_column_tells_its_length_whatever_way_a_text_comes_in() -> None:
    store = in_memory()
    apply_pending(store)
    checks = store.value("SELECT sql FROM sqlite_schema WHERE name='customer'")
    limit = int(re.findall(r"length\(address\)<=(\d+)", checks)[0])
    with pytest.raises(sqlite3.IntegrityError) as broken:
        store.execute("INSERT INTO customer(code, name, address) VALUES ('1', 'x', ?)", ("a" * (limit + 1),))
    refusal = refusal_of(broken.value, Path("x.db"))
    assert refusal is not None
    assert (refusal.facts["option"], refusal.facts["expected"]) == ("address", f"≤ {limit}")
    with pytest.raises(sqlite3.IntegrityError) as foreign:
        store.execute("INSERT INTO customer(code, name, grade) VALUES ('1', 'x', 99)")
    assert refusal_of(foreign.value, Path("x.db")) is None, "a bug of ours stays one"
