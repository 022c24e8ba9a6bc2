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
    assert ids >= {
        "ignored_stop_request", "public_data_asked", "public_data_exposed", "collection_too_often",
    }  # fmt: skip


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


HOURS = """rulebook: own
version: "1"
jurisdiction: ID
words:
  debt: [utang*, jatuh tempo]
rules:
  - id: late
    title: Too late
    severity: low
    legal: internal
    kind: contact_hours
    timezone: Asia/Jakarta
    from: "08:00"
    to: "20:00"
    weekdays: [mon]
    holidays:
      - 2026-08-17
    context:
      id: [$debt]
      en: [debt]
  - id: often
    title: Too often
    severity: low
    legal: internal
    kind: contact_frequency
    timezone: Asia/Jakarta
    at_most: 3
    within_days: 7
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  - id: often", "  - id: late", 21, "used twice; rename"),
        ("weekdays: [mon]", "weekdays: []", 15, "weekdays must be a list"),
        ("weekdays: [mon]", "weekdays: [monday]", 15, "none of mon, tue"),
        ('to: "20:00"', 'to: "07:00"', 14, "to must be later than from"),
        ('to: "20:00"', 'to: "20:00+07:00"', 14, "name the zone apart"),
        ("2026-08-17", "17-08-2026", 17, "days such as 2026-08-17"),
        ("      - 2026-08-17", "      - 2026-08-17\n      - 2026-08-17", 18, "twice; remove one"),
        ("[$debt]", "[$dept]", 19, "no list of words is called $dept; there are: $debt"),
        ("words:\n  debt: [utang*, jatuh tempo]\n", "", 17, "none; add them under words"),
        ("[utang*, jatuh tempo]", "[utang*, '']", 5, "debt holds an empty text"),
        ("[debt]", "['']", 20, "en holds an empty text"),
        ("[debt]", "['/de(bt/']", 20, "RE2 refuses /de(bt/"),
        ("[debt]", "['/(?!x)debt/']", 20, "no look-around"),
        ("[debt]", "['/(debt)\\1/']", 20, "no back-references"),
        ("[debt]", "['/x*/']", 20, "make it need a word"),
        ("at_most: 3", "at_most: 2.5", 27, "must be a whole number"),
        ("at_most: 3", "at_most: many", 27, "must be a number"),
        ("at_most: 3", "at_most: 0", 27, "must be positive"),
        ("within_days: 7", "within_days: 400", 28, "at most 366"),
        ("    within_days: 7\n", "", 21, "needs within_days"),
        (
            "    at_most: 3\n",
            "    at_most: 3\n    within_turns: 2\n",
            28,
            "means nothing in a rule",
        ),
        ("kind: contact_frequency", "kind: contact_frequenzy", 25, "none of must_say"),
        (
            "    within_days: 7",
            "    within_days: 7\n    zone_of: moon",
            29,
            "none of fixed, customer",
        ),
        ("    within_days: 7", "    within_days: 7\n    campaigns: sales", 29, "must be a list"),
        ("    within_days: 7", "    within_days: 7\n    - x", 29, "not valid YAML: expected"),
        ("    within_days: 7", "    within_days: 7\n  - just words", 29, "expected `name: value`"),
        ("jurisdiction: ID", "jurisdiction: ID\nsofteners: {id: [a], en: [b]}", 4, "family churn"),
    ],
)
def test_errors_of_contact_rules_name_the_line(tmp_path, old, new, line, words):
    assert old in HOURS
    with pytest.raises(RulebookError) as caught:
        load(written(tmp_path, HOURS.replace(old, new, 1)))
    assert str(caught.value).startswith(f"own.yml:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ("near: {id: [a], en: [b]}", "near and within_words are given together"),
        ("after: {id: [a], en: [b]}", "after and phrases_after are given together"),
        ("phrases_before: {id: [a], en: [b]}", "phrases_before means nothing without after"),
        ("after_roles: [agent]", "after_roles means nothing without after"),
        ("exposed: [NIK]", "exposed means nothing in a rule of kind must_not_say; remove it"),
        ("context: {id: [a], en: [b]}", "context means nothing"),
        ("sourse: x", "did you mean 'source'"),
    ],
)
def test_fields_that_do_not_go_together(tmp_path, added, words):
    with pytest.raises(RulebookError) as caught:
        load(written(tmp_path, GOOD.replace("    phrases:", f"    {added}\n    phrases:")))
    assert str(caught.value).startswith("own.yml:10: ")
    assert words in str(caught.value)


def test_all_faulty_rules_are_named_at_once(tmp_path):
    text = HOURS.replace("[mon]", "[monday]").replace("at_most: 3", "at_most: none")
    with pytest.raises(RulebookError) as caught:
        load(written(tmp_path, text))
    assert [line.split(": ")[0] for line in str(caught.value).split("\n")] == [
        "own.yml:15",
        "own.yml:27",
    ]


def test_every_bundled_and_optional_book_loads_with_its_own_name():
    for file in BUNDLED.rglob("*.yml"):
        assert load(file).name == file.stem


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
        ("pin ...2 ?", "PIN-nya? PIN anda berapa?", "PIN anda berapa?"),
        ("pin berapa|?", "PIN!", None),
        ("pin berapa|?", "PIN?", "PIN?"),
        ("^ stop ^", "stop.", "stop"),
        ("^ stop ^", "stop dulu. Jangan stop", None),
        ("^ stop", "Jangan stop. Stop dulu", "Stop"),
        ("tolong pin", "tolong, PIN", "tolong, PIN"),
        ("mr tan", "ask Mr. Tan", "Mr. Tan"),
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
