"""Numbers that identify a person: phone, NIK, KK, NPWP, card, bank account.

Reads runs of digit groups (`pii_groups`) and the word that announces them (`pii_context`), and
decides by structure, check digit and context. Money, dates, times and order numbers stay.
"""

import re
from collections.abc import Iterator

from enrichment.pii_context import announced
from enrichment.pii_groups import TRIGGER, Group, runs
from enrichment.pii_spans import Found, beside, holds, matches
from enrichment.pii_structures import (
    is_area,
    is_card,
    is_date,
    is_iban,
    is_mobile,
    is_money,
    is_nik,
    is_npwp_shape,
    is_us_phone_shape,
)

_FIGURE = re.compile(r"[0-9]")
_LONGEST = 19
_SHORTEST = 7
_HOSTILE_RUN = 60
_CODE_BEFORE = (
    r"(?:[A-Z][A-Za-z]*[0-9]*|[A-Za-z]+[0-9]+|#)[-/#:]?$|[#_=/][A-Za-z0-9]*$|[0-9:][.,:]$"
)
_PHONE_LABEL = r"(?i)(?:^|[^\pL])(?:wa|hp|telp|tlp|no|call|phone|tel|nomor|whatsapp|ph)[-/:.]?$"
_IBAN = r"\b[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b"
_EXTENSION = r"(?i)^\s?(?:x|ext\.?|pes\.?)\s?[0-9]{1,5}\b"
_UNIT_AFTER = (
    r"(?i)^\s?(?:rupiah|ribu|rb\b|juta|jt\b|idr\b|usd\b|%|,-|persen|kwh|gb\b|mb\b|poin\b|points?\b)"
)


def find(text: str) -> Iterator[Found]:
    """Yield identifying numbers of folded text."""
    if not _FIGURE.search(text) and not holds(TRIGGER, text):
        return
    for match in matches(_IBAN, text):
        if is_iban(text[match.start() : match.end()]):
            yield Found(match.start(), match.end(), "BANK_ACCOUNT")
    for run in runs(text, _SHORTEST):
        if sum(len(group.digits) for group in run) >= _SHORTEST:
            yield from _in_run(text, run)


def _in_run(text: str, run: list[Group]) -> Iterator[Found]:
    """Take the longest meaningful number at each place, then go on behind it."""
    if len(run) > _HOSTILE_RUN:
        # Nobody dictates this many groups. Trying each start would cost time; hide the run.
        yield Found(run[0].start, run[-1].end, "PHONE")
        return
    first = 0
    while first < len(run):
        last, kind = _longest(text, run, first)
        if kind:
            yield Found(_begin(text, run[first]), _end(text, run[last], kind), kind)
        first = last + 1


def _begin(text: str, group: Group) -> int:
    """Include a plus sign and an opening bracket that belong to the number."""
    start = group.start
    while start and text[start - 1] in "+(":
        start -= 1
    return start


def _end(text: str, group: Group, kind: str) -> int:
    """Include the extension of an office telephone."""
    extension = beside(_EXTENSION, text[group.end : group.end + 12])
    return group.end + max(0, extension) if kind == "PHONE" else group.end


def _longest(text: str, run: list[Group], first: int) -> tuple[int, str]:
    """Index of the last group to step over, and the type, "" when there is none."""
    if _date_at(text, run, first):
        return first + 2, ""
    digits, ends = "", []
    for last in range(first, len(run)):
        digits += run[last].digits
        if len(digits) > _LONGEST:
            break
        ends.append((last, digits))
    announces = ""
    if ends and len(ends[-1][1]) >= _SHORTEST:
        announces = announced(text, run[first].start, run[ends[-1][0]].end)
    for last, joined in reversed(ends):
        if len(joined) < _SHORTEST:
            break
        kind = _classify(text, run[first : last + 1], joined, announces, last + 1 == len(run))
        if kind:
            return last, kind
    return _dictated(run, first)


def _dictated(run: list[Group], first: int) -> tuple[int, str]:
    """Seven or more digits said one by one are somebody's number, whatever they are called."""
    last, size = first, 0
    while last < len(run) and run[last].said and len(set(run[last].digits)) == 1:
        size += len(run[last].digits)
        last += 1
    return (last - 1, "PHONE") if size >= _SHORTEST else (first, "")


def _date_at(text: str, run: list[Group], first: int) -> bool:
    """True when three groups with one mark between them are a date."""
    three = run[first : first + 3]
    if len(three) < 3 or any(group.said for group in three):
        return False
    marks = [text[a.end : b.start] for a, b in zip(three, run[first + 1 : first + 4], strict=False)]
    same = marks[0] == marks[1] and marks[0] in "-/." and (len(marks) == 2 or marks[2] != marks[0])
    return same and is_date([group.digits for group in three])


