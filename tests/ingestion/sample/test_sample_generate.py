"""The sample as a whole: the same every time, complete at every size, refused when senseless."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest

from ingestion.sample.generate import generate
from ingestion.sample.stories import SCENARIOS
from warehouse.vocabulary import CHANNELS, DISCONNECT_REASONS, DRIVERS, PII_TYPES

ROOT = Path(__file__).parents[3]
JAKARTA = timezone(timedelta(hours=7))
RULES = {
    "recording_notice_missing",
    "asked_card_security",
    "asked_credentials",
    "threat",
    "guaranteed_return",
    "third_party_disclosure",
    "outside_contact_hours",
}


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def test_same_arguments_give_identical_bytes_even_with_another_hash_seed(small, tmp_path):
    code = (
        "import sys; from pathlib import Path; from ingestion.sample.generate import generate;"
        "generate(Path(sys.argv[1]), customers=40, interactions=200)"
    )
    target = tmp_path / "again"
    subprocess.run(
        [sys.executable, "-c", code, str(target)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "12345", "TZ": "America/Lima"},
    )
    assert digest(target) == digest(small.folder)
    assert digest(tmp_path / "again-truth") == digest(small.summary.truth)


def test_another_seed_gives_another_sample(small, tmp_path):
    other = generate(tmp_path / "x", seed=8, customers=40, interactions=200)
    assert digest(other.folder) != digest(small.folder)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"interactions": 0}, "at least"),
        ({"customers": 5}, "at least 20 customers"),
        ({"days": 3}, "14 days"),
    ],
)
def test_senseless_sizes_are_refused(tmp_path, arguments, words):
    with pytest.raises(ValueError, match=words):
        generate(tmp_path / "x", **arguments)


def test_truth_never_lies_in_the_landing_folder(tmp_path):
    with pytest.raises(ValueError, match="outside the landing folder"):
        generate(tmp_path / "x", truth=tmp_path / "x" / "truth")


def test_truth_goes_where_asked(tmp_path):
    summary = generate(
        tmp_path / "x", customers=20, interactions=100, days=14, truth=tmp_path / "t"
    )
    assert (tmp_path / "t" / "canaries.txt").exists()
    assert summary.truth == tmp_path / "t"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_small_odd_sizes_work(tmp_path, seed):
    end = date(2025, 3, 2)
    summary = generate(tmp_path / "x", seed=seed, customers=25, interactions=150, days=30, end=end)
    assert summary.interactions >= 150
    assert summary.turns > 500


def test_default_size(default):
    summary = default.summary
    assert summary.interactions == 4000
    assert 18_000 <= summary.turns <= 26_000
    channels = Counter(row["channel"] for row in default.interactions)
    assert 1_000 <= channels["voice"] <= 1_400
    assert 1_300 <= channels["chat"] <= 1_700
    assert 600 <= channels["email"] <= 900
    assert 350 <= channels["social"] <= 600


def test_every_story_occurs(sample):
    stories = {row["story"] for row in sample.interactions}
    assert {name for name, _, _ in SCENARIOS} | {"regular", "repeat", "churn"} <= stories


def test_every_driver_in_every_language(sample):
    seen = {
        (driver, row["language"]) for row in sample.interactions for driver in row["drivers"][:1]
    }
    assert {(d, lang) for d in DRIVERS for lang in ("id", "en", "mix")} <= seen


def test_every_label_occurs(sample):
    rows = sample.interactions
    assert {row["channel"] for row in rows} == set(CHANNELS)
    assert {row["disconnect"] for row in rows} == set(DISCONNECT_REASONS)
    assert {row["churn"] for row in rows} == {"none", "implied", "explicit"}
    assert {row["last_sentiment"] for row in rows} == {None, "neg", "neu", "pos"}
    assert {row["honoured"] for row in rows} == {None, True, False}
    for flag in ("follow_up", "purchase_intent", "complaint", "asks_human"):
        assert {row[flag] for row in rows} == {True, False}
    assert {row["rule"] for row in sample.breaches} == RULES


def test_every_kind_of_personal_data_occurs_at_default_size(default):
    assert {row["type"] for row in default.pii} == set(PII_TYPES)


def test_language_mix(default):
    share = Counter(row["language"] for row in default.interactions if row["language"])
    total = sum(share.values())
    assert share["id"] / total > 0.45
    assert 0.12 < share["en"] / total < 0.32
    assert 0.12 < share["mix"] / total < 0.32


def test_outbound_contacts_keep_the_hours_unless_it_is_a_breach(default):
    late = {
        row["interaction"] for row in default.breaches if row["rule"] == "outside_contact_hours"
    }
    assert late
    for row in default.interactions:
        if row["direction"] != "outbound":
            continue
        moment = datetime.fromisoformat(row["started_at"]).astimezone(JAKARTA)
        inside = moment.weekday() != 6 and 8 <= moment.hour < 20
        assert inside == (row["natives"][0] not in late), row["story"]


def test_most_customers_keep_to_the_rules(default):
    broken = {row["interaction"] for row in default.breaches}
    assert 0.01 < len(broken) / len(default.interactions) < 0.10


def test_chat_sessions_of_one_number_are_well_apart(default):
    phones = {row["person"]: row["phone"] for row in default.truth("persons")}
    starts: dict[str, list[datetime]] = {}
    for row in default.interactions:
        if row["channel"] == "chat":
            moment = datetime.fromisoformat(row["started_at"])
            starts.setdefault(phones[row["person"]], []).append(moment)
    for moments in starts.values():
        moments.sort()
        gaps = [b - a for a, b in pairwise(moments)]
        assert all(gap > timedelta(hours=30) for gap in gaps)


def test_churn_stories_escalate_and_end_in_the_crm(default):
    persons = {row["person"]: row for row in default.truth("persons")}
    levels = {"none": 0, "implied": 1, "explicit": 2}
    by_person: dict[str, list[dict]] = {}
    for row in default.interactions:
        if row["story"] == "churn":
            by_person.setdefault(row["person"], []).append(row)
    assert len(by_person) >= 20
    for key, rows in by_person.items():
        rows.sort(key=lambda row: row["started_at"])
        assert 3 <= len(rows) <= 5
        grades = [levels[row["churn"]] for row in rows if row["language"]]
        assert grades[-1] >= grades[0]
        gone = persons[key]["churned_on"]
        assert gone and gone >= rows[-1]["started_at"][:10]


def test_cancelling_an_order_is_not_churn(sample):
    rows = [row for row in sample.interactions if row["story"] == "cancel_order_only"]
    assert rows and all(row["churn"] == "none" for row in rows)


def test_repeats_point_to_an_earlier_contact_of_the_same_person(default):
    by_native = {row["natives"][0]: row for row in default.interactions}
    repeats = [row for row in default.interactions if row["repeat_of"]]
    assert len(repeats) > 100
    for row in repeats:
        first = by_native[row["repeat_of"]]
        assert first["person"] == row["person"]
        assert first["started_at"] < row["started_at"]
