"""Service strategies: what causes them, what is carried, in which order."""

from decimal import Decimal

from crmkit.model.customer import Customer
from crmkit.model.operating import Ability, AbilityItem, Effect, EffectDetail, EffectItem, PeerGroup, ScoreOrigin
from crmkit.model.strategy import Demand, Strategy, StrategyOrigin, StrategyState
from crmkit.rules.strategies import derive_strategies, items_of_day, strategy_counts, strategy_words
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
SHOP = Customer(id=1, code="C001", name="shop")


def effect(score: str, *weak: EffectItem) -> Effect:
    details = tuple(
        EffectDetail(item, Decimal(1), Decimal("39.9") if item in weak else Decimal(40)) for item in EffectItem
    )
    return Effect(1, Decimal(score), PeerGroup.ALL, 9, details)


def ability(**scores: int) -> Ability:
    return Ability(1, {item: scores.get(item, 3) for item in AbilityItem}, ScoreOrigin.ENTERED)


def codes(found: tuple[Strategy, ...]) -> list[tuple[str, str]]:
    return [(one.code, str(one.origin)) for one in found]


def test_every_cause_gives_its_strategy_in_the_order_of_the_method() -> None:
    found = derive_strategies(
        [SHOP],
        {1: effect("50", EffectItem.KEY_PRODUCTS, EffectItem.VOLUME_GROWTH)},
        {1: ability(lawful=2, display=1)},
        [Demand(1, "training", "1", confirmed=True), Demand(1, "supply", "P7", confirmed=True)],
        [],
        POLICY,
    )
    assert codes(found) == [
        ("coach", "quadrant"),
        ("weak.volume_growth", "weak_effect"),
        ("weak.key_products", "weak_effect"),
        ("low.display", "weak_ability"),
        ("low.lawful", "weak_ability"),
        ("demand.supply", "demand"),
        ("demand.training", "demand"),
    ]
    assert [one.cause for one in found][-2:] == ["P7", "1"]


def test_unconfirmed_demand_causes_nothing_and_an_unknown_kind_is_other() -> None:
    demands = [
        Demand(1, "supply", "P1"),
        Demand(1, "moon", "2", confirmed=True),
        Demand(1, "moon", "2", confirmed=True),
    ]
    found = derive_strategies([SHOP], {}, {}, demands, [], POLICY)
    assert [(one.code, one.cause) for one in found] == [("demand.other", "2")]


def test_unfinished_items_are_offered_again_as_carried_and_never_twice() -> None:
    before = [
        Strategy(1, "weak.products", StrategyOrigin.WEAK_EFFECT, "products", id=7),
        Strategy(1, "hand", StrategyOrigin.HAND, "3", text="带烟架", id=8),
        Strategy(1, "low.stock", StrategyOrigin.WEAK_ABILITY, "stock", state=StrategyState.DONE),
        Strategy(1, "low.online", StrategyOrigin.WEAK_ABILITY, "online", state=StrategyState.DROPPED),
        Strategy(9, "keep", StrategyOrigin.QUADRANT, "operating_state"),
    ]
    found = derive_strategies([SHOP], {1: effect("50", EffectItem.PRODUCTS)}, {1: ability()}, [], before, POLICY)
    assert codes(found) == [("keep", "quadrant"), ("weak.products", "carried"), ("hand", "carried")]
    assert [(one.text, one.id, one.state) for one in found][1:] == [
        (None, 0, StrategyState.OPEN),
        ("带烟架", 0, StrategyState.OPEN),
    ]


def test_the_same_whatever_the_order_of_rows() -> None:
    shops = [Customer(id=number, code=f"C{number}", name="shop") for number in (3, 1, 2)]
    before = [Strategy(n, code, StrategyOrigin.HAND, "x") for n in (2, 1) for code in ("hand", "keep")]
    demands = [Demand(n, kind, "1", confirmed=True) for n in (3, 2) for kind in ("other", "supply")]
    found = derive_strategies(shops, {}, {}, demands, before, POLICY)
    assert found == derive_strategies(shops[::-1], {}, {}, demands[::-1], before[::-1], POLICY)
    assert [one.customer for one in found] == [1, 1, 2, 2, 2, 2, 3, 3]


def test_counting_and_the_items_of_a_day() -> None:
    listed = [Strategy(1, str(state), StrategyOrigin.HAND, "x", state=state) for state in StrategyState]
    assert strategy_counts(listed) == {1: 2}
    assert [one.state for one in items_of_day(listed)] == [StrategyState.OPEN]


def test_words_come_from_the_catalogue_or_the_person() -> None:
    assert strategy_words(Strategy(1, "keep", StrategyOrigin.QUADRANT, "x"), POLICY).zh.startswith("保持共建")
    assert strategy_words(Strategy(1, "hand", StrategyOrigin.HAND, "x", text="带烟架"), POLICY).en == "带烟架"
    assert strategy_words(Strategy(1, "gone", StrategyOrigin.CARRIED, "x"), POLICY).zh == "gone"
