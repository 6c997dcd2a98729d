"""The package file: the same bytes each time, and nothing but these bytes is taken."""

import json
import os
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.model.document import DocumentAction, DocumentKind, DocumentState, Transition
from crmkit.model.errors import Exit, Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.package import (
    Answer,
    Link,
    Package,
    Party,
    PolicyMark,
    Sealing,
    SentCustomer,
    SentFeedback,
    SentStrategies,
    SentStrategy,
    Submission,
)
from crmkit.model.person import Role
from crmkit.model.strategy import StrategyOrigin, StrategyState
from crmkit.rules import chain
from crmkit.sources import package_file
from crmkit.sources.package_file import packed, read_package
from crmkit.sources.policy import shipped_policy
from crmkit.sources.review_key import read_key
from crmkit.workflow.review_package import open_package

KEY = b"a secret of both sides"
MANAGER, BOSS, MONTH = Party("001", "张三"), Party("M01", "周正"), Month(2026, 11)
POLICY, OPEN = shipped_policy(), StrategyState.OPEN
S, A, K = DocumentState, DocumentAction, DocumentKind


def step(
    kind: K, action: A, before: S, after: S, actor: str = "001", reason: str | None = None
) -> tuple[K, Transition]:
    return kind, Transition(1, action, before, after, actor, "customer_manager", "2026-10-30T18:00:00+08:00", reason)


STEPS = (
    step(K.STRATEGIES, A.SUBMIT, S.DRAFT, S.SUBMITTED),
    step(K.STRATEGIES, A.REJECT, S.SUBMITTED, S.DRAFT, "M01", "太多了: 再看看"),
    step(K.STRATEGIES, A.SUBMIT, S.DRAFT, S.SUBMITTED),
)
LINKS = chain.chained(STEPS)
SUBMISSION = Submission(
    manager=MANAGER,
    month=MONTH,
    strategies=S.SUBMITTED,
    plan=None,
    waiting=(K.STRATEGIES,),
    deciders=(BOSS,),
    policy=PolicyMark("standard", "2026.1", "0" * 64, "manager"),
    chain=LINKS,
    head=chain.head(LINKS),
    entered=1,
    carried=0,
    assumed=0,
    customers=(SentCustomer("0001", "试验小店 𠮷", 12, None, None, None, True),),
    step7=SentStrategies("90", (SentStrategy("0001", 1, "keep", StrategyOrigin.HAND, "x", "two\nlines", OPEN),), ()),
    step8=None,
)  # fmt: skip
ANSWER = Answer(
    MANAGER, MONTH, "a" * 64, A.REJECT, (K.STRATEGIES,), BOSS, Role.MARKET_MANAGER,
    datetime.fromisoformat("2026-10-30T19:00:00+08:00"), "too much", (SentFeedback("0001", "customer", 0, "why?"),),
)  # fmt: skip


def written(folder: Path, content: bytes) -> Path:
    path = folder / "x.crmplan"
    path.write_bytes(content)
    return path


