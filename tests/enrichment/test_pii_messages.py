"""Precision and recall on invented messages of both languages, the part kept aside among them."""

import pytest

from enrichment.training.pii_figures import ours, tally
from enrichment.training.pii_texts import messages
from tests.enrichment.pii_messages import FILE, FIRST, LANGUAGES, MESSAGES, SECOND

NAMED = ("PERSON", "ADDRESS")


def figures(rows):
    return tally((row, ours(row.text)) for row in rows)


def rate(found, kinds, part, whole):
    held = [found[kind] for kind in kinds if kind in found and found[kind][whole]]
    total = sum(one[whole] for one in held)
    return sum(one[part] * one[whole] for one in held) / total if total else 1.0


def test_the_table_is_large_and_in_two_parts():
    assert len(MESSAGES) >= 150
    assert min(len(FIRST), len(SECOND)) >= 70
    assert {kind for row in MESSAGES for *_, kind in row.spans} >= {"NIK", "KK", "NPWP", "CVV"}


@pytest.mark.parametrize("part", ["first", "second"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_hidden(part, language):
    found = figures(messages(FILE, part, language))
    structured = [kind for kind in found if kind not in NAMED]
    assert rate(found, structured, "recall", "gold") >= 0.9
    assert rate(found, structured, "precision", "found") >= 0.95
    assert rate(found, ["PERSON"], "recall", "gold") >= 0.85
    assert rate(found, ["PERSON"], "precision", "found") >= 0.8
    assert rate(found, ["ADDRESS"], "touched", "gold") >= 0.9


def test_numbers_of_both_languages_together():
    found = figures(MESSAGES)
    structured = [kind for kind in found if kind not in NAMED]
    assert rate(found, structured, "recall", "gold") >= 0.98
    assert rate(found, structured, "precision", "found") >= 0.95
    assert rate(found, ["PERSON"], "recall", "gold") >= 0.9
