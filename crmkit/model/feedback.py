"""What two people argue about: the lines of a month's two documents, their rounds, and the feedback on a line.

A round begins when a document is submitted and ends when it is rejected or approved. Round 0 is what was generated
before anybody touched it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crmkit.model.document import DocumentKind, DocumentState, Transition


class LinePart(StrEnum):
    """What a line says of a customer, or of the whole month."""

    CUSTOMER = "customer"  # all lines of a customer at once: feedback only
    STRATEGY = "strategy"
    KEY = "key"
    FREQUENCY = "frequency"
    SATISFACTION = "satisfaction"
    PROBLEMS = "problems"
    FOCUS = "focus"


OF_STRATEGIES = (LinePart.STRATEGY, LinePart.SATISFACTION)  # the others are lines of the month plan


@dataclass(frozen=True, slots=True, order=True)
class PlanLine:
    """The name of a line. `customer` is a code, "" where the line is of the whole month; `number` the digit of the
    strategy in the month's list, 0 for every other part.
    """

    customer: str
    part: LinePart
    number: int = 0

    @property
    def kind(self) -> DocumentKind:
        """The document it stands in; feedback on a whole customer is kept with the month plan."""
        return DocumentKind.STRATEGIES if self.part in OF_STRATEGIES else DocumentKind.PLAN


@dataclass(frozen=True, slots=True)
class LineFeedback:
    """What the market manager says of one line in a rejection. Codes only: it means the same in every file.

    `actor` and `at` are filled once it is kept.
    """

    line: PlanLine
    text: str
    round: int = 0
    actor: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """Feedback as it was typed: every way its name can be read, (customer as typed, part, number)."""

    typed: str
    readings: tuple[tuple[str, LinePart, int], ...]
    text: str


@dataclass(frozen=True, slots=True)
class LineValue:
    """What stands in a line: the code that was decided, what it is of or came from, and a person's own words.

    strategy: state, catalogue code and cause, own text; key: standing, "", reason; frequency: frequency, source,
    reason; satisfaction: target; problems and focus: "own", "", text.
    """

    value: str
    of: str = ""
    text: str | None = None


Lines = Mapping[PlanLine, LineValue]


@dataclass(frozen=True, slots=True)
class Round:
    """One time a document went up: the steps at both ends of it; `kept`: are its lines known?"""

    number: int
    kept: bool
    submitted: Transition | None = None
    decided: Transition | None = None


@dataclass(frozen=True, slots=True)
class LineStory:
    """One line through all rounds: what was generated, what each round submitted, what stands now; None: not there.

    `rounds` are by number, `now` is the last column: the draft, or what is final.
    """

    line: PlanLine
    original: LineValue | None
    rounds: Mapping[int, LineValue | None] = field(default_factory=dict)
    now: LineValue | None = None
    feedback: tuple[LineFeedback, ...] = ()

    @property
    def changed(self) -> bool:
        """Did anybody change it, or say something of it? A satisfaction target is nobody's change the first time."""
        values = (*self.rounds.values(), self.now)
        first = values[0] if self.line.part is LinePart.SATISFACTION else self.original
        return bool(self.feedback) or any(one != first for one in values)


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that is no longer as the rejected round had it; `feedback` is what was said of it then."""

    line: PlanLine
    before: LineValue | None
    after: LineValue | None
    feedback: tuple[LineFeedback, ...] = ()

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class SinceRejection:
    """A document that was sent back once: what moved since, and what was said of lines that did not move."""

    kind: DocumentKind
    state: DocumentState
    round: int
    rejection: Transition
    changes: tuple[LineChange, ...] = ()
    unmoved: tuple[LineChange, ...] = ()  # feedback on lines that stand as they stood
