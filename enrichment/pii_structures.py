"""The shape of each identifying number: lengths, prefixes, dates inside, check digits.

Pure tests on digit strings; no text, no context.
"""

from functools import cache

_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "21",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "51",
        "52",
        "53",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "72",
        "73",
        "74",
        "75",
        "76",
        "81",
        "82",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
        "97",
    ]
)
_MOBILE = frozenset(
    [
        "811",
        "812",
        "813",
        "814",
        "815",
        "816",
        "817",
        "818",
        "819",
        "821",
        "822",
        "823",
        "828",
        "831",
        "832",
        "833",
        "838",
        "851",
        "852",
        "853",
        "855",
        "856",
        "857",
        "858",
        "859",
        "877",
        "878",
        "879",
        "881",
        "882",
        "883",
        "884",
        "885",
        "886",
        "887",
        "888",
        "889",
        "895",
        "896",
        "897",
        "898",
        "899",
    ]
)
_AREAS_2 = ("21", "22", "24", "31", "61")
_AREAS_3 = frozenset(
    [str(code) for code in (*range(231, 300), *range(321, 390), *range(401, 490), *range(511, 570))]
    + [str(code) for code in (*range(620, 660), *range(702, 780), *range(901, 990), 251, 254)]
)
_CARD_STARTS = ("4", "5", "6", "34", "35", "36", "37", "38", "39", "30", "2131", "1800", "22", "23")


def is_nik(digits: str) -> bool:
    """16 digits: a province, and a birth date whose day is raised by 40 for women."""
    if len(digits) != 16 or digits[:2] not in _PROVINCES or digits[12:] == "0000":
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12


def is_card(digits: str) -> bool:
    """12 to 19 digits of a payment card: known first digits and the Luhn check."""
    return 12 <= len(digits) <= 19 and digits.startswith(_CARD_STARTS) and _luhn(digits)


@cache
def _doubled() -> tuple[int, ...]:
    return (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def _luhn(digits: str) -> bool:
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(_doubled()[value] for value in values[1::2])) % 10 == 0


def is_npwp_shape(shape: list[str]) -> bool:
    """The printed form 12.345.678.9-012.345."""
    return [len(group) for group in shape] == [2, 3, 3, 1, 3, 3]


def is_mobile(digits: str) -> bool:
    """An Indonesian mobile number in any of its forms: 08.., 628.., 8.. ."""
    if digits.startswith("62"):
        national = digits[2:].removeprefix("0")
    else:
        national = digits[1:] if digits.startswith("0") else digits
    return 9 <= len(national) <= 12 and national[:3] in _MOBILE


def is_area(digits: str) -> bool:
    """An Indonesian landline with its area code: 021.., 0274.., 6221.. ."""
    if digits.startswith("62"):
        digits = "0" + digits[2:]
    if not digits.startswith("0") or not 9 <= len(digits) <= 12:
        return False
    return digits[1:3] in _AREAS_2 or digits[1:4] in _AREAS_3


def is_us_phone_shape(shape: list[str]) -> bool:
    """Three, three and four digits, perhaps behind the country code 1."""
    sizes = [len(group) for group in shape]
    return sizes == [3, 3, 4] or (sizes == [1, 3, 3, 4] and shape[0] == "1")


def is_money(shape: list[str], mark: str) -> bool:
    """Thousands in threes: 1.250.000 or 150.000; a leading zero is never money."""
    head, *rest = shape
    thousands = bool(rest) and all(len(group) == 3 for group in rest)
    return thousands and len(head) <= 3 and head[0] != "0" and mark in (".", ",")


def is_date(groups: list[str]) -> bool:
    """Day, month, year in either order; the year has two or four digits."""
    sizes = [len(group) for group in groups]
    if sizes[0] == 4:
        groups = groups[::-1]
    elif sizes[2] not in (2, 4) or sizes[0] > 2 or sizes[1] > 2:
        return False
    if len(groups[1]) > 2 or len(groups[0]) > 2:
        return False
    first, second = int(groups[0]), int(groups[1])
    year = groups[2]
    plausible = len(year) == 2 or year[:2] in ("19", "20")
    return plausible and min(first, second) in range(1, 13) and max(first, second) in range(1, 32)


def is_iban(text: str) -> bool:
    """An international account number: letters as numbers, remainder one by 97."""
    joined = text.replace(" ", "").upper()
    if not 15 <= len(joined) <= 34:
        return False
    moved = joined[4:] + joined[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
