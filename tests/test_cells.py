"""Cells: exact values or reasons (bad-input.md C5). Numbers in the tests are those of bad-input.md."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.customer import BusinessType, CustomerState
from crmkit.model.importing import Reason
from crmkit.sources import cells, cellwords

AMOUNTS_117_119 = {
    "1,234.50": 123450,
    "１，２３４．５０": 123450,
    "¥1234.5": 123450,
    "￥1234.5": 123450,
    "1234.5元": 123450,
    "1.2万": 1200000,
    "(12.00)": -1200,
    "（12.00）": -1200,
    "-12": -1200,
    "−12": -1200,
    "-0": 0,
    "-0.00": 0,
    ".5": 50,
    "12,3456.00": 12345600,
    "1000000000000000": Reason.TOO_LARGE,
    str(2**63): Reason.TOO_LARGE,
    "9" * 60: Reason.TOO_LARGE,
    "1,23": Reason.BAD_NUMBER,
    "12.": Reason.BAD_NUMBER,
    "--5": Reason.BAD_NUMBER,
    "1e5": Reason.BAD_NUMBER,
    "十二": Reason.BAD_NUMBER,
    "#N/A": Reason.ERROR_CELL,
    "": None,
    "  ": None,
}


@pytest.mark.parametrize(("text", "minor"), AMOUNTS_117_119.items())
def test_117_119_amounts(text: str, minor: object) -> None:
    assert cells.amount_of()(text) == minor


@pytest.mark.parametrize(
    ("text", "minor"), {"0.005": 1, "-0.005": -1, "19.999999999": 2000, "0.30000000000000004": 30}.items()
)
def test_95_amounts_are_rounded_half_up_to_the_minor_unit(text: str, minor: int) -> None:
    assert cells.amount_of()(text) == minor


def test_39_the_unit_of_the_header_multiplies() -> None:
    assert cells.amount_of(10_000)("1.25") == 1_250_000


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_any_amount_is_exact_however_it_is_written(value: Decimal) -> None:
    minor = int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))
    plain = f"{value:f}"
    wide = plain.translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
    bracketed = f"({plain[1:]})" if plain.startswith("-") else plain
    for text in (plain, f" {plain} ", wide, bracketed, f"{value:,f}", f"{plain}元"):
        assert cells.amount_of()(text) == minor


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text: str) -> None:
    readers = [cells.code, cells.phone, cells.volume, cells.tar, cells.amount_of(), cells.day_of(), cells.day_of("mdy")]
    readers += [cells.text_of(20), cells.degrees_of(90), cells.whole_of(30), cellwords.grade, cellwords.weekday]
    readers += [cellwords.weekdays, cellwords.yes_or_no, cellwords.word_of(cellwords.STATES)]
    for read in readers:
        value = read(text)
        assert value is None or isinstance(value, Reason | str | int)
        assert text.strip() or value is None


def test_volumes_are_whole_thousandths() -> None:
    assert cells.volume("10") == 10_000
    assert cells.volume("0.125") == 125
    assert cells.volume("0.0001") is Reason.TOO_FINE
    assert cells.volume("-2") == -2000


@pytest.mark.parametrize("text", ["2/3/2026", "26-2-3", "03-04-26"])
def test_113_a_date_with_two_readings_is_refused(text: str) -> None:
    assert cells.day_of()(text) is Reason.AMBIGUOUS_DATE


@pytest.mark.parametrize(
    "text", ["2026.2", "二月三日", "昨天", "2026-02-30", "2025-02-29", "2026-13-01", "2026-W09-6", "12345", "99999"]
)
def test_113_what_is_no_date_is_refused(text: str) -> None:
    assert cells.day_of()(text) is Reason.BAD_DATE


@pytest.mark.parametrize("text", ["46266", "46266.0", "46266.75", "４６２６６"])
def test_79_113_a_bare_number_is_a_day_only_where_somebody_says_so(text: str) -> None:
    assert cells.day_of()(text) is Reason.SERIAL_DATE
    assert cells.day_of("excel")(text) == cells.day_of(epoch=1900)(text) == "2026-09-01"
    assert cells.day_of("excel-1904")(text) == "2030-09-02"
    assert cells.day_of("excel")("2/3/2026") is Reason.AMBIGUOUS_DATE
    assert cells.day_of("excel")("2026-09-01") == "2026-09-01"


def test_113_a_mapping_names_the_order() -> None:
    assert cells.day_of("mdy")("2/3/2026") == "2026-02-03"
    assert cells.day_of("dmy")("2/3/2026") == "2026-03-02"
    assert cells.day_of("mdy")("11-09-2015") == "2015-11-09"
    assert cells.day_of("mdy")("13/1/2026") is Reason.BAD_DATE
    assert cells.day_of("mdy")("2/3/26") is Reason.AMBIGUOUS_DATE


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_in_every_form(day: date) -> None:
    forms = [day.isoformat(), f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"]
    forms += [f"{day.year}.{day.month}.{day.day}", f"{day} 23:59:59.999", f"{day}T00:00:00", f" {day} "]
    assert {cells.day_of()(form) for form in forms} == {day.isoformat()}


def test_days_outside_the_years_of_the_store_are_refused() -> None:
    assert cells.day_of()("1989-12-31") is Reason.DATE_RANGE
    assert cells.day_of()((date(2100, 12, 31) + timedelta(days=1)).isoformat()) is Reason.DATE_RANGE


PHONES_121 = {
    "138-0013-8000": "13800138000",
    "+86 138 0013 8000": "13800138000",
    "０１３８００１３８０００": "13800138000",
    "0898-66554433": "0898-66554433",
    "1.38E+10": Reason.DIGITS_LOST,
    "1380013800": Reason.BAD_PHONE,
    "13800138000/13900139000": "13800138000;13900139000",
    "13800138000 13900139000": "13800138000;13900139000",
    "13800138000、0898-66554433": "13800138000;0898-66554433",
    "0898-66554433 13800138000": "0898-66554433;13800138000",
    "138 0013 8000或+86 139-0013-9000": "13800138000;13900139000",
    "13800138000\n13900139000": "13800138000;13900139000",
    "13800138000;13800138000；": "13800138000",
    "13800138000/1.38E+10": Reason.BAD_PHONE,
    "13800138000/139001390": Reason.BAD_PHONE,
    "13800138000,13800138001,13800138002,13800138003": Reason.TOO_LONG,
    ";": Reason.BAD_PHONE,
    "": None,
}


@pytest.mark.parametrize(("text", "phone"), PHONES_121.items())
def test_121_phones(text: str, phone: object) -> None:
    assert cells.phone(text) == phone


CODES_13_53_69_109 = {
    "00123": "00123",
    " ｃ００１ ": "C001",
    "'00123": "00123",
    '="00123"': "00123",
    "\ufeff00123": "00123",
    "曾惠-14485": "曾惠-14485",
    "1.23E+18": Reason.DIGITS_LOST,
    'a"b': Reason.BAD_CODE,
    "😀": Reason.BAD_CODE,
    "=1+1": Reason.BAD_CODE,
    "Robert'); DROP TABLE": Reason.BAD_CODE,
    "x" * 41: Reason.TOO_LONG,
    "a\0b": Reason.CONTROL_CHARACTER,
    "#REF!": Reason.ERROR_CELL,
    "": None,
}


@pytest.mark.parametrize(("text", "code"), CODES_13_53_69_109.items())
def test_13_53_69_109_codes(text: str, code: object) -> None:
    assert cells.code(text) == code


@pytest.mark.parametrize("name", ["null", "True", "O'Brien", "Robert'); DROP TABLE", "㈱①Ⅳ々〇", "𠮷䶮", "'quoted"])
def test_71_111_names_are_kept_as_they_are(name: str) -> None:
    assert cells.text_of(200)(name) == name


def test_111_225_names_have_a_limit_and_no_invisible_characters() -> None:
    assert cells.text_of(200)("x" * 201) is Reason.TOO_LONG
    assert cells.text_of(200)("e\u0301\u202e\u200b店\n2") == "é店 2"


def test_words_weekdays_and_grades() -> None:
    assert cellwords.word_of(cellwords.STATES)("歇业") == CustomerState.CLOSED
    assert cellwords.word_of(cellwords.BUSINESSES)("Grocery") == BusinessType.GROCERY
    assert cellwords.word_of(cellwords.STATES)("别的") is Reason.UNKNOWN_WORD
    assert [cellwords.grade(text) for text in ("三十档", "30", "十二", "二十一", "第五档", "１")] == [
        30,
        30,
        12,
        21,
        5,
        1,
    ]
    assert {cellwords.grade(text) for text in ("31", "0", "甲", "三十一")} == {Reason.UNKNOWN_WORD}
    assert [cellwords.weekday(text) for text in ("周一", "星期日", "礼拜天", "7", "Tue", "Sunday")] == [
        1,
        7,
        7,
        7,
        2,
        7,
    ]
    assert cellwords.weekdays("周日、周六") == "67"
    assert cellwords.weekdays("周八") is Reason.UNKNOWN_WORD
    assert (cellwords.yes_or_no("是"), cellwords.yes_or_no("N"), cellwords.yes_or_no("也许")) == (
        1,
        0,
        Reason.UNKNOWN_WORD,
    )
    assert (cellwords.selling("在销"), cellwords.selling("停产")) == (1, 0)


@pytest.mark.parametrize("text", ["三十档", "30档", "第30档", "第三十档", "30", "30.0", "３０ 档", "三十", "30级"])
def test_a_grade_however_it_is_written(text: str) -> None:
    assert cellwords.grade(text) == 30


SYNONYMS_129 = {
    "购物中心": BusinessType.MALL, "连锁超市": BusinessType.SUPERMARKET, "便民店": BusinessType.CONVENIENCE,
    "名烟名酒店": BusinessType.TOBACCO_LIQUOR, "Tobacco Liquor": BusinessType.TOBACCO_LIQUOR,
    "小卖部": BusinessType.GROCERY, "杂货店(N)": BusinessType.GROCERY, "KTV": BusinessType.ENTERTAINMENT,
    "餐饮": BusinessType.ENTERTAINMENT, "其它类": BusinessType.OTHER,
}  # fmt: skip


@pytest.mark.parametrize(("text", "business"), SYNONYMS_129.items())
def test_129_usual_words_for_business_types(text: str, business: BusinessType) -> None:
    assert cellwords.word_of(cellwords.BUSINESSES)(text) == business


def test_no_word_leads_to_two_values() -> None:
    for words in (cellwords.STATES, cellwords.MARKETS, cellwords.BUSINESSES, cellwords.METHODS):
        listed = [name.lower() for names in words.values() for name in names.split()]
        assert len(listed) == len(set(listed))


def test_a_cache_forgets_before_it_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "LIMIT", 10)
    cached = cells.Cached(cells.code)
    assert [cached[str(number)] for number in range(100)] == [str(number) for number in range(100)]
    assert len(cached) <= 10
