"""The daily sheet as messages to send: codes and what to do, short enough for one message of a messenger each."""

from collections.abc import Iterator, Sequence

from crmkit.model.sheet import Sheet, Stop
from crmkit.report.harmless import one_line
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.terms import short_day, weekday, word
from crmkit.report.words import _

LONGEST = 2000  # characters of one message (our default)


def messages(sheet: Sheet, totals: str, bring: str) -> tuple[str, ...]:
    """One message, or several numbered ones: a shop is cut only where it alone fills a message."""
    blocks = [_joined([totals, *([_("Bring: {what}").format(what=bring)] if bring else [])])]
    blocks += [_shop(stop, str(stop.position)) for stop in sheet.stops]
    blocks += [_shop(call, word(call.method)) for call in sheet.calls]
    head = " ".join([_("Visits"), weekday(sheet.day), short_day(sheet.day), sheet.manager.name, f"#{sheet.code}"])
    parts = list(_filled(blocks, LONGEST - len(head) - len(" 99/99\n")))
    count = len(parts)
    numbers = [f" {number}/{count}" if count > 1 else "" for number in range(1, count + 1)]
    return tuple(f"{head}{number}\n{part}" for number, part in zip(numbers, parts, strict=True))


def _filled(blocks: Sequence[str], room: int) -> Iterator[str]:
    """Blocks brought together into parts of at most so many characters."""
    part = ""
    for piece in (piece for block in blocks for piece in _pieces(block, room)):
        if part and len(part) + 1 + len(piece) > room:
            yield part
            part = ""
        part = f"{part}\n{piece}" if part else piece
    if part:
        yield part


def _pieces(block: str, room: int) -> Iterator[str]:
    for start in range(0, len(block), room):
        yield block[start : start + room]


def _shop(stop: Stop, number: str) -> str:
    key = _(" ({note})").format(note=_("KEY")) if stop.key else ""
    return _joined([f"{number} {stop.short_code} {stop.customer.name}{key}", *_todo(stop)])


def _todo(stop: Stop) -> Iterator[str]:
    for task in stop.tasks:
        yield f"{stop.short_code}-{task.number} {words_of(task.words)}"
    for item in stop.promises:
        yield f"●{item.id} {item.text}"
    if stop.debt:
        yield _("Visit debt") + _(": ") + str(stop.debt)


def _joined(texts: Sequence[str]) -> str:
    return "\n".join(map(one_line, texts))
