"""Undo as a state machine: random operations, their undo and its undo, against plain dictionaries."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from conftest import act_at
from fresh_stores import fresh_store
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from crmkit.model.document import DocumentAction
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Operation
from crmkit.rules.undoing import UndoCase, UndoReason, undo_refusal
from crmkit.store import changes, checking, sealing
from crmkit.store.connection import Store
from crmkit.workflow.undo_operation import undo_operation

KEYS = {"person": 1, "customer": 1, "day_off": 1, "orders": 1, "line": 2}  # how many key columns stand first
PARENTS = {
    "day_off": (("person", "person"),),
    "customer": (("manager", "person"),),
    "orders": (("customer", "customer"),),
    "line": (("orders", "orders"),),
}
Rows = dict[tuple[str, Any], dict[str, Any]]


def dump(store: Store) -> Rows:
    """Every row the machine plays with."""
    found: Rows = {}
    for table, keys in KEYS.items():
        cursor = store.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            found[(table, row[:keys])] = dict(zip(names, row, strict=True))
    return found


def everything(store: Store) -> dict[str, list[Any]]:
    """All tables but log and import history."""
    names = store.rows("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    kept = [name for (name,) in names if name not in ("operation", "change", "batch")]
    return {name: store.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in kept}


def undone_rows(now: Rows, before: Rows, after: Rows) -> Rows | None:
    """What is left when the step from `before` to `after` is taken out of `now`; None when that cannot be."""
    result = {key: dict(row) for key, row in now.items()}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        have = now.get(key)
        if old is None:
            if have != new:
                return None
            del result[key]
        elif new is None:
            if have is not None:
                return None
            result[key] = dict(old)
        else:
            changed = [column for column in old if old[column] != new[column]]
            if have is None or any(have[column] != new[column] for column in changed):
                return None
            result[key] |= {column: old[column] for column in changed}
    return result if sound(result) else None


def sound(rows: Rows) -> bool:
    """References lead somewhere and codes are unique."""
    codes = [(table, row["code"]) for (table, _key), row in rows.items() if "code" in row]
    linked = all(
        row[column] is None or (parent, (row[column],)) in rows
        for (table, _key), row in rows.items()
        for column, parent in PARENTS.get(table, ())
    )
    return linked and len(codes) == len(set(codes))


# one rule draws the kind: hypothesis would switch single rules off for whole runs
KINDS = (
    *("undo",) * 6, "add_customers", "change_customers", "change_customers", "delete_customer", "add_day_off",
    "import_orders", "import_orders", "change_line", "change_line", "delete_line", "rename_order",
)  # fmt: skip


class UndoMachine(RuleBasedStateMachine):
    """Writes what commands write: single rows, many rows, bulk orders, changes of what others brought."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="undo-"))
        self.store = fresh_store(self.folder / "x.db")
        self.store.execute("PRAGMA synchronous=OFF")  # what is undone is asked here, not what survives a power cut
        self.count = 0
        self.steps: dict[int, tuple[Rows, Rows]] = {}
        self.undoes: dict[int, int] = {}
        self.imports: set[int] = set()
        with self.store.operation(act_at()):
            self.store.execute("INSERT INTO person(code,name,role) VALUES ('p','p','customer_manager')")
            self.store.execute("INSERT INTO product(code,name) VALUES ('w','w')")
        self.add_customers(0, 1)
        self.import_orders(0, 1)

    def teardown(self) -> None:
        assert checking.findings(self.store, full=True) == []
        self.store.close()
        shutil.rmtree(self.folder)

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def write(self, *statements: tuple[str, tuple[Any, ...]], bulk: bool = False) -> None:
        """One operation of these statements, remembered with the rows before and after."""
        before = dump(self.store)
        seq = None
        with self.store.operation(act_at()) as op:
            for sql, values in statements:
                self.store.execute(sql.replace(":op", str(op)), values)
            if bulk:
                batch = "INSERT INTO batch VALUES (NULL,?,'f','h','orders','utf-8',NULL,1,1,0,0,0,0,0,NULL)"
                self.store.execute(batch, (op,))
                sealing.seal(self.store, op)
            seq = op
        if self.store.value("SELECT max(seq) FROM operation") == seq:
            self.steps[seq] = (before, dump(self.store))
            if bulk:
                self.imports.add(seq)

    def some(self, table: str, pick: int) -> Any:
        keys = sorted(key for name, key in dump(self.store) if name == table)
        return keys[pick % len(keys)] if keys else None

    @rule(kind=st.sampled_from(KINDS), pick=st.integers(0, 9), how=st.integers(0, 3))
    def act(self, kind: str, pick: int, how: int) -> None:
        getattr(self, kind)(pick, how)

    def add_customers(self, pick: int, how: int) -> None:
        code, many, grade = "ABCDE"[pick % 5], 1 + how % 2, how or None
        taken = {row["code"] for (table, _key), row in dump(self.store).items() if table == "customer"}
        codes = [c for c in (code, chr(ord(code) + 5))[:many] if c not in taken]
        sql = "INSERT INTO customer(code,name,grade,manager) VALUES (?,?,?,1)"
        self.write(*[(sql, (c, f"n{self.fresh()}", grade)) for c in codes])

    def change_customers(self, pick: int, how: int) -> None:
        key = self.some("customer", pick)
        if key is None:
            return
        name = ("UPDATE customer SET name=? WHERE id=?", (f"n{self.fresh()}", *key))
        phone = ("UPDATE customer SET phone=?, contact=NULL WHERE id=?", (f"1{self.fresh()}", *key))
        again = ("UPDATE customer SET name=? WHERE id=?", (f"n{self.fresh()}", *key))
        all_of_them = ("UPDATE customer SET address=?||id", (f"a{self.fresh()}",))
        self.write(*[(name,), (name, phone), (name, again, phone), (all_of_them,)][how])

    def delete_customer(self, pick: int, how: int) -> None:
        key = self.some("customer", pick)
        if key is None or any(row.get("customer") == key[0] for row in dump(self.store).values()):
            return
        gone = ("DELETE FROM customer WHERE id=?", key)
        back = ("INSERT INTO customer(id,code,name) VALUES (?,?,?)", (*key, f"Z{self.fresh()}", "back"))
        self.write(*((gone, back) if how % 2 else (gone,)))

    def add_day_off(self, pick: int, how: int) -> None:
        day = f"2026-01-{self.fresh() % 28 + 1:02d}"
        sql = "INSERT INTO day_off(person,day,reason) SELECT 1,?,? WHERE NOT EXISTS (SELECT 1 FROM day_off WHERE day=?)"
        self.write((sql, (day, f"r{self.fresh()}", day)))

    def import_orders(self, pick: int, how: int) -> None:
        customer = self.some("customer", pick)
        if customer is None:
            return
        number = f"N{self.fresh()}"
        order = ("INSERT INTO orders(day,customer,number,op) VALUES ('2026-10-01',?,?,:op)", (*customer, number))
        line = "INSERT INTO line SELECT max(id),?,1,?,?,NULL,:op FROM orders"
        rows = [(line, (no, self.fresh() * 1000, self.fresh() * 100)) for no in range(1, how + 2)]
        other = ("UPDATE line SET volume=? WHERE no=2 AND op<>:op", (self.fresh(),))
        self.write(order, *rows, *((other,) if how % 2 else ()), bulk=True)

    def change_line(self, pick: int, how: int) -> None:
        key = self.some("line", pick)
        if key is not None:
            column = "amount" if how % 2 else "volume"
            self.write((f"UPDATE line SET {column}=? WHERE orders=? AND no=?", (self.fresh() * 7, *key)))

    def delete_line(self, pick: int, how: int) -> None:
        key = self.some("line", pick)
        if key is not None:
            self.write(("DELETE FROM line WHERE orders=? AND no=?", key))

    def rename_order(self, pick: int, how: int) -> None:
        key = self.some("orders", pick)
        if key is not None:
            self.write(("UPDATE orders SET number=? WHERE id=?", (f"M{self.fresh()}", *key)))

    def undo(self, pick: int, how: int) -> None:
        if not self.steps:
            return
        target = sorted(self.steps)[-1 - pick % len(self.steps)]
        before, after = self.steps[target]
        now = dump(self.store)
        expected = None if self.stands_undone(target) or self.redoes_import(target) else undone_rows(now, before, after)
        if expected is not None and self.changed_in_bulk_since(target, after):
            expected = None
        if how == 1 and expected is not None:
            undo_operation(self.store, act_at(), op=target, dry_run=True)
            assert dump(self.store) == now
        if expected is None:
            with pytest.raises(Refusal) as told:
                undo_operation(self.store, act_at(), op=target)
            assert told.value.fault in (Fault.LATE_CHANGE, Fault.UNDO_REFUSED)
            assert dump(self.store) == now
            return
        undo_operation(self.store, act_at(), op=target)
        seq = self.store.value("SELECT max(seq) FROM operation")
        assert dump(self.store) == expected
        self.steps[seq], self.undoes[seq] = (now, expected), target
        assert checking.findings(self.store, full=True) == []

    def stands_undone(self, op: int) -> bool:
        return any(target == op and not self.stands_undone(undo) for undo, target in self.undoes.items())

    def redoes_import(self, op: int) -> bool:
        return self.undoes.get(op) in self.imports

    def changed_in_bulk_since(self, op: int, after: Rows) -> bool:
        """Bulk rows are deleted by their operation: any later standing change of one forbids that."""
        ours = {key for key, row in after.items() if row.get("op") == op}
        later = [seq for seq in self.steps if seq > op and seq not in self.undoes and not self.stands_undone(seq)]
        return any(self.steps[seq][0].get(key) != self.steps[seq][1].get(key) for seq in later for key in ours)


