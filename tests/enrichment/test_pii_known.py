"""Known names are found alike with and without compiled patterns."""

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from enrichment import pii_groups, pii_known, pii_rows, pii_tagged, pii_tagger
from tests.enrichment.pii_messages import MESSAGES

NAMES = ["Rina Wati", "rina wati putri", "Budi", "Al Bo", "Putri Indah", "Wati Budi", "Mx 9"]
WORDS = ["Rina", "wati", "WATI", "Putri", "putri", "Budi", "al", "Bo", "budi_x", "Mx", "9", "x"]


def spans(names, text):
    return sorted(set(pii_known.given(text, names)))


@settings(max_examples=400, deadline=None)
@drawn(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "  ", "\n", ". ", "-"]))),
)
def test_compiling_changes_nothing(names, pieces):
    text = "".join(word + gap for word, gap in pieces)
    plain = spans(names, text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pii_known, "_simple", lambda _: None)
        patched.setattr(pii_known, "_nobody", lambda *_: False)
        assert spans(names, text) == plain


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (["Rina Wati"], "halo rina  WATI ya", ["rina  WATI"]),
        (["Rina S. Wati"], "kata Rina S. Wati", ["Rina S. Wati"]),
        (["Renée Dupont"], "kata RENÉE", ["RENÉE"]),
        (["Rina Wati"], "rinawati dan rina_wati", []),
        (["Putri Indah"], "tuan putri itu indah", []),
    ],
)
def test_known_names_are_found_in_any_spelling(names, text, found):
    places = spans(names, text)
    longest = [
        a for a in places if not any(b != a and b[0] <= a[0] <= a[1] <= b[1] for b in places)
    ]
    assert [text[one.start : one.end] for one in longest] == found


@pytest.mark.parametrize("text", [message.text for message in MESSAGES])
def test_scoring_near_digits_only_finds_the_same_addresses(text):
    row = pii_rows.Row(text)
    near = pii_tagged._scored(row)
    every = [pii_tagger.address_score(row, place) for place in range(len(row.lower))]
    found = [
        {place for place, inside in enumerate(pii_tagged._grown(row, scored)) if inside}
        for scored in (near, every)
    ]
    digits = {place for place, word in enumerate(row.lower) if word[0] == "0"}
    assert found[0] & digits == found[1] & digits


@pytest.mark.parametrize(
    "text", ["0811 0000-0001, (021) 555", "1  2   3    4", "tgl 1/2/2020.5 a7"]
)
def test_runs_of_figures_are_joined_as_said_ones_are(text):
    # A digit word at the end takes the other way through.
    plain = [[group.digits for group in run] for run in pii_groups.runs(text)]
    said = [[group.digits for group in run] for run in pii_groups.runs(text + " :: satu")]
    assert [*plain, ["1"]] == said
