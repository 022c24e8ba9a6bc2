"""The words by which mail programs mark what a person did not write: English and Indonesian
first, and the languages in which such programs commonly write.

Only lists belong here; `email_text` says where in a mail they count.
"""

VERBS = (
    "wrote", "writes", "menulis", "menuliskan", "wrote on", "schrieb", "a écrit", "escribió",
    "escreveu", "ha scritto", "написал", "написала", "пишет", "schreef", "skrev",
)  # fmt: skip
OPENINGS = ("on ", "pada ", "am ", "le ", "el ", "em ", "il ", "op ", "den ", "at ")
DIVIDERS = (
    "original message",
    "original appointment",
    "reply message",
    "balasan pesan",
    "pesan asli",
    "pesan orisinal",
    "ursprüngliche nachricht",
    "message d'origine",
)
FORWARDS = (
    "forwarded message",
    "pesan terusan",
    "pesan yang diteruskan",
    "begin forwarded message",
    "mulai pesan terusan",
    "weitergeleitete nachricht",
)
FROM_KEYS = ("from", "dari", "von", "de", "от", "da", "van")
HEADER_KEYS = (
    "sent", "date", "to", "cc", "subject", "dikirim", "terkirim", "tanggal", "kepada", "ke",
    "perihal", "subjek", "hal", "gesendet", "datum", "an", "betreff", "отправлено", "кому",
    "тема", "дата", "enviado", "para", "asunto", "assunto", "envoyé", "à", "objet", "reply-to",
)  # fmt: skip
DEVICES = (
    "sent from my ", "sent from yahoo", "sent from mail for", "sent from outlook", "sent via ",
    "get outlook for", "dikirim dari ", "terkirim dari ", "dapatkan outlook untuk",
    "kirim dari ", "dikirim melalui", "sent from samsung", "sent with ", "dikirim dengan ",
    "envoyé de mon ", "envoyé depuis ", "von meinem ", "enviado desde ", "enviado do meu ",
    "verzonden vanaf ", "отправлено с ", "отправлено из ", "inviato da ",
)  # fmt: skip
CLOSINGS = frozenset((
    "regards", "best regards", "kind regards", "warm regards", "best", "sincerely",
    "yours sincerely", "yours truly", "cheers", "salam", "salam hormat", "hormat saya",
    "hormat kami", "salam hangat", "hormat", "wassalam", "rgds", "br",
))  # fmt: skip

ABOVE = (
    "reply above this line", "type your reply above", "write above this line",
    "balasan anda di atas baris ini", "balas di atas baris ini", "balasan di atas garis ini",
)  # fmt: skip
"""Help desks draw such a line above the mail that they want answered."""
