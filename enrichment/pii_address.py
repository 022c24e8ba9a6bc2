"""Postal addresses, Indonesian and English: a street word or "alamat saya" with its number.

A street named without a house number is a place, not an address, and stays readable.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from enrichment.pii_spans import Found, beside, holds, matches, pattern

_WORD = r"[\pL][\pL\pN.'/-]*"
_HOUSE = (
    r"(?:\s*,?\s*(?:no(?:mor|mer)?\.?|nmr\.?|#|blok|block|kav(?:ling)?\.?|unit|lt\.?|lantai)\s*"
    r"[\pL]{0,2}[\s./-]?[0-9]{1,4}[\pL]?(?:[/-][0-9\pL]{1,4})?\b)"
)
_BARE = r"(?:\s+[\pL]{0,2}[0-9]{1,4}[A-Za-z]?\b)"
_PART = (
    r"(?:[\s,.;]{1,3}(?:"
    r"r[tw][\s.:/]*[0-9]{1,3}(?:\s*/\s*(?:rw[\s.]*)?[0-9]{1,3})?"
    r"|(?:blok|block|no(?:mor)?\.?|kav\.?|unit|lantai|lt\.?)\s*[\pL]{0,2}[\s./-]?[0-9]{1,4}[\pL]?"
    r"|(?:kel(?:urahan)?|kec(?:amatan)?|desa|kota|kab(?:upaten)?|prov(?:insi)?)\b\.?\s*[\pL]+(?:\s[A-Z][\pL]+)?"
    r"|(?-i:Jakarta|Bandung|Surabaya|Medan|Semarang|Yogyakarta|Jogja|Bekasi|Bogor|Depok|Tangerang"
    r"|Makassar|Palembang|Malang|Solo|Denpasar|Bali|Batam|Pekanbaru|Balikpapan|Samarinda|Padang)\b"
    r"(?:\s(?:Pusat|Barat|Timur|Selatan|Utara|Kota))?"
    r"|(?:kode\s?pos\s*:?\s*)?[0-9]{5}\b))"
)
_STREET = r"(?:jl|jln|gg|jalan|gang|komplek|kompleks|perumahan|perum|apartemen|kampung|kp|dusun)"

_INDONESIAN = rf"(?i)\b{_STREET}\b\.?(?:\s*{_WORD}){{1,5}}?{_HOUSE}{_PART}{{0,6}}"
_ABBREVIATED = rf"(?i)\b(?:jl|jln|gg)\b\.?(?:\s*{_WORD}){{1,4}}?{_BARE}{_PART}{{0,6}}"
_CAPITAL = (
    rf"\b(?:Jalan|Gang|Perumahan|Komplek)(?:\s+\p{{Lu}}[\pL.'-]*){{1,4}}{_BARE}(?i:{_PART}{{0,6}})"
)
_NEIGHBOURHOOD = rf"(?i)\brt[\s.:]*[0-9]{{1,3}}\s*[/,-]?\s*rw[\s.:]*[0-9]{{1,3}}{_PART}{{0,6}}"
_BLOCK = rf"(?i)\bblok\s+[\pL]{{1,2}}[\s./-]?[0-9]{{0,3}}\s*,?\s*(?:no\.?|nomor)\s*[0-9]{{1,4}}{_PART}{{0,6}}"

_EN_TAIL = (
    r"(?:[\s,]+(?:apt|apartment|suite|unit|ste|flat|floor|#)\b\.?\s*#?[\pL]{0,2}[0-9]*[\pL]?)?"
    r"(?:,?\s+(?-i:\p{Lu}[\pL]+)(?:\s(?-i:\p{Lu}[\pL]+))?){0,2}"
    r"(?:,?\s+(?-i:[A-Z]{2}))?(?:,?\s+[0-9]{5}(?:-[0-9]{4})?)?"
)
_EN_KIND = r"(?:street|avenue|road|boulevard|lane|rd|ave|blvd)"
_EN_KIND_CAPITAL = (
    r"(?:St|Dr|Drive|Ct|Court|Way|Place|Pl|Ln|Square|Terrace|Close|Crescent|Highway|Hwy|Parkway"
    r"|Circle|Trail|Row|Mews|Gardens)"
)
_ENGLISH = rf"(?i)\b[0-9]{{1,5}}[a-z]?,?\s+(?:[\pL.'-]+\s+){{1,3}}?(?:{_EN_KIND}\b|(?:rd|ave|blvd)\.){_EN_TAIL}"
_ENGLISH_CAPITAL = rf"\b[0-9]{{1,5}}[A-Za-z]?,?\s+(?:\p{{Lu}}[\pL.'-]*\s+){{1,3}}?{_EN_KIND_CAPITAL}\b\.?(?i:{_EN_TAIL})"
_UNIT = r"\b(?:Apt|Apartment|Suite|Ste)\.?\s+#?[0-9]{1,5}[A-Za-z]?\b"
# Continental order, "2437 Allika 46": a number, a street in capitals, another number.
_CONTINENTAL = (
    r"\b[0-9]{2,5} \p{Lu}[\pL.'-]{2,}(?: [\pL][\pL.'-]*){0,3} [0-9]{1,4}[A-Za-z]?\b"
    rf"(?i:{_EN_TAIL})"
)
_KIND_ABROAD = r"(?:Straße|Strasse|Rue|Calle|Avenida|Avda|Ulica)"
_ABROAD = (
    rf"\b{_KIND_ABROAD}\.? [\pL][\pL.'-]*(?: [\pL][\pL.'-]*){{0,3}} [0-9]{{1,5}}\b(?i:{_EN_TAIL})"
)
_BOX = r"(?i)\b(?:p\.?\s?o\.?\s?box|psc|unit)\s+[0-9]{2,6}(?:,?\s+box\s+[0-9]{1,6})?"
# Mail to ships and bases abroad.
_FIELD_POST = (
    r"(?:\b(?:USS|USNS|USNV|USCGC)\s+\p{Lu}[\pL.'-]*(?:\s\p{Lu}[\pL.'-]*)?,?\s+)?"
    r"\b(?:FPO|APO|DPO),?\s+A[AEP]\s+[0-9]{5}(?:-[0-9]{4})?\b"
)

# After these words the rest of the sentence is an address when it holds a number.
_CUE = (
    r"(?i)\b(?:(?:my|our|new|home|shipping|delivery|billing|mailing|the)\s+address(?:\s+of\s+[\pL\pN .&'-]{1,40}?)?"
    r"\s*(?:is|:|to)|alamat(?:\s*(?:nya|ku|saya|rumah|lengkap|pengiriman|baru|kirim|kami))*\s*(?:adalah|:|di|yaitu)"
    r"|(?:i|we)\s+live\s+(?:at|on)|(?:saya\s+)?tinggal\s+di)\s+"
)
_REST = r"^[^\n.;!?\x01]{0,40}(?:[.,\s\n]{0,3}[^\n;!?\x01]{0,60}?)[0-9][^\n.;!?\x01]{0,40}"

_TRIGGER = (
    rf"(?i)\b{_STREET}\b|\br[tw][\s.:]*[0-9]|\bblok\b|\b{_EN_KIND}\b|\b{_EN_KIND_CAPITAL}\b"
    rf"|\b{_KIND_ABROAD}\b|\b(?:apt|apartment|suite|ste|box|psc|[fad]po)\b|alamat|address|tinggal|\blives?\b"
    r"|\b(?:zip|post(?:al)? ?code|kode ?pos)"
)
TRIGGER = (
    rf"\b{_STREET}\b|\br[tw](?:[\s.:0-9]|$)|\bblok\b|\b{_EN_KIND}\b|\b{_EN_KIND_CAPITAL}\b"
    rf"|\b{_KIND_ABROAD}\b|\b(?:apt|apartment|suite|ste|box|psc|[fad]po)\b|alamat|address|tinggal|\blives?\b"
    r"|\b(?:zip|post(?:al)?(?:\s|$|code)|kode(?:\s|$|pos))"
)
"""Stands in one space-separated piece at least of every text that `_TRIGGER` finds."""
_FIGURE = re.compile(r"[0-9]")
_PATTERNS = (
    _INDONESIAN,
    _ABBREVIATED,
    _CAPITAL,
    _NEIGHBOURHOOD,
    _BLOCK,
    _ENGLISH,
    _ENGLISH_CAPITAL,
    _CONTINENTAL,
    _ABROAD,
    _UNIT,
    _BOX,
    _FIELD_POST,
)
_POSTCODE = (
    r"(?i)\b(?:zip(?: ?code)?|post(?:al)? ?code|kode ?pos)(?: ?(?:is|nya|saya|adalah|rumah))*"
    r"\s*:?\s*([0-9]{3,6}(?:[ -][0-9]{2,4})?)\b"
)
# "paket jalan no 3 hari" and the like: what follows the number is a unit, not a street.
_UNIT_AFTER = r"(?i)^\s*(?:hari|jam|menit|bulan|tahun|minggu|kali|kg|km|rb|ribu|jt|juta|days?|hours?|times?|%|x\b)"
# "tinggal 12 Oktober 2023": a date has the shape of a continental street.
_DATE = r"(?i)^[0-9]{1,2} (?:jan|feb|mar|apr|ma[yi]|jun|jul|aug|agu|sep|o[ck]t|nov|de[cs])[\pL]*\.? [0-9]"
# "tinggal di sini sejak 2019": no place is named.
_HERE = r"(?i)^(?:sini|situ|sana|here|there)\b"
_SENTENCE = 160


def find(text: str) -> list[Found]:
    """Return postal addresses of folded text; they may overlap."""
    if not _FIGURE.search(text) or not holds(_TRIGGER, text):
        return []
    shaped = [
        Found(match.start(), match.end(), "ADDRESS")
        for expression in _PATTERNS
        for match in matches(expression, text)
        if beside(_UNIT_AFTER, text[match.end() : match.end() + 12]) < 0
        and not holds(_DATE, text[match.start() : match.end()])
    ]
    shaped += [Found(match.start(1), match.end(1), "ADDRESS") for match in matches(_POSTCODE, text)]
    return shaped + list(_told(text, sorted(found.start for found in shaped)))


def _told(text: str, shaped: list[int]) -> Iterator[Found]:
    """What follows "my address is", unless a shaped address begins there anyway."""
    for match in matches(_CUE, text):
        begin = match.end()
        told = pattern(_REST).search(text[begin : begin + _SENTENCE])
        near = bisect_left(shaped, begin)
        if near < len(shaped) and shaped[near] < begin + 60:
            continue
        here = pattern(_HERE).search(text[begin : begin + _SENTENCE])
        if told and not here and "@" not in told.group():
            yield Found(begin, begin + len(told.group().rstrip()), "ADDRESS")
