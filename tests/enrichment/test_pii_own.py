"""The company's own names stay readable, and never at the price of a person's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment import pii_own
from enrichment.engine import versions
from enrichment.messages import annotate_messages
from enrichment.redaction import redact, version
from tests.enrichment.redaction_cases import CASES
from warehouse.settings import SAMPLE_COMPANY_NAMES, company_names

VARIABLE = "LAKEHOUSE_COMPANY_NAMES"


@pytest.fixture(autouse=True)
def own(monkeypatch):
    monkeypatch.setenv(VARIABLE, "Telivara, Vara, Vara Max, KantongVara,Toko Bagus Jaya,Ava")


SHOWN = [
    "Mau upgrade ke Vara 25 dong",
    "Is Vara 60 cheaper than Vara Max?",
    "VARA 25 lambat sekali",
    "saya Vara, asisten virtual Telivara.",
    "Nama saya Vara, asisten virtual Telivara",
    "I'm Ava, your virtual assistant. How can I help?",
    "Hi! My name is Ava, the Telivara chatbot.",
    "kenapa Varanya mati terus",
    "Ava's answer was wrong",
    "aplikasi Telivara-nya error",
    "#Vara keren, @Telivara payah",
    "pesan di toko bagus jaya kemarin",
    "Toko Bagus Jaya, Vara dan KantongVara",
    "bayar Rp20.000 ke Telivara",
]


@pytest.mark.parametrize("text", SHOWN)
def test_own_names_are_shown(text):
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vara Wijaya itu saya", "[PERSON] itu saya"),
        ("Nama saya Vara Wijaya", "Nama saya [PERSON]"),
        ("Dewi Vara kemarin menelepon", "[PERSON] kemarin menelepon"),
        ("Vara A. Wijaya", "[PERSON]"),
        ("Ava Johnson called twice", "[PERSON] called twice"),
        ("ava johnson called, ava is my wife", "[PERSON] called, [PERSON] is my wife"),
        ("Nama saya Vara", "Nama saya [PERSON]"),
        ("my name is Ava and I can't log in", "my name is [PERSON] and I can't log in"),
        ("Bu Vara sudah bayar", "Bu [PERSON] sudah bayar"),
        ("Mrs. Ava paid", "Mrs. [PERSON] paid"),
        ("hubungi vara@example.com saja", "hubungi [EMAIL] saja"),
        ("Jl. Vara 25 Bandung", "[ADDRESS]"),
        ("Telivara 0811-0000-0001", "Telivara [PHONE]"),
        ("Halo Telivara, saya Budi", "Halo Telivara, saya [PERSON]"),
        ("Vara dan Budi Santoso", "Vara dan [PERSON]"),
        ("Vara-Wijaya", "[PERSON]"),
        ("vara.wijaya", "[PERSON].[PERSON]"),
        ("tanya vara_wijaya ya", "tanya [PERSON]_[PERSON] ya"),
    ],
)
def test_persons_stay_hidden(text, expected):
    assert redact(text).text == expected


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("halo Vara, apa kabar", ("Vara Wijaya",), "halo [PERSON], apa kabar"),
        (
            "Telivara Care menjawab Budi",
            ("Telivara Care", "Budi"),
            "Telivara Care menjawab [PERSON]",
        ),
        ("Ava menjawab", ("Ava",), "Ava menjawab"),
    ],
)
def test_persons_who_take_part_come_before_own_names(text, known, expected):
    assert redact(text, known).text == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([case.text for case in CASES] + SHOWN), min_size=1, max_size=3))
def test_the_result_is_stable(texts):
    once = redact("\n".join(texts))
    assert redact(once.text) == (once.text, ())


def test_cases_are_hidden_as_without_own_names(monkeypatch):
    with_names = [redact(case.text) for case in CASES]
    monkeypatch.setenv(VARIABLE, "")
    assert [redact(case.text) for case in CASES] == with_names


def test_the_version_tells_the_names(monkeypatch):
    first, release = version(), versions()["redaction"]
    monkeypatch.setenv(VARIABLE, "ava,KANTONGVARA,Vara max,Vara,Toko  Bagus Jaya,Telivara")
    assert version() == first == release
    monkeypatch.setenv(VARIABLE, "Vara")
    assert version() != first
    assert versions()["redaction"] == version()


def test_annotate_honours_the_names():
    answer = next(annotate_messages([{"id": "1", "text": "Vara 25 saya mati, saya Budi Santoso"}]))
    assert answer["redacted_text"] == "Vara 25 saya mati, saya [PERSON]"
    assert [one["type"] for one in answer["pii"]] == ["PERSON"]


def test_the_sample_keeps_its_own_names(monkeypatch):
    monkeypatch.delenv(VARIABLE)
    assert company_names() == tuple(SAMPLE_COMPANY_NAMES.split(","))
    assert redact("Vara 25 saya lambat").text == "Vara 25 saya lambat"
    monkeypatch.setenv(VARIABLE, "")
    assert company_names() == ()
    assert pii_own.persons(("Vara",), ()) == ("Vara",)


@pytest.mark.parametrize("listed", ["Vara,7", "a", "x@y.example", "Vara," + "v" * 61])
def test_what_is_no_name_is_refused(monkeypatch, listed):
    monkeypatch.setenv(VARIABLE, listed)
    with pytest.raises(ValueError, match=r"LAKEHOUSE_COMPANY_NAMES: entry \d is no name"):
        company_names()


def test_too_many_names_are_refused(monkeypatch):
    monkeypatch.setenv(VARIABLE, ",".join(f"nama {n}" for n in range(501)))
    with pytest.raises(ValueError, match="more than 500"):
        company_names()
