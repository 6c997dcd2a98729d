"""What the evening's lines mean: whose shop each is, what was done there, and which line cannot be kept (step 11)."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.evening import LONGEST_ITEM, EveningText, Mark, Piece, ShopDay, ShopLine, Slip, SlipOfLine
from crmkit.model.visit import LONGEST_TEXT, MissReason, Visit
from crmkit.rules.codes import near_codes

_NEAR_SHOWN = 5
_TIME = re.compile(r"[0-2]\d:[0-5]\d")
_SHORTEST_NAME = 4  # a shorter one may begin a sentence


@dataclass(frozen=True, slots=True)
class DayKnown:
    """What is known of the day beforehand. `codes` are the short codes of the manager's customers, `sheet` those of
    the day in the order of the road, `open_tasks` the digits of unfinished strategies, `sheets` the codes of the
    sheets of the days around.
    """

    day: date
    codes: Mapping[str, Customer]
    sheet: tuple[str, ...]
    all_tasks: Mapping[int, tuple[int, ...]]
    open_tasks: Mapping[int, tuple[int, ...]]
    sheets: Mapping[str, date]
    items: Mapping[int, Mapping[int, str]] = field(default_factory=dict)  # customer → number of an item ● → its text
    approved: bool = True  # the month record is exactly approved: step 12 is open
    verify: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # customer → fields its sheet asks to verify
    other_days: Mapping[int, date] = field(default_factory=dict)  # customer → its last planned day before, or the next
    names: tuple[str, ...] = ()  # names and office codes as names_in_front gives them

    def is_shop(self, word: str) -> bool:
        """Is this a code of the manager's, or one slip away from one on the sheet?"""
        return word in self.codes or bool(near_codes(word, self.sheet))

    def on_sheet(self, word: str) -> bool:
        return word in self.sheet

    def in_front(self, plain_text: str) -> str:
        """The longest name, or the office code, with which a line begins."""
        found = next((name for name in self.names if plain_text.startswith(name)), "")
        stands = not (found[-1:].isascii() and plain_text[len(found) :][:1].isalnum())
        return found if stands else ""


@dataclass(frozen=True, slots=True)
class EveningRead:
    """Shops in the order of the sheet, those not on it behind; and the lines that cannot be kept."""

    shops: tuple[ShopDay, ...]
    slips: tuple[SlipOfLine, ...]


def names_in_front(customers: Iterable[Customer]) -> tuple[str, ...]:
    """Names and office codes that a line may begin with instead of the short code, the longest first."""
    words = {_folded(word) for one in customers for word in (one.name, one.code)}
    return tuple(sorted((word for word in words if len(word) >= _SHORTEST_NAME), key=lambda word: (-len(word), word)))


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).lower().strip()


def read_day(text: EveningText, known: DayKnown) -> EveningRead:
    """Bring the lines together, one shop one entry, and name every line that cannot be kept."""
    slips = list(_wrong_sheets(text, known))
    if slips:  # nothing of another day's paper fits this one
        return EveningRead((), tuple(slips))
    slips += [SlipOfLine(line, Slip.NO_SHOP, words) for line, words in text.lost]
    slips += [SlipOfLine(line, Slip.TWO_SHOPS, shop, (code,)) for line, code, shop in text.inside]
    grouped: dict[int, list[tuple[ShopLine, Customer]]] = {}
    for said in text.shops:
        found = _shop_of(said, known)
        if isinstance(found, SlipOfLine):
            slips.append(found)
        else:
            grouped.setdefault(found.id, []).append((said, found))
    shops = []
    for lines in grouped.values():
        entry = _together(lines, known, slips)
        if entry is not None:
            shops.append(entry)
    places = {known.codes[code].id: place for place, code in enumerate(known.sheet)}
    ordered = sorted(shops, key=lambda one: (places.get(one.customer.id, len(places)), one.line))
    first = {(slip.slip, slip.typed): slip for slip in sorted(slips, key=lambda slip: -slip.line)}
    return EveningRead(tuple(ordered), tuple(sorted(first.values(), key=lambda slip: (slip.line, slip.slip))))


def added_to(known: Visit, entry: ShopDay) -> ShopDay | None:
    """An entry that goes on with what was logged that day: texts behind the texts there, the first arrival, the last
    leaving. None where it says something else: made and missed, another reason, another way.
    """
    if known.miss_reason != entry.missed or entry.method not in (None, known.method):
        return None
    arrivals = [clock for clock in (known.arrived, entry.arrived) if clock]
    leavings = [clock for clock in (known.left, entry.left) if clock]
    return replace(
        entry,
        arrived=min(arrivals, default=None),
        left=max(leavings, default=None),
        anomaly=_behind(known.anomaly, entry.anomaly),
        opinion=_behind(known.opinion, entry.opinion),
        effect=_behind(known.effect, entry.effect),
    )


