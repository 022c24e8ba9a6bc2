"""Every file is what its source really delivers, read with the standard library alone."""

import csv
import email
import email.policy
import json
import mailbox
from collections import Counter
from datetime import datetime, timedelta

import pyarrow.parquet as pq

from ingestion.sample import company

INCOMPLETE = {"no-answer", "congestion", "failed", "busy", "hung-up", "voicemail-no-message"}


def calls(sample):
    return [json.loads(path.read_bytes()) for path in sample.good("voice/", ".vcon.json")]


def webhooks(sample):
    for path in sample.good("chat/whatsapp/", ".jsonl"):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)
    for path in sample.good("chat/whatsapp/", ".json"):
        yield json.loads(path.read_bytes())


def changes(sample):
    for body in webhooks(sample):
        assert body["object"] == "whatsapp_business_account"
        yield from body["entry"][0]["changes"]


def posts(sample):
    for path in sample.good("social/x/20", ".jsonl"):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def mails(sample):
    for path in sample.good("email/", ".eml"):
        yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def rows(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_calls_of_all_generations(sample):
    read = calls(sample)
    assert {body.get("vcon") for body in read} == {None, "0.0.1", "0.4.0"}
    kinds = {dialog["type"] for body in read for dialog in body["dialog"]}
    assert kinds == {"recording", "text", "incomplete", "transfer"}
    for body in read:
        for dialog in body["dialog"]:
            assert datetime.fromisoformat(dialog["start"]).tzinfo is not None
            if dialog["type"] == "incomplete":
                assert dialog["disposition"] in INCOMPLETE
        (tags,) = body["attachments"]
        assert tags["purpose" if body.get("vcon") == "0.4.0" else "type"] == "tags"
        assert any(tag.startswith("direction:") for tag in tags["body"])


def test_call_offsets_differ(default):
    ends = Counter(body["dialog"][0]["start"][-6:] for body in calls(default))
    assert {"+07:00", "+08:00", "+09:00"} <= set(ends)
    assert any(body["dialog"][0]["start"].endswith("Z") for body in calls(default))


def test_party_history_gives_the_waiting_time_of_the_truth(default):
    truth = {row["natives"][0]: row for row in default.interactions if row["channel"] == "voice"}
    seen = 0
    for body in calls(default):
        dialog = body["dialog"][0]
        if "party_history" not in dialog:
            continue
        joined = next(
            event["time"]
            for event in dialog["party_history"]
            if event["event"] == "join" and event["party"] == 1
        )
        waited = datetime.fromisoformat(joined) - datetime.fromisoformat(dialog["start"])
        assert waited == timedelta(seconds=truth[body["uuid"]]["wait_seconds"])
        seen += 1
    assert seen > 200


def test_transcripts_hold_the_turns_of_the_truth(sample):
    said: dict[str, list[str]] = {}
    for turn in sample.turns:
        said.setdefault(turn["interaction"], []).append(turn["text"])
    for body in calls(sample):
        texts = [dialog["body"] for dialog in body["dialog"] if dialog["type"] == "text"]
        for analysis in body["analysis"]:
            part = analysis["body"]
            part = part["segments"] if isinstance(part, dict) else part
            texts += [item.get("message") or item.get("text") for item in part]
        assert texts == said.get(body["uuid"], [])


def test_webhook_fields_and_kinds(sample):
    kinds, states, roles = Counter(), Counter(), Counter()
    without_phone = 0
    for change in changes(sample):
        value = change["value"]
        assert value["metadata"]["phone_number_id"] == company.COMPANY_PHONE_NUMBER_ID
        for message in value.get("messages", ()):
            assert change["field"] == "messages"
            assert message["timestamp"].isdigit()
            kinds[message["type"]] += 1
            without_phone += "from" not in message
            assert "from" in message or "from_user_id" in message
        for message in value.get("message_echoes", ()):
            assert change["field"] == "smb_message_echoes"
            assert message["from"] == company.COMPANY_PHONE.removeprefix("+")
        for status in value.get("statuses", ()):
            states[status["status"]] += 1
            roles[status["biz_opaque_callback_data"].split(";")[0]] += 1
    assert {"text", "edit", "revoke"} <= set(kinds)
    assert {"sent", "delivered", "read"} <= set(states)
    assert set(roles) == {"role=agent", "role=bot"}
    assert without_phone


def test_rarer_webhook_kinds_occur(default):
    kinds = Counter(
        message["type"]
        for change in changes(default)
        for message in change["value"].get("messages", ())
    )
    assert {"image", "button", "interactive", "unsupported"} <= set(kinds)


def test_some_messages_arrive_in_two_webhooks(sample):
    ids = Counter(
        message["id"]
        for change in changes(sample)
        for message in change["value"].get("messages", ())
    )
    assert max(ids.values()) >= 2


def test_edits_and_revokes_point_to_known_messages(sample):
    known = {turn["native"] for turn in sample.turns}
    changed = 0
    for change in changes(sample):
        for message in change["value"].get("messages", ()):
            if message["type"] in ("edit", "revoke"):
                assert message[message["type"]]["original_message_id"] in known
                changed += 1
    assert changed


def test_posts_have_authors_edits_and_deletions(sample):
    known = {native for row in sample.interactions for native in row["natives"]}
    edited = 0
    for page in posts(sample):
        users = {user["id"] for user in page["includes"]["users"]}
        assert page["meta"]["result_count"] == len(page["data"])
        for post in page["data"]:
            assert post["author_id"] in users
            assert post["id"] in known
            edited += len(post["edit_history_tweet_ids"]) > 1
    assert edited
    for path in sample.good("social/x/compliance", ".jsonl"):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            assert row["action"] == "delete" and row["id"] in known


def test_posts_of_the_company_are_recognisable(sample):
    authors = {post["author_id"] for page in posts(sample) for post in page["data"]}
    assert company.COMPANY_X_USER_ID in authors


def test_mails_parse_without_defects_and_carry_the_text(sample):
    text = {turn["native"]: turn["text"] for turn in sample.turns}
    charsets, kinds, encodings = Counter(), Counter(), Counter()
    for message in mails(sample):
        kinds[message.get_content_type()] += 1
        for part in message.walk():
            assert not part.defects
            if not part.is_multipart():
                charsets[part.get_content_charset()] += 1
                encodings[part["Content-Transfer-Encoding"]] += 1
        assert message["Date"].datetime.tzinfo is not None
        domain = message["From"].addresses[0].domain
        assert domain.endswith((".example", ".test"))
        body = message.get_body(("plain",))
        if body is not None:
            got = body.get_content().replace("\r\n", "\n")
            assert text[message["Message-ID"]] in got
    assert set(kinds) == {"text/plain", "text/html", "multipart/alternative"}
    assert set(encodings) == {"quoted-printable", "base64", "7bit"}
    assert {"utf-8", "windows-1252", "iso-8859-1"} <= set(charsets)


def test_replies_name_the_mail_they_answer(sample):
    known = {turn["native"] for turn in sample.turns}
    replies = 0
    for message in mails(sample):
        if message["In-Reply-To"]:
            replies += 1
            assert str(message["In-Reply-To"]).strip() in known
            assert message["References"].split()[-1] == message["In-Reply-To"]
    assert replies


def test_quotes_and_automatic_replies_of_both_languages(default):
    bodies = [
        part.get_content()
        for message in mails(default)
        for part in [message.get_body(("plain",))]
        if part is not None
    ]
    for mark in ("menulis:", "wrote:", "-----Pesan Asli-----", "-----Original Message-----"):
        assert any(mark in body for body in bodies), mark
    for mark in ("Dikirim dari iPhone saya", "Sent from my", "\n-- \n", "Perihal: "):
        assert any(mark in body.replace("\r\n", "\n") for body in bodies), mark
    assert any(message["Auto-Submitted"] == "auto-replied" for message in mails(default))
    assert any((message["X-Agent-Id"] or "").startswith("AG-") for message in mails(default))


def test_monthly_boxes_open(sample):
    known = {turn["native"] for turn in sample.turns}
    for path in sample.good("email/", ".mbox"):
        box = mailbox.mbox(path, create=False)
        assert len(box) == sample.notes[str(path.relative_to(sample.folder))]["payloads"]
        for message in box:
            assert message["Message-ID"] in known


def test_crm_tables_have_our_columns_and_some_rows_twice(sample):
    crm = sample.folder / "crm"
    customers = rows(crm / "customers.csv")
    assert list(customers[0])[:4] == ["crm_id", "name", "phone", "email"]
    ids = Counter(row["crm_id"] for row in customers)
    assert max(ids.values()) == 2 and all(key.startswith("C-") for key in ids)
    update = rows(crm / "customers-2026-11-01.csv")
    assert 0 < len(update) < len(customers)
    assert all(row["updated_at"] > customers[0]["updated_at"] for row in update)
    known = set(ids)
    assert {row["crm_id"] for row in rows(crm / "subscriptions.csv")} <= known
    assert {row["crm_id"] for row in rows(crm / "churn_outcomes.csv")} <= known
    orders = pq.read_table(crm / "orders.parquet").to_pylist()
    assert {row["crm_id"] for row in orders} <= known
    assert max(Counter(row["order_id"] for row in orders).values()) == 2


def test_surveys_refer_to_interactions_and_stay_in_range(sample):
    natives = {native for row in sample.interactions for native in row["natives"]}
    ranges = {"csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}
    for path in sample.good("surveys/", ".csv"):
        for row in rows(path):
            low, high = ranges[row["survey_type"]]
            assert low <= int(row["score"]) <= high
            assert row["interaction_ref"] in natives
            assert datetime.fromisoformat(row["answered_at"]).tzinfo is not None
            assert "{" not in row["comment"] and "[" not in row["comment"]


def test_redelivered_files_equal_their_original(sample):
    copies = [
        (name, note["story"].removeprefix("redelivery of "))
        for name, note in sample.notes.items()
        if note.get("story", "").startswith("redelivery")
    ]
    assert len(copies) >= 5
    for copy, original in copies:
        assert (sample.folder / copy).read_bytes() == (sample.folder / original).read_bytes()


def test_late_and_broken_files_are_named(sample):
    stories = Counter(note.get("story", "").split(" ")[0] for note in sample.notes.values())
    assert stories["late"] >= 3
    assert stories["broken:"] >= 10
    on_disk = {
        str(path.relative_to(sample.folder)) for path in sample.folder.rglob("*") if path.is_file()
    }
    assert on_disk == set(sample.notes)


def test_some_people_are_unknown_to_the_crm_and_some_never_contact(default):
    persons = {row["person"]: row for row in default.truth("persons")}
    seen = {row["person"] for row in default.interactions}
    assert any(persons[key]["crm_id"] is None for key in seen)
    assert any(row["crm_id"] and key not in seen for key, row in persons.items())
    channels: dict[str, set[str]] = {}
    for row in default.interactions:
        channels.setdefault(row["person"], set()).add(row["channel"])
    assert sum(len(found) >= 3 for found in channels.values()) > 100
