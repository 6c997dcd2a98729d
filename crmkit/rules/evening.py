"""What the evening's lines mean: whose shop each is, what was done there, and which line cannot be kept (step 11)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.evening import LONGEST_ITEM, EveningText, Mark, Piece, ShopDay, ShopLine, Slip, SlipOfLine
from crmkit.model.visit import LONGEST_TEXT, MissReason
from crmkit.rules.codes import near_codes

_NEAR_SHOWN = 5


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
    approved: bool = True  # the month record is exactly approved: step 12 is open

    def is_shop(self, word: str) -> bool:
        """Is this a code of the manager's, or one slip away from one on the sheet?"""
        return word in self.codes or bool(near_codes(word, self.sheet))


@dataclass(frozen=True, slots=True)
class EveningRead:
    """Shops in the order of the sheet, those not on it behind; and the lines that cannot be kept."""

    shops: tuple[ShopDay, ...]
    slips: tuple[SlipOfLine, ...]


def read_day(text: EveningText, known: DayKnown) -> EveningRead:
    """Bring the lines together, one shop one entry, and name every line that cannot be kept."""
    slips = list(_wrong_sheets(text, known))
    if slips:  # nothing of another day's paper fits this one
        return EveningRead((), tuple(slips))
    slips += [SlipOfLine(line, Slip.NO_SHOP, words) for line, words in text.lost]
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
    if found is None:
        near = near_codes(said.shop, known.sheet) or near_codes(said.shop, known.codes)
        return SlipOfLine(said.line, Slip.WRONG_CODE, said.shop, _with_names(near, known))
    if said.shop not in known.sheet:
        return SlipOfLine(said.line, Slip.NOT_ON_SHEET, said.shop, (found.name,))
    return found


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
    found = [*_task_slips(pieces, customer, known), *_visit_slips(first, pieces)]
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
        items=_texts(pieces, Mark.ITEM),
        promises=_texts(pieces, Mark.PROMISE),
        missed=MissReason(misses[0].code) if misses else None,
        method=next((VisitMethod(p.code) for _said, p in pieces if p.mark is Mark.METHOD), None),
        arrived=_clock(pieces, Mark.ARRIVED),
        left=_clock(pieces, Mark.LEFT),
        anomaly=said[Mark.ANOMALY] or None,
        opinion=said[Mark.OPINION] or None,
        effect=_joined([said[Mark.MISSED], said[Mark.EFFECT]]) or None,
    )


Pieces = list[tuple[ShopLine, Piece]]


def _texts(pieces: Pieces, mark: Mark) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.text for _said, piece in pieces if piece.mark is mark))


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
        if not known.approved:
            yield SlipOfLine(said.line, Slip.NOT_APPROVED, f"{said.shop} ★")
        elif not code and not any(digits) and len(waiting) > 1:
            yield SlipOfLine(said.line, Slip.WHICH_TASK, f"{said.shop} ★", tuple(map(str, waiting)))
        elif not waiting and code in ("", "all") and not every:
            yield SlipOfLine(said.line, Slip.NO_SUCH_TASK, f"{said.shop} ★")
        elif code not in ("", "all"):
            for number in _numbers(code, every):
                if number not in every:
                    yield SlipOfLine(said.line, Slip.NO_SUCH_TASK, f"{said.shop}-{number}", tuple(map(str, every)))


def _visit_slips(first: ShopLine, pieces: Pieces) -> Iterator[SlipOfLine]:
    misses = [(said, piece) for said, piece in pieces if piece.mark is Mark.MISSED]
    made = [said for said, piece in pieces if piece.mark in _OF_A_VISIT]
    if misses and made:
        yield SlipOfLine(made[-1].line, Slip.MADE_AND_MISSED, first.shop)
    if misses and not misses[0][1].code:
        yield SlipOfLine(misses[0][0].line, Slip.NO_REASON, f"{first.shop} ✗", tuple(MissReason))
    arrived, left = _clock(pieces, Mark.ARRIVED), _clock(pieces, Mark.LEFT)
    if arrived and left and left < arrived:
        yield SlipOfLine(first.line, Slip.LEFT_FIRST, f"{first.shop} {arrived}-{left}")
    for mark in (Mark.EFFECT, Mark.ANOMALY, Mark.OPINION, Mark.ITEM, Mark.PROMISE):
        limit = LONGEST_ITEM if mark in (Mark.ITEM, Mark.PROMISE) else LONGEST_TEXT
        if len(_joined(piece.text for _said, piece in pieces if piece.mark is mark)) > limit:
            yield SlipOfLine(first.line, Slip.TOO_LONG, first.shop, (str(limit),))


_OF_A_VISIT = (Mark.DONE, Mark.ITEM, Mark.METHOD, Mark.ARRIVED, Mark.LEFT)