def _behind(there: str | None, more: str | None) -> str | None:
    """Both texts, or the longer where it holds the other: a chat is often pasted whole once more."""
    if not there or not more or there in more or more in there:
        return max(there or "", more or "", key=len) or None
    return _joined([there, more])


def _wrong_sheets(text: EveningText, known: DayKnown) -> Iterator[SlipOfLine]:
    for line, code in text.sheets:
        day = known.sheets.get(code)
        if day is None:
            yield SlipOfLine(line, Slip.WRONG_CODE, code, near_codes(code, known.sheets)[:_NEAR_SHOWN])
        elif day != known.day:
            yield SlipOfLine(line, Slip.OTHER_SHEET, code, (day.isoformat(),))


def _shop_of(said: ShopLine, known: DayKnown) -> Customer | SlipOfLine:
    """Whose line it is. A code counts on the sheet of the day only, so that yesterday's paper is noticed."""
    if said.extra:
        return _named(said, known)
    found = known.codes.get(said.shop)
    if found is None and said.shop in known.names:
        return _written_out(said, known)
    if found is None:
        near = near_codes(said.shop, known.sheet) or near_codes(said.shop, known.codes)
        return SlipOfLine(said.line, Slip.WRONG_CODE, said.shop, _with_names(near, known))
    if said.shop not in known.sheet:
        return _not_on_sheet(said.line, said.shop, found, known)
    return found


def _written_out(said: ShopLine, known: DayKnown) -> Customer | SlipOfLine:
    """A shop whose name or office code stands in front: one of the sheet's, where there is one."""
    found = {code: one for code, one in known.codes.items() if said.shop in (_folded(one.name), _folded(one.code))}
    listed = {code: one for code, one in found.items() if code in known.sheet} or found
    if len(listed) > 1:
        return SlipOfLine(said.line, Slip.SEVERAL_SHOPS, said.shop, _with_names(listed, known))
    code, customer = next(iter(listed.items()))
    return customer if code in known.sheet else _not_on_sheet(said.line, code, customer, known)


def _not_on_sheet(line: int, code: str, customer: Customer, known: DayKnown) -> SlipOfLine:
    """With the day whose sheet it stands on: after midnight and on Monday that is mostly what was meant."""
    day = known.other_days.get(customer.id)
    return SlipOfLine(line, Slip.NOT_ON_SHEET, code, (customer.name, *([day.isoformat()] if day else [])))


def _with_names(codes: Iterable[str], known: DayKnown) -> tuple[str, ...]:
    return tuple(f"{code} {known.codes[code].name}" for code in tuple(codes)[:_NEAR_SHOWN])


def _named(said: ShopLine, known: DayKnown) -> Customer | SlipOfLine:
    """+ and a code of the office, a short code, or a part of a name."""
    word = said.shop
    exact = [one for code, one in known.codes.items() if word in (one.code, one.name) or word.upper() == code]
    found = exact or [one for one in known.codes.values() if word.casefold() in one.name.casefold()]
    if len(found) == 1:
        return found[0]
    slip = Slip.SEVERAL_SHOPS if found else Slip.UNKNOWN_SHOP
    return SlipOfLine(said.line, slip, word, tuple(f"{one.code} {one.name}" for one in found[:_NEAR_SHOWN]))


def _together(
    lines: list[tuple[ShopLine, Customer]], known: DayKnown, slips: list[SlipOfLine]
) -> ShopDay | None:
    """All lines of one shop as one entry; None, with the slips noted, where they do not fit together."""
    first, customer = lines[0]
    pieces = [(said, piece) for said, _one in lines for piece in said.pieces]
    mine = known.items.get(customer.id, {})
    asked = known.verify.get(customer.id, ())
    in_detail = (*_task_slips(pieces, customer, known), *_item_slips(pieces, mine), *_check_slips(pieces, asked))
    found = [*in_detail, *_visit_slips(first, pieces)]
    slips += found
    if found:
        return None
    misses = [piece for _said, piece in pieces if piece.mark is Mark.MISSED]
    said = {mark: _joined(piece.text for _said, piece in pieces if piece.mark is mark) for mark in Mark}
    return ShopDay(
        line=first.line,
        customer=customer,
        extra=customer.id not in {known.codes[code].id for code in known.sheet},
        done=_tasks_done(pieces, customer, known),
        items=tuple(text for text in _texts(pieces, Mark.ITEM) if _number_of(text, mine) is None),
        finished=_unique(n for text in _texts(pieces, Mark.ITEM) if (n := _number_of(text, mine)) is not None),
        promises=_texts(pieces, Mark.PROMISE),
        missed=MissReason(misses[0].code) if misses else None,
        method=next((VisitMethod(p.code) for _said, p in pieces if p.mark is Mark.METHOD), None),
        arrived=_clock(pieces, Mark.ARRIVED),
        left=_clock(pieces, Mark.LEFT),
        anomaly=said[Mark.ANOMALY] or None,
        opinion=said[Mark.OPINION] or None,
        effect=_joined([said[Mark.MISSED], said[Mark.EFFECT]]) or None,
        verified=_checked(pieces, asked),
        missed_yet_said=_is_missed_yet_said(lines),
    )


