"""The two documents of a month and their states (method.md §3)."""

from dataclasses import dataclass
from enum import StrEnum

from crmkit.model.month import Month


class DocumentKind(StrEnum):
    STRATEGIES = "strategies"  # step 7, the month record
    PLAN = "plan"  # step 8, the month plan


class DocumentState(StrEnum):
    DRAFT = "draft"  # 草稿
    SUBMITTED = "submitted"  # 计划提交
    APPROVED = "approved"  # 计划审核
    RESULT_SUBMITTED = "result_submitted"  # 结果提交
    RESULT_APPROVED = "result_approved"  # 结果审核


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