TestUndo = UndoMachine.TestCase
TestUndo.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.operation(act_at()):
        store.execute("INSERT INTO person(code,name,role) VALUES ('001','a','customer_manager')")
        store.execute("INSERT INTO document(manager,month,kind) VALUES (1,'2026-11','strategies')")
    return store


def step(store: Store, action: str, before: str, after: str, actor: str = "001") -> int:
    """A step of the document, as the commands write it."""
    with store.operation(act_at(actor=actor, command=f"plan {action}")) as op:
        store.execute("UPDATE document SET state=? WHERE id=1", (after,))
        store.execute(
            "INSERT INTO transition(document,action,before,after,actor,at) VALUES (1,?,?,?,?,'2026-11-02')",
            (action, before, after, actor),
        )
        return op


def reason_of(store: Store, op: int, actor: str = "001") -> Any:
    with pytest.raises(Refusal) as told:
        undo_operation(store, act_at(actor=actor), op=op)
    assert told.value.exit == 6
    return told.value.facts.get("reason", told.value.fault)


def test_243_undo_of_a_submit_is_a_withdrawal_that_stays_on_record(filled: Store) -> None:
    step(filled, "submit", "draft", "submitted")
    result = undo_operation(filled, act_at())
    assert (result.withdrawn, filled.value("SELECT state FROM document")) == (1, "draft")
    assert filled.rows("SELECT action, before, after FROM transition ORDER BY id") == [
        ("submit", "draft", "submitted"),
        ("withdraw", "submitted", "draft"),
    ]