def refused(path: Path, key: bytes | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        open_package(path, key, POLICY)
    return caught.value


def fault_of(path: Path) -> Fault | None:
    try:
        open_package(path, None, POLICY)
    except Refusal as refusal:
        return refusal.fault
    return None


def resealed(tree: Any, key: bytes | None = None) -> bytes:
    """What somebody makes who alters the text and computes the checksum anew."""
    body = (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")
    return b"crmplan/1 sha256:" + sha256(body).hexdigest().encode() + b"\n" + body


def tree_of(package: Package) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(packed(package)[0].split(b"\n", 1)[1])
    return found


@pytest.mark.parametrize("package", [SUBMISSION, ANSWER])
@pytest.mark.parametrize("key", [None, KEY])
def test_what_was_packed_is_read_and_the_bytes_are_the_same_each_time(
    package: Package, key: bytes | None, tmp_path: Path
) -> None:
    content, digest = packed(package, key)
    assert packed(package, key) == (content, digest)
    opened = read_package(written(tmp_path, content), key)
    assert (opened.package, opened.digest) == (package, digest)
    assert opened.sealing is (Sealing.CHECKED if key else Sealing.NONE)
    assert digest == sha256(content.split(b"\n", 1)[1]).hexdigest()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(name=TEXTS, reason=st.none() | TEXTS, feedback=st.lists(TEXTS, max_size=3), rank=st.integers(0, 2**53))
@settings(max_examples=50, deadline=None)
def test_any_text_comes_back_as_it_was(
    name: str, reason: str | None, feedback: list[str], rank: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    said = tuple(SentFeedback("1", "customer", rank, text) for text in feedback)
    package = replace(ANSWER, manager=Party("001", name), reason=reason, feedback=said)
    path = written(tmp_path_factory.mktemp("any"), packed(package)[0])
    assert read_package(path).package == package


@pytest.mark.parametrize(("package", "key"), [(SUBMISSION, None), (ANSWER, KEY)])
def test_no_bit_can_be_turned(package: Package, key: bytes | None, tmp_path: Path) -> None:
    """Every byte of the file, one bit of it turned: refused each time."""
    content, _digest = packed(package, key)
    for place in range(len(content)):
        turned = bytearray(content)
        turned[place] ^= 1 << place % 8
        refusal = refused(written(tmp_path, bytes(turned)), key)
        assert refusal.fault in (Fault.BAD_PACKAGE, Fault.PACKAGE_TOO_NEW, Fault.BAD_KEY), (place, turned[place])


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_piece_can_be_cut_put_in_or_moved(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    content, _digest = packed(SUBMISSION)
    first = data.draw(st.integers(0, len(content) - 1))
    last = data.draw(st.integers(first, len(content)))
    piece = data.draw(st.binary(max_size=5) | st.just(content[first:last]))
    changed = content[:first] + piece + content[last:]
    path = written(tmp_path_factory.mktemp("cut"), changed)
    if changed == content:
        assert read_package(path).package == SUBMISSION
    else:
        assert refused(path).exit in (Exit.INPUT_REFUSED, Exit.TOO_NEW)


@pytest.mark.parametrize("end", [0, 1, 8, 60, 82, 83, 500, -1])
def test_a_file_whose_end_is_missing(end: int, tmp_path: Path) -> None:
    refusal = refused(written(tmp_path, packed(SUBMISSION)[0][:end]))
    assert refusal.facts["reason"] in ("cut-off", "no-package")


def fields(tree: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The place of every value in a tree."""
    found = [place] if place else []
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        found += fields(value, (*place, key))
    return found


ODD = [
    None, True, -1, 10**30, 1.5, "", "x" * 4001, "\0", "\ud800", "1e5", [], {}, [[[]]], {"x": 1}, "0" * 64, "draft",
    "2026-13", float("nan"),
]  # fmt: skip


@pytest.mark.parametrize("package", [SUBMISSION, ANSWER])
def test_odd_values_with_a_right_checksum_are_refused_or_harmless(package: Package, tmp_path: Path) -> None:
    """Each field of a package made anew, with each odd value: a refusal, or a package that is whole."""
    tree = tree_of(package)
    taken = 0
    for place in fields(tree):
        for odd in ODD:
            changed = json.loads(json.dumps(tree))
            inner = changed
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = odd
            path = written(tmp_path, resealed(changed))
            taken += fault_of(path) is None
            assert fault_of(path) in (None, Fault.BAD_PACKAGE), (place, odd)
    assert taken  # names and texts may be anything


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"kind":' * 50_000,
        b'{"kind": "submission", "month": ' + b"9" * 10_000 + b"}",
        b"{}",
        b"null",
        b'{"kind": "submission", "kind": "answer"}',
        b'{"kind": "other"}',
        b'{"kind": []}',
        "{\"kind\": \"赠\"}".encode("gb18030"),
        b"\xef\xbb\xbf{}",
        b"PK\x03\x04",
    ],
    ids=range(11),
)  # fmt: skip
def test_hostile_bodies_with_a_right_checksum(body: bytes, tmp_path: Path) -> None:
    content = b"crmplan/1 sha256:" + sha256(body).hexdigest().encode() + b"\n" + body
    assert refused(written(tmp_path, content)).fault is Fault.BAD_PACKAGE


def test_the_chain_is_held_against_the_rules(tmp_path: Path) -> None:
    """Steps left out, made up, or with another reason: seen although the checksum was computed anew."""
    without = LINKS[2:]
    other = replace(LINKS[1], reason="all is well")
    jump = chain.chained([step(K.STRATEGIES, A.SUBMIT, S.DRAFT, S.APPROVED)])
    for links, head in (
        (without, chain.head(LINKS)),
        ((LINKS[0], other, LINKS[2]), chain.head(LINKS)),
        (LINKS, "0" * 64),
        (LINKS[:2], chain.head(LINKS[:2])),
        (jump, chain.head(jump)),
    ):
        package = replace(SUBMISSION, chain=links, head=head)
        assert refused(written(tmp_path, packed(package)[0])).facts["reason"] == "chain", links
    assert isinstance(LINKS[0], Link)


def test_a_newer_format_is_named_as_such(tmp_path: Path) -> None:
    content = packed(SUBMISSION)[0].replace(b"crmplan/1 ", b"crmplan/2 keys:new ", 1)
    refusal = refused(written(tmp_path, content))
    assert (refusal.fault, refusal.exit) == (Fault.PACKAGE_TOO_NEW, Exit.TOO_NEW)


def test_too_large_is_refused_before_it_is_read_through(tmp_path: Path) -> None:
    path = tmp_path / "x.crmplan"
    with path.open("wb") as stream:
        stream.write(b"crmplan/1 sha256:" + b"0" * 64 + b"\n")
        stream.truncate(1 << 40)  # a hole: takes no room
    assert refused(path).facts["reason"] == "too-large"
    assert package_file.LARGEST < 1 << 25


def test_what_is_no_file_of_ours(tmp_path: Path) -> None:
    marked = (b"\xff\xfec\0r\0m\0", b"\xef\xbb\xbfcrmplan/1")
    for content in (b"", b"PK\x03\x04" + b"0" * 100, b"SQLite format 3\0", *marked):
        assert refused(written(tmp_path, content)).facts["reason"] == "no-package"
    assert refused(tmp_path).facts["reason"] == "not-a-file"
    assert refused(tmp_path / "none.crmplan").fault is Fault.FILE_MISSING
    os.mkfifo(tmp_path / "pipe.crmplan")
    assert refused(tmp_path / "pipe.crmplan").facts["reason"] == "not-a-file"


def test_with_a_key_a_forged_package_is_refused(tmp_path: Path) -> None:
    """Whoever has no key can neither alter a sealed package, nor take its seal off, nor make one."""
    tree = tree_of(ANSWER)
    tree["action"] = "approve"
    tree["reason"] = None
    forged = resealed(tree)
    assert isinstance(read_package(written(tmp_path, forged)).package, Answer)  # a checksum is no signature
    refusal = refused(written(tmp_path, forged), KEY)
    assert (refusal.fault, refusal.facts["reason"], refusal.exit) == (Fault.BAD_KEY, "unsealed", Exit.PERMISSION)
    seal = packed(ANSWER, KEY)[0].split(b"\n", 1)[0].rpartition(b" ")[2]
    stolen = forged.replace(b"\n", b" " + seal + b"\n", 1)
    for content in (stolen, packed(ANSWER, b"another key of 16 bytes")[0]):
        assert refused(written(tmp_path, content), KEY).facts["reason"] == "wrong-key"
    assert read_package(written(tmp_path, packed(ANSWER, KEY)[0])).sealing is Sealing.UNCHECKED


def test_the_key_file_is_private_and_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert read_key(None) is None
    odd = ((None, 0, "key-missing"), (b"short", 0o600, "key-size"), (KEY, 0o644, "readable-by-others"))
    for content, mode, reason in odd:
        if content is not None:
            path.write_bytes(content)
            path.chmod(mode)
        with pytest.raises(Refusal) as caught:
            read_key(path)
        assert caught.value.facts["reason"] == reason
    path.write_bytes(KEY + b"\n")
    path.chmod(0o600)
    assert read_key(path) == KEY
