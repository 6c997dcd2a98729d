"""One cell of text → one exact value, or the reason why not.

Every reader takes the text as it stands in the file and returns None for a blank cell. Amounts are rounded half up to
minor units (our default); volumes must be whole thousandths. Days are ISO text, ready for the store.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from crmkit.model.code import normal_code, without_invisible
from crmkit.model.importing import Reason
from crmkit.model.personal import PHONES_BETWEEN

Reader = Callable[[str], Any]
DateOrder = Literal["ymd", "mdy", "dmy", "excel", "excel-1904"]
Epoch = Literal[1900, 1904]

CODE_LENGTH = 40
NAME_LENGTH = 200
LARGEST_AMOUNT = 10**14  # minor units, one cell: beyond it is a slip
LARGEST_VOLUME = 10**12  # thousandths, one cell
FIRST_DAY, LAST_DAY = "1990-01-01", "2100-12-31"

_ERROR_CELL = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|FORMULA!|SPILL!|GETTING_DATA)", re.IGNORECASE)
_EXCEL_TEXT = re.compile(r'="(.*)"')
_GUARDED = re.compile(r"'[=+\-@0-9]")  # Excel's text mark, and the guard against formulas of our own files
_CODE = re.compile(r"\w[\w.\-/#*()]*")
_EXPONENT = re.compile(r"[0-9]+([.][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_PLAIN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[0-9]{1,4}(,[0-9]{4})+(\.[0-9]+)?", re.ASCII)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(r"[T ]\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*(AM|PM)?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?", re.ASCII)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})月?|([0-9]{2}))", re.ASCII)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{1,2}|[0-9]{4})", re.ASCII)
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?", re.ASCII)
_FIRST_SERIAL: dict[Epoch, date] = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_EPOCHS: dict[DateOrder, Epoch] = {"excel": 1900, "excel-1904": 1904}
_PAIR = re.compile(
    r"\(\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*[,，;\s]\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*\)\s*$", re.ASCII
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

LIMIT = 200_000


class Cached(dict[str, Any]):
    """A reader that remembers: the same text is read once. `bad` holds the texts that gave a reason."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self.read = read
        self.bad: set[str] = set()

    def __missing__(self, text: str) -> Any:
        if len(self) >= LIMIT:  # bounded memory whatever the file holds
            self.clear()
        value = self[text] = self.read(text)
        if type(value) is Reason:
            self.bad.add(text)
        return value


def clean(text: str) -> str:
    """The cell without blanks around, invisible marks and Excel's text tricks ('00123 and ="00123")."""
    text = without_invisible(text).strip()
    wrapped = _EXCEL_TEXT.fullmatch(text)
    if wrapped:
        return wrapped[1].strip()
    return text[1:] if _GUARDED.match(text) else text


def half_width(text: str) -> str:
    """Cleaned, with full-width characters made half width: for numbers, dates and words, never for names."""
    text = clean(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).replace("−", "-").replace("﹣", "-").strip()


def code(text: str) -> str | Reason | None:
    """A code: text, zeros kept, letters and digits of any script with . - / # * ( ) inside, at most 40."""
    if "\0" in text:
        return Reason.CONTROL_CHARACTER
    found = normal_code(clean(text))
    if not found:
        return None
    if len(found) > CODE_LENGTH:
        return Reason.TOO_LONG
    if _ERROR_CELL.fullmatch(found):
        return Reason.ERROR_CELL
    if _EXPONENT.fullmatch(found) and "+" in found:
        return Reason.DIGITS_LOST
    return found if _CODE.fullmatch(found) else Reason.BAD_CODE


def text_of(limit: int) -> Reader:
    """A reader of names and free text, kept as it is but composed (NFC), one line, at most `limit` characters."""

    def text(cell: str) -> str | Reason | None:
        if "\0" in cell:
            return Reason.CONTROL_CHARACTER
        found = unicodedata.normalize("NFC", _CONTROL.sub(" ", clean(cell)).strip())
        if not found:
            return None
        if _ERROR_CELL.fullmatch(found):
            return Reason.ERROR_CELL
        return found if len(found) <= limit else Reason.TOO_LONG

    return text


