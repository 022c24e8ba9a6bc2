"""`lakehouse replay`, `diff` and `promote` on a real small lake: tagged beside, compared, switched."""

import fcntl
import json

import pytest
from calling import call_in

from enrichment.rulebook import BUNDLED
from warehouse.delta import Lake
from warehouse.releases import promoted

RULE = """
  - id: greeted
    title: A greeting, as a rule that is broken often
    severity: low
    legal: Company policy
    kind: must_not_say
    roles: [agent]
    phrases:
      id: [halo|selamat|hai]
      en: [hello|welcome|hi]
"""

FORM = """scorecard: ours
version: "1"
criteria:
  - id: thanks
    title: {id: Berterima kasih, en: Thanks the customer}
    weight: 3
    kind: must_say
    phrases:
      id: [terima_kasih]
      en: [thank_you|thanks]
  - id: fax_number
    title: {id: Memberi nomor faks, en: Gives the fax number}
    weight: 1
    kind: must_say
    channels: [voice]
    trigger:
      id: [nomor_faks_mana]
      en: [which_fax_number]
    phrases:
      id: [faks]
      en: [fax]
"""


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    """A quality form of the company's own."""
    path = tmp_path_factory.mktemp("forms") / "form.yml"
    path.write_text(FORM, "utf-8")
    return path


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory):
    """The bundled international rulebook with one rule more."""
    path = tmp_path_factory.mktemp("rules") / "ours.yml"
    path.write_text((BUNDLED / "international.yml").read_text("utf-8") + RULE, "utf-8")
    return path


def _facts(done):
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def _findings(home, release):
    rows = Lake(home.lake).read("silver.annotations", where=f"release = '{release}'").to_pylist()
    return [row for row in rows if row["tag"] == "greeted"]


@pytest.fixture
def replayed(copy, rulebook, form):
    """A copy of the lake, the release in force and the one of the own rulebook and form."""
    own = ("--rulebook", str(rulebook), "--rulebook", str(form))
    facts = _facts(call_in(copy, "replay", *own, "--json"))
    return copy, facts["promoted"], facts["release"]


def test_history_is_tagged_beside_the_old_answer(replayed, rulebook, form):
    home, before, own = replayed
    assert before != own
    assert promoted(home.lake) == before
    found = _findings(home, own)
    assert len(found) > 10
    assert {row["rulebook_version"].split("-")[0] for row in found} == {"international"}
    assert _findings(home, before) == []
    books = ("--rulebook", str(form), "--rulebook", str(rulebook))
    again = _facts(call_in(home, "replay", *books, "--json"))
    assert (again["release"], again["turns"]) == (own, 0)


def test_differences_are_shown_before_the_switch_and_come_true_after_it(replayed):
    home, before, own = replayed
    shown = _facts(call_in(home, "diff", "promoted", own[:6], "--quotes", "3", "--json"))
    found = _findings(home, own)
    differ = [(r["tag"], r["gained"], r["lost"]) for r in shown["tags"] if r["family"] != "quality"]
    assert differ == [
        ("greeted", len({(row["interaction_id"], row["turn_no"]) for row in found}), 0)
    ]
    assert len([quote for quote in shown["quotes"] if quote["family"] != "quality"]) == 3
    judged = {row["tag"]: row for row in shown["tags"] if row["family"] == "quality"}
    assert judged["thanks.met"]["gained"] > 10 and judged["thanks.not_met"]["gained"] > 10
    assert judged["greeting.met"]["lost"] > 10
    assert any(quote["tag_after"] == "thanks.met" for quote in shown["quotes"])
    figures = {(f["mart"], f["column"], f["measure"]): f for f in shown["figures"]}
    rows = figures["compliance_findings", "", "rows"]
    assert rows["after"] - rows["before"] == len(found)
    assert not any(mart == "churn_watchlist" for mart, _, _ in figures)

    assert _facts(call_in(home, "promote", own[:6], "--json")) == {
        "release": own,
        "replaced": before,
    }
    home.run()
    counted = call_in(
        home, "query", "select count(*) as n from marts.compliance_findings", "--format", "json"
    )
    assert json.loads(counted.stdout)["n"] == rows["after"]
    assert promoted(home.lake) == own
    form = """select criterion, title_en, any_value(weight) as weight,
        count(*) filter (where outcome = 'met') as met,
        count(*) filter (where outcome = 'not_applicable') = count(*) as nowhere
        from marts.fct_quality group by all order by criterion"""
    rows = map(json.loads, call_in(home, "query", form, "--format", "json").stdout.splitlines())
    assert list(rows) == [
        {"criterion": "fax_number", "title_en": "Gives the fax number", "weight": 0.25, "met": 0, "nowhere": True},
        {"criterion": "thanks", "title_en": "Thanks the customer", "weight": 0.75, "met": judged["thanks.met"]["gained"], "nowhere": False},
    ]  # fmt: skip

    back = call_in(home, "promote", before)
    assert f"{before} replaces {own}" in back.stdout
    listed = _facts(call_in(home, "promote", "--json"))
    assert [(row["release"], row["promoted"]) for row in listed] == [(before, True), (own, False)]


