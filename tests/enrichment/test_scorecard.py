"""The quality form is data: what is accepted, and what is refused with file and criterion."""

import csv
from pathlib import Path

import pytest
import yaml

from enrichment.scorecard import BUNDLED, ScorecardError, bundled, load

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "quality_criteria.csv"
LINE = {
    "id": "greeting",
    "title": {"en": "Greets", "id": "Menyapa"},
    "weight": 3,
    "kind": "must_say",
    "phrases": {"id": ["selamat pagi"], "en": ["good morning"]},
}


def written(tmp_path, *lines, **changes):
    form = {"scorecard": "own", "version": "2", "criteria": list(lines)} | changes
    path = tmp_path / "own.yml"
    path.write_text(yaml.safe_dump(form), "utf-8")
    return path


def test_weights_become_shares_and_the_version_follows_every_byte(tmp_path):
    form = load(written(tmp_path, LINE, LINE | {"id": "closing", "weight": 1}))
    assert [criterion.share for criterion in form.criteria] == [0.75, 0.25]
    assert form.version.startswith("own-2-")
    again = load(written(tmp_path, LINE, LINE | {"id": "closing", "weight": 2}))
    assert again.version != form.version


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weight": 0}, "weight is a whole number"),
        ({"weight": "much"}, "weight is a whole number"),
        ({"kind": "may_say"}, "kind is one of"),
        ({"place": "middle"}, "place is one of"),
        ({"channels": ["fax"]}, "channels is a list of"),
        ({"title": {"en": "Greets"}}, "both languages"),
        ({"phrases": {"en": ["hello"]}}, "both languages"),
        ({"phrases": {"id": ["... halo"], "en": ["hello"]}}, "must begin and end with a word"),
        ({"phrases": {"id": [1], "en": ["hello"]}}, "lists of texts"),
        ({"colour": "red"}, "unknown field colour"),
        ({"kind": "if_then"}, "needs a trigger"),
        ({"trigger": {"id": ["a"]}}, "both languages"),
        ({"least_turns": 0}, "least_turns is a whole number"),
        ({"id": "two words"}, "id is a word"),
    ],
)
def test_an_unusable_criterion_is_refused(tmp_path, changes, message):
    with pytest.raises(ScorecardError, match=message) as refused:
        load(written(tmp_path, LINE | changes))
    assert str(refused.value).startswith("own.yml: criterion ")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (lambda at: at / "absent.yml", "cannot be read"),
        (lambda at: written(at), "at least one criterion"),
        (lambda at: written(at, LINE, LINE), "same id"),
        (lambda at: written(at, LINE, owner="me"), "nothing else"),
        (lambda at: written(at, {"id": "x"}), "needs kind"),
        (lambda at: written(at, "x"), "expected `name: value`"),
    ],
)
def test_an_unusable_form_is_refused(tmp_path, path, message):
    with pytest.raises(ScorecardError, match=message):
        load(path(tmp_path))


def test_broken_yaml_is_refused(tmp_path):
    path = tmp_path / "own.yml"
    path.write_text("a: [", "utf-8")
    with pytest.raises(ScorecardError, match="not valid YAML"):
        load(path)


def test_the_bundled_form_has_titles_in_the_seed():
    with SEED.open(encoding="utf-8") as lines:
        seeded = {
            row["criterion"]: (row["title_en"], row["title_id"]) for row in csv.DictReader(lines)
        }
    assert seeded == {c.id: (c.title["en"], c.title["id"]) for c in bundled().criteria}
    assert sum(c.share for c in bundled().criteria) == pytest.approx(1)
    assert bundled().version == load(BUNDLED / "service.yml").version