def day_of(order: DateOrder = "ymd", epoch: Epoch | None = None) -> Reader:
    """A reader of days. Two readings are possible for 2/3/2026 unless `order` says which comes first.

    `epoch`: the file is a workbook, whose bare numbers are serial days counted from that year; in a text they are
    days when `order` says so (excel: counted from 1900, excel-1904).
    """
    if epoch is None and order in _EPOCHS:
        epoch = _EPOCHS[order]

    def day(cell: str) -> str | Reason | None:
        found = _ISO_DAY.fullmatch(cell)
        if not found:
            text = half_width(cell)
            if _SERIAL.fullmatch(text):
                return _serial_day(int(text.partition(".")[0]), epoch)
            if not text:
                return None
            if _ERROR_CELL.fullmatch(text):
                return Reason.ERROR_CELL
            text = _TIME.sub("", text)
            found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
            if not found:
                return _year_last(text, order)
        return _iso(int(found[1]), int(found[2]), int(found[3]))

    return day


def month_of(epoch: Epoch | None = None) -> Reader:
    """A reader of months, as 2026-11: 2026-11, 2026/11, 2026年11月, 202611, or any day of it."""
    day = day_of("ymd", epoch)

    def month(cell: str) -> str | Reason | None:
        found = _MONTH.fullmatch(half_width(cell))
        if found:
            number = int(found[2] or found[3])
            return f"{found[1]}-{number:02d}" if number in range(1, 13) and _in_range(found[1]) else Reason.BAD_MONTH
        read = day(cell)
        if isinstance(read, Reason):
            return Reason.BAD_MONTH
        return None if read is None else str(read)[:7]

    return month


def _in_range(year: str) -> bool:
    return FIRST_DAY[:4] <= year <= LAST_DAY[:4]


def _serial_day(days: int, epoch: Epoch | None) -> str | Reason:
    text = (_FIRST_SERIAL[epoch or 1900] + timedelta(days)).isoformat()
    if not FIRST_DAY <= text <= LAST_DAY:
        return Reason.DATE_RANGE if epoch else Reason.BAD_DATE
    return text if epoch else Reason.SERIAL_DATE


def _year_last(text: str, order: DateOrder) -> str | Reason:
    found = _YEAR_LAST.fullmatch(text)
    if not found:
        return Reason.BAD_DATE
    if order not in ("mdy", "dmy") or len(found[4]) < 4:
        return Reason.AMBIGUOUS_DATE
    first, second = int(found[1]), int(found[3])
    month, day = (first, second) if order == "mdy" else (second, first)
    return _iso(int(found[4]), month, day)


def _iso(year: int, month: int, day: int) -> str | Reason:
    try:
        text = date(year, month, day).isoformat()
    except ValueError:
        return Reason.BAD_DATE
    return text if FIRST_DAY <= text <= LAST_DAY else Reason.DATE_RANGE


def number(text: str) -> Decimal | Reason | None:
    """An exact number: 1,234.50 １，２３４．５０ ¥12 1.2万 12元 (12.00) -12 12-."""
    text = half_width(text).replace(" ", "")
    if not text:
        return None
    if _ERROR_CELL.fullmatch(text):
        return Reason.ERROR_CELL
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1]
    text = text.replace("¥", "", 1).replace("$", "", 1).removesuffix("元")
    if text[:1] in "+-" and text:
        negative, text = negative != (text[0] == "-"), text[1:]
    times = 1
    for word, factor in (("万", 10_000), ("亿", 100_000_000)):
        if text.endswith(word):
            times, text = factor, text[:-1]
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if len(text) > 40:
        return Reason.TOO_LARGE
    if not _NUMBER.fullmatch(text):
        return Reason.BAD_NUMBER
    value = Decimal(text) * times
    return -value if negative and value else value


def amount_of(times: int = 1) -> Reader:
    """A reader of amounts: minor units, rounded half up when the cell is finer; `times` is the header's unit (万元)."""

    def amount(text: str) -> int | Reason | None:
        if times == 1 and _PLAIN.fullmatch(text):
            whole, _, part = text.partition(".")
            return int(whole + (part + "00")[:2])
        value = number(text)
        if not isinstance(value, Decimal):
            return value
        minor = (
            int((value * times * 100).quantize(Decimal(1), ROUND_HALF_UP)) if abs(value) < 10**15 else LARGEST_AMOUNT
        )
        return minor if abs(minor) < LARGEST_AMOUNT else Reason.TOO_LARGE

    return amount


