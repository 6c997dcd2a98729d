"""The evening's lines: codes, ★ ✗ ●, text; pasted messages; every slip of the hand noticed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmkit.model.customer import Customer, CustomerState
from crmkit.model.errors import Refusal
from crmkit.model.evening import Mark, Piece, ShopDay, Slip
from crmkit.model.visit import MissReason
from crmkit.model.writing import as_written
from crmkit.rules.codes import ALPHABET, is_code, near_codes, nth_code, sheet_code
from crmkit.rules.evening import DayKnown, EveningRead, read_day
from crmkit.sources.evening import decoded, read_evening

DAY = date(2026, 11, 24)
NAMES = ("张记烟酒", "红星便利店", "老王食杂", "好又多超市", "红星超市")
CODES = tuple(nth_code(number) for number in (7, 60, 130, 333, 501))
SHOPS = tuple(
    Customer(id=n, code=f"10{n}", name=name, manager=1, state=CustomerState.ACTIVE)
    for n, name in enumerate(NAMES, start=1)
)
K, P, M, R, OTHER = CODES


def known(*, approved: bool = True) -> DayKnown:
    """Four shops on the sheet, the fifth is not; the first has tasks 1 (done), 2, 3, the second task 1."""
    return DayKnown(
        day=DAY,
        codes=dict(zip(CODES, SHOPS, strict=True)),
        sheet=(K, P, M, R),
        all_tasks={1: (1, 2, 3, 12), 2: (1,)},
        open_tasks={1: (2, 3), 2: (1,)},
        sheets={sheet_code("001", DAY + timedelta(days=n)): DAY + timedelta(days=n) for n in (-1, 0, 1)},
        approved=approved,
    )


def read(lines: str, *, approved: bool = True) -> EveningRead:
    facts = known(approved=approved)
    return read_day(read_evening(lines, facts), facts)


def shops(lines: str) -> dict[str, ShopDay]:
    found = read(lines)
    assert not found.slips, found.slips
    return {shop.customer.name: shop for shop in found.shops}


def slips(lines: str, *, approved: bool = True) -> list[tuple[int, Slip]]:
    return [(slip.line, slip.slip) for slip in read(lines, approved=approved).slips]


def test_the_line_of_the_manual() -> None:
    found = shops(f"{P} ★ 补货2条; {M} ✗关门; +红星超市 ●送宣传册")
    assert found["红星便利店"].done == (1,)
    assert found["红星便利店"].effect == "补货2条"
    assert found["老王食杂"].missed is MissReason.CLOSED
    assert found["红星超市"].items == ("送宣传册",)
    assert found["红星超市"].extra
    assert not found["红星便利店"].extra


@pytest.mark.parametrize("shape", [str.lower, str.upper, lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code)])
def test_codes_may_be_small_or_full_width(shape: Callable[[str], str]) -> None:
    found = shops(f"{shape(P)}　＊　补货；{shape(M)}　ｘ　老板不在，下午再来\n{shape(K)}－２　★")
    assert found["红星便利店"].done == (1,)
    assert (found["老王食杂"].missed, found["老王食杂"].effect) == (MissReason.OWNER_AWAY, "下午再来")
    assert found["张记烟酒"].done == (2,)


@pytest.mark.parametrize(
    ("typed", "done"),
    [("★2", (2,)), ("★2,3", (2, 3)), ("★23", (2, 3)), ("★全", (2, 3)), ("*all", (2, 3)), ("完成3", (3,)), ("-3", (3,)),
     ("-2,3 ★", (2, 3)), ("-12", (12,)), ("★12", (12,)), ("★13", (1, 3)),
     ("★1 ★2", (1, 2)), ("√2", (2,)), ("done 3", (3,))],
)  # fmt: skip
def test_stars_name_their_tasks(typed: str, done: tuple[int, ...]) -> None:
    joint = "" if typed.startswith("-") else " "
    assert shops(f"{K}{joint}{typed} 好")["张记烟酒"].done == done
    assert shops(f"{K}{joint}{typed} 好")["张记烟酒"].effect == "好"


@pytest.mark.parametrize(
    ("typed", "reason", "note"),
    [("✗关门", "closed", None), ("关门", "closed", None), ("x 店主不在", "owner_away", None),
     ("× 天气 大雨", "weather", "大雨"), ("✗ 老板住院", "other", "老板住院"), ("X closed", "closed", None),
     ("不在 下午再来", "owner_away", "下午再来"),
     ("❌开会", "meeting", None), ("拒访", "refused", None), ("x away back at 3", "owner_away", "back at 3")],
)  # fmt: skip
def test_a_missed_visit_has_its_reason(typed: str, reason: str, note: str | None) -> None:
    found = shops(f"{M} {typed}")["老王食杂"]
    assert (found.missed, found.effect) == (MissReason(reason), note)


def test_text_is_told_apart_and_kept_as_typed() -> None:
    found = shops(f"{K} 陈列好了，２条 异：隔壁低价3×5条；卖烟 意: 要小规格 诺：周五带海报")["张记烟酒"]
    assert found.effect == "陈列好了，２条"
    assert found.anomaly == "隔壁低价3×5条；卖烟"
    assert found.opinion == "要小规格"
    assert found.promises == ("周五带海报",)


@pytest.mark.parametrize(
    "text", ["关门前补货2条", "3*5条", "买1+1", "6x4", "老板说下午 3:30 再来", "xx牌好卖", "天气好"]
)
def test_marks_inside_words_are_text(text: str) -> None:
    assert shops(f"{K} 说：{text}")["张记烟酒"] == ShopDay(1, SHOPS[0], effect=f"说：{text}")


def test_ways_and_clocks() -> None:
    found = shops(f"{K} 电话 9:05-9:20 问库存\n{P} 到9:30 离10:00")
    assert (found["张记烟酒"].method, found["张记烟酒"].arrived, found["张记烟酒"].left) == ("phone", "09:05", "09:20")
    assert (found["红星便利店"].arrived, found["红星便利店"].left) == ("09:30", "10:00")
    assert slips(f"{K} 10:00-9:00") == [(1, Slip.LEFT_FIRST)]
    told = shops(f"{K} phone two cartons asked for")["张记烟酒"]
    assert (told.method, told.effect) == ("phone", "two cartons asked for")


def test_pasted_messages_are_joined_and_their_senders_left_out() -> None:
    pasted = f"""—————  2026-11-24  —————

