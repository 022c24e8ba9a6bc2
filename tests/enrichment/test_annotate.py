"""Annotations of whole interactions: shape, evidence, order and batch independence."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment import engine
from enrichment.annotate import EVIDENCE_LIMIT, annotate
from enrichment.redaction import redact
from warehouse.contracts import ANNOTATION_INPUT, ANNOTATION_OUTPUT
from warehouse.vocabulary import ANNOTATION_FAMILIES, LANGUAGES, PII_TYPES, SENTIMENTS

START = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
TALKS = (
    ("voice", "inbound", (("agent", "Selamat pagi, ada yang bisa dibantu?"),
                          ("customer", "Internet saya mati dari kemarin, kecewa banget"))),
    ("chat", "outbound", (("agent", "Cicilan Bapak sudah jatuh tempo"), ("customer", "nanti saya bayar"))),
    ("chat", "inbound", (("customer", "hp saya 081234567890, mau berhenti langganan"),
                         ("bot", "Baik"), ("agent", "Boleh minta kode OTP-nya?"))),
    ("email", "inbound", (("customer", "My refund has not arrived yet. " * 40), ("agent", "We are sorry"))),
    ("social", "inbound", (("customer", "😀"), ("customer", "   "), ("customer", "thanks!"))),
    ("chat", "inbound", (("customer", "Please let me speak to a human, this is my third complaint"),)),
    ("chat", "inbound", (("system", "Percakapan dimulai"),)),
)  # fmt: skip


def rows(numbers):
    for number in numbers:
        channel, direction, turns = TALKS[number % len(TALKS)]
        for place, (role, text) in enumerate(turns):
            yield {
                "interaction_id": f"i{number:03}",
                "turn_no": place,
                "role": role,
                "text": redact(text).text,
                "sent_at": START + timedelta(seconds=place),
                "start_seconds": float(place),
                "channel": channel,
                "direction": direction,
            }


def table(numbers):
    return pa.Table.from_pylist(list(rows(numbers)), schema=ANNOTATION_INPUT)


@cache
def alone(number):
    return annotate(table([number])).to_pylist()


def test_shape_and_evidence():
    given_table = table(range(len(TALKS)))
    result = annotate(given_table)
    assert result.schema.equals(ANNOTATION_OUTPUT)
    texts = {(r["interaction_id"], r["turn_no"]): r["text"] for r in given_table.to_pylist()}
    for row in result.to_pylist():
        text = texts[row["interaction_id"], row["turn_no"]]
        assert row["evidence"] == text[row["char_start"] : row["char_end"]]
        assert 0 < len(row["evidence"]) <= EVIDENCE_LIMIT
        assert row["family"] in ANNOTATION_FAMILIES
        assert 0.0 <= row["score"] <= 1.0
        assert row["detector"] and row["detector_version"]
        if row["family"] == "churn":  # a phrase of a rulebook, or the model alone
            assert row["rulebook_version"].split("-")[0] in ("churn", "")
        else:
            stated = row["family"] in ("compliance", "contact", "quality")
            assert bool(row["rulebook_version"]) is stated


def families(number, turn_no):
    return [row["family"] for row in alone(number) if row["turn_no"] == turn_no]


def test_who_gets_which_tags():
    assert families(0, 1).count("language") == 1
    assert families(0, 1).count("sentiment") == 1
    assert "driver" in families(0, 1)
    # Agents are heard for language, mood, rules and form; a blank turn says nothing.
    assert set(families(0, 0)) == {"language", "sentiment", "compliance", "quality"}
    assert families(0, 0).count("sentiment") == 1
    assert families(4, 1) == []
    assert families(6, 0) == ["language"]


def test_tags_come_from_the_word_lists():
    allowed = {"language": LANGUAGES, "sentiment": SENTIMENTS, "pii": PII_TYPES}
    for number in range(len(TALKS)):
        for row in alone(number):
            assert row["tag"] in allowed.get(row["family"], (row["tag"],))


@pytest.mark.parametrize(
    ("number", "rule"),
    [(0, "recording_notice_missing"), (1, "outside_contact_hours"), (2, "asked_credentials")],
)
def test_rules_are_applied_to_the_interaction(number, rule):
    assert [row["tag"] for row in alone(number) if row["family"] == "compliance"] == [rule]


def test_placeholders_become_pii_rows():
    (row,) = [row for row in alone(2) if row["family"] == "pii"]
    assert (row["tag"], row["evidence"]) == ("PHONE", "[PHONE]")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 40), unique=True, max_size=8),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_any_order_and_any_cut_gives_the_same_rows(numbers, size, random):
    shuffled = table(numbers).to_pylist()
    random.shuffle(shuffled)
    together = annotate(pa.Table.from_pylist(shuffled, schema=ANNOTATION_INPUT)).to_pylist()
    apart = []
    for start in range(0, len(numbers), size):
        apart += annotate(table(sorted(numbers)[start : start + size])).to_pylist()
    assert together == apart


def test_empty_input():
    assert annotate(table([])).num_rows == 0


def test_record_batches_are_welcome():
    batch = table([2]).combine_chunks().to_batches()[0]
    assert annotate(batch).to_pylist() == alone(2)


def test_another_schema_is_refused():
    with pytest.raises(ValueError, match="ANNOTATION_INPUT"):
        annotate(pa.table({"text": ["halo"]}))


def test_own_rulebooks_replace_the_bundled_ones(tmp_path):
    path = tmp_path / "own.yml"
    path.write_text(
        'rulebook: own\nversion: "3"\njurisdiction: X\nrules:\n  - {id: greeted, title: t, severity: low,'
        " legal: l, kind: must_not_say, phrases: {id: [selamat pagi], en: [good morning]}}\n",
        "utf-8",
    )
    found = [r for r in annotate(table([0, 2]), (path,)).to_pylist() if r["family"] == "compliance"]
    assert [row["tag"] for row in found] == ["greeted"]
    assert found[0]["rulebook_version"].startswith("own-3-")
    assert engine.release((path,)) != engine.release()


def test_release_covers_every_part():
    versions = engine.versions()
    assert {"language", "sentiment", "drivers", "churn", "flags", "redaction", "normalise"} <= set(
        versions
    )
    assert {"rulebook.indonesia", "rulebook.international"} <= set(versions)
    assert len(engine.release()) == 12
