"""What a gate waits for, what a rule forbids, which state stands in the way: the words of these codes."""

from collections.abc import Mapping
from typing import Any

from crmkit.model.document import DocumentAction, DocumentKind, DocumentState
from crmkit.model.moving import Obstacle
from crmkit.model.person import Role
from crmkit.report.fieldwords import field_word
from crmkit.report.terms import word
from crmkit.report.words import _, later

NEEDS: dict[str, str] = {
    "customers": later("you have no valid customer yet"),
    "computed": later("the operating effect of the month is not computed"),
    "scored": later("not every valid customer has its six ability scores; without: {who}"),
    "generated": later("the operating state of the month is not generated (step 2)"),
    "strategies-generated": later("the service strategies of the month are not generated (step 7)"),
    "watched": later("{product} is not on the watch list in {month}"),
    "target-set": later("no brand target of {product} holds in {month}"),
    "brand-computed": later("the brand state of the month is not computed"),
    "market-computed": later("the market of the month is not computed"),
    "plan-generated": later("there is no month plan yet"),
    "satisfaction-target": later("no satisfaction target is set; it is a number such as 90"),
    "strategies-submitted": later("the service strategies must be submitted first, or together with the plan"),
    "strategies-approved": later("the service strategies of the month are not approved"),
    "plan-approved": later("the month plan is not approved, so no frequency is in force; only a trial is possible"),
    "visits-planned": later("no visit plan covers {day}"),
    "plan-sealed": later("no plan of the month was approved or dated with a seal yet"),
    "month-planned": later("no visit plan covers {month}"),
    "last-planned-day": later("results are submitted from the last planned visit day on ({day})"),
}

RULES: dict[str, str] = {
    "not-your-document": later("a month is written by its own customer manager, or by who stands in for him"),
    "reason-needed": later("this needs a reason"),
    "own-approval": later("nobody approves a month of his own, unless the policy says approval = self"),
    "not-the-submitter": later("only who submitted it can withdraw it"),
    "package-left": later("the month has gone to another machine; it can only be rejected"),
    "package-not-ours": later("this file has no customer manager {value}, whose month the answer is about"),
    "package-unknown": later("the answer is to a package of {month} that did not leave from this file"),
    "package-older": later("the answer is to an earlier submission of {month}; what stands now was not judged by it"),
    "decider-unknown": later("{value} decided, and is nobody of this file"),
    "decider-no-market-manager": later("{value} decided, and is no market manager of this file"),
    "decider-unknown-there": later("the file of {manager} does not know {value} as market manager, only: {known}"),
    "reason-long": later("a reason has at most {allowed} characters"),
    "key-not-valid": later("the key list holds valid customers only"),
    "key-needs-reason": later("a change of the key list needs a reason"),
    "key-added-and-removed": later("a customer cannot be added and removed at once"),
    "left-before-arrived": later("you left before you arrived"),
    "another's-customer": later("{value} is a customer of {owner}, not of {manager}"),
    "not-valid": later("{value} is not among the valid customers of the month"),
    "no-manager": later("{value} has no customer manager"),
    "no-team": later("no customer manager is entered yet"),
    "field-elsewhere": later("{value} is not set here"),
    "never-blank": later("{value} is never blank"),
    "shop-shut": later("{value} is shut on {day}"),
    "category-there": later("there is a category {value} already"),
    "category-holds-products": later("{value} holds products, and products hang on leaves only"),
    "category-is-branch": later("{value} has categories below it, and products hang on leaves only"),
    "category-not-empty": later("{value} is not empty"),
    "category-under-itself": later("{value} cannot hang under itself"),
    "watched-already": later("it is on the watch list already: {value}"),
    "targets-overlap": later("a target of this product holds in these months already: {value}"),
    "strategy-dropped": later("strategy {value} is dropped"),
    "nothing-to-restore": later("strategy {value} stands as it was generated; there is nothing to take back"),
    "note-needed": later("a state changed by hand needs a note"),
    "month-not-begun": later("{month} has not begun, so there is nothing to judge"),
    "stands-in-already": later("somebody stands in on these days already: {value}"),
    "has-customers": later("{value} has customers; hand them over first"),
    "has-manager": later("these customers have a manager already: {value}"),
    "merge-itself": later("{value} cannot be merged with itself"),
    "merge-two-managers": later("{value} have different customer managers; hand one over first"),
    "merge-conflict": later("both have records of the same day or month, which a person must settle first: {value}"),
    "visit-replaced": later("the visit planned for that day was made on another day already"),
    "already-logged": later("a visit of this customer on {day} is logged already, with other facts"),
    "future-visit": later("{day} has not come yet; visits are logged when they were made"),
    "in-force": later("{document} of {month} is approved and stays as it is; changes go into the next month"),
    "day-impossible": later("{day} cannot be for {value}: {obstacle}"),
    "day-red": later("{day} is red for {value}: {obstacle}; --anyway accepts it"),
    "team-of-one": later("a team has at least two customer managers"),
    "team-too-many": later("{needed} customers are more than all managers of the team may have ({allowed})"),
    "team-fixed": later("{person}: appointments and printed visits hold {needed} customers, {allowed} are allowed"),
    "team-keep": later("{needed} customers must change hands to keep the limit, {allowed} may"),
    "results-submitted": later("the results of {month} are submitted; a mark after that is a restatement"),
    "results-open": later("the results of {month} are not submitted yet; mark it directly"),
    "asked-already": later("a restatement of {value} is waiting already"),
    "decided-already": later("restatement {value} was decided already"),
    "writers-eyes": later("this check is for the writer's own eyes until the results are submitted"),
    "period-ahead": later("{day} has not come yet; a summary tells what was"),
    "off-the-road": later("{value} is visited another way that day; only a visit on site has a place on the road"),
    "plan-in-the-past": later("{day} is over; nothing is planned for the past"),
}

_OF_FIELDS = ("field-elsewhere", "never-blank")  # their value is a column
_MISSING = later("not generated yet")
_CHANGE = later("a change")
_SEND = later("sending it")
_NOBODY = later("nobody of this file")
_KINDS = {
    "document": DocumentKind,
    "state": DocumentState,
    "action": DocumentAction,
    "role": Role,
    "needed": Role,
    "obstacle": Obstacle,
}
_OTHERS = {
    ("state", "missing"): _MISSING,
    ("action", "change"): _CHANGE,
    ("action", "send"): _SEND,
    ("role", None): _NOBODY,
}


def need_words(code: str, facts: Mapping[str, Any]) -> str:
    """What a gate waits for."""
    return _(NEEDS[code]).format_map(facts) if code in NEEDS else code


def rule_words(code: str, facts: Mapping[str, Any]) -> str:
    """What a rule forbids."""
    if code in _OF_FIELDS:
        facts = {**facts, "value": field_word(str(facts["value"]))}
    return _(RULES[code]).format_map(facts) if code in RULES else code


def code_words(fact: str, code: Any) -> Any:
    """The word of a document, state, action or role; anything else as it is."""
    kind = _KINDS.get(fact)
    if kind is None:
        return code
    if (fact, code) in _OTHERS:
        return _(_OTHERS[fact, code])
    return word(kind(code)) if code in list(kind) else code
