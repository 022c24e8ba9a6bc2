"""Personal data: a labelled table in both languages, and properties of every text."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment.redaction import redact, version
from tests.enrichment.redaction_cases import CASES, Case
from warehouse.vocabulary import PII_TYPES


def hit(case: Case, kind: str, start: int, end: int) -> bool:
    """True when every character of the gold span is hidden under the right type."""
    return any(
        span.type == kind and span.raw_start <= start and span.raw_end >= end
        for span in redact(case.text).spans
    )


@pytest.mark.parametrize("case", [case for case in CASES if case.spans], ids=lambda c: c.text[:50])
def test_hides_what_is_marked(case):
    missed = [case.text[a:b] for kind, a, b in case.spans if not hit(case, kind, a, b)]
    assert not missed


@pytest.mark.parametrize("case", [case for case in CASES if not case.spans], ids=lambda c: c.text)
def test_leaves_everything_else(case):
    assert redact(case.text).text == case.text


def test_precision_and_recall_per_type():
    gold, found, right = Counter(), Counter(), Counter()
    for case in CASES:
        for kind, start, end in case.spans:
            gold[kind] += 1
            right[kind] += hit(case, kind, start, end)
        for span in redact(case.text).spans:
            found[span.type] += 1
    for kind in gold:
        least = 0.9 if kind == "PERSON" else 0.99
        assert right[kind] / gold[kind] >= least, kind
        assert right[kind] / found[kind] >= 0.95, kind


NAMES = ("Budi Santoso", "Indah Permata Sari", "Putri")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("makasih budi ya", "makasih [PERSON] ya"),
        ("BUDI SANTOSO belum bayar", "[PERSON] belum bayar"),
        ("indah permata sari itu saya", "[PERSON] itu saya"),
        ("saya Santoso kak", "saya [PERSON] kak"),
        ("pemandangan indah sekali", "pemandangan indah sekali"),
        ("putri saya sakit", "putri saya sakit"),
        ("tanya Putri saja", "tanya [PERSON] saja"),
        ("budiman bukan nama", "budiman bukan nama"),
    ],
)
def test_names_known_from_the_source(text, expected):
    assert redact(text, NAMES).text == expected


def test_offsets_point_to_both_texts():
    raw = "Nama saya Budi, hp 0812-3456-7890, nik 3273014507900001"
    result = redact(raw)
    assert [raw[s.raw_start : s.raw_end] for s in result.spans] == [
        "Budi",
        "0812-3456-7890",
        "3273014507900001",
    ]
    for span in result.spans:
        assert result.text[span.start : span.end] == f"[{span.type}]"


def test_placeholders_stay_and_give_no_span():
    text = "hp [PHONE] cvv [CVV] nama saya [PERSON]"
    assert redact(text).text == text
    assert redact(text).spans == ()


PIECES = st.sampled_from(
    [case.text for case in CASES]
    + [
        "cvv",
        "otp",
        "nama saya",
        "Pak",
        "[CARD]",
        "081234567890",
        "satu dua",
        " 1",
        "-",
        "\n",
        "rekening",
    ]
)


def rebuilt(text: str) -> str:
    """The redacted text put together from the spans alone."""
    pieces, position = [], 0
    for span in redact(text).spans:
        pieces += [text[position : span.raw_start], f"[{span.type}]"]
        position = span.raw_end
    return "".join([*pieces, text[position:]])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=5), st.sampled_from([" ", ", ", ". ", "\n", ""]))
def test_is_stable_and_spans_explain_it(pieces, glue):
    text = glue.join(pieces)
    result = redact(text)
    assert redact(result.text).text == result.text
    assert redact(result.text).spans == ()
    assert rebuilt(text) == result.text
    assert all(span.type in PII_TYPES for span in result.spans)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_stable(text):
    result = redact(text)
    assert redact(result.text).text == result.text
    assert rebuilt(text) == result.text


def test_version_names_code_and_lists():
    assert version().startswith("redaction-")
