"""The short codes of the sheet: what one types wrong is noticed."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.rules.codes import ALPHABET, CAPACITY, is_code, nth_code, read_code, short_codes

ALL = tuple(nth_code(number) for number in range(CAPACITY))


def test_all_codes_differ_and_carry_a_right_check() -> None:
    assert len(set(ALL)) == CAPACITY == 609
    assert all(is_code(code) for code in ALL)


def test_no_character_can_be_taken_for_another() -> None:
    assert not set("0O1ILUQ") & set(ALPHABET)
    assert len(ALPHABET) == 29
    assert all(29 % divisor for divisor in range(2, 29))


def test_every_wrong_character_is_noticed() -> None:
    for code in ALL:
        for place in range(3):
            for wrong in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") - {code[place]}:
                assert not is_code(code[:place] + wrong + code[place + 1 :])


def test_every_swap_is_noticed() -> None:
    for code in ALL:
        for one, other in combinations(range(3), 2):
            swapped = list(code)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert "".join(swapped) == code or not is_code("".join(swapped))


@given(st.lists(st.text(min_size=1, max_size=8), max_size=60), st.randoms(use_true_random=False))
def test_codes_are_unique_and_do_not_depend_on_the_order(customers: list[str], random: Random) -> None:
    codes = short_codes(customers)
    assert len(set(codes.values())) == len(set(customers))
    random.shuffle(customers)
    assert short_codes(customers) == codes


def test_a_full_portfolio_still_fits_and_one_more_is_refused() -> None:
    assert len(set(short_codes(f"{n:05d}" for n in range(CAPACITY)).values())) == CAPACITY
    with pytest.raises(ValueError, match="610, 609"):
        short_codes(f"{n:05d}" for n in range(CAPACITY + 1))


def test_the_codes_of_known_customers_never_change() -> None:
    assert short_codes(["00123", "00124", "老王"]) == CODES_OF_RECORD


def test_what_a_person_types_is_read_kindly() -> None:
    code = ALL[100]
    assert read_code(f" {code.lower()}-2 ") == (code, 2)
    assert read_code("".join(chr(ord(c) + 0xFEE0) for c in code)) == (code, None)
    for text in ("", "A", code + "-", code + "-x", code + "2", "-2", "A11"):
        assert read_code(text) is None


CODES_OF_RECORD = {"00123": "T6B", "00124": "VPY", "老王": "SGS"}
