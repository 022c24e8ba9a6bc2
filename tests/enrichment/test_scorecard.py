"""The quality form is data: what is accepted, and what is refused with file, line and criterion."""

import pytest
import yaml

from enrichment import engine
from enrichment.rulebook import (
    BUNDLED_FORM,
    RulebookError,
    beside_bundled,
    bundled,
    load,
    load_all,
    quality_form,
)

LINE = {
    "id": "greeting",
    "title": {"en": "Greets", "id": "Menyapa"},
    "weight": 3,
    "kind": "must_say",
    "phrases": {"id": ["selamat pagi"], "en": ["good morning"]},
}


def written(tmp_path, *lines, name="own.yml", **changes):
    form = {"scorecard": "own", "version": "2", "criteria": list(lines)} | changes
    path = tmp_path / name
    path.write_text(yaml.safe_dump(form, sort_keys=False), "utf-8")
    return path


def test_weights_become_shares_and_the_version_follows_every_byte(tmp_path):
    form = load(written(tmp_path, LINE, LINE | {"id": "closing", "weight": 1})).form
    assert [criterion.share for criterion in form.criteria] == [0.75, 0.25]
    assert form.version.startswith("own-2-")
    again = load(written(tmp_path, LINE, LINE | {"id": "closing", "weight": 2})).form
    assert again.version != form.version


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"weight": 0}, 8, "weight must be positive"),
        ({"weight": 1.5}, 8, "weight must be a whole number"),
        ({"weight": "much"}, 8, "weight must be a number, such as 3"),
        ({"weight": 1001}, 8, "criterion greeting: weight is a whole number up to 1000"),
        ({"kind": "may_say"}, 9, "'may_say' is none of must_say, must_not_say, if_then"),
        ({"place": "middle"}, 15, "'middle' is none of anywhere, opening, closing"),
        ({"channels": ["fax"]}, 16, "'fax' is none of voice"),
        ({"title": {"en": "Greets"}}, 6, "criterion greeting: title is given in both languages"),
        ({"phrases": {"en": ["hello"]}}, 11, "both languages, id and en"),
        (
            {"phrases": {"id": ["... halo"], "en": ["hello"]}},
            12,
            "criterion greeting: .*must begin and end with a word",
        ),
        ({"phrases": {"id": [[1]], "en": ["hello"]}}, 12, "must be a list of texts"),
        ({"phrases": {"id": [], "en": ["hello"]}}, 11, "with at least one"),
        ({"colour": "red"}, 15, "unknown field 'colour'"),
        ({"wieght": 2}, 15, "did you mean 'weight'"),
        ({"kind": "if_then"}, 9, "the kind if_then needs a trigger; add it"),
        ({"trigger": {"id": ["a"]}}, 16, "both languages, id and en"),
        ({"least_turns": 0}, 15, "least_turns must be positive"),
        ({"id": "two words"}, 4, "criterion 1: id is a word"),
    ],
)
def test_an_unusable_criterion_is_refused_with_its_line(tmp_path, changes, place, message):
    with pytest.raises(RulebookError, match=message) as refused:
        load(written(tmp_path, LINE | changes))
    assert str(refused.value).startswith(f"own.yml:{place}: ")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (lambda at: at / "absent.yml", "absent.yml: cannot be read"),
        (lambda at: written(at), "own.yml:3: criteria must be a list with at least one criterion"),
        (lambda at: written(at, LINE, dict(LINE)), "own.yml:15: criterion greeting is given twice"),
        (lambda at: written(at, LINE, owner="me"), "own.yml:15: unknown field 'owner'"),
        (lambda at: written(at, {"id": "x"}), "own.yml:4: criterion x: title is missing; add it"),
        (lambda at: written(at, "x"), "own.yml:4: expected `name: value`"),
        (lambda at: written(at, {"id": "x"}, LINE | {"weight": 0}), "own.yml:4.*\nown.yml:9: wei"),
    ],
)
def test_an_unusable_form_is_refused(tmp_path, path, message):
    with pytest.raises(RulebookError, match=message):
        load(path(tmp_path))


def test_broken_yaml_is_refused(tmp_path):
    path = tmp_path / "own.yml"
    path.write_text("scorecard: [", "utf-8")
    with pytest.raises(RulebookError, match="not valid YAML"):
        load(path)


def test_the_bundled_form_is_a_whole():
    form = quality_form(bundled())
    assert sum(criterion.share for criterion in form.criteria) == pytest.approx(1)
    assert form.version == load(BUNDLED_FORM).form.version


def test_there_is_one_form_and_an_own_one_takes_the_bundled_ones_place(tmp_path):
    own = written(tmp_path, LINE)
    files = beside_bundled((own,))
    assert own in files and BUNDLED_FORM not in files
    assert [c.id for c in quality_form(load_all(files)).criteria] == ["greeting"]
    versions = engine.versions(files)
    assert versions["scorecard.own"].startswith("own-2-") and "scorecard.service" not in versions
    usual = engine.versions()
    assert {name for name in usual if usual[name] != versions.get(name)} == {"scorecard.service"}

    other = written(tmp_path, LINE, name="other.yml", scorecard="second")
    with pytest.raises(RulebookError, match=r"other\.yml: a quality form is given twice"):
        beside_bundled((own, other))
    with pytest.raises(RulebookError, match=r"own\.yml: service\.yml is a quality form already"):
        load_all((BUNDLED_FORM, own))
