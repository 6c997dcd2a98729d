"""Operating effect, ability scores and their state per manager and month (step 2)."""

from collections.abc import Iterable
from decimal import Decimal

from crmkit.model.month import Month
from crmkit.model.operating import (
    Ability,
    AbilityItem,
    Effect,
    EffectDetail,
    EffectItem,
    PeerGroup,
    ScoreOrigin,
)
from crmkit.model.operation import Act
from crmkit.store.connection import Store


def state(store: Store, manager: int, month: Month) -> str | None:
    """computed, generated, or None before anything was computed."""
    found: str | None = store.value(
        "SELECT state FROM operating WHERE manager=? AND month=?", (manager, str(month))
    )
    return found


def set_state(store: Store, manager: int, month: Month, to: str) -> None:
    store.execute(
        "INSERT INTO operating(manager, month, state) VALUES (?,?,?) "
        "ON CONFLICT(manager, month) DO UPDATE SET state=excluded.state WHERE state<>excluded.state",
        (manager, str(month), to),
    )


def replace_effects(store: Store, manager: int, month: Month, effects: Iterable[Effect]) -> None:
    """Write the computed effects of a manager's customers in place of those computed before."""
    old = store.rows(
        "SELECT e.id FROM effect e JOIN customer c ON c.id=e.customer WHERE c.manager=? AND e.month=?",
        (manager, str(month)),
    )
    store.executemany("DELETE FROM effect_item WHERE effect=?", old)
    store.executemany("DELETE FROM effect_input WHERE effect=?", old)
    store.executemany("DELETE FROM effect WHERE id=?", old)
    for effect in effects:
        _insert(store, month, effect)


def _insert(store: Store, month: Month, effect: Effect) -> None:
    cursor = store.execute(
        "INSERT INTO effect(customer, month, score, peers, peer_count) VALUES (?,?,?,?,?)",
        (effect.customer, str(month), _text(effect.score), effect.peers.value, effect.peer_count),
    )
    store.executemany(
        "INSERT INTO effect_item(effect, item, value, score) VALUES (?,?,?,?)",
        [(cursor.lastrowid, d.item.value, _text(d.value), _text(d.score)) for d in effect.details],
    )


def effects(store: Store, manager: int, month: Month) -> dict[int, Effect]:
    """The computed effects of a manager's customers, by customer."""
    details: dict[int, list[EffectDetail]] = {}
    for key, item, value, score in store.rows(
        """SELECT i.effect, i.item, i.value, i.score FROM effect_item i JOIN effect e ON e.id=i.effect
           JOIN customer c ON c.id=e.customer WHERE c.manager=? AND e.month=? ORDER BY i.id""",
        (manager, str(month)),
    ):
        details.setdefault(key, []).append(EffectDetail(EffectItem(item), _number(value), _number(score)))
    rows = store.rows(
        """SELECT e.id, e.customer, e.score, e.peers, e.peer_count FROM effect e JOIN customer c ON c.id=e.customer
           WHERE c.manager=? AND e.month=? ORDER BY c.code""",
        (manager, str(month)),
    )
    return {
        customer: Effect(customer, _number(score), PeerGroup(peers), count, tuple(details.get(key, ())))
        for key, customer, score, peers, count in rows
    }


def scores(store: Store, manager: int, month: Month) -> dict[int, dict[AbilityItem, tuple[int, ScoreOrigin]]]:
    """Every score of a manager's customers with its origin, by customer and item."""
    found: dict[int, dict[AbilityItem, tuple[int, ScoreOrigin]]] = {}
    for customer, item, score, origin in store.rows(
        """SELECT s.customer, s.item, s.score, s.origin FROM score s JOIN customer c ON c.id=s.customer
           WHERE c.manager=? AND s.month=? ORDER BY s.customer, s.item""",
        (manager, str(month)),
    ):
        found.setdefault(customer, {})[AbilityItem(item)] = (score, ScoreOrigin(origin))
    return found


def abilities(store: Store, manager: int, month: Month) -> dict[int, Ability]:
    """The ability scores of a manager's customers, by customer; only customers with all items scored.

    The origin is that of the last item by name: a customer scored in two ways is told by one of them.
    """
    return {
        customer: Ability(customer, {item: score for item, (score, _) in items.items()}, list(items.values())[-1][1])
        for customer, items in scores(store, manager, month).items()
        if len(items) == len(AbilityItem)
    }


def write_scores(
    store: Store, month: Month, scores: Iterable[tuple[int, AbilityItem, int]], origin: ScoreOrigin, act: Act
) -> None:
    """Write scores (customer, item, 1-5) with who gave them and when; equal ones stay untouched."""
    by = (origin.value, act.actor, act.now.isoformat(timespec="seconds"))
    store.executemany(
        "INSERT INTO score(customer, month, item, score, origin, scored_by, scored_at) VALUES (?,?,?,?,?,?,?) "
        "ON CONFLICT(customer, month, item) DO UPDATE SET score=excluded.score, origin=excluded.origin, "
        "scored_by=excluded.scored_by, scored_at=excluded.scored_at "
        "WHERE score<>excluded.score OR origin<>excluded.origin",
        [(customer, str(month), item.value, score, *by) for customer, item, score in scores],
    )


def who_scored(store: Store, manager: int, month: Month) -> dict[int, dict[AbilityItem, tuple[str, str]]]:
    """Who gave each score and when, by customer and item; blank for scores of an older version of the file."""
    found: dict[int, dict[AbilityItem, tuple[str, str]]] = {}
    for customer, item, by, at in store.rows(
        """SELECT s.customer, s.item, ifnull(s.scored_by, ''), ifnull(s.scored_at, '') FROM score s
           JOIN customer c ON c.id=s.customer WHERE c.manager=? AND s.month=? ORDER BY s.customer, s.item""",
        (manager, str(month)),
    ):
        found.setdefault(customer, {})[AbilityItem(item)] = (by, at)
    return found


def _text(number: Decimal | None) -> str | None:
    """Exact as far as 12 places after the point: a stored percentile is a figure to show, not to judge again."""
    return None if number is None else format(round(number, 12).normalize(), "f")


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
