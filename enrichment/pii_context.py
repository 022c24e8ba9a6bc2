"""Which kind of number the words beside a number announce.

Only the words stand here; what they decide is written in `pii_numbers`.
"""

from enrichment.pii_spans import holds, labelled

WINDOW = 60
"""Characters to the left of a number in which a word may announce it."""
_CODE_GAP = 22
_AFTER = 28

_KINDS = {
    "NIK": r"nik|e?-?ktp|nomor induk|no(?:mor|mer)? identitas|national id|identity card|id card|id (?:number|num|no)",
    "KK": r"kk|(?:no(?:mor|mer)? )?kartu keluarga|family card",
    "NPWP": r"npwp|tax (?:id|number|payer)|taxpayer|wajib pajak|pajak",
    "CARD": r"kartu(?:nya|ku)?|kartu (?:kredit|debit|atm|bca|bni|bri|mandiri|visa)|no(?:mor|mer)? kartu|credit card|debit card"
    r"|card(?: (?:number|no|num))?|visa|master ?card|amex|american express|jcb|cc|kk saya kredit",
    "ACCOUNT": r"rekening|norek|no\.? ?rek|rek|account number|acc(?:oun)?t no|bank account|a/c|virtual account|va|iban"
    r"|savings account|checking account|account",
    "BANK": r"bca|bni|bri|mandiri|btn|bsi|cimb|danamon|permata|ocbc|maybank|panin|bank|transfer",
    "PHONE": r"hp|handphone|hape|telp|telepon|telpon|telefon|tlp|tlpn|nelpon|wa|whats ?app|ponsel|seluler|no(?:mor)? saya"
    r"|nomornya|nomorku|hubungi|dihubungi|kontak|call(?:ed|ing)?|phone|mobile|cell(?:phone)?|contact|reach|dial|text"
    r"|my number|fax|tel|sms|telegram|desk|answering|messages to|registered|terdaftar|number on file",
    "CODE": r"resi|awb|order id|invoice|inv|tiket|ticket|case|imei|serial|voucher|trx|reff?|referensi|reference"
    r"|booking|kode|code|tracking|no(?:mor|mer)? (?:pesanan|order|pemesanan|transaksi|laporan|pengaduan)|order (?:no|number)"
    r"|token|meter(?:an)?|faktur|struk|kwitansi|batch|sku|polis|rp|idr|usd",
    "MENTION": r"orders?|pesanan|pemesanan|kasus|laporan|pengaduan|transaksi|transaction|id pelanggan|id"
    r"|customer id|tagihan|policy|shipment|po|pengiriman|paket",
}
_PHONE_AFTER = r"(?i)^[\s,(-]{0,3}(?:office|fax|mobile|cell|home|work|desk|wa|whatsapp|hp)\b"
_BANK_AFTER = rf"(?i)\b(?:{_KINDS['BANK']}|{_KINDS['ACCOUNT']})\b"
_NAMES = tuple(_KINDS)
_ANY = "(?i)" + "|".join(rf"\b({words})\b" for words in _KINDS.values())


def announced(text: str, start: int, end: int) -> str:
    """The kind named nearest before the number, or a bank named just after it, or ""."""
    begin = max(0, start - WINDOW)
    left = text[begin:start].rstrip(" \t\n(").rsplit("\n", 1)[-1]
    kind, gap = "", ""
    for _, stop, group, _, _ in labelled(_ANY, left):
        kind, gap = _NAMES[group - 1], left[stop:]
    if kind in ("CODE", "MENTION") and (
        len(gap) > _CODE_GAP or any(mark in gap for mark in (",", ";", ". "))
    ):
        kind = ""
    if not kind:
        right = text[end : end + _AFTER].split("\n", 1)[0]
        if holds(_PHONE_AFTER, right):
            return "PHONE"
        if holds(_BANK_AFTER, right):
            return "BANK"
    return kind