def test_people_read_counts_words_and_what_to_do(replayed):
    home, before, own = replayed
    shown = call_in(home, "diff", "promoted", own, "--tags-only").stdout
    for words in ("by tag", "by driver", "by agent", "greeted", "words behind the differences"):
        assert words in shown
    assert "published figures" not in shown
    same = call_in(home, "diff", own, own, "--tags-only").stdout
    assert "every tag is the same" in same
    listed = call_in(home, "promote").stdout
    assert f"{before}  promoted" in listed
    assert "ours." in listed


def test_replay_names_the_next_commands(copy, rulebook):
    shown = call_in(copy, "replay", "--rulebook", str(rulebook)).stdout
    assert "the marts still read release" in shown
    assert "lakehouse diff promoted" in shown
    assert "lakehouse promote" in shown


def test_bundled_rules_are_in_force_already(copy):
    done = call_in(copy, "replay", "--rulebook", str(BUNDLED / "international.yml"))
    assert "these rules are in force" in done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: [", "not valid YAML"),
        (RULE.replace("low", "loud"), "rules.yml:"),
        ("rulebook: x\nversion: '1'\njurisdiction: INT\nrules: []", "at least one rule"),
        (FORM.replace("weight: 1", "weight: one"), "rules.yml:13: weight must be a number"),
        (FORM.replace("voice", "fax"), "rules.yml:15: 'fax' is none of voice"),
    ],
)
def test_unusable_rulebooks_are_refused_with_their_place(home, tmp_path, text, words):
    path = tmp_path / "rules.yml"
    path.write_text(text)
    done = call_in(home, "replay", "--rulebook", str(path))
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", [("promote", "nothing"), ("diff", "promoted", "nothing")])
def test_unknown_releases_are_named(home, command):
    done = call_in(home, *command)
    assert done.exit_code == 1
    assert "no release of this lake begins with 'nothing'" in done.stderr


def test_release_of_other_software_is_not_promoted(copy):
    folder = copy.lake / "_control" / "releases"
    (known,) = folder.glob("*.json")
    document = json.loads(known.read_text())
    document |= {"release": "0ld", "versions": document["versions"] | {"drivers": "older"}}
    (folder / "0ld.json").write_text(json.dumps(document))
    done = call_in(copy, "promote", "0ld")
    assert done.exit_code == 1
    assert "another drivers than is installed" in done.stderr
    assert promoted(copy.lake) == known.stem


@pytest.mark.parametrize(
    "command", [("replay", "--rulebook", "x.yml"), ("promote", "x"), ("diff", "a", "b")]
)
def test_not_while_a_run_works_and_not_without_a_lake(home, nowhere, command):
    with (home.lake / "_locks" / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = call_in(home, *command)
    assert done.exit_code == 3
    assert "a run is working on this lake" in done.stderr
    assert call_in(nowhere, *command).exit_code == 1
