"""Changed days are tagged, others stay; another release stands beside the first one."""

import shutil
from pathlib import Path

import pytest
from chat_story import story
from deliveries import contents, deployment, put, run, said, webhook

from orchestration.steps import annotate
from orchestration.steps.deployment import Deployment
from warehouse.checks import unique_key
from warehouse.releases import history, promote, promoted

TABLE = "silver.annotations"


@pytest.fixture(scope="module")
def tagged(lake: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    folder = tmp_path_factory.mktemp("tagged")
    shutil.copytree(lake.settings.lake.parent, folder, dirs_exist_ok=True)
    at = deployment(folder)
    annotate.annotate_changed(at, "run-1")
    return at


def test_every_turn_with_words_is_tagged_with_evidence_in_its_text(tagged: Deployment) -> None:
    turns = {
        (row["interaction_id"], row["turn_no"]): row
        for row in tagged.lake.read("silver.turns").to_pylist()
    }
    rows = tagged.lake.read(TABLE).to_pylist()
    assert unique_key(tagged.lake, TABLE).passed
    tagged_turns = {(row["interaction_id"], row["turn_no"]) for row in rows}
    with_words = {place for place, row in turns.items() if row["redacted_text"]}
    assert with_words <= tagged_turns
    for row in rows:
        turn = turns.get((row["interaction_id"], row["turn_no"]))
        if turn and row["char_start"] is not None:
            said_there = turn["redacted_text"][row["char_start"] : row["char_end"]]
            assert said_there.startswith(row["evidence"].rstrip("… ")[:20])
            assert row["event_date"] == turn["event_date"]


def test_a_second_run_tags_nothing(tagged: Deployment) -> None:
    version = tagged.lake.version(TABLE)
    report = annotate.annotate_changed(tagged, "run-2")
    assert (report.turns, report.annotations, report.replaced) == (0, 0, None)
    assert tagged.lake.version(TABLE) == version
    assert len(history(tagged.lake.root)) == 1


def test_changed_days_are_tagged_again_and_equal_a_full_pass(
    tagged: Deployment, tmp_path: Path
) -> None:
    at = deployment(tmp_path)
    files = list(story().items())
    for part in (files[:5], files[5:]):
        for name, content in part:
            put(at, name, content)
        run(at)
        annotate.annotate_changed(at, "other-run")
    assert contents(at, [TABLE]) == contents(tagged, [TABLE])


def test_another_release_stands_beside_and_going_back_tags_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = deployment(tmp_path)
    put(at, "a.json", webhook(messages=[said(1, 0, "internet mati, tolong")]))
    run(at)
    first = annotate.annotate_changed(at, "run-1")
    with monkeypatch.context() as patch:
        patch.setattr(annotate, "release", lambda rulebooks: "other")
        second = annotate.annotate_changed(at, "run-2")
        assert (second.replaced, promoted(at.lake.root)) == (first.release, "other")
    rows = at.lake.read(TABLE).to_pylist()
    assert {row["release"] for row in rows} == {first.release, "other"}
    assert len(rows) == 2 * first.annotations
    back = annotate.annotate_changed(at, "run-3")
    assert (back.turns, promoted(at.lake.root)) == (0, first.release)


def test_an_empty_lake_has_a_release_and_no_tags(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    report = annotate.annotate_changed(at, "run-1")
    assert (report.turns, promoted(at.lake.root)) == (0, report.release)


def _own_rules(folder: Path) -> Path:
    path = folder / "own.yml"
    path.write_text(
        """rulebook: own
version: "1"
jurisdiction: ID
rules:
  - {id: greeted, title: A greeting, severity: low, legal: none, kind: must_not_say,
     roles: [customer], phrases: {id: [halo], en: [hello]}}
"""
    )
    return path


def _greetings(at: Deployment, release: str) -> int:
    rows = at.lake.read(TABLE, where=f"release = '{release}' AND tag = 'greeted'")
    return rows.num_rows


def test_rulebooks_of_the_promoted_release_tag_what_comes_later(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    put(at, "a.json", webhook(messages=[said(1, 0, "halo kak")]))
    run(at)
    bundled = annotate.annotate_changed(at, "run-1").release
    path = _own_rules(tmp_path)
    own = annotate.tag_history(at, "replay", [path]).release
    assert (_greetings(at, own), _greetings(at, bundled)) == (1, 0)
    assert annotate.annotate_changed(at, "run-2").release == bundled
    promote(at.lake.root, own, {})
    path.unlink()
    put(at, "b.json", webhook(messages=[said(2, 90_000, "hello there")]))
    run(at)
    report = annotate.annotate_changed(at, "run-3")
    assert (report.release, report.replaced) == (own, None)
    assert (_greetings(at, own), _greetings(at, bundled)) == (2, 0)


def test_only_what_taggers_see_differently_is_tagged_again(tmp_path: Path) -> None:
    """Also when a fact of the interaction changed and none of its turns."""
    at = deployment(tmp_path)
    put(at, "a.json", webhook(messages=[said(1, 0, "halo kak"), said(2, 90_000, "internet mati")]))
    run(at)
    assert annotate.annotate_changed(at, "run-1").turns == 2
    before = contents(at, [TABLE])
    facts = at.lake.read("silver.interactions").sort_by("started_at")
    no_turns = at.lake.read("silver.turns").slice(0, 0)
    for sequence, column in enumerate(("payload_id", "direction"), start=1):
        place = facts.schema.get_field_index(column)
        values = ["other", *facts[column].to_pylist()[1:]]
        facts = facts.set_column(place, facts.schema.field(column), [values])
        at.lake.overwrite_partitions(
            "silver.interactions", facts, partitions=None, app="t", sequence=sequence
        )
        at.lake.append("silver.turns", no_turns, app="t", sequence=sequence)
        # Nobody tags by a payload; the direction decides which rules apply.
        report = annotate.annotate_changed(at, f"run-{column}")
        assert report.turns == {"payload_id": 0, "direction": 1}[column]
    assert contents(at, [TABLE]) == before
    assert {row["run_id"] for row in at.lake.read(TABLE).to_pylist()} == {"run-1", "run-direction"}