@pytest.mark.parametrize(("action", "after"), [("approve", "approved"), ("reject", "draft")])
def test_245_decisions_are_never_undone_and_end_the_right_to_withdraw(filled: Store, action: str, after: str) -> None:
    submitted = step(filled, "submit", "draft", "submitted")
    decided = step(filled, action, "submitted", after, actor="M")
    again = step(filled, "submit", "draft", "submitted") if action == "reject" else None
    before = everything(filled)
    assert reason_of(filled, decided, actor="M") == "decision"
    assert reason_of(filled, submitted) == "decided"
    assert everything(filled) == before
    if again:
        assert undo_operation(filled, act_at(), op=again).withdrawn == 1


def test_245_another_actors_operation(filled: Store) -> None:
    assert reason_of(filled, 1, actor="002") == "other-actor"


def test_175_later_changes_refuse_and_nothing_is_half_undone(filled: Store) -> None:
    with filled.operation(act_at()) as op:
        filled.execute("INSERT INTO customer(code,name) VALUES ('A','a'), ('B','b')")
    with filled.operation(act_at(actor="002")):
        filled.execute("UPDATE customer SET name='c' WHERE code='B'")
    before = everything(filled)
    assert reason_of(filled, op) is Fault.LATE_CHANGE
    assert everything(filled) == before


def test_without_a_number_each_undo_goes_one_step_further_back(filled: Store) -> None:
    for name in ("b", "c"):
        with filled.operation(act_at()):
            filled.execute("UPDATE person SET name=?", (name,))
    with filled.operation(act_at(actor="002")):
        filled.execute("INSERT INTO person(code,name,role) VALUES ('002','x','customer_manager')")
    names = []
    for _time in range(2):
        undo_operation(filled, act_at())
        names.append(filled.value("SELECT name FROM person WHERE code='001'"))
    assert names == ["b", "a"]


def test_undo_of_an_undo_brings_the_change_back_and_can_be_undone_again(filled: Store) -> None:
    with filled.operation(act_at()) as op:
        filled.execute("UPDATE person SET name='b'")
    seen = []
    target = op
    for _time in range(4):
        undo_operation(filled, act_at(), op=target)
        seen.append(filled.value("SELECT name FROM person"))
        target = op if filled.value("SELECT name FROM person") == "b" else changes.operations(filled, 1)[0].seq
    assert seen == ["a", "b", "a", "b"]


def case(**facts: Any) -> UndoCase:
    done = Operation(5, "", "001", "", facts.pop("command", "visit log"), "", None, facts.pop("undone_by", None), 1)
    base: dict[str, Any] = {
        "actions": frozenset(), "decided": False, "undid_import": False, "last_migration": 0, "last_restore": 0
    }  # fmt: skip
    return UndoCase(operation=done, **(base | facts))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"undone_by": 6}, UndoReason.ALREADY_UNDONE),
        ({"last_migration": 6}, UndoReason.MIGRATION),
        ({"last_migration": 4}, None),
        ({"command": "db migrate", "last_migration": 5}, UndoReason.MIGRATION),
        ({"last_restore": 6}, UndoReason.RESTORE),
        ({"command": "db restore", "last_restore": 5}, UndoReason.RESTORE),
        ({"actions": frozenset({DocumentAction.APPROVE})}, UndoReason.DECISION),
        ({"actions": frozenset({DocumentAction.SUBMIT})}, None),
        ({"actions": frozenset({DocumentAction.SUBMIT}), "decided": True}, UndoReason.DECIDED),
        ({"decided": True}, None),
        ({"undid_import": True}, UndoReason.IMPORT_AGAIN),
    ],
)
def test_245_the_rule_as_a_table(facts: dict[str, Any], reason: UndoReason | None) -> None:
    assert undo_refusal(case(**facts), "001") == reason
