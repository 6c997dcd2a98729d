"""Service strategies 服务策略, key customers 重点拜访客户 and the frequency list of a month."""

from dataclasses import dataclass
from enum import StrEnum

from crmkit.model.customer import Customer, Frequency


class StrategyOrigin(StrEnum):
    """Where a strategy came from."""

    QUADRANT = "quadrant"  # effect × ability
    WEAK_EFFECT = "weak_effect"  # potential demand 潜在需求: a weak effect item
    WEAK_ABILITY = "weak_ability"  # an ability item scored 1-2
    DEMAND = "demand"  # direct demand 直接需求 (step 1)
    CARRIED = "carried"  # unfinished in M-1
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Demand:
    """Direct demand 直接需求: one line or wish of a customer's questionnaire of the month (step 1).

    `kind` is a demand kind of the policy's catalogue without its "demand." ("supply", "training", …); `cause`
    tells lines of a kind apart (a product's code, the line's number). Only confirmed ones cause strategies.
    """

    customer: int
    kind: str
    cause: str
    confirmed: bool = False


class StrategyState(StrEnum):
    OPEN = "open"
    DONE = "done"  # ★ 已完成
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Strategy:
    """One thing to do for one customer in one month.

    `code` names the entry of the policy's catalogue (or "hand"); `cause` the item, demand or strategy behind it;
    `text` only where a person wrote one, else the catalogue's words in the language of the reader.
    """

    customer: int
    code: str
    origin: StrategyOrigin
    cause: str
    text: str | None = None
    state: StrategyState = StrategyState.OPEN
    id: int = 0
    number: int = 0  # the digit on the sheet, the same all month; 0: none given yet


class StrategyAction(StrEnum):
    """What a person did to a strategy of the month."""

    ADD = "add"
    EDIT = "edit"
    DROP = "drop"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class StrategyEdit:
    """One change of a strategy by hand. `code` and `cause` name it in its month, whatever is generated anew; `before`
    is the text it had, None for the catalogue's words.
    """

    customer: int
    code: str
    cause: str
    action: StrategyAction
    reason: str | None
    actor: str
    at: str
    before: str | None = None


class Standing(StrEnum):
    """Where a key candidate stands."""

    PROPOSED = "proposed"
    BELOW = "below"  # below the line of key.max_share
    ADDED = "added"  # by the manager, with a reason
    REMOVED = "removed"  # by the manager, with a reason

    @property
    def is_key(self) -> bool:
        return self in (Standing.PROPOSED, Standing.ADDED)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem code of one customer: `code` e.g. "volume", "relative_volume", "on_shelf:P123".

    `actual` and `limit` are exact decimal texts: what was found and what it was held against.
    """

    customer: int
    code: str
    actual: str
    limit: str


@dataclass(frozen=True, slots=True)
class KeyCandidate:
    """A candidate for the key list, with its reasons (problem codes) and its lost volume (thousandths)."""

    customer: int
    rank: int
    standing: Standing
    reasons: tuple[str, ...]
    lost_volume: int
    note: str | None = None


class FrequencySource(StrEnum):
    KEY = "key"
    RANK = "rank"
    OVERRIDE = "override"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class FrequencyLine:
    """The frequency a month plan gives one customer, and why.

    `rank` is 1-based among the others (0 for key customers); `tied` is the number of customers with the same
    number of strategies, `tied_volume` the volume that broke the tie.
    """

    customer: int
    frequency: Frequency
    source: FrequencySource
    rank: int
    strategies: int
    volume: int
    tied: int
    note: str | None = None


class Aside(StrEnum):
    """Why a customer's frequency and the list of a submitted plan do not simply agree."""

    INACTIVE = "inactive"  # on the list, and no longer active: nothing is written
    FOLLOWED = "followed"  # handed over after submit: written all the same
    ELSEWHERE = "elsewhere"  # handed over after submit: the plan of the new manager decides
    UNLISTED = "unlisted"  # valid, and not on the list: keeps what is written


@dataclass(frozen=True, slots=True)
class AsideCustomer:
    customer: Customer
    why: Aside


@dataclass(frozen=True, slots=True)
class Override:
    """A frequency set by hand; `note` says who, when and why."""

    frequency: Frequency
    note: str


class TieBreak(StrEnum):
    VOLUME = "volume"  # last month's volume decided
    CODE = "code"  # volumes were equal too: the customer code decided


@dataclass(frozen=True, slots=True)
class TieBorder:
    """A border of the frequency list that runs through customers with the same number of strategies.

    "23 of 47 with 3 strategies went weekly, by last month's volume": `went_up` of `tied` with `strategies` got
    `upper`, the others `lower`. `above` and `below` are customers, the nearest to the border first.
    """

    upper: Frequency
    lower: Frequency
    strategies: int
    went_up: int
    tied: int
    by: TieBreak
    above: tuple[int, ...]
    below: tuple[int, ...]
