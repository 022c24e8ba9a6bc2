"""Rulebooks as files: what is accepted, and errors that name file, line and remedy."""

import pytest

from enrichment.phrases import Phrases, sentences
from enrichment.rulebook import (
    BUNDLED,
    KINDS,
    RulebookError,
    beside_bundled,
    bundled,
    load,
    load_all,
)

GOOD = """rulebook: own
version: "1"
jurisdiction: ID
rules:
  - id: rude
    title: Rude words
    severity: low
    legal: internal
    kind: must_not_say
    phrases:
      id: [bodoh]
      en: [stupid]
"""


def written(tmp_path, text, name="own.yml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_bundled_rulebooks_load():
    ids = {rule.id for book in bundled() for rule in book.rules}
    assert ids >= {
        "recording_notice_missing", "asked_card_security", "asked_credentials", "threat",
        "guaranteed_return", "third_party_disclosure", "outside_contact_hours", "card_data_exposed",
    }  # fmt: skip
    for book in bundled():
        for rule in book.rules:
            assert rule.kind in KINDS and rule.legal and rule.title and rule.jurisdiction


def test_version_changes_with_any_byte(tmp_path):
    first = load(written(tmp_path, GOOD))
    second = load(written(tmp_path, GOOD.replace("bodoh", "bego")))
    assert first.version != second.version
    assert first.version.startswith("own-1-")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("severity: low", "severity: awful", "own.yml:7", "none of low"),
        ("kind: must_not_say", "kind: never", "own.yml:9", "none of must_say"),
        ("kind: must_not_say", "kind: must_say", "own.yml:5", "needs within_turns"),
        ("title: Rude words", "titel: Rude words", "own.yml:6", "unknown field 'titel'"),
        ("title: Rude words", "title: ''", "own.yml:6", "title must be a text"),
        ("      en: [stupid]\n", "", "own.yml:11", "both languages"),
        ("[bodoh]", "bodoh", "own.yml:11", "must be a list"),
        ("[bodoh]", "['...']", "own.yml:11", "begin and end with a word"),
        ("[bodoh]", "['a ...99 b']", "own.yml:11", "up to 12"),
        ("[bodoh]", "['a||b']", "own.yml:11", "cannot read the word"),
        ("legal: internal", "legal: internal\n    roles: [boss]", "own.yml:9", "none of customer"),
        ("legal: internal", "legal: internal\n    from: '25:00'", "own.yml:9", "must be a time"),
        ("legal: internal", "legal: internal\n    timezone: Mars", "own.yml:9", "Asia/Jakarta"),
        ("legal: internal", "legal: internal\n    within_turns: -1", "own.yml:9", "positive"),
        ("rulebook: own", "rulebook: own\nrulebook: own", "own.yml:2", "given twice"),
        ("rules:", "rules: []\nx:", "own.yml", "unknown field 'x'"),
        ("rulebook: own", "rulebook: [", "own.yml", "not valid YAML"),
    ],
)
def test_errors_name_file_and_line(tmp_path, old, new, place, words):
    with pytest.raises(RulebookError) as caught:
        load(written(tmp_path, GOOD.replace(old, new, 1)))
    assert str(caught.value).startswith(place)
    assert words in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(RulebookError, match="cannot be read"):
        load(tmp_path / "none.yml")


def test_a_rule_id_belongs_to_one_rulebook(tmp_path):
    paths = (written(tmp_path, GOOD), written(tmp_path, GOOD.replace("own", "other"), "b.yml"))
    with pytest.raises(RulebookError, match="rude stands in own and in other"):
        load_all(paths)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("bayar sekarang", "tolong bayar sekarang juga", "bayar sekarang"),
        ("kirim* uang", "kirimkan uang", "kirimkan uang"),
        ("pin|otp anda", "OTP anda berapa", "OTP anda"),
        ("kode_otp", "sebutkan kode OTP", "kode OTP"),
        ("minta ya? pin", "minta pin", "minta pin"),
        ("minta ...2 pin", "minta tolong dong pin", "minta tolong dong pin"),
        ("minta ...2 pin", "minta satu dua tiga pin", None),
        ("minta ... pin", "minta. Soal pin", None),
        ("gak bisa", "tidak bisa", "tidak bisa"),
        ("tidak bisa", "gabisa dong", "Gabisa"),
        ("bayar", "bayaran", None),
    ],
)
def test_phrase_signs(phrase, text, found):
    phrases = Phrases((phrase,))
    spans = [
        sentence.span(*match) for sentence in sentences(text) for match in phrases.find(sentence)
    ]
    assert [text[a:b].lower() for a, b in spans] == ([found.lower()] if found else [])


def _named(folder, name, file="own.yml"):
    path = folder / file
    text = (BUNDLED / "international.yml").read_text("utf-8")
    path.write_text(text.replace("rulebook: international", f"rulebook: {name}"), "utf-8")
    return path


def test_own_rulebooks_stand_in_for_bundled_ones_of_their_name(tmp_path):
    own = _named(tmp_path, "international")
    files = beside_bundled([own])
    assert own in files
    assert BUNDLED / "international.yml" not in files
    assert {load(path).name for path in files} == {book.name for book in bundled()}


def test_no_own_rulebook_means_the_bundled_ones():
    assert beside_bundled([]) == ()


def test_one_name_twice_is_refused(tmp_path):
    files = [_named(tmp_path, "ours", "a.yml"), _named(tmp_path, "ours", "b.yml")]
    with pytest.raises(RulebookError, match="rulebook ours is given twice"):
        beside_bundled(files)


def test_equal_files_are_one_rulebook(tmp_path):
    first, again = (_named(tmp_path / name, "ours") for name in _folders(tmp_path, "a", "b"))
    assert load(first) is load(again)


def _folders(root, *names):
    for name in names:
        (root / name).mkdir()
        yield name
