"""Who may write: a month is its customer manager's own; what touches several belongs to the market manager.

A person alone (approval = "self") is his own market manager (method.md §1). Reading is free to all.
"""

from typing import Literal

from crmkit.model.person import Role

Approval = Literal["manager", "self"]


def may_write_month(actor: str, manager: str, approval: Approval, *, stands_in: bool) -> bool:
    """May `actor` write in the month of `manager` (both codes)? Its own manager, and who stands in for him today."""
    return actor == manager or stands_in or approval == "self"


def may_decide_for_all(role: Role | None, approval: Approval, *, has_market_manager: bool) -> bool:
    """May somebody of this role move customers between managers and close the company's days? In a file without a
    market manager there is nobody else to do it [our default].
    """
    return role is Role.MARKET_MANAGER or approval == "self" or not has_market_manager


def may_decide_on(actor: str, role: Role | None, manager: str, approval: Approval) -> bool:
    """May `actor` approve or reject the month of `manager` (both codes)? The market manager, of others' months; a
    person alone, of his own.
    """
    if actor == manager:
        return approval == "self"
    return role is Role.MARKET_MANAGER
