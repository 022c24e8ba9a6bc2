"""Invented personal numbers with valid structure and check digits, and how people write them.

Nothing here looks up or resembles a known person; every value comes from the given random
source. How a number is embedded in a sentence does not belong here.
"""

from datetime import date
from random import Random
from typing import Final

REGIONS: Final = (
    "3171", "3173", "3174", "3175", "3273", "3276", "3578", "3374", "1271", "1671", "7371",
    "3404", "3471", "6471", "5171", "3201", "3216", "3603", "3671", "3515",
)  # fmt: skip
CARD_PREFIXES: Final = ("400000", "411111", "424242", "510510", "520082", "555555")
PHONE_PREFIXES: Final = ("811", "812", "813", "821", "852", "855", "857", "878", "896", "899")
DIGITS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


def luhn_digit(body: str) -> str:
    """Return the digit that makes `body` plus it pass the Luhn check."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = int(character) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def digits(rng: Random, count: int) -> str:
    """Return `count` random digits."""
    return f"{rng.randrange(10**count):0{count}d}"


def _not_luhn(rng: Random, head: str) -> str:
    # A 16-digit identity number that is also a card number would have two right answers.
    while True:
        value = head + f"{rng.randrange(1, 9999):04d}"
        if luhn_digit(value[:-1]) != value[-1]:
            return value


def nik(rng: Random, birth: date, female: bool) -> str:
    """Return a 16-digit identity number: region, birth date (day + 40 for women), serial."""
    place = rng.choice(REGIONS) + f"{rng.randrange(1, 20):02d}"
    day = birth.day + (40 if female else 0)
    return _not_luhn(rng, f"{place}{day:02d}{birth:%m%y}")


def kk(rng: Random) -> str:
    """Return a 16-digit family card number: region, issue date, serial."""
    place = rng.choice(REGIONS) + f"{rng.randrange(1, 20):02d}"
    issued = f"{rng.randrange(1, 29):02d}{rng.randrange(1, 13):02d}{rng.randrange(5, 25):02d}"
    return _not_luhn(rng, place + issued)


def npwp(rng: Random) -> str:
    """Return a 15-digit tax number with its check digit."""
    body = f"{rng.randrange(1, 99):02d}{digits(rng, 6)}"
    return body + luhn_digit(body) + f"{rng.randrange(1, 999):03d}" + "000"


def card(rng: Random) -> str:
    """Return a 16-digit card number that passes the Luhn check, on a test prefix."""
    body = rng.choice(CARD_PREFIXES) + digits(rng, 9)
    return body + luhn_digit(body)


def phone(rng: Random) -> str:
    """Return the national number without leading zero, such as `81234567890`."""
    return rng.choice(PHONE_PREFIXES) + str(rng.randrange(2, 10)) + digits(rng, 7)


def account(rng: Random) -> str:
    """Return a bank account number of 10 to 13 digits."""
    return str(rng.randrange(1, 10)) + digits(rng, rng.choice((9, 9, 11, 12)))


def _groups(value: str, size: int, separator: str) -> str:
    return separator.join(value[at : at + size] for at in range(0, len(value), size))


def phone_forms(national: str) -> tuple[str, ...]:
    """Return the written forms of a mobile number, most usual first."""
    local = "0" + national
    return (
        local,
        f"{local[:4]}-{local[4:8]}-{local[8:]}",
        f"{local[:4]} {local[4:8]} {local[8:]}",
        f"+62{national}",
        f"+62 {national[:3]}-{national[3:7]}-{national[7:]}",
        f"62{national}",
        f"+62 {national[:3]} {national[3:7]} {national[7:]}",
    )


def card_forms(number: str) -> tuple[str, ...]:
    """Return the written forms of a card number."""
    return (_groups(number, 4, " "), number, _groups(number, 4, "-"))


def npwp_forms(number: str) -> tuple[str, ...]:
    """Return the 15-digit forms, punctuated and plain, and the 16-digit form."""
    dotted = f"{number[:2]}.{number[2:5]}.{number[5:8]}.{number[8]}-{number[9:12]}.{number[12:]}"
    return (dotted, number, "0" + number)


def spelled(rng: Random, value: str, language: str) -> str:
    """Return a number as it is read aloud, digit by digit, sometimes with "double five"."""
    names = list(DIGITS[language])
    names[0] = rng.choice(("kosong", "nol") if language == "id" else ("zero", "oh"))
    twice = rng.choice(("dobel", "double")) if language == "id" else "double"
    merge = rng.random() < 0.6
    pause = rng.choice((", ", " ", " "))
    words: list[str] = []
    at = 0
    while at < len(value):
        pair = merge and at + 1 < len(value) and value[at] == value[at + 1]
        name = names[int(value[at])]
        words.append(f"{twice} {name}" if pair else name)
        at += 2 if pair else 1
    return pause.join(" ".join(words[at : at + 4]) for at in range(0, len(words), 4))
