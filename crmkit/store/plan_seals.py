"""Seals of plans."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from crmkit import __version__
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.verifying import PlanSeal, Recipe, SealKind
from crmkit.store.connection import Store


def add(
    store: Store,
    act: Act,
    op: int,
    manager: int,
    month: Month,
    kind: SealKind,
    engine: str,
    recipe: Recipe,
    policy: Mapping[str, str],
    inputs: Mapping[str, str],
    listing: Sequence[str],
) -> None:
    """Keep the seal of a plan that operation `op` writes."""
    asked = _json({"recipe": asdict(recipe), "policy": dict(policy), "today": act.today})
    kept, listed = _json(dict(inputs)), "\n".join(listing)
    digest = _digest(asked, kept, listed)
    store.execute(
        "INSERT INTO plan_seal(op, manager, month, kind, crmkit, solver, recipe, inputs, listing, digest) "
        "VALUES (?,?,?,?,?,?,?,?,?,?)",
        (op, manager, str(month), kind.value, __version__, engine, asked, kept, listed, digest),
    )


def newest(store: Store, manager: int, month: Month, kind: SealKind) -> PlanSeal | None:
    """The seal of the plan as it was last written; None where a plan has none."""
    row = store.one(
        """SELECT s.op, s.crmkit, s.solver, s.recipe, s.inputs, ifnull(s.listing,''), s.digest, o.at, o.actor, o.command
           FROM plan_seal s JOIN operation o ON o.seq=s.op
           WHERE s.manager=? AND s.month=? AND s.kind=? ORDER BY s.id DESC LIMIT 1""",
        (manager, str(month), kind.value),
    )
    return _seal(kind, row) if row else None


def _seal(kind: SealKind, row: tuple[Any, ...]) -> PlanSeal:
    op, version, engine, asked, kept, listing, digest, at, actor, command = row
    told = json.loads(asked)
    recipe = Recipe(**{**told["recipe"], **{key: _day(told["recipe"][key]) for key in ("first", "last")}})
    return PlanSeal(
        op, kind, version, engine, recipe, told["policy"], json.loads(kept), tuple(filter(None, listing.split("\n"))),
        at, date.fromisoformat(told["today"]), actor, command, digest == _digest(asked, kept, listing),
    )  # fmt: skip


def writers(store: Store, tables: Sequence[str], since: int) -> list[tuple[int, str, str, str]]:
    """The operations after `since` that changed rows of these tables, the newest first: number, command, time, table.

    Which plan a visit stands for is no fact about the visit: planning anew lets go of it.
    """
    marks = ",".join("?" for _ in tables)
    rows = store.rows(
        f"""SELECT DISTINCT o.seq, o.command, o.at, c.tbl FROM operation o JOIN change c ON c.op=o.seq
            WHERE o.seq>? AND c.tbl IN ({marks}) AND NOT (c.tbl='visit' AND c.kind='U' AND c.col='planned')
            ORDER BY o.seq DESC, c.tbl""",
        (since, *tables),
    )
    return [(seq, command, at, table) for seq, command, at, table in rows]


def imports_since(store: Store, since: int) -> list[tuple[int, str, str, str]]:
    """The operations from `since` on that brought order lines, the newest first."""
    rows = store.rows(
        "SELECT o.seq, o.command, o.at FROM operation o WHERE o.seq>=? AND EXISTS "
        "(SELECT 1 FROM seal s WHERE s.op=o.seq) ORDER BY o.seq DESC",
        (since,),
    )
    return [(seq, command, at, "line") for seq, command, at in rows]


def imports_undone(store: Store, since: int) -> list[tuple[int, str, str, str]]:
    """The operations from `since` on that took back an import of before: its order lines are gone for good."""
    rows = store.rows(
        "SELECT o.seq, o.command, o.at FROM operation o JOIN batch b ON b.op=o.undoes "
        "WHERE o.seq>=?1 AND o.undoes<?1 ORDER BY o.seq DESC",
        (since,),
    )
    return [(seq, command, at, "line") for seq, command, at in rows]


def drafted_by(store: Store, manager: int, month: Month, until: int) -> tuple[int, str] | None:
    """The operation before `until` that last wrote a line of a month plan's frequencies, and its time."""
    row = store.one(
        """SELECT o.seq, o.at FROM change c JOIN operation o ON o.seq=c.op WHERE c.tbl='frequency_line' AND c.op<?
           AND c.key IN (SELECT f.id FROM frequency_line f JOIN customer u ON u.id=f.customer
                         WHERE u.manager=? AND f.month=?) ORDER BY c.seq DESC LIMIT 1""",
        (until, manager, str(month)),
    )
    return (row[0], row[1]) if row else None


def frequency_trail(store: Store, since: int) -> list[tuple[int, str, str | None]]:
    """Every frequency written into a customer's record from `since` on: customer, command, frequency."""
    rows = store.rows(
        "SELECT c.key, o.command, c.new FROM change c JOIN operation o ON o.seq=c.op "
        "WHERE c.tbl='customer' AND c.col='frequency' AND c.kind='U' AND c.op>=? ORDER BY c.seq",
        (since,),
    )
    return [(key, command, new) for key, command, new in rows]


def visit_trail(store: Store, since: int) -> list[tuple[int, str]]:
    """Every planned visit made, taken away, dated or cancelled after operation `since`: customer, command."""
    rows = store.rows(
        """SELECT CASE WHEN c.col='customer' THEN ifnull(c.new, c.old) ELSE p.customer END, o.command
           FROM change c JOIN operation o ON o.seq=c.op LEFT JOIN planned_visit p ON p.id=c.key
           WHERE c.tbl='planned_visit' AND c.op>? AND c.col IN ('customer','day','state') ORDER BY c.seq""",
        (since,),
    )
    return [(customer, command) for customer, command in rows if customer is not None]


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
