"""Outright phrases: what they match, what blocks, denies or softens them."""

import pytest

from enrichment import cues, features

CASES = [
    ("churn", "saya mau berhenti langganan", "explicit", "mau berhenti langganan"),
    ("churn", "gw mau brenti langganan", "explicit", "mau brenti langganan"),
    ("churn", "please cancel my subscription", "explicit", "cancel my subscription"),
    ("churn", "if this goes on cancel my subscription", "implied", "cancel my subscription"),
    ("churn", "I don't want to cancel my subscription", None, None),
    ("churn", "saya tidak mau berhenti langganan", None, None),
    ("churn", "saya tidak puas, mau berhenti langganan", "explicit", "mau berhenti langganan"),
    ("churn", "cancel my account manager's appointment", None, None),
    ("flags", "tolong sambungkan ke operator", "asks_human", "sambungkan ke operator"),
    ("flags", "any update on this", "follow_up", "any update on"),
    ("flags", "halo", None, None),
]


@pytest.mark.parametrize(("book", "text", "tag", "phrase"), CASES)
def test_cues(book, text, tag, phrase):
    words = features.words_of(text)
    found = [c for c in cues.book(book).find(words) if c.tag == tag]
    if tag is None:
        assert cues.book(book).find(words) == []
        return
    assert phrase in [text[words[c.first][0] : words[c.last][1]] for c in found]


def test_a_denied_phrase_is_told_apart_from_silence():
    said, denied = cues.book("churn").search(features.words_of("don't cancel my subscription"))
    assert not said
    assert denied


def test_books_have_versions_of_their_own():
    assert cues.book("churn").version != cues.book("flags").version


def test_no_phrase_matches_inside_a_longer_word():
    assert cues.book("churn").find(features.words_of("mau berhenti langganannyaku")) == []
