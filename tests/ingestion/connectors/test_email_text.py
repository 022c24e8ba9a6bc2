"""Own words of a mail: quotes and signatures of many programs, in both languages."""

import pytest

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.email_html import html_to_text
from ingestion.connectors.email_text import own_words

QUOTES = [
    "On Mon, Mar 2, 2026 at 9:00 AM Dimas <d@toko.example> wrote:\n\n> Hi\n> there",
    "On Mon, Mar 2, 2026 at 9:00 AM Dimas\n<d@toko.example> wrote:\n> Hi",
    "On 2 Mar 2026, at 09:00, Dimas wrote:\n\nHi, not marked",
    "Pada Sen, 2 Mar 2026 pukul 09.00 Dimas <d@toko.example> menulis:\n\n> Halo",
    "Pada tanggal Sen, 2 Mar 2026 pukul 09.00 Toko Care <\nd@toko.example> menulis:\n> Halo",
    "Pada Sen, 2/3/26, Dimas <d@toko.example> menulis:\n Halo\n semua",
    "Am 02.03.2026 um 09:00 schrieb Dimas <d@toko.example>:\n> Hallo",
    "02.03.2026 09:00 пользователь Dimas <d@toko.example> написал:\n> Hi",
    "-----Original Message-----\nFrom: Dimas\nSent: Monday\n\nHi",
    "----- Original Message -----\nFrom: Dimas\n\nHi",
    "-----Pesan Asli-----\nDari: Dimas\nTanggal: 2 Maret 2026\nKepada: R\nPerihal: x\n\nHalo",
    "________________________________\nFrom: Dimas <d@toko.example>\nSent: Monday\nTo: R\nSubject: x",
    "From: Dimas [mailto:d@toko.example]\nSent: March-02-26 9:00 AM\nTo: R\nSubject: x\n\nHi",
    "*From:* Dimas\n*Sent:* Monday\n*To:* R\n*Subject:* x\n\nHi",
    "Dari: Dimas <d@toko.example>\nDikirim: Senin 2 Maret 2026\nKepada: R\nSubjek: x\n\nHalo",
    "> quoted only\n> with marks",
    "Subject: Tagihan\nFrom: d@toko.example\nTo: r@surel.example\n\nHi",
    "Date: Mon, 2 Mar 2026 09:00:00 +0700\nFrom: d@toko.example\nSubject: x\n\nHi",
    '02.03.2026, 09:00, "Dimas" <d@toko.example>:\n> Hi',
    "Mon, 2 Mar 2026 09:00:00 +0400 от Dimas <d@toko.example>:\nHi, not marked",
    "On Monday, March 2, 2026 at 9:00 AM, Dimas wrote:\n\n> Hi",
    "##- Please type your reply above this line -##\n\nYour ticket was updated",
    "##- Mohon tulis balasan Anda di atas baris ini -##\n\nTiket Anda diperbarui",
    "    On Monday, March 2, 2026, 09:00:00 PM UTC, Dimas <d@toko.example> wrote:  \n \n  Hi",
]
OWN = ["Internet saya mati lagi,\ntolong dicek ya kak?", "My bill is wrong.\n\nPlease check it."]


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quotes_are_dropped(own: str, quote: str, end: str):
    assert own_words(f"{own}\n\n{quote}\n".replace("\n", end)) == own


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nRahayu Contoh\nDirektur",
        "--\nRahayu",
        "Sent from my iPhone",
        "Dikirim dari iPhone saya",
        "Dikirim dari ponsel Android saya",
        "Dapatkan Outlook untuk Android",
        "Sent from Yahoo Mail on Android",
        "Best regards,\nRahayu Contoh\nToko Uji",
        "Regards,Rahayu",
        "Salam hormat,\n\nRahayu",
        "Hormat saya,\nRahayu",
        "Regards,\nRahayu\n\nSent from my phone",
        "Sent with Proton Mail secure email.",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
    ],
)
@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("quote", ["", QUOTES[0], QUOTES[3], QUOTES[10]])
def test_signatures_are_dropped(own: str, signature: str, quote: str):
    assert own_words(f"{own}\n\n{signature}\n\n{quote}") == own


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote:\nno answer",
        "Pada hari Senin saya menulis surat.\nBelum dibalas.",
        "From: Bandung\nTo be picked up tomorrow",
        "Salam,\nsaya mau tanya kenapa tagihan bulan ini lebih mahal dari biasanya ya, tolong cek",
        "Terima kasih,\npaket sudah sampai.",
        "Best regards to the whole team, you saved my day!",
        "a -- b",
        "Dikirim dari gudang tanggal 3, tapi belum sampai.\nBagaimana ini?\nTolong.\nSegera.",
        "1. satu\n2. dua: tiga",
        "Subject: tagihan\nsaya mau tanya",
        "Hal: tagihan\nTanggal: 2 Maret\nNominal: 150.000",
        "Pada 2 Maret 2026 pukul 09.00 saya menulis ke kantor:\nbelum dibalas",
        "",
    ],
)
def test_own_words_are_kept(text: str):
    assert own_words(text) == text


