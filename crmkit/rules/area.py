"""Area statistics 片区统计 of step 2: effect × ability over the valid customers, whole and by group."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from crmkit.model.area import AreaGroup, AreaPlace, GradeBand
from crmkit.model.customer import Customer
from crmkit.model.figures import decimal_of
from crmkit.model.operating import Ability, Effect, Quadrant
from crmkit.model.policy import Policy
from crmkit.rules.operating import quadrant

_BANDS = ((20, GradeBand.HIGH), (10, GradeBand.MIDDLE), (0, GradeBand.LOW))


def places(
    valid: Iterable[Customer], effects: Mapping[int, Effect], abilities: Mapping[int, Ability], policy: Policy
) -> tuple[AreaPlace, ...]:
    """Where each valid customer with an effect and six scores stands, by code."""
    known = (one for one in valid if one.id in effects and one.id in abilities)
    return tuple(
        AreaPlace(
            one,
            effects[one.id].score,
            abilities[one.id].score,
            quadrant(effects[one.id].score, abilities[one.id].score, policy),
        )
        for one in sorted(known, key=lambda one: one.code)
    )


def band(grade: int | None) -> GradeBand | None:
    """Grades 1-10 low, 11-20 middle, 21-30 high (our default)."""
    return None if grade is None else next(word for above, word in _BANDS if grade > above)


def grouped(
    found: Sequence[AreaPlace], words: Iterable[str], key: Callable[[Customer], str | None]
) -> tuple[AreaGroup, ...]:
    """The customers parted by what `key` says of them, in the order of `words`; who has none stands last."""
    parts = ((word, [one for one in found if key(one.customer) == word]) for word in (*words, None))
    return tuple(area_group(word, members) for word, members in parts if members)


def area_group(word: str | None, members: Sequence[AreaPlace]) -> AreaGroup:
    """Counts per quadrant and the exact means of a group; an effect without data is in no mean and no quadrant."""
    counts = {place: sum(one.quadrant is place for one in members) for place in Quadrant}
    with_effect = [one.effect for one in members if one.effect is not None]
    return AreaGroup(word, len(members), counts, _mean(with_effect), _mean([one.ability for one in members]))


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return decimal_of(sum(map(Fraction, values), Fraction(0)) / len(values)) if values else None
