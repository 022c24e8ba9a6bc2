"""The tagger: tokens, what can be a name, how scores become spans, and how it is fitted."""

import numpy as np
import pytest

from enrichment import pii_rows, pii_tagger
from enrichment.redaction import redact
from enrichment.training import pii_seeds
from enrichment.training import pii_tagger as fitting
from enrichment.training.pii_figures import covered, tally
from enrichment.training.pii_texts import Marked, marked


def test_tokens_keep_their_places():
    text = "Siobhan's card, no 12\n[Ana-Lia]"
    row = pii_rows.Row(text)
    words = [text[row.start[i] : row.end(i)] for i in range(len(row.lower))]
    assert words == ["Siobhan", "card", ",", "no", "12", "\n", "[", "Ana-Lia", "]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kata Rojaliwati", ["rojaliwati"]),
        ("pak rojaliwati", ["rojaliwati"]),
        ("rojaliwati lagi", []),
        ("Tagihan saya", []),
        ("budi sudah", ["budi"]),
        ("The Bill", ["bill"]),
    ],
)
def test_only_some_words_can_be_names(text, expected):
    row = pii_rows.Row(text)
    assert [row.lower[place] for place in row.candidates] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "My name is Ján M. Novák but everyone calls me Ján",
            "[PERSON] but everyone calls me [PERSON]",
        ),
        ("please return to 3421 Fagradalsbraut 71, Springfield", "please return to [ADDRESS]"),
        ("Hair Fall", "Hair Fall"),
        ("Referral", "Referral"),
        ("pesan lewat Tokobagus Ekspres kemarin", "pesan lewat Tokobagus Ekspres kemarin"),
        ("I want to report it on Aug 21.", "I want to report it on Aug 21."),
    ],
)
def test_spans(text, expected):
    assert redact(text).text.endswith(expected)


def test_very_long_texts_are_judged_by_lists_alone():
    text = "Budi Santoso " + "kata Zzyzxov lagi " * 2000
    assert redact(text).text.startswith("[PERSON]")
    assert "Zzyzxov" in redact(text).text


SMALL = [
    marked(line, "seeds")
    for line in (
        "nama saya {PERSON|Xavira Qolbun}",
        "kata {PERSON|Mirzanov} begitu",
        "kirim ke {ADDRESS|Jl. Kenari No. 3} ya",
        "harga Qintar berapa",
    )
] * 6


def test_the_same_texts_give_the_same_model():
    tokens = fitting.read(SMALL)
    first, second = (fitting.fit(tokens, fitting.weights_of(tokens, SMALL)) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_another_model_is_applied_for_a_while_only():
    row = pii_rows.Row("kata Mirzanov begitu")
    before = pii_tagger.score(row, 1)
    tokens = fitting.read(SMALL)
    with pii_tagger.applied(fitting.fit(tokens, fitting.weights_of(tokens, SMALL))):
        inside = pii_tagger.score(row, 1)
    assert inside != before
    assert pii_tagger.score(row, 1) == before


def test_seed_sentences_mark_what_they_fill():
    rows = list(pii_seeds.seeds())
    assert rows == list(pii_seeds.seeds())
    assert len(rows) > 2000
    assert all(row.text[a:b].strip() for row in rows for a, b, _ in row.spans)
    assert {kind for row in rows for *_, kind in row.spans} == {"PERSON", "ADDRESS"}


def test_a_group_stays_on_one_side():
    rows = list(pii_seeds.seeds())
    folds = {}
    for row in rows:
        assert folds.setdefault(row.group, fitting.fold_of(row)) == fitting.fold_of(row)
    assert set(folds.values()) == set(range(fitting.FOLDS))


def test_the_tally_counts_letters_and_types():
    row = Marked("call Ana Lee on 12", ((5, 12, "PERSON"),), "x", "x")
    assert covered(row.text, 5, 12, [(5, 8), (9, 12)])
    found = tally([(row, [(5, 8, "PERSON"), (16, 18, "PHONE")])])
    assert found["PERSON"] == {
        "gold": 1, "found": 1, "recall": 0.0, "touched": 1.0, "precision": 1.0,
    }  # fmt: skip
    assert found["PHONE"]["precision"] == 0.0
