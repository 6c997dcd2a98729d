"""What can go wrong, as values: a code and facts. Their words live in report/faults.py."""

from enum import IntEnum, StrEnum
from typing import Any


class Exit(IntEnum):
    """The one table of exit codes (cli.md)."""

    DONE = 0
    BUG = 1
    USAGE = 2
    DONE_WITH_WARNINGS = 3
    INPUT_REFUSED = 4
    NOT_FOUND = 5
    FORBIDDEN = 6
    NO_DATABASE = 10
    BUSY = 11
    PERMISSION = 12
    DAMAGED = 13
    TOO_NEW = 14
    DISK = 15
    HANGUP = 129
    INTERRUPTED = 130
    READER_LEFT = 141
    TERMINATED = 143


class Fault(StrEnum):
    """Every way a command can end without doing its work. One code, one exit, one text in each language."""

    # usage (2)
    BAD_VALUE = "bad-value"  # option, value, expected
    CONFLICTING_OPTIONS = "conflicting-options"  # first, second
    ANSWER_NEEDED = "answer-needed"  # flag
    NOT_UTF8 = "not-utf8"
    # input refused (4)
    FILE_MISSING = "file-missing"  # path
    FOLDER_MISSING = "folder-missing"  # path
    FILE_EMPTY = "file-empty"  # path
    WRONG_FILE_TYPE = "wrong-file-type"  # path, found, expected
    NO_LINES = "no-lines"  # path: nothing typed in it
    NOT_LINES = "not-lines"  # path, found: no text that could be a day's lines
    DAMAGED_TEXT = "damaged-text"  # path, line, byte
    AMBIGUOUS_TEXT = "ambiguous-text"  # path, utf8, gbk: both readings
    DAMAGED_BOOK = "damaged-book"  # path, reason
    UNKNOWN_COLUMNS = "unknown-columns"  # path, columns
    TOO_MANY_MISSING = "too-many-missing"  # missing, known, percent, codes
    NO_HEADER = "no-header"  # path, expected, found
    TWICE_ENCODED = "twice-encoded"  # path, found, meant: the header as it reads, and as it was
    NO_ROWS = "no-rows"  # path: a header, and nothing below it
    OPEN_QUOTE = "open-quote"  # path, line: a quote that nothing closes
    HALF_ORDERS = "half-orders"  # path, expected: what is lacking, found, kinds: the option that takes the rest
    BAD_MAPPING = "bad-mapping"  # path, line, reason
    BAD_POLICY = "bad-policy"  # path, line, reason
    BAD_CONFIG = "bad-config"  # path, line, reason
    BAD_CALENDAR = "bad-calendar"  # path, line, reason
    UNSAFE_FILE = "unsafe-file"  # path, reason, command
    NOTHING_USABLE = "nothing-usable"  # path, rejected
    MASTERS_UNKNOWN = "masters-unknown"  # path, rejected, kinds: options that would bring them
    MASTERS_FIRST = "masters-first"  # path, rejected, line, column, why: the file itself does not bring them
    TARGET_EXISTS = "target-exists"  # path
    NOT_ENCODABLE = "not-encodable"  # path, encoding, characters, code of the row
    BAD_PACKAGE = "bad-package"  # path, reason, field
    BALANCE = "balance"  # what, expected, found
    # not found (5)
    NOT_FOUND = "not-found"  # noun, value
    AMBIGUOUS = "ambiguous"  # noun, value, candidates
    # forbidden by a rule or a state (6)
    STATE = "state"  # document, state, action, way_out
    GATE = "gate"  # step, needs, way_out
    ROLE = "role"  # role, needed
    LATE_CHANGE = "late-change"  # op, table, key
    UNDO_REFUSED = "undo-refused"  # op, reason
    SHORTAGE = "shortage"  # asked, room, missing
    CALENDAR_UNPUBLISHED = "calendar-unpublished"  # year, country
    RULE = "rule"  # rule, plus its facts
    # the database file
    NO_DATABASE = "no-database"  # path
    FOREIGN_FILE = "foreign-file"  # path
    BUSY = "busy"  # path, seconds
    PERMISSION = "permission"  # path, command
    DAMAGED = "damaged"  # path, backup
    TOO_NEW = "too-new"  # path, version, known
    PACKAGE_TOO_NEW = "package-too-new"  # path, version, known
    BAD_KEY = "bad-key"  # path, reason
    DISK = "disk"  # path, reason
    CLOCK = "clock"  # now
    SQLITE_TOO_OLD = "sqlite-too-old"  # found, needed


