"""Key customers 重点拜访客户 (method.md §4): who is proposed, who stands below the line, who was moved by hand."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.policy import KeyPolicy
from crmkit.model.strategy import KeyCandidate, Problem, Standing

NOBODY: Mapping[int, str] = {}


def key_limit(valid: int, policy: KeyPolicy) -> int:
    """How many may be proposed: max_share of the valid customers, never rounded up [our default: a share called
    the largest is not passed].
    """
    return int(policy.max_share_percent * valid // 100)


def key_reasons(
    problems: Mapping[int, Sequence[Problem]],
    matches: Mapping[int, Sequence[Problem]],
    policy: KeyPolicy,
) -> dict[int, tuple[str, ...]]:
    """Problem codes that make candidates, by customer, each code once.

    `problems` are the reasons of problem customers, `matches` the problems that match an abnormal indicator or product.
    union: both make a candidate. matching: only a match does; its other reasons still count [our default].
    """
    chosen = matches if policy.rule == "matching" else {**problems, **matches}
    reasons = {
        customer: tuple(dict.fromkeys(one.code for one in (*problems.get(customer, ()), *matches.get(customer, ()))))
        for customer in chosen
    }
    return {customer: codes for customer, codes in reasons.items() if codes}


def key_candidates(
    valid: Sequence[Customer],
    reasons: Mapping[int, tuple[str, ...]],
    lost: Mapping[int, int],
    policy: KeyPolicy,
    added: Mapping[int, str] = NOBODY,
    removed: Mapping[int, str] = NOBODY,
) -> tuple[KeyCandidate, ...]:
    """The key list, by rank: number of reasons, then lost volume (both higher first), then customer code.

    `added` and `removed` map customers to the manager's reason. Whoever is added keeps its rank among the candidates,
    or stands after them; a removed one leaves its place empty: nobody moves up unasked [our default]. Raises
    Refusal(RULE) for a hand change without a reason, of a customer that is not valid, or both added and removed.
    """
    _check_hand(valid, added, removed)
    ranked = sorted(
        (one for one in valid if reasons.get(one.id) or one.id in added or one.id in removed),
        key=lambda one: (-len(reasons.get(one.id, ())), -lost.get(one.id, 0), one.code),
    )
    limit = min(key_limit(len(valid), policy), sum(1 for one in ranked if reasons.get(one.id)))
    candidates = (
        KeyCandidate(
            one.id,
            rank,
            Standing.PROPOSED if rank <= limit else Standing.BELOW,
            reasons.get(one.id, ()),
            lost.get(one.id, 0),
        )
        for rank, one in enumerate(ranked, start=1)
    )
    return tuple(_by_hand(candidate, added, removed) for candidate in candidates)


def key_customers(candidates: Sequence[KeyCandidate]) -> AbstractSet[int]:
    """The customers that are visited as key customers."""
    return {candidate.customer for candidate in candidates if candidate.standing.is_key}


def _by_hand(candidate: KeyCandidate, added: Mapping[int, str], removed: Mapping[int, str]) -> KeyCandidate:
    if candidate.customer in added:
        return replace(candidate, standing=Standing.ADDED, note=added[candidate.customer])
    if candidate.customer in removed:
        return replace(candidate, standing=Standing.REMOVED, note=removed[candidate.customer])
    return candidate


def _check_hand(valid: Sequence[Customer], added: Mapping[int, str], removed: Mapping[int, str]) -> None:
    known = {one.id for one in valid}
    for customer, reason in (*added.items(), *removed.items()):
        if customer not in known:
            raise Refusal(Fault.RULE, rule="key-not-valid", customer=customer, way_out="crmkit customer show")
        if not reason.strip():
            raise Refusal(Fault.RULE, rule="key-needs-reason", customer=customer, way_out="--reason REASON")
        if customer in added and customer in removed:
            raise Refusal(Fault.RULE, rule="key-added-and-removed", customer=customer, way_out="")
