"""`lakehouse trace`: from cells of all kinds to bytes that still match, or a word why not."""

import hashlib
import json

import pytest
from calling import call_in

# Column of customer_360 -> (kind of its rule, which rows have something to show).
COLUMNS = {
    "churn_level": ("annotations", "churn_level <> 'none'"),
    "top_driver_90d": ("annotations", "top_driver_90d is not null"),
    "sentiment_last": ("annotations", "sentiment_last is not null"),
    "complaints_90d": ("annotations", "complaints_90d > 0"),
    "compliance_findings_90d": ("annotations", "compliance_findings_90d > 0"),
    "interactions_90d": ("interactions", "interactions_90d > 1"),
    "preferred_channel": ("interactions", "preferred_channel is not null"),
    "wait_seconds_mean_90d": ("interactions", "wait_seconds_mean_90d is not null"),
    "csat_last": ("scores", "csat_last is not null"),
    "nps_last": ("scores", "nps_last is not null"),
    "segment": ("crm", "segment is not null"),
    "monthly_fee": ("crm", "monthly_fee is not null"),
    "last_order_at": ("crm", "last_order_at is not null"),
    "churned_on": ("crm", "churned_on is not null"),
    "person_id": ("identity", "customer_keys = 1"),
    "customer_keys": ("identity", "customer_keys = 1"),
}
# Other marts -> key column, some columns.
MARTS = {
    "fct_interaction": ("interaction_id", ["primary_driver", "channel", "churn_level"]),
    "fct_annotation": ("annotation_id", ["tag", "score"]),
    "fct_score": ("score_id", ["score", "given_in"]),
    "compliance_findings": ("finding_id", ["rule_id", "quote"]),
    "customer_timeline": ("event_id", ["title", "summary"]),
    "churn_watchlist": ("person_id", ["churn_score", "quote", "revenue_at_risk"]),
}


def _traced(done) -> dict:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def _assert_proven(trace: dict) -> None:
    assert trace["total"] >= 1
    assert len(trace["evidence"]) == len(trace["origins"]) >= 1
    for origin in trace["origins"]:
        assert origin["payload"], origin
        assert origin["files"]
        assert len(origin["file_sha256"]) == 64
        # Rows of a Parquet file have no bytes of their own.
        whole = origin["payload"]["byte_start"] is None
        assert origin["bytes_match"] is (None if whole else True), origin
        assert origin["raw"] is None


@pytest.fixture
def person_with(ask):
    def found(condition: str) -> str:
        rows = ask(f"select person_id from marts.customer_360 where {condition} order by 1 limit 1")
        assert rows, f"the sample has no person with {condition}"
        return rows[0]["person_id"]

    return found


@pytest.mark.parametrize("column", COLUMNS)
def test_cells_of_customer_360(call, person_with, column):
    kind, condition = COLUMNS[column]
    person = person_with(condition)
    trace = _traced(call("trace", "customer_360", person, column, "--json"))
    assert trace["rule"]["kind"] == kind
    _assert_proven(trace)
    if kind == "annotations":
        for item, origin in zip(trace["evidence"], trace["origins"], strict=True):
            words = origin["turn"]["redacted_text"][item["char_start"] : item["char_end"]]
            assert words == item["evidence"]
            assert item["detector_version"]


def test_counts_are_the_number_of_their_evidence(call, person_with):
    person = person_with("interactions_90d > 2")
    trace = _traced(call("trace", "customer_360", person, "interactions_90d", "--json"))
    assert trace["total"] == trace["value"]
    few = _traced(
        call("trace", "customer_360", person, "interactions_90d", "--json", "--limit", "1")
    )
    assert (few["total"], len(few["evidence"])) == (trace["total"], 1)


@pytest.mark.parametrize("mart", MARTS)
def test_cells_of_other_marts(call, ask, mart):
    key, columns = MARTS[mart]
    known = " and ".join(f"{column} is not null" for column in columns)
    (row,) = ask(f"select {key} as key from marts.{mart} where {known} order by 1 limit 1")
    for column in columns:
        trace = _traced(call("trace", f"marts.{mart}", row["key"], column, "--json"))
        assert trace["table"] == mart
        _assert_proven(trace)


def test_versions_are_named(call, person_with):
    trace = _traced(
        call("trace", "customer_360", person_with("churn_level <> 'none'"), "churn_level", "--json")
    )
    assert trace["snapshot"]["number"] == 1
    assert trace["snapshot"]["versions"]["silver.annotations"] >= 1
    assert set(trace["snapshot"]["metadata"]) >= {"release", "timezone"}


def test_text_can_be_read_and_hides_personal_data(call, person_with, leaks):
    shown = ""
    for column in ("churn_level", "csat_last", "segment", "person_id"):
        _, condition = COLUMNS[column]
        done = call("trace", "customer_360", person_with(condition), column)
        assert done.exit_code == 0
        lines = done.stdout.splitlines()
        assert lines[0].startswith(f"customer_360.{column} of ")
        assert any(line.startswith("  file ") for line in lines)
        assert "bytes match" in done.stdout
        assert "silver.annotations v" in lines[-1]
        shown += done.stdout
    assert leaks(shown) == []


def test_nothing_found_is_said(call, person_with):
    person = person_with("churned_on is null and segment is not null")
    done = call("trace", "customer_360", person, "churned_on")
    assert done.exit_code == 0
    assert "= NULL" in done.stdout
    assert "nothing was found" in done.stdout


def test_raw_shows_the_bytes_of_the_source(call, person_with):
    person = person_with("churn_level <> 'none'")
    trace = _traced(call("trace", "customer_360", person, "churn_level", "--raw", "--json"))
    for origin in trace["origins"]:
        found = hashlib.sha256(origin["raw"].encode()).hexdigest()
        assert found == origin["payload"]["payload_sha256"]
    assert "\n  raw " in call("trace", "customer_360", person, "churn_level", "--raw").stdout


def test_altered_landed_file_is_found(copy, person_with):
    person = person_with("churn_level <> 'none'")
    arguments = ("trace", "customer_360", person, "churn_level", "--limit", "1")
    origin = _traced(call_in(copy, *arguments, "--json"))["origins"][0]
    sha, payload = origin["file_sha256"], origin["payload"]
    path = copy.lake / "landing" / sha[:2] / sha
    content = bytearray(path.read_bytes())
    content[(payload["byte_start"] + payload["byte_end"]) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    done = call_in(copy, *arguments)
    assert done.exit_code == 1
    assert "BYTES DIFFER" in done.stdout
    path.unlink()
    assert call_in(copy, *arguments).exit_code == 1


def test_unknown_table(call):
    done = call("trace", "nope", "x", "y")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "choose one of" in done.stderr
    assert "customer_360" in done.stderr


def test_unknown_key(call):
    done = call("trace", "customer_360", "' or 1=1 --", "churn_level")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "has no row" in done.stderr
    assert 'lakehouse query "select person_id from marts.customer_360 limit 5"' in done.stderr


def test_unknown_column(call, person_with):
    done = call("trace", "customer_360", person_with("true"), "nope")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "has no column nope" in done.stderr
    assert "churn_level" in done.stderr
