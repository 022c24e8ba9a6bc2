"""A rule is left out only where it could not have found anything."""

import pytest

from enrichment import compliance, phrases, rule_openings, rulebook, spoken
from enrichment.compliance import Spoken

WORDS = (
    "kami datang ke rumah dan permalukan kamu",
    "we will put you in jail",
    "tagihan anda jatuh tempo hari ini",
    "please tell me your pin and the otp code",
    "percakapan ini direkam untuk kualitas",
    "saya tidak mau ditelepon lagi. stop calling me",
    "terima kasih banyak",
    "",
)


def _everything(turns: list[Spoken], channel: str, direction: str) -> list[compliance.Finding]:
    """Every rule on every sentence, without asking what is worth trying."""
    books = rulebook.bundled()
    every = rule_openings.anchors(books).all
    heard = [
        spoken.Heard(turn, tuple((cut, every.present(cut)) for cut in phrases.sentences(turn.text)))
        for turn in turns
    ]
    found: list[compliance.Finding] = []
    for rule, _ in rule_openings.applicable(books, channel, direction):
        applied = compliance._APPLY[rule.kind](rule, heard)
        found.extend(compliance._finding(rule, *each) for each in applied)
    return found


@pytest.mark.parametrize("channel", ["voice", "chat"])
@pytest.mark.parametrize("direction", ["inbound", "outbound"])
@pytest.mark.parametrize("roles", [("agent", "customer"), ("customer", "agent"), ("bot", "system")])
def test_leaving_out_rules_changes_no_finding(channel, direction, roles):
    for first in WORDS:
        for second in WORDS:
            turns = [Spoken(0, roles[0], first), Spoken(1, roles[1], second)]
            given = compliance.check(turns, channel, direction, rulebook.bundled())
            assert given == _everything(turns, channel, direction)


def test_the_cases_find_something():
    found = _everything([Spoken(0, "agent", text) for text in WORDS], "chat", "outbound")
    assert {"threat"} < {finding.tag.tag for finding in found}


@pytest.mark.parametrize("text", ["a ", "tagihan ", "jail you ", "!" * 3, "x" * 50 + " "])
def test_the_work_grows_with_the_length_and_not_faster(text, monkeypatch):
    """Counted, not timed: words that are read, and sentences that are handed to a pattern."""
    counts = []
    for size in (500, 1000):
        handed = 0
        said_in, find = phrases.Phrases.said_in, phrases.Phrases.find

        def count(inner):
            def counted(self, sentence):
                nonlocal handed
                handed += len(sentence.text)
                return inner(self, sentence)

            return counted

        with monkeypatch.context() as patched:
            patched.setattr(phrases.Phrases, "said_in", count(said_in))
            patched.setattr(phrases.Phrases, "find", count(find))
            compliance.check(
                [Spoken(0, "agent", text * size)], "chat", "outbound", rulebook.bundled()
            )
        counts.append(handed)
    assert counts[1] <= 2 * counts[0] + 10