def _classify(text: str, part: list[Group], digits: str, kind: str, whole: bool) -> str:
    shape = [group.digits for group in part]
    said = any(group.said for group in part)
    start, end = part[0].start, part[-1].end
    if not said and _is_code(text, start, end, digits):
        return ""
    plus = text[max(0, start - 2) : start].strip().endswith("+") or text[start - 1 : start] == "+"
    money = not said and is_money(shape, text[part[0].end : part[0].end + 1])
    if not plus and beside(_UNIT_AFTER, text[end : end + 10]) >= 0:
        return ""
    if plus:
        return "PHONE" if 8 <= len(digits) <= 15 else ""
    return (
        _announced_type(digits, shape, kind, whole=whole, money=money)
        or _structured_type(digits, shape, kind, whole=whole)
        or ("" if money else _phone_type(text, part, digits, shape, kind))
    )


def _is_code(text: str, start: int, end: int, digits: str) -> bool:
    """Letters or a hash sign stuck to the number make it a code, unless they say "phone"."""
    before = text[max(0, start - 14) : start].rsplit(maxsplit=1)
    left = before[-1] if before and not text[start - 1 : start].isspace() else ""
    after = text[end : end + 1]
    if left and beside(_PHONE_LABEL, left) >= 0:
        left = ""
    stuck = bool(left) and beside(_CODE_BEFORE, left) >= 0
    extension = beside(_EXTENSION, text[end : end + 12]) >= 0
    trailing = (after.isalpha() and not extension) or after in ("_", "@")
    if left and left[-1].islower() and is_mobile(digits):
        return False
    return stuck or (trailing and not is_mobile(digits))


def _announced_type(digits: str, shape: list[str], kind: str, *, whole: bool, money: bool) -> str:
    """What the word beside the number says it is, when the length agrees."""
    size = len(digits)
    if kind in ("NIK", "KK") and size == 16:
        return kind
    if kind == "NPWP" and size in (15, 16):
        return kind
    if kind == "CARD" and 13 <= size <= 19 and (whole or size == 16) and not is_mobile(digits):
        return kind
    if kind == "CARD" and size == 12 and whole and not is_mobile(digits):
        return kind
    account = (kind == "ACCOUNT" and 8 <= size <= 17) or (kind == "BANK" and 10 <= size <= 16)
    if account and whole and not money and not (kind == "BANK" and is_mobile(digits)):
        return "CARD" if is_card(digits) and len(shape) == 4 and size == 16 else "BANK_ACCOUNT"
    return ""


def _structured_type(digits: str, shape: list[str], kind: str, *, whole: bool) -> str:
    """What the number is by itself."""
    if is_npwp_shape(shape):
        return "NPWP"
    grouped = len(shape) > 1 and all(len(group) in (3, 4, 5, 6) for group in shape)
    card = is_card(digits) and (whole or [len(group) for group in shape] == [4, 4, 4, 4])
    if card and grouped:
        return "CARD"
    if kind == "CODE":
        return ""
    if is_nik(digits) and (whole or len(shape) == 1):
        return "NIK"
    if kind == "MENTION":
        return ""
    return "CARD" if card else ""


def _phone_type(text: str, part: list[Group], digits: str, shape: list[str], kind: str) -> str:
    size = len(digits)
    if len(shape) > 1 and len(shape[0]) >= 10:
        return ""
    mobile = is_mobile(digits)
    if kind == "CODE" or (kind in ("MENTION", "NIK", "KK", "NPWP") and not mobile):
        return ""
    if mobile and (digits[0] != "8" or kind == "PHONE" or len(shape) in (3, 4)):
        return "PHONE"
    bracketed = text[part[0].start - 1 : part[0].start] == "("
    if is_area(digits) and (len(shape) <= 4 or bracketed or part[0].said):
        return "PHONE"
    sizes = [len(group) for group in shape]
    if digits[0] == "0" != digits[1] and len(shape) >= 3 and 9 <= size <= 12 and sizes[0] >= 3:
        return "PHONE"
    if sizes == [3, 2, 4]:
        return ""
    if is_us_phone_shape(shape) and (bracketed or text[part[0].end : part[0].end + 1] in "-."):
        return "PHONE"
    return "PHONE" if kind == "PHONE" and 7 <= size <= 15 and digits[:4] != "1500" else ""
