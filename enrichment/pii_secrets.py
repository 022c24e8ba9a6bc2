"""Secrets behind a word that names them: CVV, PIN, OTP, password.

All are reported as type `CVV`, read as "card or account secret": the list of types is closed and
each of these opens an account to whoever reads it.
"""

from collections.abc import Iterator

from enrichment.pii_groups import groups
from enrichment.pii_spans import Found, beside, holds, matches, pattern

_CARD_WORDS = (
    r"cvv2?|cvc2?|cvn|csc|security code|card verification(?: value| code)?|kode keamanan"
    r"|(?:3|tiga|three) (?:angka|digits?|nomor)(?: terakhir)? (?:di )?(?:belakang|on the back)"
)
# Said of a card and of a login alike.
_ANY_LENGTH = r"(?i)^(?:security code|kode keamanan)$"
_CODE_WORDS = (
    r"otp|m?-?pin|pass ?code|kode (?:verifikasi|rahasia|akses|unik|sms|masuk|aktivasi|konfirmasi)"
    r"|(?:verification|confirmation|security|access|one[ -]time|login|auth(?:entication)?) (?:code|pin|password)"
    r"|token internet banking|(?:my|the) code"
)
_CHOSEN = r"password|passwd|pwd|kata ?sandi|sandi|pass"
_FILLER = (
    r"(?:[^\pL\pN\n\x01]{0,3}\b(?:saya|aku|ku|nya|adalah|yaitu|itu|ini|kode|code|number|nomor|no|is|was|my|the|of|it|its|s"
    r"|your|anda|kartu|card|kak|min|pak|bu|otp|pin|[0-9] (?:angka|digits?)|ya|masuk|barusan|tadi|baru|lama|sms|dari"
    r"|aplikasi|atm|belakang|and|dan|here|berikut|sudah|dapat|dapet|me|sent|got|received|new|old|wa|lewat|via)\b){0,6}"
    r"[^\pL\pN\n\x01]{0,4}"
)
_DIGIT = r"(?:kosong|nol|oh|zero|satu|one|dua|two|tiga|three|empat|four|lima|five|enam|six|tujuh|seven|(?:de)?lapan|eight|sembilan|nine)"
_SAID = rf"(?:(?:double|dobel|dabel|triple|tripel)[ -])?{_DIGIT}"
_VALUE = rf"([0-9](?:[ .-]?[0-9]){{2,8}}\b|{_SAID}(?:[ ,-]{{1,2}}{_SAID}){{1,7}}\b)"
_FIGURES = rf"(?i)\b(?:({_CARD_WORDS})|(?:{_CODE_WORDS}))(?:ku|nya|mu)?\b{_FILLER}{_VALUE}"
_AMOUNT_AFTER = r"(?i)^\s?(?:x\b|kali|hari|jam|menit|rupiah|ribu|rb|juta|jt|%|digits?\b|angka\b|times|minutes|hours|days|[:/][0-9]|[.,][0-9])"
_CHOSEN_ANY = rf"(?i)\b(?:{_CHOSEN})(?:ku|nya|mu)?\b"
_CHOSEN_VALUE = (
    r"(?i)^(?:\s*(?:saya|aku|ku|nya|adalah|is|my|the|akun|email|login|wifi|itu|yaitu|[:=]))*"
    r"\s*[:=\"' ]\s*[\"']?([^\s\"'\[\]\x01]{4,40})"
)
TRIGGER = (
    r"cvv|cvc|cvn|csc|code|verification|kode|\b(?:3|tiga|three)\b|otp|\bm?pin(?:ku|nya|mu)?\b|pass|pwd"
    r"|sandi|banking"
)
"""Stands in one space-separated piece at least of every text with a secret."""
_TIME = r"^[0-2]?[0-9][.:][0-5][0-9]$"


def find(text: str) -> Iterator[Found]:
    """Yield secrets of folded text."""
    for match in matches(_FIGURES, text):
        start, end = match.span(2)
        value, named = text[start:end], text[slice(*match.span(1))] if match.start(1) >= 0 else ""
        size = sum([len(group.digits) for group in groups(value)])
        most = 8 if beside(_ANY_LENGTH, named) >= 0 else 4
        fits = 3 <= size <= most if named else 4 <= size <= 8
        if fits and not holds(_TIME, value) and beside(_AMOUNT_AFTER, text[end : end + 10]) < 0:
            yield Found(start, end, "CVV")
    for match in matches(_CHOSEN_ANY, text):
        yield from _password(text[match.end() : match.end() + 90], match.end())


def _password(right: str, offset: int) -> Iterator[Found]:
    """A password is one word with a digit in it; plain words are not taken for one."""
    match = pattern(_CHOSEN_VALUE).search(right)
    if match and any(char.isdigit() for char in match.group(1)):
        start = match.start(1)
        value = match.group(1).rstrip(".,;!?)")
        yield Found(offset + start, offset + start + len(value), "CVV")