def _is_missed_yet_said(lines: list[tuple[ShopLine, Customer]]) -> bool:
    """Does a line say a bare reason, without ✗, and more behind it?"""
    marks = [{(piece.mark, bool(piece.text)) for piece in said.pieces} for said, _one in lines]
    return any({(Mark.MISSED, False), (Mark.EFFECT, True)} <= found for found in marks)


Pieces = list[tuple[ShopLine, Piece]]


def _texts(pieces: Pieces, mark: Mark) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.text for _said, piece in pieces if piece.mark is mark))


def _number_of(text: str, mine: Mapping[int, str]) -> int | None:
    """The number of the item meant: ●43, or ●43 and its own words as they stand on the sheet."""
    number, _space, rest = text.partition(" ")
    if not (number.isascii() and number.isdigit()) or (rest and mine.get(int(number)) != rest.strip()):
        return None
    return int(number)


def _item_slips(pieces: Pieces, mine: Mapping[int, str]) -> Iterator[SlipOfLine]:
    for said, piece in pieces:
        number = _number_of(piece.text, mine) if piece.mark is Mark.ITEM else None
        digits = piece.text.partition(" ")[0]
        if piece.mark is Mark.ITEM and not piece.text:
            yield SlipOfLine(said.line, Slip.NO_WORDS, f"{said.shop} {piece.code}")
        elif (number is not None and number not in mine) or _is_sum(piece, number):
            yield SlipOfLine(said.line, Slip.NO_SUCH_ITEM, f"{said.shop} ●{digits}", tuple(f"●{n}" for n in mine))


def _is_sum(piece: Piece, number: int | None) -> bool:
    """+1 促销: an item by a plus and a number that is none of the shop's."""
    digits = piece.text.partition(" ")[0]
    return piece.mark is Mark.ITEM and number is None and piece.code == "+" and digits.isascii() and digits.isdigit()


def _clock(pieces: Pieces, mark: Mark) -> str | None:
    """The first arrival, the last leaving."""
    clocks = sorted(piece.code for _said, piece in pieces if piece.mark is mark)
    return (clocks[0] if mark is Mark.ARRIVED else clocks[-1]) if clocks else None


def _joined(texts: Iterable[str]) -> str:
    """Several messages as one text, the same twice once."""
    kept = list(dict.fromkeys(text for text in texts if text))
    return ("; " if all(text.isascii() for text in kept) else "；").join(kept)


def _tasks_done(pieces: Pieces, customer: Customer, known: DayKnown) -> tuple[int, ...]:
    """The digits marked: those typed, all unfinished ones, or the only one."""
    marks = [piece.code for _said, piece in pieces if piece.mark is Mark.DONE]
    every = known.all_tasks.get(customer.id, ())
    typed = [number for code in marks if code not in ("", "all") for number in _numbers(code, every)]
    waiting = known.open_tasks.get(customer.id, ())
    return tuple(dict.fromkeys([*typed, *waiting])) if "all" in marks or (marks and not typed) else _unique(typed)


def _numbers(code: str, every: Collection[int]) -> Iterator[int]:
    """★12 is task twelve where there is one, else tasks one and two; ★1,2 says it plainly."""
    for part in code.split(","):
        yield from [int(part)] if int(part) in every else map(int, part)


def _unique(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))


