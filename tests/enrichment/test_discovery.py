"""Groups of texts, questions and their names over weeks: both languages, any order, few seconds."""

import random
from datetime import date, timedelta

import pytest

from enrichment import clusters, discovery, discovery_names, questions
from enrichment.discovery import Talk

ESIM = [
    "Halo kak, eSIM saya gagal dipasang, kode QR-nya ditolak",
    "min esim gw gagal dipasang, kode qr ditolak terus",
    "eSIM gagal dipasang di tablet, kode QR-nya ditolak",
]
JOBS = [
    "Hi, are there any job vacancies at your Bandung office?",
    "hello, any job vacancies in the Bandung office this year?",
    "Good morning, when will the job vacancies at the Bandung office close?",
]
FEE = [
    "Biaya transfer ke bank lain berapa ya?",
    "mau tanya, biaya transfer ke bank lain berapa?",
    "Halo kak. Berapa biaya transfer ke bank lain?",
]
FEE_ANSWER = "Biaya transfer antar bank dua ribu rupiah, gratis sepuluh kali sebulan."


def talk(number, text, *, drivers=None, answer="Baik, terima kasih."):
    turns = (("agent", "Halo, ada yang bisa dibantu?"), ("customer", text), ("agent", answer))
    return Talk(f"i-{number:03}", turns, drivers or {})


def week_of_talks():
    said = [*ESIM, *JOBS, "kucing saya suka duduk di atas lemari", "my neighbour paints boats"]
    talks = [talk(number, text) for number, text in enumerate(said)]
    fees = [talk(50 + n, text, answer=f"Siap kak. {FEE_ANSWER}") for n, text in enumerate(FEE)]
    sure = [talk(80 + n, text, drivers={"outage": 0.9}) for n, text in enumerate(["wifi mati"] * 4)]
    return [*talks, *fees, *sure]


def test_topics_are_what_no_driver_explains():
    topics = [row for row in discovery.discover(week_of_talks()) if row["kind"] == "topic"]
    groups = {frozenset(row["example_interaction_ids"]): row for row in topics}
    esim = groups[frozenset({"i-000", "i-001", "i-002"})]
    jobs = groups[frozenset({"i-003", "i-004", "i-005"})]
    assert esim["mentions"] == esim["interactions"] == 3
    assert any("esim" in phrase for phrase in esim["phrases"])
    assert any("vacancies" in phrase for phrase in jobs["phrases"])
    assert set(esim["examples"]) == set(ESIM)
    # Politeness around it is neither part of the subject nor shown.
    assert discovery.discover([talk(n, f"{t}. Mohon bantuannya ya.") for n, t in enumerate(ESIM)])
    assert esim["drivers"] == ["other"] and esim["driver_interactions"] == [3]
    shown = " ".join(text for row in topics for text in row["examples"])
    assert "kucing" not in shown and "wifi" not in shown


def test_questions_come_with_the_answer_that_agents_use():
    found = [row for row in discovery.discover(week_of_talks()) if row["kind"] == "question"]
    (fee,) = [row for row in found if "transfer" in " ".join(row["phrases"])]
    assert fee["interactions"] == 3
    assert fee["answers"][0] == FEE_ANSWER and fee["answer_counts"][0] == 3


def test_the_order_of_interactions_does_not_matter():
    talks = week_of_talks()
    first = discovery.discover(talks)
    for seed in range(3):
        assert discovery.discover(random.Random(seed).sample(talks, len(talks))) == first


def test_nothing_in_nothing_out():
    assert discovery.discover([]) == []
    assert discovery.discover([Talk("i", (("agent", "Halo"),), {}), talk(1, "ok")]) == []


def test_one_person_saying_it_thrice_is_no_group():
    turns = tuple(("customer", text) for text in FEE)
    assert discovery.discover([Talk("i-1", turns, {})]) == []


def test_late_texts_join_the_nearest_group_or_none(monkeypatch):
    monkeypatch.setattr(clusters, "MOST_TEXTS", 4)
    texts = [*ESIM, *JOBS]
    found = clusters.cluster(texts, 1, 0.3)
    places = sorted(place for group in found for place in group.members)
    assert len(places) == len(set(places))
    for group in found:
        assert set(group.members) <= {0, 1, 2} or set(group.members) <= {3, 4, 5}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Halo. Berapa biaya pasang internet baru? Terima kasih.", 1),
        ("how do I change my billing address", 1),
        ("gimana cara tukar poin jadi pulsa", 1),
        ("Biayanya Rp59.000 per bulan, kenapa naik jadi Rp89.000?", 1),
        ("Any solution?", 0),
        ("Bisa tolong dijelaskan?", 0),
        ("Can you help me please?", 0),
        ("internet saya mati sejak pagi", 0),
        ("It's messing up my work.", 0),
    ],
)
def test_what_is_a_question(text, found):
    assert len(questions.asked(text)) == found


def grouped(week, phrases, centroid, number=1, kind="topic"):
    monday = date(2026, 11, 2) + timedelta(weeks=week)
    return {
        "kind": kind,
        "week": monday,
        "cluster_no": number,
        "phrases": phrases,
        "centroid": centroid,
    }


def test_a_group_keeps_its_name_while_it_lives():
    rows = [
        grouped(0, ["esim ditolak"], [1.0, 0.0]),
        grouped(0, ["lowongan"], [0.0, 1.0], 2),
        # Its words change a little, and it is silent for a week.
        grouped(2, ["esim gagal"], [0.98, 0.2]),
        # Silent for too long.
        grouped(12, ["lowongan"], [0.0, 1.0]),
        grouped(0, ["esim ditolak"], [1.0, 0.0], kind="question"),
    ]
    names = discovery_names.named(rows)
    by_place = {(r["kind"], r["week"], r["cluster_no"]): r for r in names}
    first = by_place["topic", date(2026, 11, 2), 1]
    later = by_place["topic", date(2026, 11, 16), 1]
    assert (later["cluster_id"], later["name"]) == (first["cluster_id"], "esim ditolak")
    assert len({row["cluster_id"] for row in names}) == 4
    assert discovery_names.named(rows[::-1]) == names
    assert discovery_names.named(names) == names


def test_two_groups_of_a_week_never_share_a_name():
    rows = [
        grouped(0, ["esim"], [1.0, 0.0]),
        grouped(1, ["esim"], [1.0, 0.0], 1),
        grouped(1, ["esim"], [1.0, 0.0], 2),
    ]
    names = discovery_names.named(rows)
    assert names[0]["cluster_id"] == names[1]["cluster_id"] != names[2]["cluster_id"]
