"""The law of every act on base data: whatever was done before, undoing all acts backwards goes the same way back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conftest import act_at
from fresh_stores import fresh_store
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crmkit.model.errors import Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.ownfield import FieldType
from crmkit.model.person import Role
from crmkit.sources.policy import shipped_policy
from crmkit.store import customers, people, products
from crmkit.store.connection import Store
from crmkit.workflow.arrange_categories import add_category, move_category, remove_category, rename_category
from crmkit.workflow.check_customers import verify_customer
from crmkit.workflow.close_days import close_days, open_days
from crmkit.workflow.issue_watch_list import end_watch, watch_products
from crmkit.workflow.keep_appointment import drop_appointment, keep_appointment
from crmkit.workflow.keep_own_field import add_own_field, remove_own_field
from crmkit.workflow.keep_team import add_person, change_person, note_stand_in
from crmkit.workflow.merge_customers import merge_customers
from crmkit.workflow.set_customer import set_customers
from crmkit.workflow.set_product import set_products
from crmkit.workflow.transfer_customers import transfer_customers
from crmkit.workflow.undo_operation import undo_operation

POLICY = shipped_policy("standard")
DAY, LAST = date(2026, 11, 5), date(2026, 11, 9)
Doing = Callable[[Store, Act, bool, int, int], object]


def shop(store: Store, number: int) -> Any:
    listed = customers.all(store)
    return listed[number % len(listed)]


def words(*listed: str) -> Doing:
    def doing(store: Store, act: Act, dry: bool, a: int, b: int) -> object:
        return set_customers(store, act, [shop(store, a)], [listed[b % len(listed)]], dry_run=dry)

    return doing


DOINGS: tuple[Doing, ...] = (
    words("档位=20", "联系人=清空", "状态=歇业", "状态=正常", "营业时间=9-21", "面积=12.5", "面积=清空", "地址=东街"),
    lambda s, act, dry, a, b: transfer_customers(s, act, POLICY, [shop(s, a)], people.everyone(s)[b % 2], dry_run=dry),
    lambda s, act, dry, a, b: merge_customers(s, act, shop(s, a), shop(s, b), dry_run=dry),
    lambda s, act, dry, a, b: add_own_field(s, act, "面积", FieldType.NUMBER, (), dry_run=dry),
    lambda s, act, dry, a, b: remove_own_field(s, act, "面积", dry_run=dry),
    lambda s, act, dry, a, b: verify_customer(s, act, shop(s, a), ["电话", "面积"][b % 2 :], dry_run=dry),
    lambda s, act, dry, a, b: keep_appointment(s, act, POLICY, shop(s, a), DAY, "", dry_run=dry),
    lambda s, act, dry, a, b: drop_appointment(s, act, shop(s, a), DAY, dry_run=dry),
    lambda s, act, dry, a, b: close_days(s, act, shop(s, a), DAY, LAST, "", dry_run=dry),
    lambda s, act, dry, a, b: open_days(s, act, shop(s, a), DAY, LAST, dry_run=dry),
    lambda s, act, dry, a, b: set_products(
        s, act, ["P1"], [["焦油含量=8", "品类=烟 > 一", "品类=清空", "重点品牌=是"][b % 4]], dry_run=dry
    ),
    lambda s, act, dry, a, b: add_category(s, act, ["烟", "烟 > 一", "茶 > 二"][b % 3], dry_run=dry),
    lambda s, act, dry, a, b: rename_category(s, act, ["烟", "茶"][b % 2], "酒", dry_run=dry),
    lambda s, act, dry, a, b: move_category(s, act, "茶 > 二", ["", "烟", "酒"][b % 3], dry_run=dry),
    lambda s, act, dry, a, b: remove_category(s, act, ["烟", "烟 > 一", "茶 > 二"][b % 3], dry_run=dry),
    lambda s, act, dry, a, b: watch_products(s, act, POLICY, ["P1"], Month(2026, 11 + b % 2), None, dry_run=dry),
    lambda s, act, dry, a, b: end_watch(s, act, POLICY, ["P1"], Month(2026, 11), dry_run=dry),
    lambda s, act, dry, a, b: add_person(s, act, POLICY, f"N{a % 3}", "某人", Role.BRAND_MANAGER, dry_run=dry),
    lambda s, act, dry, a, b: change_person(s, act, POLICY, people.everyone(s)[b % 3], "改名", None, dry_run=dry),
    lambda s, act, dry, a, b: note_stand_in(
        s, act, POLICY, people.everyone(s)[a % 3], people.everyone(s)[b % 3], DAY, LAST, dry_run=dry
    ),
)


def state(store: Store) -> list[str]:
    skipped = ('INSERT INTO "operation"', 'INSERT INTO "change"')
    return sorted(line for line in store.connection.iterdump() if not line.startswith(skipped))


def founded(folder: Path) -> Store:
    store = fresh_store(folder / "x.db")
    with store.operation(act_at()):
        for code in ("001", "002", "M01"):
            people.add(store, code, code, Role.MARKET_MANAGER if code == "M01" else Role.CUSTOMER_MANAGER)
        rows = [(f"10{n}", f"店{n}", 1, "13800138000") for n in range(4)]
        customers.put(store, ["code", "name", "manager", "phone"], rows, {})
        products.put(store, ["code", "name"], [("P1", "甲"), ("P2", "乙")])
    return store


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking is slow
@given(st.lists(st.tuples(st.sampled_from(DOINGS), st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=14))
def test_acts_undone_backwards_go_the_same_way_back(doings: list[tuple[Doing, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        store = founded(Path(folder))
        act = replace_role(act_at())
        states = [state(store)]
        for doing, a, b in doings:
            if acted(store, act, doing, a, b):
                states.append(state(store))
            else:
                assert state(store) == states[-1]  # a refusal, or nothing to do
        while len(states) > 1:
            assert state(store) == states.pop()
            undo_operation(store, act)
        assert state(store) == states[0]
        store.close()


def replace_role(act: Act) -> Act:
    """The market manager: everything here is his to do."""
    return Act(act.actor, Role.MARKET_MANAGER, act.command, act.arguments, act.host, act.now, act.today)


def acted(store: Store, act: Act, doing: Doing, a: int, b: int) -> bool:
    """Rehearse, then do; a rehearsal writes nothing and refuses what the act itself refuses."""
    before, seq = state(store), store.value("SELECT max(seq) FROM operation")
    try:
        doing(store, act, True, a, b)
        refused = False
    except Refusal:
        refused = True
    assert state(store) == before
    try:
        doing(store, act, False, a, b)
        assert not refused
    except Refusal:
        assert refused
    return bool(store.value("SELECT max(seq) FROM operation") != seq)