def volume(text: str) -> int | Reason | None:
    """A quantity in thousandths of its unit; finer than that is refused."""
    value = number(text)
    if not isinstance(value, Decimal):
        return value
    if abs(value) >= LARGEST_VOLUME // 1000:
        return Reason.TOO_LARGE
    thousandths = value * 1000
    return int(thousandths) if thousandths == int(thousandths) else Reason.TOO_FINE


def whole_of(largest: int, smallest: int = 0) -> Reader:
    """A reader of whole numbers from `smallest` to `largest`."""

    def whole(text: str) -> int | Reason | None:
        if text.isascii() and text.isdigit() and len(text) < 12:
            found = int(text)
            return found if smallest <= found <= largest else Reason.TOO_LARGE
        value = number(text)
        if not isinstance(value, Decimal):
            return value
        if value != int(value):
            return Reason.BAD_NUMBER
        return int(value) if smallest <= value <= largest else Reason.TOO_LARGE

    return whole


def tar(text: str) -> str | Reason | None:
    """焦油含量 in mg as plain decimal text."""
    text = half_width(text).lower().removesuffix("mg").removesuffix("毫克").strip()
    value = number(text)
    if not isinstance(value, Decimal):
        return value
    return format(value.normalize(), "f") if 0 <= value < 1000 else Reason.TOO_LARGE


def degrees_of(limit: int) -> Reader:
    """A reader of coordinates: millionths of a degree, rounded half up; `limit` 90 for latitude, 180 for longitude."""

    def degrees(text: str) -> int | Reason | None:
        value = number(text)
        if value is None:
            return None
        if not isinstance(value, Decimal) or abs(value) > limit:
            return Reason.BAD_COORDINATE
        return int((value * 1_000_000).quantize(Decimal(1), ROUND_HALF_UP))

    return degrees


def of_pair(read: Reader, place: int) -> Reader:
    """A reader of the first or second number of a pair in brackets at the end of a cell: 1 Main St (42.4, -92.3).

    A cell without a pair is blank: such files leave it out where a place was not found.
    """

    def read_part(text: str) -> Any:
        found = _PAIR.search(text)
        return read(found[place] if found else "")

    return read_part


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0[0-9]{2,3})-?([2-9][0-9]{6,7})(-[0-9]{1,6})?")
_SHORT_LINE = re.compile(r"[2-9][0-9]{6,7}|400[0-9]{7}")


_BETWEEN_PHONES = re.compile(r"[/,;、，；|\\\n]|或| {2,}")
PHONES_LENGTH = 40


def phone(text: str) -> str | Reason | None:
    """Chinese mobiles and landlines: 138-0013-8000, +86 138…, ０１３８… become 13800138000; several in a cell are all
    kept, the first one first: 13800138000;0898-66554433. One that is none refuses the cell."""
    text = half_width(text)
    if not text:
        return None
    if _EXPONENT.fullmatch(text):
        return Reason.DIGITS_LOST
    found: dict[str, None] = {}
    for part in filter(str.strip, _BETWEEN_PHONES.split(text)):
        phones = _phones_of(part)
        if isinstance(phones, Reason):
            return phones
        found.update(dict.fromkeys(phones))
    joined = PHONES_BETWEEN.join(found)
    return Reason.BAD_PHONE if not joined else joined if len(joined) <= PHONES_LENGTH else Reason.TOO_LONG


def _phones_of(part: str) -> list[str] | Reason:
    """One phone with blanks between its digits, or phones with blanks between them."""
    whole = _phone(part)
    if not isinstance(whole, Reason):
        return [whole]
    words = [_phone(word) for word in part.split()]
    phones = [word for word in words if not isinstance(word, Reason)]
    return phones if len(phones) == len(words) else whole


def _phone(text: str) -> str | Reason:
    compact = re.sub(r"[\s()]", "", text)
    digits = re.sub(r"^(\+|00)?86(?=1)|-", "", compact)
    for candidate in (digits, digits.removeprefix("0")):
        if _MOBILE.fullmatch(candidate):
            return candidate
    if _LANDLINE.fullmatch(compact) or _SHORT_LINE.fullmatch(digits):
        return compact
    return Reason.BAD_PHONE