EXIT_OF: dict[Fault, Exit] = {
    Fault.BAD_VALUE: Exit.USAGE,
    Fault.CONFLICTING_OPTIONS: Exit.USAGE,
    Fault.ANSWER_NEEDED: Exit.USAGE,
    Fault.NOT_UTF8: Exit.USAGE,
    Fault.FILE_MISSING: Exit.INPUT_REFUSED,
    Fault.FOLDER_MISSING: Exit.INPUT_REFUSED,
    Fault.FILE_EMPTY: Exit.INPUT_REFUSED,
    Fault.WRONG_FILE_TYPE: Exit.INPUT_REFUSED,
    Fault.NO_LINES: Exit.INPUT_REFUSED,
    Fault.NOT_LINES: Exit.INPUT_REFUSED,
    Fault.DAMAGED_TEXT: Exit.INPUT_REFUSED,
    Fault.AMBIGUOUS_TEXT: Exit.INPUT_REFUSED,
    Fault.DAMAGED_BOOK: Exit.INPUT_REFUSED,
    Fault.UNKNOWN_COLUMNS: Exit.INPUT_REFUSED,
    Fault.TOO_MANY_MISSING: Exit.FORBIDDEN,
    Fault.NO_HEADER: Exit.INPUT_REFUSED,
    Fault.TWICE_ENCODED: Exit.INPUT_REFUSED,
    Fault.NO_ROWS: Exit.INPUT_REFUSED,
    Fault.OPEN_QUOTE: Exit.INPUT_REFUSED,
    Fault.HALF_ORDERS: Exit.INPUT_REFUSED,
    Fault.BAD_MAPPING: Exit.INPUT_REFUSED,
    Fault.BAD_POLICY: Exit.INPUT_REFUSED,
    Fault.BAD_CONFIG: Exit.INPUT_REFUSED,
    Fault.BAD_CALENDAR: Exit.INPUT_REFUSED,
    Fault.UNSAFE_FILE: Exit.INPUT_REFUSED,
    Fault.NOTHING_USABLE: Exit.INPUT_REFUSED,
    Fault.MASTERS_UNKNOWN: Exit.INPUT_REFUSED,
    Fault.MASTERS_FIRST: Exit.INPUT_REFUSED,
    Fault.TARGET_EXISTS: Exit.INPUT_REFUSED,
    Fault.NOT_ENCODABLE: Exit.INPUT_REFUSED,
    Fault.BAD_PACKAGE: Exit.INPUT_REFUSED,
    Fault.BALANCE: Exit.FORBIDDEN,
    Fault.NOT_FOUND: Exit.NOT_FOUND,
    Fault.AMBIGUOUS: Exit.NOT_FOUND,
    Fault.STATE: Exit.FORBIDDEN,
    Fault.GATE: Exit.FORBIDDEN,
    Fault.ROLE: Exit.FORBIDDEN,
    Fault.LATE_CHANGE: Exit.FORBIDDEN,
    Fault.UNDO_REFUSED: Exit.FORBIDDEN,
    Fault.SHORTAGE: Exit.FORBIDDEN,
    Fault.CALENDAR_UNPUBLISHED: Exit.FORBIDDEN,
    Fault.RULE: Exit.FORBIDDEN,
    Fault.NO_DATABASE: Exit.NO_DATABASE,
    Fault.FOREIGN_FILE: Exit.NO_DATABASE,
    Fault.BUSY: Exit.BUSY,
    Fault.PERMISSION: Exit.PERMISSION,
    Fault.DAMAGED: Exit.DAMAGED,
    Fault.TOO_NEW: Exit.TOO_NEW,
    Fault.PACKAGE_TOO_NEW: Exit.TOO_NEW,
    Fault.BAD_KEY: Exit.PERMISSION,
    Fault.DISK: Exit.DISK,
    Fault.CLOCK: Exit.FORBIDDEN,
    Fault.SQLITE_TOO_OLD: Exit.NO_DATABASE,
}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The command cannot do its work. Carries a code and the facts its text needs; nothing was written.

    Facts may hold codes, paths, counts and names the user typed; they are shown, never logged.
    """

    def __init__(self, fault: Fault, **facts: Any) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.facts = facts

    @property
    def exit(self) -> Exit:
        """The exit code the table gives this fault."""
        return EXIT_OF[self.fault]


class Signalled(BaseException):
    """A signal asks to leave: taken the way of every error, so that what is open is rolled back."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit = Exit(128 + number)
