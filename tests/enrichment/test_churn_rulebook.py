"""The churn rulebook: labelled turns, own books beside and instead of it, errors by line."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from enrichment import churn, cues, features, linear
from enrichment.annotate import annotate
from enrichment.engine import release, versions
from enrichment.rulebook import BUNDLED, RulebookError, beside_bundled, load
from tests.enrichment.churn_cases import CASES
from warehouse.contracts import ANNOTATION_INPUT

OWN = """rulebook: our_leavers
version: "1"
family: churn
softeners:
  id: [kalau]
  en: [if]
rules:
  - id: hands_back_the_box
    title: Hands the set-top box back
    tag: explicit
    softened_to: implied
    blockers:
      id: [rusak, tukar unit]
      en: [broken, swap it]
    phrases:
      id: [mau|ingin balikin dekoder]
      en: [take|bring the box back]
"""


def said(text, book=None):
    found = (book or cues.book("churn")).find(features.words_of(text))
    return max((cue.tag for cue in found), key=lambda tag: tag == "explicit", default=None)


@pytest.mark.parametrize(("tag", "text"), CASES, ids=lambda value: str(value)[:50])
def test_labelled_turns(tag, text):
    assert said(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "saya pindah rumah minggu depan, alamatnya berubah",
        "mau pindah kos bulan depan, internetnya bisa ikut?",
        "tolong batalin jadwal servis hari kamis",
        "we are moving house next month",
        "other",
        "Masih.",
        "lainnya 🙏",
        "tolong hapus perangkat lama dari akun saya",
        "cancel my trip for tomorrow please",
        "could you move us to the new office in May",
    ],
)
def test_what_only_looks_like_leaving_silences_the_model(text):
    assert churn.predict([text]) == [None]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("saya pindah rumah, jadi tutup akun saya", "explicit"),
        ("we are moving house, so please cancel my contract", "explicit"),
        ("cancel my trip, and I have decided to leave you for good", "explicit"),
    ],
)
def test_what_is_said_outright_counts_beside_it(text, tag):
    assert churn.predict([text])[0].tag == tag


def test_the_table_covers_both_levels_and_what_only_looks_alike():
    for tag in ("explicit", "implied", None):
        assert sum(case == tag for case, _ in CASES) >= 20


def written(tmp_path, text, name="own.yml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("saya mau balikin dekoder", "explicit"),
        ("I will bring the box back", "explicit"),
        ("kalau mati lagi saya mau balikin dekoder", "implied"),
        ("saya mau balikin dekoder, mau tukar unit", None),
        ("mau balikin dekoder yang rusak", None),
        ("I'd bring the box back, please swap it", None),
        ("saya tidak mau balikin dekoder", None),
        ("mau tanya dekoder", None),
    ],
)
def test_an_own_book(tmp_path, text, tag):
    book = cues.compiled((load(written(tmp_path, OWN)),))
    assert said(text, book) == tag


def churn_tags(text, files=()):
    row = {
        "interaction_id": "i", "turn_no": 0, "role": "customer", "text": text,
        "sent_at": datetime(2026, 3, 4, 3, tzinfo=UTC), "start_seconds": None,
        "channel": "chat", "direction": "inbound",
    }  # fmt: skip
    table = pa.Table.from_pylist([row], schema=ANNOTATION_INPUT)
    return [r for r in annotate(table, files).to_pylist() if r["family"] == "churn"]


def test_an_own_book_stands_beside_the_bundled_one_and_makes_a_release(tmp_path):
    files = beside_bundled([written(tmp_path, OWN)])
    (tag,) = churn_tags("Layanannya mengecewakan, saya mau balikin dekoder", files)
    assert (tag["tag"], tag["evidence"]) == ("explicit", "mau balikin dekoder")
    assert tag["rulebook_version"].startswith("our_leavers-1-")
    assert release(files) != release()
    assert versions(files)["rulebook.our_leavers"] == tag["rulebook_version"]
    (bundled,) = churn_tags("saya mau berhenti langganan", files)
    assert bundled["rulebook_version"].startswith("churn-")


def test_an_own_book_replaces_the_bundled_one_of_its_name(tmp_path):
    text = OWN.replace("rulebook: our_leavers", "rulebook: churn")
    files = beside_bundled([written(tmp_path, text)])
    assert BUNDLED / "churn.yml" not in files
    found = churn_tags("saya mau berhenti langganan", files)
    assert all(tag["rulebook_version"] == "" for tag in found)  # what is left is the model's word


def test_rules_on_conduct_alone_leave_the_churn_phrases_as_they_are():
    (tag,) = churn_tags("saya mau berhenti langganan", (BUNDLED / "international.yml",))
    assert tag["rulebook_version"].startswith("churn-")


def test_the_model_may_overrule_only_a_phrase_that_says_so(tmp_path, monkeypatch):
    text = "Selamat pagi, saya mau balikin dekoder"
    for setting in ("cue_needs", "least_score"):  # a model that is never persuaded
        monkeypatch.setitem(linear.released("churn").settings, setting, 1.1)
    unsure = OWN.replace("tag: explicit", "tag: explicit\n    needs_model: true")
    assert churn_tags(text, beside_bundled([written(tmp_path, unsure)])) == []
    assert len(churn_tags(text, beside_bundled([written(tmp_path, OWN)]))) == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("tag: explicit", "tag: maybe", 10, "none of implied, explicit"),
        ("family: churn", "family: mood", 3, "none of compliance, churn, flag"),
        ("family: churn", "family: flag", 5, "softeners belong to family churn"),
        ("blockers:", "bloker:", 12, "did you mean 'blockers'"),
        ("tag: explicit", "tag: none", 11, "never softened"),
        ("softened_to: implied", "softened_to: none", 11, "none of implied, explicit"),
        ("softened_to: implied", "softened_to: soft", 11, "none of implied, explicit"),
        ("softened_to: implied", "needs_softener: yes", 11, "none of true, false"),
        ("softened_to: implied", "softened_to: implied\n    needs_softener: true", 11, "remove"),
        ("mau|ingin balikin", "mau||ingin balikin", 16, "empty word beside |"),
        ("mau|ingin balikin", "mau ...2 balikin", 16, "write every word out"),
        ("[broken, swap it]", "['', swap it]", 14, "holds an empty text"),
        ("[broken, swap it]", "broken", 14, "must be a list"),
        ("      en: [take|bring the box back]\n", "", 16, "both languages"),
        ("mau|ingin balikin", f"{'a|b ' * 12}balikin", 16, "more than 2000 phrases"),
        ("softeners:\n  id: [kalau]\n  en: [if]\n", "", 8, "lists no softeners"),
        ("title: Hands the set-top box back", "title: ' '", 9, "title must be a text"),
    ],
)
def test_errors_name_the_line_and_the_remedy(tmp_path, old, new, line, words):
    with pytest.raises(RulebookError) as caught:
        load(written(tmp_path, OWN.replace(old, new, 1)))
    assert str(caught.value).startswith(f"own.yml:{line}: ")
    assert words in str(caught.value)
