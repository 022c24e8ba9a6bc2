"""The label files keep their promises: known labels, no doubles, invented people only."""

import csv
import re
from collections import Counter, defaultdict

import pytest

from enrichment.training import samples
from enrichment.training.agreement import FOLDER, agreements, readings
from warehouse.vocabulary import CHURN_LEVELS, DRIVERS, FLAGS, SENTIMENTS

ALLOWED = {"driver": DRIVERS, "churn": CHURN_LEVELS, "sentiment": SENTIMENTS}
ALLOWED |= dict.fromkeys(FLAGS, ("0", "1"))


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("name", ["messages.csv", "stif_drivers.csv", "stif_readings.csv"])
@pytest.mark.parametrize("label", samples.LABELS)
def test_labels_are_those_of_the_vocabulary(name, label):
    assert {row[label] for row in rows(name)} <= set(ALLOWED[label])


def test_every_message_is_told_once_and_every_writer_has_all_drivers_in_both_languages():
    found = list(samples.messages())
    assert len({sample.text.lower() for sample in found}) == len(found)
    drivers = defaultdict(set)
    for sample in found:
        drivers[sample.group, sample.language].add(sample.labels["driver"])
    for writer in {sample.group for sample in found}:
        assert drivers[writer, "id"] == drivers[writer, "en"], writer
        # A driver that was added later has no messages yet.
        assert len(drivers[writer, "id"]) >= 14


def test_messages_hold_invented_numbers_and_addresses_only():
    for sample in samples.messages():
        for number in re.findall(r"\+?\d[\d -]{8,}\d", sample.text):
            assert re.fullmatch(r"(62|0)8110000\d+", re.sub(r"\D", "", number)), sample.group
        for address in re.findall(r"\S+@\S+\.\w+", sample.text):
            assert re.search(r"@(\w+\.)*example\.(com|org|net)", address), sample.group


def test_a_settled_label_was_given_by_a_reader():
    given = defaultdict(list)
    for row in rows("stif_readings.csv"):
        given[row["file"], row["row"]].append(row)
    settled = rows("stif_drivers.csv")
    for row in settled:
        read = given.pop((row["file"], row["row"]))
        assert len(read) == int(row["readings"])
        assert {one["sha256_prefix"] for one in read} == {row["sha256_prefix"]}
        for label in samples.LABELS:
            assert row[label] in {one[label] for one in read}, (row["file"], row["row"], label)
    assert not given
    assert len({(row["file"], row["row"]) for row in settled}) == len(settled)


def test_no_reader_read_a_row_twice():
    keys = Counter((row["reader"], row["file"], row["row"]) for row in rows("stif_readings.csv"))
    assert max(keys.values()) == 1


def test_agreement_is_a_share_and_kappa_is_less():
    found = list(agreements(readings(FOLDER)))
    assert {label for _, _, label, *_ in found} == set(samples.LABELS)
    for _, _, _, count, share, kappa in found:
        assert count > 0
        assert -1 <= kappa <= share <= 1
