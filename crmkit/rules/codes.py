"""The short code of a customer on a daily sheet: three characters one can read out, write and type.

The last character is a check: every single wrong character and every swap of two characters is
noticed, because the alphabet has a prime number of characters and the three weights differ (our
default; the scheme of ISBN-10).
"""

import unicodedata
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

# 29 characters, a prime; left out: 0 O, 1 I L, and U Q, which handwriting turns into V and O
ALPHABET = "23456789ABCDEFGHJKMNPRSTVWXYZ"
SIZE = len(ALPHABET)
LETTERS = ALPHABET[8:]  # a code starts with a letter: never taken for a customer code or a number
WEIGHTS = (1, 2, 3)
CAPACITY = len(LETTERS) * SIZE
_STRIDE = 7919  # no divisor of it divides the number of sheet codes: days step through all of them

_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def is_code(text: str) -> bool:
    """Is this a short code, as printed (upper case), with the right check character?"""
    if len(text) != len(WEIGHTS) or any(character not in _VALUE for character in text):
        return False
    total = sum(weight * _VALUE[character] for weight, character in zip(WEIGHTS, text, strict=True))
    return total % SIZE == 0 and text[0] in LETTERS


def nth_code(number: int) -> str:
    """The code with this number, 0 to CAPACITY - 1; all differ. Raises ValueError outside."""
    if not 0 <= number < CAPACITY:
        raise ValueError("no such code", number)
    first, second = LETTERS[number // SIZE], ALPHABET[number % SIZE]
    weighed = WEIGHTS[0] * _VALUE[first] + WEIGHTS[1] * _VALUE[second]
    return first + second + ALPHABET[-weighed * pow(WEIGHTS[2], -1, SIZE) % SIZE]


def short_codes(customers: Iterable[str]) -> dict[str, str]:
    """A short code for each customer code: all different, whatever the order they come in.

    Each starts from its own digest and takes the next free code, the customers in the order of their codes.
    Give it the whole portfolio of a manager and a customer keeps the code from day to day. Raises ValueError
    when there are more than CAPACITY (609) customers.
    """
    given = sorted(set(customers))
    if len(given) > CAPACITY:
        raise ValueError("more customers than short codes", len(given), CAPACITY)
    taken: dict[int, str] = {}
    for customer in given:
        number = int.from_bytes(sha256(customer.encode()).digest()[:8]) % CAPACITY
        while number in taken:
            number = (number + 1) % CAPACITY
        taken[number] = customer
    return {customer: nth_code(number) for number, customer in taken.items()}


def read_code(text: str) -> tuple[str, int | None] | None:
    """What a person typed, as (code, number of the task): "k7g-2" is ("K7G", 2), "K7G" is ("K7G", None).

    Full-width characters, lower case and spaces around are forgiven; anything else is None.
    """
    code, dash, number = unicodedata.normalize("NFKC", text).strip().upper().partition("-")
    if not is_code(code) or (dash and not (number.isascii() and number.isdigit())):
        return None
    return code, int(number) if dash else None


def sheet_code(manager: str, day: date) -> str:
    """The code of one day's sheet of one manager: four characters, the last a check as above (weights 1, 2, 4, 3).

    Of one manager no two days within 48 years share one [our default].
    """
    start = int.from_bytes(sha256(manager.encode()).digest()[:8])
    number = (start + _STRIDE * day.toordinal()) % (CAPACITY * SIZE)
    first, rest = LETTERS[number // SIZE**2], number % SIZE**2
    data = first + ALPHABET[rest // SIZE] + ALPHABET[rest % SIZE]
    weighed = sum(weight * _VALUE[character] for weight, character in zip((1, 2, 4), data, strict=True))
    return data + ALPHABET[-weighed * pow(3, -1, SIZE) % SIZE]


def near_codes(typed: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that one slip of the hand away from what was typed: one other character, or two swapped."""
    return tuple(sorted(code for code in codes if _is_one_slip(typed, code)))


def _is_one_slip(typed: str, code: str) -> bool:
    if len(typed) != len(code) or typed == code:
        return False
    wrong = [place for place, (one, other) in enumerate(zip(typed, code, strict=True)) if one != other]
    swapped = len(wrong) == 2 and typed[wrong[0]] == code[wrong[1]] and typed[wrong[1]] == code[wrong[0]]
    return len(wrong) == 1 or swapped
