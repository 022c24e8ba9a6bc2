"""The JSON-lines interface: fields, offsets, roles, bad lines, streaming."""

from itertools import count, islice

import pytest

from enrichment.messages import annotate_messages
from warehouse.vocabulary import DRIVERS, FLAGS, LANGUAGES, SENTIMENTS


def one(text, **more):
    (answer,) = annotate_messages([{"id": "a", "text": text, **more}])
    return answer


TEXTS = [
    "Kak saya Budi, no hp 081234567890, internet mati 3 hari, mau berhenti langganan aja",
    "My card 4111 1111 1111 1111 was charged twice, please refund",
    "min gimana cara upgrade paket?",
    "thanks",
    "😀",
]


@pytest.mark.parametrize("text", TEXTS)
def test_answer_has_every_field(text):
    answer = one(text)
    assert list(answer) == [
        "id", "language", "sentiment", "driver", "drivers", "churn", "flags", "compliance",
        "pii", "redacted_text", "evidence", "versions",
    ]  # fmt: skip
    assert answer["language"] in LANGUAGES
    assert answer["sentiment"]["label"] in SENTIMENTS
    assert answer["driver"]["label"] in DRIVERS
    assert answer["driver"] == answer["drivers"][0]
    assert answer["churn"]["level"] in ("none", "implied", "explicit")
    assert set(answer["flags"]) == set(FLAGS)
    assert answer["versions"]["release"]


@pytest.mark.parametrize("text", TEXTS)
def test_evidence_points_into_the_redacted_text(text):
    answer = one(text)
    assert answer["evidence"]
    for item in answer["evidence"]:
        assert item["text"] == answer["redacted_text"][item["start"] : item["end"]] != ""


def test_pii_points_into_the_raw_text():
    text = "no hp 081234567890 ya, email a.b@contoh.com"
    answer = one(text)
    assert [(p["type"], text[p["start"] : p["end"]]) for p in answer["pii"]] == [
        ("PHONE", "081234567890"),
        ("EMAIL", "a.b@contoh.com"),
    ]
    assert "0812" not in str({**answer, "versions": None})


def test_roles_decide_what_is_asked():
    answer = one("Boleh minta kode OTP-nya?", role="agent")
    assert [item["rule"] for item in answer["compliance"]] == ["asked_credentials"]
    assert answer["sentiment"] is None and answer["driver"] is None
    assert one("Boleh minta kode OTP-nya?")["compliance"] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"id": 1}, "text is missing"),
        ({"id": 1, "text": 5}, "text is missing"),
        ({"id": 1, "text": "rahasia", "role": "boss"}, "role must be"),
        ({"id": 1, "text": "x" * 100_001}, "longer than"),
        (["no", "object"], "JSON object"),
    ],
)
def test_a_bad_line_is_answered_and_the_rest_goes_on(line, words):
    first, second, third = annotate_messages(
        [{"id": 0, "text": "halo"}, line, {"id": 2, "text": "ok"}]
    )
    assert first["language"] and third["language"]
    assert second["id"] == (1 if isinstance(line, dict) else None)
    assert words in second["error"] and "rahasia" not in second["error"]


def test_an_empty_text_is_answered():
    answer = one("")
    assert (answer["language"], answer["sentiment"], answer["evidence"]) == ("other", None, [])


def test_lines_are_streamed_in_order():
    endless = ({"id": number, "text": "halo min"} for number in count())
    assert [answer["id"] for answer in islice(annotate_messages(endless), 300)] == list(range(300))


def test_neighbours_do_not_matter():
    alone = [one(text) for text in TEXTS]
    together = list(annotate_messages([{"id": "a", "text": text} for text in TEXTS]))
    assert together == alone
