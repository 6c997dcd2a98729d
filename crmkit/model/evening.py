"""The evening's lines: what a day in the street became, one shop a line, as typed or pasted (step 11)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.visit import MissReason

LONGEST_ITEM = 400  # characters of an ad hoc item


class Mark(StrEnum):
    """What a piece of a line is about."""

    EFFECT = "effect"  # plain text: 拜访效果及感受
    ANOMALY = "anomaly"  # 异: 市场异常信息
    OPINION = "opinion"  # 意: 客户意见建议
    DONE = "done"  # ★ with digits, "all", or nothing: the only unfinished one
    ITEM = "item"  # ● an ad hoc item that was done; `code` the sign, ● or +
    PROMISE = "promise"  # 诺: an ad hoc item that is left open
    MISSED = "missed"  # ✗ with the reason and what else was said
    METHOD = "method"
    ARRIVED = "arrived"
    LEFT = "left"
    VERIFIED = "verified"  # 核: fields of the sheet that were checked; a number and a new value
    WHETHER = "whether"  # words of a missed visit with more behind them: was there a visit?


class Again(StrEnum):
    """What becomes of a shop that was typed before with other words."""

    REFUSED = "refused"
    ADDED = "added"  # the new words behind the old ones
    CORRECTED = "corrected"  # the new words instead of the old ones


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a shop's line; `code` where the words named one: a reason, a method, digits, HH:MM."""

    mark: Mark
    text: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ShopLine:
    """What one line, or a part of it, says of one shop. `shop` is the code or name as typed; `extra`: typed with +."""

    line: int
    shop: str
    extra: bool
    pieces: tuple[Piece, ...]
    goes_on: bool = False  # a line without a shop, below it


@dataclass(frozen=True, slots=True)
class EveningText:
    """Typed lines, read. `sheets` are (line, code) of the sheets named; `lost` lines that belong to no shop."""

    shops: tuple[ShopLine, ...] = ()
    sheets: tuple[tuple[int, str], ...] = ()
    lost: tuple[tuple[int, str], ...] = ()
    skipped: tuple[tuple[int, str], ...] = ()  # lines of a messenger: sender, time, pictures
    asides: tuple[tuple[int, str], ...] = ()  # said by somebody else than who wrote of the shop before
    inside: tuple[tuple[int, str, str], ...] = ()  # a code of the sheet within the text of a shop: line, code, shop


class Slip(StrEnum):
    """Why a line cannot be kept."""

    NO_SHOP = "no-shop"  # text before any shop
    WRONG_CODE = "wrong-code"  # no such code: a typo; near ones are named
    NOT_ON_SHEET = "not-on-sheet"  # a customer, but not of this day's sheet: + where the visit was not planned
    UNKNOWN_SHOP = "unknown-shop"  # + and no customer of that name
    SEVERAL_SHOPS = "several-shops"  # + and several customers of that name
    OTHER_SHEET = "other-sheet"  # the paper of another day
    WHICH_TASK = "which-task"  # ★ alone where several are unfinished
    NO_SUCH_TASK = "no-such-task"
    DONE_OR_NOT = "done-or-not"  # ★2没做完, ★★★: a mark that says done, and words or stars that do not
    NO_WORDS = "no-words"  # ● or 诺: and nothing behind
    NO_SUCH_ITEM = "no-such-item"  # ● and a number, and no such item of the shop
    NO_TIME = "no-time"  # arrived or left, and no time of day
    NOT_APPROVED = "not-approved"  # ★ where the month record is not approved (step 12)
    MADE_AND_MISSED = "made-and-missed"
    WHETHER = "whether"  # 关门了下午再去: missed, or seen after all?
    TWO_SHOPS = "two-shops"  # another shop's code within a text
    NO_REASON = "no-reason"  # ✗ alone
    LEFT_FIRST = "left-first"  # left before arrived
    TOO_LONG = "too-long"
    LOGGED_BEFORE = "logged-before"  # other facts are there: --correct
    NOT_ASKED = "not-asked"  # 核, and the sheet asks for no such field
    NO_VALUE = "no-value"  # 核2= and what cannot stand in the field
    TAKEN_EARLY = "taken-early"  # missed, but another visit stood for it


@dataclass(frozen=True, slots=True)
class SlipOfLine:
    """`typed` is what stood there, `near` what may have been meant: codes, names, digits or a date."""

    line: int
    slip: Slip
    typed: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopDay:
    """One shop of the evening, all its lines together."""

    line: int
    customer: Customer
    extra: bool = False
    done: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    finished: tuple[int, ...] = ()  # ● with the number of an item that was open: done now
    missed: MissReason | None = None
    method: VisitMethod | None = None
    arrived: str | None = None
    left: str | None = None
    anomaly: str | None = None
    opinion: str | None = None
    effect: str | None = None
    verified: tuple[tuple[str, str | None], ...] = ()  # field of the customer, its new value as typed
    missed_yet_said: bool = False  # a bare reason with more behind it: 不在，老板娘签收 may have been a visit


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field of a customer that was checked in the shop: what stood there, what is right."""

    field: str
    before: str | None
    after: str | None

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class AdHocItem:
    """An ad hoc item ● of one customer: done when `done_on` is set. Never a strategy of the month."""

    customer: int
    manager: int
    day: date
    text: str
    done_on: date | None = None
    id: int = 0
