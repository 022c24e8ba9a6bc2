"""The whole service as a process: what it answers, bounds, logs and does at its end."""

import http.client
import json
import os
import socket
import subprocess
import threading
import time

import httpx
import pytest

from ingestion.connectors.registry import connectors, recognise
from tests.ingestion.collect.collecting import (
    COMMAND,
    SECRETS,
    TOKEN,
    VERIFY,
    WHATSAPP,
    collector,
    environment,
    files,
    limited,
    lines,
    signed,
)

BODY = b'{"object":"whatsapp_business_account","entry":[]}'


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    landing = tmp_path_factory.mktemp("shared") / "landing"
    with collector(landing, "--max-body", "1000", "--hand-over", "0.2") as running:
        yield running


def ask(running, **changes):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    return httpx.get(running.url + WHATSAPP, params=asked | changes)


def test_metas_challenge_is_returned(shared):
    answer = ask(shared)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "changes",
    [
        {"hub.verify_token": "guess"},
        {"hub.verify_token": ""},
        {"hub.mode": "x"},
        {"hub.challenge": ""},
    ],
)
def test_a_wrong_challenge_is_refused(shared, changes):
    assert ask(shared, **changes).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("POST", WHATSAPP, signed(BODY), BODY, 200),
        ("POST", WHATSAPP, signed(BODY), BODY + b" ", 401),
        ("POST", WHATSAPP, {}, BODY, 401),
        ("POST", WHATSAPP, signed(b""), b"", 400),
        ("POST", WHATSAPP, signed(BODY) | {"Content-Encoding": "gzip"}, BODY, 415),
        ("POST", WHATSAPP + "/", signed(BODY), BODY, 404),
        ("PUT", WHATSAPP, signed(BODY), BODY, 405),
        ("OPTIONS", WHATSAPP, {}, b"", 405),
        ("POST", "/webhooks/zendesk", {}, BODY, 404),
        ("GET", "/", {}, b"", 404),
        ("POST", f"/webhooks/chatwoot/{TOKEN}", {}, b"{}", 200),
        ("POST", "/webhooks/chatwoot/guess", {}, b"{}", 401),
        ("POST", "/webhooks/chatwoot", {}, b"{}", 401),
        ("GET", f"/webhooks/chatwoot/{TOKEN}", {}, b"", 405),
    ],
)
def test_answers(shared, method, path, headers, body, status):
    answer = httpx.request(method, shared.url + path, headers=headers, content=body)
    assert answer.status_code == status


CE = {"Authorization": f"Bearer {TOKEN}"}
ATTRIBUTES = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "com.example.a"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (CE | {"Content-Type": "application/cloudevents+json"}, 200),
        (CE | ATTRIBUTES | {"Content-Type": "application/json"}, 200),
        (CE | {"Content-Type": "application/json"}, 400),
        (ATTRIBUTES, 401),
        (ATTRIBUTES | {"Authorization": "Bearer guess"}, 401),
    ],
)
def test_cloudevents(shared, headers, status):
    answer = httpx.post(shared.url + "/webhooks/cloudevents", headers=headers, content=b"{}")
    assert answer.status_code == status


def test_a_cloudevents_sender_may_ask_for_consent(shared):
    answer = httpx.options(
        shared.url + "/webhooks/cloudevents", headers={"WebHook-Request-Origin": "e.example.com"}
    )
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "e.example.com"


def test_a_body_at_the_bound_is_kept_and_one_byte_more_is_not(shared):
    body = b'{"object":"whatsapp_business_account"}'.ljust(1000)
    assert shared.post(body).status_code == 200
    assert shared.post(body + b" ").status_code == 413