李岚 2026/11/24 09:12
{K} ★2 补货
李岚 2026/11/24 09:15
老板说下午 3:30 再来
[图片]
李岚 11月24日 上午10:02
李岚: {P} ★ 好
李岚 昨天 18:22
{K} 还要宣传册
下午 6:05"""
    found = shops(pasted)
    assert found["张记烟酒"].effect == "补货；老板说下午 3:30 再来；还要宣传册"
    assert found["红星便利店"].effect == "好"
    assert [line for line, _text in read_evening(pasted, known()).skipped] == [1, 3, 5, 7, 8, 10, 12]


def test_a_sender_without_a_date_is_known_by_standing_twice_or_before_a_shop() -> None:
    assert shops(f"小李 18:02\n{K} 好\n小李 18:03\n再来")["张记烟酒"].effect == "好；再来"
    assert shops(f"小李 18:02\n{K} 好")["张记烟酒"].effect == "好"
    assert shops(f"{K} 好\n约了 18:02")["张记烟酒"].effect == "好；约了 18:02"


def test_order_is_that_of_the_sheet_whatever_the_order_typed() -> None:
    found = read(f"+红星超市 好\n{R} 好\n{K} 好\n{M} 关门")
    assert [shop.customer.name for shop in found.shops] == ["张记烟酒", "老王食杂", "好又多超市", "红星超市"]


@pytest.mark.parametrize(
    ("lines", "slip"),
    [("没有编码的一行", Slip.NO_SHOP), (f"{OTHER} 好", Slip.NOT_ON_SHEET), ("+没有这家 好", Slip.UNKNOWN_SHOP),
     ("+红星 好", Slip.SEVERAL_SHOPS), (f"{K} ★", Slip.WHICH_TASK), (f"{K} ★7", Slip.NO_SUCH_TASK),
     (f"{M} ★", Slip.NO_SUCH_TASK), (f"{M} ✗", Slip.NO_REASON), (f"{P} ★ ✗关门", Slip.MADE_AND_MISSED),
     (f"{M} {'长' * 2001}", Slip.TOO_LONG), (f"{M} ●{'长' * 401}", Slip.TOO_LONG), ("#ZZZZ", Slip.WRONG_CODE)],
)  # fmt: skip
def test_what_cannot_be_kept_is_named_with_its_line(lines: str, slip: Slip) -> None:
    assert slips("\n" + lines) == [(2, slip)]


def test_yesterdays_paper_is_refused_whole() -> None:
    yesterday = sheet_code("001", DAY - timedelta(days=1))
    assert slips(f"#{yesterday}\n{K} 好") == [(1, Slip.OTHER_SHEET)]
    assert not slips(f"表号 ＃{sheet_code('001', DAY).lower()}\n{K} 好")


def test_marks_wait_for_the_approval_and_text_does_not() -> None:
    assert slips(f"{P} ★ 好", approved=False) == [(1, Slip.NOT_APPROVED)]
    assert not slips(f"{P} 好", approved=False)


def test_one_wrong_line_names_only_itself() -> None:
    assert slips(f"{K} 好\n{P[:2]}{'A' if P[2] != 'A' else 'B'} 好\n{M} 好") == [(2, Slip.WRONG_CODE)]


@given(some.sampled_from((K, P, M, R)), some.integers(0, 2), some.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_every_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    typed = code[:place] + other + code[place + 1 :]
    found = read(f"{typed} 补货2条")
    if typed == code:
        assert not found.slips
    else:
        assert [slip.slip for slip in found.slips] == [Slip.WRONG_CODE]
        assert any(near.startswith(code) for near in found.slips[0].near)
    small = read(f"{K} 好\n{typed.lower()} 补货2条")
    assert bool(small.slips) == (typed != code)


@given(some.sampled_from((K, P, M, R)), some.integers(0, 1))
def test_every_swap_of_neighbours_is_noticed(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert bool(read(f"{typed} 好").slips) == (typed != code)
    assert typed == code or not is_code(typed)


@given(some.dates(date(2026, 1, 1), date(2030, 1, 1)), some.integers(0, 3), some.sampled_from(ALPHABET))
def test_the_code_of_a_sheet_has_a_check_too(day: date, place: int, other: str) -> None:
    code = sheet_code("001", day)
    typed = code[:place] + other + code[place + 1 :]
    around = [sheet_code("001", day + timedelta(days=n)) for n in range(-62, 63)]
    assert typed == code or typed not in around
    assert near_codes(typed, [code]) == (() if typed == code else (code,))
    assert len(set(around)) == len(around)


CLEAN = some.text("补货陈列价签老板好了条送货ab", min_size=1, max_size=12)


@some.composite
def entries(draw: some.DrawFn) -> tuple[str, ShopDay]:
    """A shop as a person writes it, and what it must be read as."""
    place = draw(some.integers(0, 3))
    shop, code = SHOPS[place], CODES[place]
    if draw(some.booleans()):
        reason = draw(some.sampled_from(list(MissReason)))
        return f"{code} ✗{reason.value}", ShopDay(1, shop, missed=reason)
    tasks = known().all_tasks.get(shop.id, ())
    done = tuple(draw(some.lists(some.sampled_from(tasks), unique=True))) if tasks else ()
    effect, anomaly, opinion = (draw(some.none() | CLEAN) for _part in range(3))
    items = tuple(draw(some.lists(CLEAN, max_size=2, unique=True)))
    words = [code, *(["★" + ",".join(map(str, done))] if done else []), *([f"效：{effect}"] if effect else [])]
    words += [f"异:{anomaly}"] if anomaly else []
    words += [f"意：{opinion}"] if opinion else []
    words += [f"●{item}" for item in items]
    return " ".join(words), ShopDay(1, shop, False, done, items, effect=effect, anomaly=anomaly, opinion=opinion)


@given(some.lists(entries(), min_size=1, max_size=4, unique_by=lambda entry: entry[1].customer.id), some.booleans())
def test_what_is_written_is_what_is_read(written: list[tuple[str, ShopDay]], one_line: bool) -> None:
    found = read(("；" if one_line else "\n").join(line for line, _entry in written))
    assert not found.slips
    got = {shop.customer.id: shop for shop in found.shops}
    for _line, entry in written:
        shop = got[entry.customer.id]
        assert (shop.done, shop.items, shop.missed) == (entry.done, entry.items, entry.missed)
        assert (shop.effect, shop.anomaly, shop.opinion) == (entry.effect, entry.anomaly, entry.opinion)


@given(some.text(max_size=200))
def test_any_text_is_read_without_a_crash_and_no_line_is_lost_without_a_word(text: str) -> None:
    facts = known()
    found = read_evening(text, facts)
    told = {shop.line for shop in found.shops} | {line for line, _words in (*found.lost, *found.skipped, *found.sheets)}
    assert told == {number for number, line in enumerate(text.splitlines(), start=1) if as_written(line)}
    read_day(found, facts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_in_the_encodings_of_an_office(encoding: str) -> None:
    assert decoded("K7M 补货".encode(encoding), "day.txt") == "K7M 补货"


@pytest.mark.parametrize("raw", [b"\0\1\2\xff", b"a" * 1_000_001])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(Refusal):
        decoded(raw, "day.txt")


def test_a_piece_of_text_stands_behind_the_item() -> None:
    line = read_evening(f"{K} ●送册子 效:好", known()).shops[0]
    assert line.pieces == (Piece(Mark.ITEM, "送册子"), Piece(Mark.EFFECT, "好"))
