"""Own fields: what a user adds to the customer file."""

from dataclasses import dataclass
from enum import StrEnum

from crmkit.model.importing import Field, Kind


class FieldType(StrEnum):
    """What an own field holds; it is stored in one spelling per value."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class OwnField:
    """One own field; `choices` are the allowed words of a choice, in the user's order."""

    id: int
    name: str
    type: FieldType
    choices: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        return Kind.CUSTOMERS

    @property
    def key(self) -> str:
        return self.name


AnyField = Field | OwnField  # where a column of a file can go to