def test_a_body_of_unknown_length_is_cut_off_at_the_bound(shared):
    sent = 0
    connection = socket.create_connection(("127.0.0.1", shared.port))
    connection.settimeout(10)
    connection.sendall(
        b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    try:
        for _ in range(10_000):
            connection.sendall(b"400\r\n" + bytes(1024) + b"\r\n")
            sent += 1024
    except OSError:
        pass
    assert sent < 5_000_000, "the whole body was taken in"


def test_headers_are_bounded(shared):
    answer = raw(shared, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000 + b"\r\n\r\n")
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
    at_once = {"X-Long": "a" * 33_000}
    assert httpx.get(shared.url + "/healthz", headers=at_once).status_code == 431
    assert shared.get("/healthz").status_code == 200


def raw(running, request, wait=10):
    with socket.create_connection(("127.0.0.1", running.port), timeout=wait) as connection:
        connection.sendall(request)
        try:
            return connection.recv(65_536)
        except ConnectionResetError:
            return b""


def test_health_and_metrics_say_nothing_of_anyone(shared):
    shared.post(BODY)
    assert (shared.get("/healthz").status_code, shared.get("/healthz").text) == (200, "ok\n")
    text = shared.get("/metrics").text
    assert 'collect_answers_total{source="whatsapp",status="200"}' in text
    assert "collect_fsyncs_total" in text
    assert TOKEN not in text


def test_the_log_holds_no_query_no_token_and_no_body(shared):
    httpx.post(shared.url + f"/webhooks/chatwoot/{TOKEN}", content=b'{"name":"Rina Invented"}')
    ask(shared)
    httpx.get(shared.url + "/nobody-knows-this-path?phone=628110000001")
    raw(shared, b"GET /628110000001 BROKEN\r\n\r\n")
    time.sleep(0.3)
    said = "".join(shared.said)
    assert "POST chatwoot 200" in said
    assert "GET whatsapp 200" in said
    for private in (TOKEN, VERIFY, "1158201444", "Rina", "628110000001", "nobody-knows"):
        assert private not in said


def test_the_rate_of_a_source_is_bounded_and_strangers_do_not_use_it_up(tmp_path):
    with collector(tmp_path / "landing", "--rate", "0.2", "--burst", "3") as running:
        for _ in range(10):
            assert httpx.post(running.url + WHATSAPP, content=BODY).status_code == 401
        answers = [running.post(BODY) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 5
        chatwoot = httpx.post(f"{running.url}/webhooks/chatwoot/{TOKEN}", content=b"{}")
        assert chatwoot.status_code == 200
        assert running.stop() == 0
    assert lines(tmp_path / "landing") == [b"{}", BODY, BODY, BODY]


def test_slow_senders_are_cut_off(tmp_path):
    limits = {"header_seconds": 0.5, "body_seconds": 0.7, "idle_seconds": 1}
    with limited(tmp_path / "landing", limits) as running:
        for beginning in (
            b"",
            b"POST /webhooks/whatsapp HT",
            b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
        ):
            started = time.monotonic()
            assert raw(running, beginning) == b"", "half a header was answered"
            assert time.monotonic() - started < 5
        after_another = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /he"
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as connection:
            connection.sendall(after_another)
            received = b""
            while part := connection.recv(65_536):
                received += part
            assert received.count(b"HTTP/1.1 200") == 1
        half = b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
        assert raw(running, half).startswith(b"HTTP/1.1 408")
        assert running.get("/healthz").status_code == 200


def test_more_requests_than_allowed_are_sent_away(tmp_path):
    with collector(tmp_path / "landing") as running:
        half = b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
        open_ones = []
        for _ in range(256):
            connection = socket.create_connection(("127.0.0.1", running.port), timeout=5)
            connection.sendall(half)
            open_ones.append(connection)
        deadline = time.monotonic() + 5
        while (answer := running.post(BODY)).status_code == 200 and time.monotonic() < deadline:
            pass
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        for connection in open_ones:
            connection.close()
        while (answer := running.post(BODY)).status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert answer.status_code == 200


def test_requests_in_flight_at_the_end_are_answered_and_kept(tmp_path):
    landing = tmp_path / "landing"
    with collector(landing) as running:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
        connection.putrequest("POST", WHATSAPP)
        for name, value in signed(BODY).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(BODY)))
        connection.endheaders(BODY[:10])
        assert running.post(BODY).status_code == 200
        ended = []
        thread = threading.Thread(target=lambda: ended.append(running.stop()))
        thread.start()
        time.sleep(0.5)
        connection.send(BODY[10:])
        assert connection.getresponse().status == 200
        thread.join()
        assert ended == [0]
    assert lines(landing) == [BODY, BODY]
    assert not list((tmp_path / "landing-journal").glob("*.journal"))


