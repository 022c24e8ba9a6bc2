"""What looks like a person or an address and is none; and who stays hidden all the same."""

import pytest

from enrichment import pii_doubts, pii_firms
from enrichment.pii_spans import Found
from enrichment.redaction import redact

NOTHING = [
    "tagihan dari Bank Arunika dobel",
    "saya belanja di Toko Sinarlestari kemarin",
    "we ordered at Hansen Ltd last week",
    "Owens, Duran and Oneal sent an invoice",
    "I work for Mayo-Walters",
    "terima kasih #Rini #lisa",
    "I was charged on Jun 26",
    "berangkat 12 Mei 2024",
    "Tolongggg dicatat ya",
    "Mantapppp kak",
    "Halo Ma'am, silakan",
    "How can I assist you at RT 6 Boozers today?",
    "totalnya Rp250.000, any info?",
    "lihat https://t.co/K9B4NkzqFT",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_hidden(text):
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("transfer ke bank BCA Budi Santoso", "transfer ke bank BCA [PERSON]"),
        ("rekening Bank Arunika a.n. Budi", "rekening Bank Arunika a.n. [PERSON]"),
        ("Sarah Bridge called me", "[PERSON] called me"),
        ("my name is Mayo-Walters", "my name is [PERSON]"),
        ("founders: Jackson, Campos and Taylor", "founders: [PERSON], [PERSON] and [PERSON]"),
        ("kata #BudiSantoso sudah lunas", "kata #[PERSON] sudah lunas"),
        ("Mrs. Meagan Wallace paid", "Mrs. [PERSON] paid"),
        ("Alamat saya Jl. Kenari No. 3, Balikpapan", "Alamat saya [ADDRESS]"),
        ("send it to USS Hartono FPO AA 70489", "send it to [ADDRESS]"),
    ],
)
def test_persons_and_addresses_stay_hidden(text, expected):
    assert redact(text).text == expected


@pytest.mark.parametrize(
    ("text", "known"), [("#Rini sudah bayar", "Rini"), ("Bank Arunika sudah bayar", "Arunika Dewi")]
)
def test_nobody_doubts_who_takes_part(text, known):
    assert "[PERSON]" in redact(text, (known,)).text


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("on Jun 26 at noon", "Jun", False),
        ("Thu, 26 Jun 2014", "Thu", False),
        ("12 Mei kemarin", "Mei", False),
        ("ask Jun at noon", "Jun", True),
        ("Dear June, 2 items are missing", "June", True),
        ("Bu Mei 3 kali telepon", "Mei", True),
        ("Tolongggg ya", "Tolongggg", False),
        ("Budiiii tolong", "Budiiii", True),
        ("hubungi Mrs. Wallace", "Mrs", False),
    ],
)
def test_days_and_drawn_out_words(text, name, left):
    assert bool(pii_doubts.settled(text, spans(text, (name, "PERSON")), ())) is left


def spans(text: str, *pieces: tuple[str, str]) -> list[Found]:
    return [
        Found(text.index(piece), text.index(piece) + len(piece), kind) for piece, kind in pieces
    ]


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        ("at 12 Elm Street, Klirou", [("12 Elm Street", "ADDRESS"), ("Klirou", "PERSON")],
         [("12 Elm Street, Klirou", "ADDRESS")]),
        ("12 Elm Street\n>Port Whangarei", [("12 Elm Street", "ADDRESS"), ("Whangarei", "PERSON")],
         [("12 Elm Street\n>Port Whangarei", "ADDRESS")]),
        ("[ADDRESS], Klirou", [("Klirou", "PERSON")], [("Klirou", "ADDRESS")]),
        ("at Hanne and ul. Elmowa 28", [("Hanne", "PERSON"), ("Elmowa 28", "ADDRESS")],
         [("Hanne and ul. Elmowa 28", "ADDRESS")]),
        ("12 Elm Street, Budi", [("12 Elm Street", "ADDRESS"), ("Budi", "PERSON")],
         [("12 Elm Street", "ADDRESS"), ("Budi", "PERSON")]),
        ("12 Elm Street is far from Klirou", [("12 Elm Street", "ADDRESS"), ("Klirou", "PERSON")],
         [("12 Elm Street", "ADDRESS"), ("Klirou", "PERSON")]),
        ("hp 0811, Klirou", [("0811", "PHONE"), ("Klirou", "PERSON")],
         [("0811", "PHONE"), ("Klirou", "PERSON")]),
    ],
)  # fmt: skip
def test_a_town_belongs_to_its_address(text, pieces, expected):
    assert pii_doubts.settled(text, spans(text, *pieces), ()) == spans(text, *expected)


def test_a_doubted_address_hides_no_more_than_was_found():
    text = "Owens, Duran and Oneal met Rina, Budi and Sari"
    assert pii_firms.partners(text) == [(0, 22)]
