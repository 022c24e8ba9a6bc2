"""`lakehouse customer`: found by any handle in any spelling, shown without personal data."""

import json
import re
import stat

import pytest
from calling import call_in

from tests.end_to_end.running import Home


@pytest.fixture(scope="session")
def known(truth):
    """A customer with every kind of handle who wrote on social media."""
    talked = {row["person"] for row in truth("interactions") if row["channel"] == "social"}
    wanted = ("phone", "crm_email", "x_username", "crm_id")
    return next(
        person
        for person in truth("persons")
        if person["person"] in talked and all(person[name] for name in wanted)
    )


def _ids(done) -> set[str]:
    assert done.exit_code == 0, done.stderr
    return {card["facts"]["person_id"] for card in json.loads(done.stdout)}


@pytest.fixture
def person_id(call, known) -> str:
    (found,) = _ids(call("customer", known["crm_id"], "--json"))
    return found


def _phones(phone: str) -> list[str]:
    local = "0" + phone.removeprefix("+62")
    return [
        phone,
        phone.removeprefix("+"),
        "0062" + phone.removeprefix("+62"),
        local,
        f"{local[:4]}-{local[4:8]}-{local[8:]}",
        f"({local[:4]}) {local[4:8]} {local[8:]}",
        f"+62 {local[1:4]} {local[4:8]} {local[8:]}",
    ]


def test_person_id(call, person_id):
    assert _ids(call("customer", person_id, "--json")) == {person_id}


def test_phone_in_every_spelling(call, known, person_id):
    for spelling in _phones(known["phone"]):
        assert person_id in _ids(call("customer", spelling, "--json")), spelling


def test_mail_in_every_spelling(call, known, person_id):
    mail = known["crm_email"]
    for spelling in (mail, mail.upper(), f" {mail} ", f"<{mail}>", f"mailto:{mail}"):
        assert person_id in _ids(call("customer", spelling, "--json")), spelling


def test_x_handle(call, known, person_id):
    name = known["x_username"]
    for spelling in (name, f"@{name}", name.upper()):
        assert person_id in _ids(call("customer", spelling, "--json")), spelling


@pytest.mark.parametrize(
    "key", ["C-999999", "nobody@surel.example", "+6281100000000", "' or 1=1 --", "x" * 1000, "  "]
)
def test_unknown_key(call, key):
    done = call("customer", key)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no person is known by this key" in done.stderr
    assert key.strip() == "" or key not in done.stderr


def test_card_can_be_read(call, known, person_id):
    shown = call("customer", known["crm_id"]).stdout
    assert person_id in shown
    for title in ("who", "value", "contacts", "effort", "mood", "asks", "leaving", "compliance"):
        assert re.search(rf"^  {title} ", shown, re.MULTILINE), title
    assert "Newest events, times in Asia/Jakarta" in shown
    assert f"lakehouse trace customer_360 {person_id}" in shown
    assert "None" not in shown


def test_cards_hold_no_personal_data(call, truth, leaks):
    known = [person["crm_id"] for person in truth("persons") if person["crm_id"]]
    shown = ""
    for number, key in enumerate(known[::3]):
        done = call("customer", key, *(["--json"] if number % 2 else []))
        assert done.exit_code == 0, key
        shown += done.output
    assert leaks(shown) == []


def test_without_the_key_only_ids_can_be_found(home, nowhere, known, person_id):
    keyless = Home(home.root, home.landing, nowhere.key_file)
    done = call_in(keyless, "customer", known["phone"])
    assert done.exit_code == 1
    assert str(nowhere.key_file) in done.stderr
    assert not nowhere.key_file.exists(), "a question made a new secret"
    assert call_in(keyless, "customer", person_id).exit_code == 0


def test_key_that_others_may_read(home, tmp_path):
    copied = tmp_path / "handles.key"
    copied.write_bytes(home.key_file.read_bytes())
    copied.chmod(stat.S_IRUSR | stat.S_IRGRP)
    done = Home(home.root, home.landing, copied).call("customer", "C-000001")
    assert done.returncode == 1
    assert "chmod 600" in done.stderr
    assert "Traceback" not in done.stderr


def test_damaged_table_points_to_verify(copy):
    path = next((copy.lake / "silver" / "persons").glob("*.parquet"))
    path.chmod(0o644)
    path.write_bytes(b"")
    done = copy.call("customer", "C-000001")
    assert done.returncode == 1
    assert "lakehouse verify" in done.stderr
    assert "Traceback" not in done.stderr
