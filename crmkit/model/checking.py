"""What `crmkit db check` looks at and finds."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """The checks by name; the name is what the user sees and scripts may match."""

    IDENTITY = "identity"  # application id and schema version
    STRUCTURE = "structure"  # quick_check or integrity_check
    REFERENCES = "references"  # foreign_key_check
    SCHEMA = "schema"  # the change log's triggers as the schema asks for them
    TOTALS = "totals"  # lines, volume, amount an import stored, with later logged changes
    DIGEST = "digest"  # every field of an import's order lines
    LOGGED = "logged"  # a row's values against the last logged ones


DAMAGE = frozenset(Check) - {Check.SCHEMA}
"""Checks whose failure means damaged data (exit 13); the others mean a warning (exit 3)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    check: Check
    table: str
    key: str
    column: str
    expected: str  # empty when the value is personal
    found: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check; healthy when nothing was found."""

    full: bool
    findings: tuple[Finding, ...]

    @property
    def damaged(self) -> bool:
        return any(finding.check in DAMAGE for finding in self.findings)
