"""`lakehouse annotate`: one answer for each line, in order, whatever the line is."""

import json

import pytest


def _answers(done) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def _lines(*rows: dict) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_both_languages(call):
    given = _lines(
        {"id": "1", "text": "min, paket saya blm sampai, hub 081234567890"},
        {"id": "2", "text": "I want to cancel my subscription, this is terrible"},
        {"id": "3", "text": "Selamat pagi, ada yang bisa dibantu?", "role": "agent"},
    )
    done = call("annotate", given=given)
    assert done.exit_code == 0
    first, second, third = _answers(done)
    assert [first["id"], second["id"], third["id"]] == ["1", "2", "3"]
    assert (first["language"], second["language"]) == ("id", "en")
    assert first["driver"]["label"] == "delivery"
    assert [span["type"] for span in first["pii"]] == ["PHONE"]
    assert second["churn"]["level"] == "explicit"
    assert third["sentiment"] is None
    for answer in (first, second, third):
        assert answer["versions"]["release"]
        for tag in answer["evidence"]:
            assert answer["redacted_text"][tag["start"] : tag["end"]] == tag["text"]


def test_personal_data_does_not_come_back(call):
    done = call("annotate", given=_lines({"id": "1", "text": "hub 081234567890 ya kak"}))
    assert "081234567890" not in done.output


BAD = {
    "not json": "not valid JSON",
    '{"id": "2"': "not valid JSON",
    "[1]": "must be a JSON object",
    '{"id": "2"}': "text is missing",
    '{"id": "2", "text": 5}': "text is missing or not a string",
    '{"id": "2", "text": "a", "role": "boss"}': "role must be one of customer",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_stops_nothing(call, line):
    good = json.dumps({"id": "good", "text": "terima kasih"})
    done = call("annotate", given=f"{good}\n{line}\n{good}\n")
    assert done.exit_code == 1
    first, bad, last = _answers(done)
    assert BAD[line] in bad["error"]
    assert first == last
    assert first["id"] == "good"


def test_bytes_that_are_no_text(call):
    done = call("annotate", given=b'{"id": "1", "text": "\xff"}\n')
    assert done.exit_code == 1
    assert _answers(done)[0]["id"] == "line 1"


@pytest.mark.parametrize("given", ["", "\n\n", "  \n"])
def test_nothing_in_nothing_out(call, given):
    done = call("annotate", given=given)
    assert (done.exit_code, done.stdout) == (0, "")


def test_many_lines_keep_their_order(call):
    rows = [{"id": str(number), "text": "ok"} for number in range(600)]
    answers = _answers(call("annotate", given=_lines(*rows)))
    assert [answer["id"] for answer in answers] == [row["id"] for row in rows]