def test_a_full_disk_is_answered_503_and_what_was_promised_stays(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("no right to mount; test_keeping.py has the same with injected errors")
    promised = []
    try:
        with collector(disk / "landing") as running:
            for number in range(60):
                body = b'{"object":"whatsapp_business_account","n":%d}' % number
                body = body[:-1] + b',"pad":"' + b"x" * 6000 + b'"}'
                answer = running.post(body)
                assert answer.status_code in (200, 503)
                if answer.status_code == 200:
                    promised.append(body)
                else:
                    assert answer.headers["retry-after"] == "10"
            assert 10 < len(promised) < 60
            assert running.get("/healthz").status_code == 503
            running.process.kill()
            running.process.wait()
        subprocess.run(
            ["mount", "-o", "remount,size=2m", str(disk)], check=True, capture_output=True
        )
        with collector(disk / "landing") as running:
            assert running.post(BODY).status_code == 200
            assert running.stop() == 0
        assert set(lines(disk / "landing")) == {*promised, BODY}
        assert len(lines(disk / "landing")) == len(promised) + 1
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False, capture_output=True)


def call(landing, **secrets):
    return subprocess.run(
        [COMMAND, "collect", "--landing", str(landing), "--port", "0"],
        env=environment(**secrets), capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_the_start_says_what_is_served_and_what_is_not(shared):
    said = "".join(shared.said)
    assert "whatsapp is served at /webhooks/whatsapp" in said
    assert "zendesk is not served: set LAKEHOUSE_COLLECT_ZENDESK_SECRET" in said


def test_without_secrets_it_does_not_start(tmp_path):
    done = call(tmp_path / "landing", LAKEHOUSE_COLLECT_NOTHING="")
    assert done.returncode == 1
    assert "nothing to serve" in done.stderr


def test_a_secret_that_is_too_short_is_named(tmp_path):
    done = call(tmp_path / "landing", LAKEHOUSE_COLLECT_ZENDESK_SECRET="shorty-1")
    assert done.returncode == 1
    assert "LAKEHOUSE_COLLECT_ZENDESK_SECRET" in done.stderr
    assert "shorty-1" not in done.stderr


def test_a_second_collector_on_the_same_folder_is_told_so(tmp_path, monkeypatch):
    with collector(tmp_path / "landing"):
        done = call(tmp_path / "landing", **SECRETS)
    assert done.returncode == 3
    assert "another collector" in done.stderr


def test_no_heavy_library_is_loaded():
    script = (
        "import sys; import orchestration.cli, orchestration.commands.collect;"
        "print([n for n in ('numpy','pyarrow','pandas','duckdb','deltalake','dagster','spacy',"
        "'sklearn','dlt') if n in sys.modules])"
    )
    done = subprocess.run(
        [os.fspath(COMMAND).replace("lakehouse", "python"), "-c", script],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def message(number):
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "622100000000", "phone_number_id": "1001"},
        "contacts": [{"profile": {"name": "Rina Contoh"}, "wa_id": "628110000001"}],
        "messages": [
            {
                "from": "628110000001",
                "id": f"wamid.{number}",
                "timestamp": str(1_800_000_000 + number),
                "type": "text",
                "text": {"body": f"Halo, paket saya\nbelum sampai {number}"},
            }
        ],
    }
    entry = {"id": "1", "changes": [{"value": value, "field": "messages"}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def test_collected_messages_are_read_by_the_whatsapp_connector(tmp_path):
    landing = tmp_path / "landing"
    with collector(landing) as running:
        for number in range(3):
            body = json.dumps(message(number), indent=2 if number == 1 else None).encode()
            assert running.post(body).status_code == 200
        assert running.post(b"not json at all").status_code == 200
        assert running.stop() == 0
    path = next(path for path in files(landing) if path.suffix == ".jsonl")
    name = path.relative_to(landing).as_posix()
    assert recognise(name, path.read_bytes()[:65_536]).name == "whatsapp"
    connector = next(one for one in connectors() if one.name == "whatsapp")
    records = [r for payload in connector.fetch(path) for r in connector.parse(payload)]
    turns = [record.data["text"] for record in records if record.kind == "turn"]
    assert turns == [f"Halo, paket saya\nbelum sampai {number}" for number in range(3)]
    assert [p.read_bytes() for p in files(landing) if p.suffix == ".body"] == [b"not json at all"]
