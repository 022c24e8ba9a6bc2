"""Which rules about persons a build gets: the bundled ones, or those of the release."""

from pathlib import Path

from enrichment.rulebook import BUNDLED, bundled, quality_form
from orchestration.steps.rules_in_force import contact_rules, form
from warehouse.contracts import CONTACT_RULES, QUALITY_FORM
from warehouse.releases import register

BOOKS = [BUNDLED / "optional" / "united_states.yml"]


def names(table):
    return sorted(table.column("rule_id").to_pylist())


def test_a_release_without_books_of_its_own_has_the_bundled_rules(tmp_path: Path) -> None:
    register(tmp_path, "r1", {})
    assert names(contact_rules(tmp_path, "r1")) == ["collection_too_often"]
    assert contact_rules(tmp_path, "r1").schema.equals(CONTACT_RULES)
    assert names(contact_rules(tmp_path, "unknown")) == ["collection_too_often"]


def test_a_release_brings_its_own_books(tmp_path: Path) -> None:
    register(tmp_path, "r2", {}, BOOKS)
    found = contact_rules(tmp_path, "r2")
    assert names(found) == [
        "collection_too_often", "us_calls_seven_in_seven", "us_collection_hours",
    ]  # fmt: skip
    hours = next(row for row in found.to_pylist() if row["rule_id"] == "us_collection_hours")
    assert (str(hours["opens"]), str(hours["closes"])) == ("08:00:00", "21:00:00")
    assert hours["weekdays"] == [1, 2, 3, 4, 5, 6, 7]


def test_the_marts_read_the_form_of_the_release(tmp_path: Path) -> None:
    own = tmp_path / "ours.yml"
    own.write_text(
        "scorecard: ours\nversion: 1\ncriteria:\n  - id: thanks\n    title: {id: Berterima kasih, en: Thanks}\n"
        "    weight: 2\n    kind: must_say\n    phrases: {id: [terima_kasih], en: [thanks]}\n"
    )
    register(tmp_path, "r3", {}, [own])
    (row,) = form(tmp_path, "r3").to_pylist()
    assert (row["criterion"], row["weight"], row["title_id"]) == ("thanks", 1.0, "Berterima kasih")
    register(tmp_path, "r4", {})
    usual = form(tmp_path, "r4")
    assert usual.schema.equals(QUALITY_FORM)
    assert usual["criterion"].to_pylist() == [c.id for c in quality_form(bundled()).criteria]
