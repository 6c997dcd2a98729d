"""The market manager's desk as programs read it: codes and exact figures."""

from typing import Any

from crmkit.model.review import PlanFacts, Unusual, Usual
from crmkit.report.page import coded
from crmkit.report.papers.findings import exact
from crmkit.report.papers.review_words import more
from crmkit.workflow.list_waiting import Desk, WaitingPlan
from crmkit.workflow.review_plan import ReviewedPlan, TeamLine


def desk_data(found: Desk) -> dict[str, Any]:
    """Every plan that waits with all its signs."""
    return {
        "month": str(found.month) if found.month else None,
        "waiting": [_waiting(one) for one in found.waiting],
        "not_handed_in": [
            {"manager": one.manager.code, "month": str(one.month), "late": one.late} for one in found.missing
        ],
    }


def _waiting(one: WaitingPlan) -> dict[str, Any]:
    return {
        "manager": one.manager.code,
        "month": str(one.waiting.month),
        "documents": [kind.value for kind in one.waiting.kinds],
        "result": one.waiting.result,
        "since": coded(one.waiting.since),
        "age": one.age,
        "late": one.waiting.late,
        "signs": [_sign(sign, one.facts) for sign in one.signs],
    }


def plan_data(found: ReviewedPlan) -> dict[str, Any]:
    """Everything the page says."""
    facts, since = found.facts, found.facts.since
    return {
        "manager": found.manager.code,
        "month": str(found.month),
        "strategies": found.states.strategies and found.states.strategies.value,
        "plan": found.states.plan and found.states.plan.value,
        "since": coded(found.waiting.since) if found.waiting else None,
        "age": found.age,
        "late": facts.late,
        "deadline": coded(found.deadline),
        "signs": [_sign(one, facts) | _usual(found.usual.get(one.sign, Usual())) for one in found.signs],
        "rejection": since and {"at": since.at, "actor": since.actor, "reason": since.reason},
        "changed_since": dict(since.changes) if since else None,
        "unanswered": found.unanswered,
        "opening": {"answers": len(found.answers), "unseen": len(found.unseen)},
        "team": [_line(one) for one in found.team],
    }


def _sign(one: Unusual, facts: PlanFacts) -> dict[str, Any]:
    return {
        "sign": one.sign.value,
        "figure": coded(exact(one.value)),
        "threshold": coded(exact(one.threshold)),
        "count": one.count,
        "subject": one.subject,
        "others": one.other.split(),
        "command": more(one, facts),
    }


def _usual(usual: Usual) -> dict[str, Any]:
    return {"last_month": coded(exact(usual.before)), "team_median": coded(exact(usual.team))}


def _line(one: TeamLine) -> dict[str, Any]:
    load = one.load
    return {
        "manager": one.manager.code,
        "customers": one.counts.customers,
        "key": one.counts.key,
        "frequencies": {frequency.value: count for frequency, count in one.counts.frequencies.items()},
        "days_asked": coded(load.asked) if load else None,
        "days_room": coded(load.room) if load else None,
        "load_from": coded(load.since) if load else None,
        "metres": one.metres,
    }