def _task_slips(pieces: Pieces, customer: Customer, known: DayKnown) -> Iterator[SlipOfLine]:
    marks = [(said, piece.code) for said, piece in pieces if piece.mark is Mark.DONE]
    digits = [code for _said, code in marks]
    every, waiting = known.all_tasks.get(customer.id, ()), known.open_tasks.get(customer.id, ())
    for said, code in marks:
        if code == "?":
            yield SlipOfLine(said.line, Slip.DONE_OR_NOT, f"{said.shop} ★")
        elif not known.approved:
            yield SlipOfLine(said.line, Slip.NOT_APPROVED, f"{said.shop} ★")
        elif not code and not any(digits) and len(waiting) > 1:
            yield SlipOfLine(said.line, Slip.WHICH_TASK, f"{said.shop} ★", tuple(map(str, waiting)))
        elif not waiting and code in ("", "all") and not every:
            yield SlipOfLine(said.line, Slip.NO_SUCH_TASK, f"{said.shop} ★")
        elif code not in ("", "all"):
            for number in _numbers(code, every):
                if number not in every:
                    yield SlipOfLine(said.line, Slip.NO_SUCH_TASK, f"{said.shop}-{number}", tuple(map(str, every)))


def _check_slips(pieces: Pieces, asked: tuple[str, ...]) -> Iterator[SlipOfLine]:
    """What a sheet does not ask cannot be answered by number; two answers for one field are none."""
    values: dict[str, str] = {}
    for said, piece in pieces:
        if piece.mark is not Mark.VERIFIED:
            continue
        numbers = [piece.code] if piece.code else [str(number) for number in range(1, len(asked) + 1)]
        if not asked or any(not number.isdigit() or int(number) > len(asked) for number in numbers):
            typed = f"{said.shop} 核{piece.code.strip('?')}{piece.text if piece.code == '?' else ''}"
            yield SlipOfLine(said.line, Slip.NOT_ASKED, typed, asked)
        elif piece.text and values.setdefault(piece.code, piece.text) != piece.text:
            yield SlipOfLine(said.line, Slip.NO_VALUE, f"{said.shop} 核{piece.code}", (values[piece.code], piece.text))


def _checked(pieces: Pieces, asked: tuple[str, ...]) -> tuple[tuple[str, str | None], ...]:
    """The fields made sure of, each with its new value."""
    found: dict[str, str | None] = {}
    for piece in (piece for _said, piece in pieces if piece.mark is Mark.VERIFIED):
        for number in [int(piece.code)] if piece.code else range(1, len(asked) + 1):
            name = asked[number - 1]
            found[name] = piece.text or found.get(name)
    return tuple(found.items())


def _visit_slips(first: ShopLine, pieces: Pieces) -> Iterator[SlipOfLine]:
    misses = [(said, piece) for said, piece in pieces if piece.mark is Mark.MISSED]
    made = [said for said, piece in pieces if piece.mark in _OF_A_VISIT or _is_another_word(said, piece, misses)]
    surely_made = any(piece.mark in _OF_A_VISIT and piece.mark is not Mark.METHOD for _said, piece in pieces)
    for said, piece in pieces:
        if piece.mark is Mark.WHETHER and not misses and not surely_made:
            yield SlipOfLine(said.line, Slip.WHETHER, said.shop, (piece.text,))
    if misses and made:
        yield SlipOfLine(made[-1].line, Slip.MADE_AND_MISSED, first.shop)
    if misses and not misses[0][1].code:
        yield SlipOfLine(misses[0][0].line, Slip.NO_REASON, f"{first.shop} ✗", tuple(MissReason))
    clocks = [(said, piece.code) for said, piece in pieces if piece.mark in (Mark.ARRIVED, Mark.LEFT)]
    wrong = [(said, code) for said, code in clocks if not _TIME.fullmatch(code)]
    for said, code in wrong:
        yield SlipOfLine(said.line, Slip.NO_TIME, f"{said.shop} {code}")
    arrived, left = _clock(pieces, Mark.ARRIVED), _clock(pieces, Mark.LEFT)
    if not wrong and arrived and left and left < arrived:
        yield SlipOfLine(first.line, Slip.LEFT_FIRST, f"{first.shop} {arrived}-{left}")
    for mark in (Mark.EFFECT, Mark.ANOMALY, Mark.OPINION, Mark.ITEM, Mark.PROMISE):
        limit = LONGEST_ITEM if mark in (Mark.ITEM, Mark.PROMISE) else LONGEST_TEXT
        if len(_joined(piece.text for _said, piece in pieces if piece.mark is mark)) > limit:
            yield SlipOfLine(first.line, Slip.TOO_LONG, first.shop, (str(limit),))


def _is_another_word(said: ShopLine, piece: Piece, misses: Pieces) -> bool:
    """Text on a line that names the shop once more and says nothing of a missed visit."""
    another = piece.mark is Mark.EFFECT and not said.goes_on
    return another and bool(misses) and all(missing is not said for missing, _piece in misses)


_OF_A_VISIT = (Mark.DONE, Mark.ITEM, Mark.METHOD, Mark.ARRIVED, Mark.LEFT)