def test_answers_between_the_quotes_are_kept():
    text = "On 2 Mar 2026 Dimas wrote:\n> Which plan?\nThe small one.\n> Since when?\nMay."
    assert own_words(text) == "The small one.\nMay."


@pytest.mark.parametrize(
    "line", ["---------- Forwarded message ---------", "---------- Pesan terusan ---------"]
)
def test_a_forward_is_kept_only_without_own_words(line: str):
    quoted = f"{line}\nFrom: Dimas\n\nHalo"
    assert own_words(quoted).endswith("Halo")
    assert own_words(f"Lihat ini\n\n{quoted}") == "Lihat ini"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Halo</p><p>kak<br>apa kabar</p>", "Halo\n\nkak\napa kabar"),
        ("Halo<div class=gmail_quote>On x wrote: old</div>", "Halo"),
        ("Halo<blockquote type=cite>old</blockquote>", "Halo"),
        ("<div>Halo</div><div id=appendonsend></div><hr><div>From: old</div>", "Halo"),
        ("<div>Halo<hr tabindex='-1'><div id=divRplyFwdMsg>From: x</div>old</div>", "Halo"),
        ("<div>Halo</div><div class='yahoo_quoted'>old</div>", "Halo"),
        ("<div>Halo</div><div id='ydp1yahoo_quoted_2'>old</div>", "Halo"),
        ("<div>Halo</div><div class=protonmail_quote>old</div>", "Halo"),
        ("<div>Halo<br><hr id=stopSpelling>Date: old<br>x</div>", "Halo"),
        ("<div>Halo</div><hr id=zwchr><div>From: old</div>", "Halo"),
        ("<div>Halo</div><div data-signatureblock=true>Name</div>", "Halo"),
        ("<style>p{}</style><script>x()</script><title>t</title>Halo &amp; hai", "Halo & hai"),
        ("<ul><li>satu<li>dua</ul>", "satu\ndua"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "ab"),
        ("<div>Salam,</div><div>Rahayu</div>", "Salam,\nRahayu"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("a\n  b<b>c</b> d", "a bc d"),
        ("", ""),
        ("\x00<p", ""),
    ],
)
def test_html_becomes_readable_text(html: str, text: str):
    assert html_to_text(html) == text


@pytest.mark.parametrize("tag", ["<div>", "<blockquote>", "<table><tr><td>"])
def test_html_nested_without_end_is_refused(tag: str):
    with pytest.raises(RejectedInput) as refused:
        html_to_text(tag * 5000)
    assert refused.value.reason == "too_deep"


def test_unclosed_paragraphs_are_not_deep():
    assert html_to_text("<p>x<br>" * 2000).count("x") == 2000
