"""Approval between two machines, as two people type it: the month leaves as one file, the answer comes back as one."""

import json
import os
import resource
import shutil
import stat
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import act_at
from month_examples import BOSS, MONTH
from package_examples import OF_MONTH, PACKAGE, TwoMachines, draft_month
from test_month import shape

from crmkit.model.document import DocumentAction, DocumentKind, DocumentState
from crmkit.model.errors import Exit
from crmkit.model.month import Month
from crmkit.model.package import Answer, Party, Submission
from crmkit.model.person import Role
from crmkit.sources.package_file import packed, read_package
from crmkit.store import documents, people
from crmkit.store.connection import Store
from crmkit.store.opening import open_store

PHONE = "13800138000"
SUBMITTED = {"strategies": "submitted", "plan": "submitted"}
APPROVED = {"strategies": "approved", "plan": "approved"}
DRAFT = {"strategies": "draft", "plan": "draft"}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draft_month(tmp_path_factory.mktemp("drafted"))


@pytest.fixture
def machines(
    drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> TwoMachines:
    """Each test has the drafted month of its own."""
    made = TwoMachines(tmp_path, monkeypatch, capsys)
    shutil.copy(drafted, made.his / "crmkit.db")
    return made


def rows(machines: TwoMachines, sql: str) -> list[tuple[object, ...]]:
    with closing(open_store(machines.his / "crmkit.db")) as store:
        return store.rows(sql)


def test_a_month_goes_over_is_sent_back_mended_and_approved(machines: TwoMachines) -> None:
    assert machines.submit().code == 0
    machines.carry(PACKAGE)
    before = sorted(path.name for path in machines.boss.iterdir())
    opened = machines.market_manager("review", "open", PACKAGE)
    assert opened.code == 0
    assert sorted(path.name for path in machines.boss.iterdir()) == before  # no database, nothing made
    for word in ("试验小店3", "23 assumed for a group", "the same as here", "How it came to stand here", "twice a"):
        assert word in opened.out
    sent = machines.decide("reject", "--reason", "太多了", "--line", "1003：每周去一次？", "--line", "1005: why")
    assert sent.code == 0
    assert "answer.crmplan" in sent.err
    received = machines.manager("plan", "receive", "answer.crmplan")
    assert received.code == 0
    assert machines.states() == DRAFT
    shown = machines.manager("plan", "show", *OF_MONTH)
    assert "太多了; 1003: 每周去一次？; 1005: why" in shown.out.replace("\n", "")
    assert machines.manager("plan", "frequency", "1003", "monthly", "--reason", "his wish", *OF_MONTH).code == 0
    assert machines.submit("second.crmplan").code == 0
    again = machines.decide("approve", name="second.crmplan", answer="yes.crmplan")
    assert again.code == 0
    assert machines.manager("plan", "receive", "yes.crmplan").code == 0
    assert machines.states() == APPROVED
    assert rows(machines, "SELECT count(*), frequency FROM customer WHERE code='1003'") == [(1, "monthly")]
    assert rows(machines, "SELECT count(*) FROM customer WHERE frequency IS NOT NULL") == [(23,)]
    steps = rows(machines, "SELECT action, actor, role FROM transition WHERE action IN ('approve','reject')")
    assert steps == [("reject", BOSS, "market_manager")] * 2 + [("approve", BOSS, "market_manager")] * 2
    who = rows(machines, "SELECT actor, command FROM operation WHERE command='plan receive'")
    assert who == [("001", "plan receive")] * 2
    assert machines.manager("db", "check", "--full").code == 0


def test_the_second_package_tells_what_became_of_the_first(machines: TwoMachines) -> None:
    machines.submit()
    machines.decide("reject", "--reason", "太多了")
    machines.manager("plan", "receive", "answer.crmplan")
    machines.submit("second.crmplan")
    package = read_package(machines.his / "second.crmplan").package
    assert isinstance(package, Submission)
    assert [(link.document.value, link.action.value, link.actor) for link in package.chain] == [
        ("strategies", "submit", "001"),
        ("plan", "submit", "001"),
        ("plan", "reject", BOSS),
        ("strategies", "reject", BOSS),
        ("strategies", "submit", "001"),
        ("plan", "submit", "001"),
    ]
    machines.carry("second.crmplan")
    assert "太多了" in machines.market_manager("review", "open", "second.crmplan").out


def test_once_it_left_only_the_market_manager_sends_it_back(machines: TwoMachines) -> None:
    machines.submit()
    for words in (("plan", "withdraw", *OF_MONTH), ("db", "undo")):
        answer = machines.manager(*words)
        assert answer.code == Exit.FORBIDDEN
        assert "another machine" in answer.err
    assert "crmkit review reject FILE --reason REASON" in machines.manager("plan", "withdraw", *OF_MONTH).err
    assert machines.states() == SUBMITTED


def test_what_is_submitted_is_not_moved_by_undo_either(machines: TwoMachines) -> None:
    """Scores, strategies, the plan's lists and texts, the submission under a plan, and a withdrawal."""
    assert machines.manager("plan", "frequency", "1003", "monthly", "--reason", "his wish", *OF_MONTH).code == 0
    assert machines.manager("plan", "generate", *OF_MONTH, "--problems", "none", "--focus", "all").code == 0
    assert machines.manager("plan", "submit", *OF_MONTH).code == 0
    kept = "SELECT count(*) FROM change"
    before = rows(machines, kept)
    named = dict(rows(machines, "SELECT command, max(seq) FROM operation GROUP BY command"))
    for command in ("analyze score", "analyze compute", "plan strategies", "plan frequency", "plan generate"):
        refused = machines.manager("db", "undo", str(named[command]))
        assert (refused.code, "read-only" in refused.err) == (Exit.FORBIDDEN, True), (command, refused)
    assert rows(machines, kept) == before
    assert machines.manager("plan", "withdraw", *OF_MONTH).code == 0
    assert machines.manager("db", "undo").code == Exit.FORBIDDEN
    assert machines.states() == DRAFT
    assert machines.manager("db", "undo", str(named["plan generate"])).code == 0


def test_a_month_submitted_without_a_file_is_sent_later_and_twice(machines: TwoMachines) -> None:
    assert machines.manager("plan", "package", *OF_MONTH, "-o", PACKAGE).code == Exit.FORBIDDEN  # a draft
    assert machines.manager("plan", "submit", *OF_MONTH).code == 0
    assert machines.manager("plan", "package", *OF_MONTH).code == Exit.USAGE
    dry = machines.manager("plan", "package", *OF_MONTH, "-o", PACKAGE, "--dry-run")
    assert (dry.code, (machines.his / PACKAGE).exists()) == (0, False)
    assert machines.manager("plan", "package", *OF_MONTH, "-o", PACKAGE, actor="002").code in (5, 6)
    assert machines.manager("plan", "package", *OF_MONTH, "-o", PACKAGE).code == 0
    again = machines.manager("plan", "package", *OF_MONTH, "-o", "two.crmplan")
    assert "The very same package left before" in again.out
    assert (machines.his / PACKAGE).read_bytes() == (machines.his / "two.crmplan").read_bytes()
    assert rows(machines, "SELECT count(*) FROM package") == [(1,)]
    assert f"crmkit plan package --month {MONTH} -o new.crmplan" in machines.submit("new.crmplan").err
    assert machines.manager("plan", "withdraw", *OF_MONTH).code == Exit.FORBIDDEN
    assert machines.manager("db", "undo").code == Exit.FORBIDDEN  # the package cannot be called back by undoing it


def test_answers_come_lost_twice_late_and_in_any_order(machines: TwoMachines) -> None:
    machines.submit()
    machines.decide("approve", answer="late.crmplan")  # lost, it comes late
    machines.decide("reject", "--reason", "no", answer="no.crmplan")
    assert machines.manager("plan", "receive", "no.crmplan").code == 0
    twice = machines.manager("plan", "receive", "no.crmplan")
    assert twice.code == 0
    assert "received before" in twice.out
    late = machines.manager("plan", "receive", "late.crmplan")
    assert late.code == Exit.FORBIDDEN  # sent back in the meantime
    machines.submit("second.crmplan")
    older = machines.manager("plan", "receive", "late.crmplan")
    assert older.code == Exit.FORBIDDEN
    assert "earlier submission of 2026-11" in older.err
    machines.decide("approve", name="second.crmplan", answer="yes.crmplan")
    machines.decide("approve", name="second.crmplan", answer="yes2.crmplan")
    machines.decide("reject", "--reason", "no", name="second.crmplan", answer="no2.crmplan")
    assert machines.manager("plan", "receive", "yes.crmplan").code == 0
    before = rows(machines, "SELECT count(*) FROM operation")
    assert machines.manager("plan", "receive", "yes2.crmplan").code == 0
    assert "done before" in machines.manager("plan", "receive", "yes2.crmplan").out
    assert machines.manager("plan", "receive", "no2.crmplan").code == Exit.FORBIDDEN
    assert machines.manager("plan", "receive", "no.crmplan").code == 0  # known, no event
    assert (machines.states(), rows(machines, "SELECT count(*) FROM operation")) == (APPROVED, before)
    assert machines.manager("db", "undo").code == Exit.FORBIDDEN  # a decision


def test_a_month_approved_in_its_own_file_meanwhile_is_no_event(machines: TwoMachines) -> None:
    machines.submit()
    machines.decide("approve")
    assert machines.manager("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    answer = machines.manager("plan", "receive", "answer.crmplan")
    assert (answer.code, "done before" in answer.out) == (0, True)


def test_who_may_decide(machines: TwoMachines) -> None:
    machines.submit()
    machines.carry(PACKAGE)
    for place, who, code in ((machines.his, "001", 6), (machines.his, "M02", 5), (machines.boss, "M02", 6)):
        package = str(machines.boss / PACKAGE)
        refused = machines.at(place, "review", "approve", package, actor=who)
        assert refused.code == code, refused
    assert sorted(path.name for path in machines.boss.iterdir()) == [PACKAGE]
    unnamed = machines.market_manager("review", "approve", PACKAGE)
    assert unnamed.code == 0
    # a file that is made by hand: the manager's own file knows better who is who
    machines.typist.now = "2026-10-31T09:00"
    sent = read_package(machines.his / PACKAGE)
    at = datetime.fromisoformat("2026-10-31T09:00:00+08:00")
    for code, said in (("001", "no market manager"), ("X9", "nobody of this file"), ("002", "no market manager")):
        both = (DocumentKind.STRATEGIES, DocumentKind.PLAN)
        forged = Answer(
            Party("001", "张三"), Month.parse(MONTH), sent.digest, DocumentAction.APPROVE, both, Party(code, "周正"),
            Role.MARKET_MANAGER, at, None, (),
        )  # fmt: skip
        (machines.his / "forged.crmplan").write_bytes(packed(forged)[0])
        refused = machines.manager("plan", "receive", "forged.crmplan")
        assert (refused.code, said in refused.err) == (Exit.FORBIDDEN, True), refused
    assert machines.states() == SUBMITTED


def test_who_stands_in_for_the_market_manager_decides_on_his_days(machines: TwoMachines) -> None:
    days = ("--from", "2026-10-31", "--to", "2026-11-01")
    assert machines.manager("team", "stand-in", BOSS, "--by", "002", *days, actor=BOSS).code == 0
    machines.submit()
    machines.carry(PACKAGE)
    for now, code in (("2026-10-30T19:00", Exit.FORBIDDEN), ("2026-10-31T10:00", 0)):
        machines.typist.now = now
        assert machines.at(machines.boss, "review", "approve", PACKAGE, "-o", "x.crmplan", actor="002").code == 0
        machines.carry("x.crmplan", back=True)
        assert machines.manager("plan", "receive", "x.crmplan").code == code
    assert machines.states() == APPROVED


def test_an_altered_month_is_found_when_its_answer_comes_back(machines: TwoMachines) -> None:
    """Whoever alters the package and computes the checksum anew gets an approval of what never left."""
    machines.submit()
    package = machines.carry(PACKAGE)
    text = package.read_bytes().replace("试验小店3".encode(), "试验小店9".encode())
    package.write_bytes(text)
    assert machines.market_manager("review", "open", PACKAGE).code == Exit.INPUT_REFUSED
    body = text.split(b"\n", 1)[1]
    package.write_bytes(b"crmplan/1 sha256:" + sha256(body).hexdigest().encode() + b"\n" + body)
    assert machines.market_manager("review", "approve", PACKAGE, "-o", "answer.crmplan").code == 0
    machines.carry("answer.crmplan", back=True)
    refused = machines.manager("plan", "receive", "answer.crmplan")
    assert (refused.code, "did not leave from this file" in refused.err) == (Exit.FORBIDDEN, True)
    assert machines.states() == SUBMITTED


def test_with_a_key_on_both_sides(machines: TwoMachines) -> None:
    for place in (machines.his, machines.boss):
        (place / "key").write_text("a secret of both sides\n")
        (place / "key").chmod(0o600)
        (place / "crmkit.toml").write_text('review_key = "key"\n')
    assert machines.submit().code == 0
    machines.carry(PACKAGE)
    assert "who has the review key" in machines.market_manager("review", "open", PACKAGE).out
    assert machines.decide("approve").code == 0
    (machines.boss / "crmkit.toml").unlink()
    assert "no review_key is set here" in machines.market_manager("review", "open", PACKAGE).out
    assert machines.decide("approve", answer="unsealed.crmplan").code == 0
    assert machines.manager("plan", "receive", "unsealed.crmplan").code == Exit.PERMISSION
    assert machines.manager("plan", "receive", "answer.crmplan").code == 0
    (machines.his / "key").chmod(0o644)
    told = machines.manager("plan", "receive", "answer.crmplan")
    assert (told.code, "chmod 600" in told.err) == (Exit.INPUT_REFUSED, True)


def test_no_phone_is_in_it_and_nobody_else_reads_it(machines: TwoMachines) -> None:
    machines.submit()
    content = (machines.his / PACKAGE).read_bytes()
    assert PHONE.encode() not in content
    assert "王五".encode() not in content
    assert stat.S_IMODE((machines.his / PACKAGE).stat().st_mode) == 0o600
    assert [path.name for path in machines.his.iterdir() if path.name.endswith(".part")] == []


def test_wrong_files_and_places_say_so(machines: TwoMachines) -> None:
    machines.submit()
    machines.carry(PACKAGE)
    machines.market_manager("review", "approve", PACKAGE, "-o", "answer.crmplan")
    cases = (
        (("review", "open", "missing.crmplan"), Exit.INPUT_REFUSED),
        (("review", "approve", "answer.crmplan"), Exit.INPUT_REFUSED),
        (("plan", "receive", PACKAGE), Exit.NO_DATABASE),
        (("review", "approve", PACKAGE, "-o", PACKAGE), Exit.USAGE),
        (("review", "approve", PACKAGE, "-o", "no/where.crmplan"), Exit.INPUT_REFUSED),
        (("review", "reject", PACKAGE), Exit.USAGE),
        (("review", "reject", PACKAGE, "--reason", " "), Exit.FORBIDDEN),
        (("review", "reject", PACKAGE, "--reason", "x" * 1001), Exit.USAGE),
        (("review", "reject", PACKAGE, "--reason", "x", "--line", "no colon"), Exit.USAGE),
        (("review", "reject", PACKAGE, "--reason", "x", "--line", "9999: who"), Exit.NOT_FOUND),
    )
    before = sorted(path.name for path in machines.boss.iterdir())
    for words, code in cases:
        answer = machines.market_manager(*words)
        assert answer.code == code, (words, answer)
    assert sorted(path.name for path in machines.boss.iterdir()) == before
    assert machines.manager("plan", "receive", PACKAGE).code == Exit.INPUT_REFUSED
    (machines.his / "null.crmplan").symlink_to("/dev/null")
    assert machines.manager("plan", "package", *OF_MONTH, "-o", "null.crmplan").code == Exit.INPUT_REFUSED
    assert machines.market_manager("review", "open", "answer.crmplan").code == 0


def test_the_answer_goes_beside_the_package_when_nobody_says_where(machines: TwoMachines) -> None:
    machines.submit()
    machines.carry(PACKAGE)
    dry = machines.market_manager("review", "approve", PACKAGE, "--dry-run")
    assert (dry.code, sorted(path.name for path in machines.boss.iterdir())) == (0, [PACKAGE])
    assert machines.market_manager("review", "approve", PACKAGE).code == 0
    other = machines.market_manager("review", "reject", PACKAGE, "--reason", "no")
    assert (other.code, "nov-approved.crmplan" in other.err) == (Exit.DONE_WITH_WARNINGS, True)
    found = sorted(path.name for path in machines.boss.iterdir())
    assert found == ["nov-approved.crmplan", "nov-rejected.crmplan", PACKAGE]


def test_by_his_own_file_the_market_manager_must_be_one(machines: TwoMachines) -> None:
    machines.submit()
    machines.carry(PACKAGE)
    assert machines.market_manager("init", "--manager", "A=甲", "--market-manager", f"{BOSS}=周正").code == 0
    own = machines.boss / "crmkit.db"
    before = own.read_bytes()
    assert machines.market_manager("review", "approve", PACKAGE).code == 0
    assert own.read_bytes() == before  # his own file keeps nothing: the answer is the record
    assert machines.at(machines.boss, "review", "approve", PACKAGE, actor="A").code == Exit.FORBIDDEN


def test_a_copy_of_the_file_takes_the_answer_too(machines: TwoMachines) -> None:
    """A team file that both have: the answer is taken by each copy that sent the submission, once each."""
    machines.submit()
    machines.decide("approve")
    machines.carry("crmkit.db")
    for typed in (machines.market_manager, machines.manager):
        assert typed("plan", "receive", "answer.crmplan").code == 0
        assert "received before" in typed("plan", "receive", "answer.crmplan").out


@pytest.mark.parametrize(("what", "after"), [("approve", "result_approved"), ("reject", "approved")])
def test_results_go_the_same_way(machines: TwoMachines, what: str, after: str) -> None:
    assert machines.manager("plan", "submit", *OF_MONTH).code == 0
    assert machines.manager("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    with closing(open_store(machines.his / "crmkit.db")) as store:
        _submit_result(store)
    assert machines.manager("plan", "package", *OF_MONTH, "-o", PACKAGE).code == 0
    package = read_package(machines.his / PACKAGE).package
    assert isinstance(package, Submission)
    assert package.waiting == (DocumentKind.STRATEGIES,)
    more = ("--reason", "not yet") if what == "reject" else ()
    assert machines.decide(what, *more).code == 0
    assert machines.manager("plan", "receive", "answer.crmplan").code == 0
    assert machines.states() == {"strategies": after, "plan": "approved"}


def test_results_submitted_by_their_own_command_go_over_and_come_back(machines: TwoMachines) -> None:
    machines.typist.now = "2026-10-31T10:00"
    assert machines.manager("plan", "submit", *OF_MONTH).code == 0
    assert machines.manager("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    assert machines.manager("plan", "visits", *OF_MONTH).code in (0, 3)
    machines.typist.now = "2026-11-30T18:00"
    assert machines.manager("annotate", "submit", *OF_MONTH).code in (0, 3)
    assert machines.manager("annotate", "withdraw", *OF_MONTH).code == 0, "nothing left this file yet"
    assert machines.manager("annotate", "submit", *OF_MONTH).code in (0, 3)
    assert machines.manager("plan", "package", *OF_MONTH, "-o", PACKAGE).code == 0
    late = machines.manager("annotate", "withdraw", *OF_MONTH)
    assert late.code == 6, "what left in a package is the market manager's to send back"
    assert machines.decide("approve").code == 0
    assert machines.manager("plan", "receive", "answer.crmplan").code == 0
    assert machines.states() == {"strategies": "result_approved", "plan": "approved"}
    assert machines.manager("plan", "verify", *OF_MONTH).code in (0, 3)


def test_feedback_on_a_strategy_comes_back_by_its_number(machines: TwoMachines) -> None:
    """The digits of the sheet, also where one was dropped before, on both machines the same."""
    shop = "1006"
    assert machines.manager("plan", "strategy", shop, "--drop", "1", "--reason", "已解决", *OF_MONTH).code == 0
    assert machines.submit().code == 0
    here = machines.manager("plan", "strategy", shop, *OF_MONTH, "--format", "json").data["strategies"]
    package = read_package(machines.his / PACKAGE).package
    assert isinstance(package, Submission)
    sent = {one.number: one.code for one in package.step7.strategies if one.customer == shop}
    assert sent == {one["number"]: one["code"] for one in here}
    machines.carry(PACKAGE)
    assert f"2 {sent[2]}" in machines.market_manager("review", "open", PACKAGE, "--all").out
    strange = machines.market_manager("review", "reject", PACKAGE, "--line", f"{shop}/9: 没有这条")
    assert (strange.code, "9" in strange.err) == (5, True)
    assert machines.decide("reject", "--line", f"{shop}/2: 换个说法").code == 0
    assert machines.manager("plan", "receive", "answer.crmplan").code == 0
    for words in (("plan", "show"), ("plan", "strategy", shop), ("plan", "diff")):
        assert "换个说法" in machines.manager(*words, *OF_MONTH).out, words
    both = machines.manager("plan", "diff", *OF_MONTH, "--format", "json").data["documents"]
    (said,) = [one for document in both for one in document["lines"] if one["feedback"]]
    assert (said["customer"], said["number"], said["feedback"][0]["actor"]) == (shop, 2, BOSS)


def _submit_result(store: Store) -> None:
    """Step 12's own command comes with another issue: the step it takes, by hand."""
    with store.operation(act_at("2026-11-30")):
        manager = people.named(store, "001")[0]
        record = documents.find(store, manager.id, Month.parse(MONTH), DocumentKind.STRATEGIES)
        assert record is not None
        act = act_at("2026-11-30")
        documents.move(store, record, DocumentAction.SUBMIT_RESULT, DocumentState.RESULT_SUBMITTED, act, None, False)


def test_json_keeps_its_shape_in_both_languages(machines: TwoMachines, request: pytest.FixtureRequest) -> None:
    golden = request.getfixturevalue("golden")
    shapes: dict[str, object] = {}

    def keep(schema: str, typed: object, *words: str) -> None:
        assert callable(typed)
        english, chinese = (typed(*words, "--format", "json", lang=lang) for lang in ("en", "zh"))
        assert (english.code, english.schema, english.out) == (0, f"crmkit.{schema}", chinese.out), words
        shapes[schema] = shape(english.data)

    machines.submit()
    keep("package-sent/1", machines.manager, "plan", "package", *OF_MONTH, "-o", "again.crmplan")
    machines.carry(PACKAGE)
    keep("package/1", machines.market_manager, "review", "open", PACKAGE)
    machines.decide("reject", "--reason", "no", "--line", "1003: why")
    keep("package-answer/1", machines.market_manager, "review", "open", "answer.crmplan")
    keep("package-received/1", machines.manager, "plan", "receive", "answer.crmplan", "--dry-run")
    golden("package_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


def test_a_folder_that_is_full_leaves_nothing(machines: TwoMachines, tmp_path: Path) -> None:
    """The submission is not recorded where its package could not be written."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
        code = machines.submit().code
        os._exit(0 if code == Exit.DISK else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert machines.states() == DRAFT
    assert not (machines.his / PACKAGE).exists()
