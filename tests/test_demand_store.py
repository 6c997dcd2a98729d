"""Questionnaires in the store, and the count of unserved demand lines against a slow one."""

import random
from datetime import date

from conftest import act_at

from crmkit.model.demand import Channel, DemandLine, ProductDemand, Questionnaire, Wish
from crmkit.model.month import Month
from crmkit.store import changes, demand
from crmkit.store.connection import Store
from crmkit.workflow.undo_operation import undo_operation

OCTOBER = Month(2026, 10)


def base(store: Store) -> None:
    with store.operation(act_at()):
        for n in (1, 2):
            store.execute("INSERT INTO person(id, code, name, role) VALUES (?,?,'x','customer_manager')", (n, f"00{n}"))
        for n in range(1, 7):
            store.execute("INSERT INTO customer(id, code, name, manager) VALUES (?,?,'x',?)", (n, f"C{n}", 1 + n % 2))
            store.execute("INSERT INTO product(id, code, name) VALUES (?,?,'x')", (n, f"P{n}"))


def test_a_questionnaire_is_written_read_changed_and_undone(store: Store) -> None:
    base(store)
    first = Questionnaire(1, OCTOBER, date(2026, 9, 20), Channel.ONLINE, (DemandLine(2, 500), DemandLine(3, 1)),
                          (Wish("training", "网订"),))  # fmt: skip
    with store.operation(act_at()):
        demand.write(store, first)
        demand.write(store, Questionnaire(2, OCTOBER, date(2026, 9, 21), Channel.PAPER))
    kept = demand.of_customer(store, 1, OCTOBER)
    assert kept is not None
    assert (kept.lines, kept.wishes, kept.came_on, kept.channel) == (first.lines, first.wishes, first.came_on, "online")
    with store.operation(act_at()) as op:
        demand.confirm(store, demand.of_month(store, OCTOBER).values(), "001", "now")
    assert [one.confirmed for one in demand.of_month(store, OCTOBER, 2).values()] == [True]  # C1 is of manager 2
    assert len(demand.of_month(store, OCTOBER)) == 2
    with store.operation(act_at()):
        demand.write(store, Questionnaire(1, OCTOBER, date(2026, 9, 22), Channel.PHONE, (DemandLine(3, 2),)))
    now = demand.of_customer(store, 1, OCTOBER)
    assert now is not None
    assert (now.lines, now.wishes, now.confirmed, now.id) == ((DemandLine(3, 2),), (), False, kept.id)
    newest = changes.operations(store, 1)[0].seq
    undo_operation(store, act_at(), op=newest)
    back = demand.of_customer(store, 1, OCTOBER)
    assert back is not None
    assert (back.lines, back.confirmed) == (first.lines, True)
    assert op < newest


def test_unserved_lines_agree_with_a_slow_count(store: Store) -> None:
    base(store)
    dice = random.Random(7)
    wanted: dict[tuple[int, int], bool] = {}  # (customer, product) -> confirmed
    bought: list[tuple[int, int, str, int]] = []
    with store.operation(act_at()) as op:
        for customer in range(1, 6):
            lines = dice.sample(range(1, 7), dice.randint(0, 5))
            demand.write(store, Questionnaire(customer, OCTOBER, date(2026, 9, 20), Channel.PAPER,
                                              tuple(DemandLine(p, 1000) for p in lines)))  # fmt: skip
            wanted |= {(customer, product): customer != 5 for product in lines}
        demand.confirm(store, [q for q in demand.of_month(store, OCTOBER).values() if q.customer != 5], "001", "now")
        for n in range(1, 60):
            day = f"2026-{dice.choice(('09', '10', '10', '11'))}-{dice.randint(1, 28):02d}"
            row = (dice.randint(1, 6), dice.randint(1, 6), day, dice.choice((3, 3, -3)))
            bought.append(row)
            store.execute("INSERT INTO orders VALUES (?,?,?,?,?)", (n, day, row[0], str(n), op))
            store.execute("INSERT INTO line VALUES (?,1,?,?,0,NULL,?)", (n, row[1], row[3], op))
    slow = sorted(
        pair
        for pair, confirmed in wanted.items()
        if confirmed and sum(v for c, p, day, v in bought if (c, p) == pair and day.startswith("2026-10")) <= 0
    )
    assert slow
    assert demand.unserved(store, OCTOBER) == slow
    asked = [product for (_customer, product), confirmed in wanted.items() if confirmed]
    expected = [
        ProductDemand(p, asked.count(p), sum(product == p for _c, product in slow)) for p in sorted(set(asked))
    ]
    assert demand.served(store, OCTOBER) == expected
    parts = [demand.unserved(store, OCTOBER, manager) for manager in (1, 2)]
    assert sorted(parts[0] + parts[1]) == slow
    assert demand.served(store, Month(2026, 11)) == []
