"""One cell of an own field → the text that is stored: one spelling for one value."""

from decimal import Decimal
from typing import Any

from crmkit.model.importing import Reason
from crmkit.model.ownfield import FieldType, OwnField
from crmkit.sources import cells
from crmkit.sources.cells import Epoch, Reader

LENGTH = 400


def reader_of_own(field: OwnField, epoch: Epoch | None = None) -> Reader:
    """How a field is read: str, None for a blank cell, or the reason why not."""
    if field.type is FieldType.NUMBER:
        return _number
    if field.type is FieldType.DATE:
        return cells.day_of(epoch=epoch)
    return _choice_of(field.choices) if field.type is FieldType.CHOICE else cells.text_of(LENGTH)


def _number(text: str) -> str | Reason | None:
    value = cells.number(text)
    if not isinstance(value, Decimal):
        return value
    plain = format(value.normalize() + 0, "f")
    return plain if len(plain) <= LENGTH else Reason.TOO_LARGE


def _choice_of(choices: tuple[str, ...]) -> Reader:
    known = {cells.half_width(choice).casefold(): choice for choice in choices}

    def choice(text: str) -> Any:
        word = cells.half_width(text).casefold()
        return known.get(word, Reason.UNKNOWN_WORD) if word else None

    return choice
