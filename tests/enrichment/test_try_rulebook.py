"""Trying a rulebook on lines of conversation: answers, mistakes and exit codes."""

import io
import sys

import pytest

from enrichment import try_rulebook

RULES = """rulebook: ours
version: "1"
jurisdiction: ID
rules:
  - id: refused_complaint
    title: A complaint is refused
    severity: high
    legal: Company policy
    kind: must_not_say
    phrases:
      id: [bukan ...2 urusan kami|saya]
      en: [not ...1 our|my problem]
  - id: too_often
    title: Too often
    severity: low
    legal: Company policy
    kind: contact_frequency
    directions: [outbound]
    timezone: Asia/Jakarta
    at_most: 1
    within_days: 1
  - id: at_night
    title: At night
    severity: low
    legal: Company policy
    kind: contact_hours
    timezone: Asia/Jakarta
    from: "08:00"
    to: "20:00"
    weekdays: [wed]
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    def call(rules, said, *options):
        file = tmp_path / "ours.yml"
        file.write_text(rules, "utf-8")
        monkeypatch.setattr(sys, "argv", ["try_rulebook", str(file), *options])
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        code = try_rulebook.main()
        shown = capsys.readouterr()
        return code, shown.out.splitlines(), shown.err

    return call


def test_answers(run):
    code, out, _ = run(RULES, "c: mau komplain // Itu bukan urusan kami\n\nc: bukan urusan kami\n")
    assert code == 0
    assert out[0].startswith("ours-1-") and out[0].endswith(": 3 rules")
    assert out[2] == "  breaks refused_complaint: bukan urusan kami"
    assert out[4] == "  nothing"


def test_channel_direction_and_time(run):
    options = ("--direction", "outbound", "--at", "2026-03-04T20:00:01+07:00")
    _, out, _ = run(RULES, "Halo Kak\n", *options)
    assert out[2:] == ["  counts for too_often: Halo Kak", "  breaks at_night: Halo Kak"]


def test_churn(run):
    rules = (
        'rulebook: leavers\nversion: "1"\nfamily: churn\nrules:\n  - id: box\n    title: Box\n'
        "    tag: explicit\n    phrases:\n      id: [balikin dekoder]\n      en: [return the box]\n"
    )
    _, out, _ = run(rules, "c: mau balikin dekoder\nreturn the box\n")
    assert out[2] == "  says churn explicit: balikin dekoder"
    assert out[4] == "  nothing"


def test_mistakes_are_named(run):
    code, out, error = run(RULES.replace("severity: high", "severity: huge"), "")
    assert (code, out) == (1, [])
    assert error.startswith("ours.yml:7: 'huge' is none of low")


def test_a_time_without_zone_is_refused(run):
    with pytest.raises(SystemExit):
        run(RULES, "", "--at", "2026-03-04T20:00:01")
