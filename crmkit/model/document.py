"""The two documents of a month and their states (method.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from crmkit.model.month import Month
from crmkit.model.person import Role


class DocumentKind(StrEnum):
    STRATEGIES = "strategies"  # step 7, the month record
    PLAN = "plan"  # step 8, the month plan


class DocumentState(StrEnum):
    DRAFT = "draft"  # 草稿
    SUBMITTED = "submitted"  # 计划提交
    APPROVED = "approved"  # 计划审核
    RESULT_SUBMITTED = "result_submitted"  # 结果提交
    RESULT_APPROVED = "result_approved"  # 结果审核

    @property
    def is_waiting(self) -> bool:
        """Does somebody have to decide?"""
        return self in (DocumentState.SUBMITTED, DocumentState.RESULT_SUBMITTED)


class DocumentAction(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"  # 驳回
    WITHDRAW = "withdraw"  # 撤回
    SUBMIT_RESULT = "submit_result"
    APPROVE_RESULT = "approve_result"
    REJECT_RESULT = "reject_result"


@dataclass(frozen=True, slots=True)
class Document:
    id: int
    manager: int
    month: Month
    kind: DocumentKind
    state: DocumentState


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a document: who, in which role, when, why."""

    document: int
    action: DocumentAction
    before: DocumentState
    after: DocumentState
    actor: str
    role: str
    at: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Documents:
    """The states of a manager's two documents of one month; None = not generated yet."""

    strategies: DocumentState | None = None
    plan: DocumentState | None = None

    def state(self, kind: DocumentKind) -> DocumentState | None:
        return self.strategies if kind is DocumentKind.STRATEGIES else self.plan


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Who acts on the documents, and what the rules of the states must know besides.

    `manager` is the code of the person whose documents they are, `submitters` who submitted each last;
    `last_planned_day` the month's last planned visit (None: none planned); `package_left` are the documents whose
    last submission went to another machine.
    """

    actor: str
    role: Role | None
    manager: str
    approval: Literal["manager", "self"]
    today: date
    reason: str | None = None
    satisfaction_target: bool = False
    submitters: Mapping[DocumentKind, str] = field(default_factory=dict)
    last_planned_day: date | None = None
    package_left: frozenset[DocumentKind] = frozenset()
    stands_in: bool = False  # the actor stands in for the manager today


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one document's state that an action brings about."""

    kind: DocumentKind
    action: DocumentAction
    before: DocumentState
    after: DocumentState


@dataclass(frozen=True, slots=True)
class Decision:
    """What an action does: the moves in order. None of them = it had been done before, nothing to record."""

    moves: tuple[Move, ...]
    after: Documents

    @property
    def already(self) -> bool:
        return not self.moves
