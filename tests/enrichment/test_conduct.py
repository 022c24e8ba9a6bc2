"""The shipped rules on conduct: precision and recall of each, the packs, and hostile text."""

import sys
import time
from collections import Counter
from functools import cache

import pytest

from enrichment.compliance import Spoken, check
from enrichment.contact_rules import for_marts
from enrichment.rulebook import BUNDLED, beside_bundled, bundled, load, load_all
from enrichment.training.compliance_figures import main, of_cases, of_sample
from enrichment.training.conduct import FILE, OWN, SECOND, UNSEEN, cases

RULES = [rule for book in bundled() for rule in book.rules]
BY_WORDS = sorted(rule.id for rule in RULES if rule.kind != "contact_frequency")
OPTIONAL = sorted((BUNDLED / "optional").glob("*.yml"))


counted = cache(of_cases)


@pytest.mark.parametrize("file", [FILE, SECOND], ids=lambda file: file.stem)
@pytest.mark.parametrize("rule", BY_WORDS)
def test_precision_and_recall(rule, file):
    if rule not in {case.rule for case in cases(file)}:
        return
    counts = [count for (name, _), count in counted(file).items() if name == rule]
    right, wrong, missed = (
        sum(getattr(count, name) for count in counts) for name in ("right", "wrong", "missed")
    )
    misses = [words for count in counts for words in count.misses]
    assert right / (right + wrong) >= 0.95, misses
    assert right / (right + missed) >= 0.95, misses


@pytest.mark.parametrize(("file", "least"), [(OWN, 0.95), (UNSEEN, 0.75)])
def test_all_rules_together(file, least):
    counts = counted(file).values()
    right = sum(count.right for count in counts)
    # The words of unseen conversations are not shown: whoever widens the rules must not read them.
    assert right / (right + sum(count.wrong for count in counts)) >= least
    assert right / (right + sum(count.missed for count in counts)) >= least


@pytest.mark.parametrize("file", [SECOND, UNSEEN], ids=lambda file: file.stem)
def test_writers_who_did_not_know_the_rules_asked_as_much_of_each(file):
    asked = Counter((case.rule, case.language, case.breaks) for case in cases(file))
    assert len(asked) == 40
    assert set(asked.values()) == {14}


@pytest.mark.parametrize("rule", BY_WORDS)
def test_every_rule_is_asked_in_both_languages_with_what_only_looks_alike(rule):
    asked = Counter((case.language, case.breaks) for case in cases() if case.rule == rule)
    assert sum(asked.values()) >= 20
    assert all(
        asked[language, breaks] >= 5 for language in ("id", "en") for breaks in (True, False)
    )


def test_a_case_that_cannot_be_read_is_named(tmp_path):
    file = tmp_path / "cases.txt"
    file.write_text("[rude channel=chat]\n+ id: bodoh\n+ fr: idiot\n")
    with pytest.raises(ValueError, match="line 3"):
        cases(file)


def test_the_sample_is_measured_by_what_it_planted(tmp_path):
    talk = '{"natives": ["%s"], "started_at": "2026-03-04T03:00:00+00:00", "channel": "chat", "direction": "inbound"}'
    turn = '{"interaction": "%s", "turn": 0, "role": "agent", "text": "%s"}'
    said = [("a", "Boleh minta PIN-nya?"), ("b", "Jangan beri tahu PIN"), ("c", "Halo")]
    (tmp_path / "interactions.jsonl").write_text("\n".join(talk % name for name, _ in said))
    (tmp_path / "turns.jsonl").write_text("\n".join(turn % row for row in said))
    planted = [f'{{"interaction": "{name}", "rule": "asked_credentials"}}' for name in "ac"]
    (tmp_path / "breaches.jsonl").write_text("\n".join(planted))
    ((rule, count),) = of_sample(tmp_path).items()
    assert rule == ("asked_credentials", "all")
    assert (count.right, count.wrong, count.missed, count.silent) == (1, 0, 1, 1)
    assert (count.precision, count.recall) == (1.0, 0.5)


def test_the_command_prints_a_line_a_rule_and_language(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["compliance_figures", "--misses"])
    main()
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "labelled conversations"
    assert sum(line.startswith("threat ") for line in shown) == 2


@pytest.mark.parametrize("rule", [*RULES, *(r for file in OPTIONAL for r in load(file).rules)])
def test_every_rule_names_its_law_and_says_what_it_means(rule):
    assert len(rule.source.split()) >= 15
    assert rule.legal and rule.severity and rule.title


def test_optional_books_stand_beside_the_bundled_ones():
    books = load_all(beside_bundled(OPTIONAL))
    assert {rule["rule_id"] for rule in for_marts(books).to_pylist()} == {
        "collection_too_often", "us_calls_seven_in_seven", "us_collection_hours",
    }  # fmt: skip


def test_rules_take_linear_time_on_hostile_text():
    text = "minta " * 8_000 + "nomor kartu lengkap " * 1_000 + "sebar foto " * 3_000
    assert len(text) > 100_000 - 1_000
    check([Spoken(0, "agent", "halo")], "social", "outbound", bundled())
    began = time.process_time()
    check([Spoken(0, "agent", text)], "social", "outbound", bundled())
    assert time.process_time() - began < 3.0
