"""Mails: threads, senders, dates, charsets, parts, boxes, and what is refused."""

from pathlib import Path

import pytest

from ingestion.connectors.base import Limits
from ingestion.connectors.email import EmailConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, read_file, reasons

CONNECTOR = EmailConnector(company_mail_domains=("toko.example",))
DATE = "Date: Mon, 02 Mar 2026 09:00:00 +0700"
FROM = "From: Rahayu Contoh <R.Contoh@Mail.example>"


def mail(*headers: str, body: str | bytes = "Halo", date: str = DATE, sender: str = FROM) -> bytes:
    head = "\r\n".join(part for part in (sender, date, *headers) if part)
    return head.encode() + b"\r\n\r\n" + (body if isinstance(body, bytes) else body.encode())


def turn(raw: bytes):
    return of_kind(parsed(CONNECTOR, raw), "turn")[0]


def test_a_first_mail():
    found = parsed(CONNECTOR, mail("Subject: Internet mati", "Message-ID: <a@mail.example>"))
    said, handle = of_kind(found, "turn")[0], of_kind(found, "handle")[0]
    assert said.data["text"] == "Internet mati\nHalo"
    assert said.data["metadata"] == {"subject": "Internet mati"}
    assert said.data["role"] == "customer"
    assert said.data["direction"] == "inbound"
    assert said.conversation_key == said.native_id == "a@mail.example"
    assert said.event_at.isoformat() == "2026-03-02T02:00:00+00:00"
    assert said.names == ("Rahayu Contoh",)
    assert handle.data["handle"] == "r.contoh@mail.example"


@pytest.mark.parametrize(
    ("sender", "names"),
    [
        ("Toko Care <care@toko.example>", ()),
        ("TOKO <care@mail.toko.example>", ()),
        ("Layanan Pelanggan Toko <care@toko.example>", ()),
        ("Sari dari Toko <care@toko.example>", ("Sari dari Toko",)),
        ("Sari Toko <s@mail.example>", ("Sari Toko",)),
        ("Customer Care <care@toko.example>", ()),
    ],
)
def test_the_company_s_own_name_is_nobody_s(sender, names):
    found = parsed(CONNECTOR, mail(sender=f"From: {sender}"))
    assert [record.names for record in found] == [names, names]


def test_a_reply_joins_its_thread_and_keeps_its_subject_apart():
    said = turn(
        mail(
            "Subject: Re: Internet mati",
            "Message-ID: <c@x>",
            "In-Reply-To: <b@x>",
            "References: <a@x>\r\n <b@x>",
        )
    )
    assert said.conversation_key == "a@x"
    assert said.data["reply_to"] == "b@x"
    assert said.links == ("a@x", "b@x", "c@x")
    assert said.data["text"] == "Halo"
    assert turn(mail("In-Reply-To: <b@x>")).conversation_key == "b@x"


def test_without_an_id_the_bytes_name_the_mail():
    first, again, other = turn(mail()), turn(mail()), turn(mail(body="Hai"))
    assert first.native_id.startswith("sha256:")
    assert first.native_id == again.native_id != other.native_id


@pytest.mark.parametrize(
    ("sender", "headers", "role", "direction"),
    [
        (FROM, (), "customer", "inbound"),
        (FROM, ("Auto-Submitted: auto-replied",), "customer", "inbound"),
        ("From: Care <care@toko.example>", (), "agent", "outbound"),
        ("From: Care <care@mail.toko.example>", ("References: <a@x>",), "agent", None),
        ("From: care@toko.example", ("Auto-Submitted: auto-replied",), "bot", "outbound"),
        ("From: care@toko.example", ("Auto-Submitted: no",), "agent", "outbound"),
        ("From: x@nottoko.example", (), "customer", "inbound"),
    ],
)
def test_who_writes(sender: str, headers: tuple[str, ...], role: str, direction: str | None):
    data = turn(mail(*headers, sender=sender)).data
    assert (data["role"], data["direction"]) == (role, direction)


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("From: MAILER-DAEMON@mail.example", ()),
        (FROM, ("Content-Type: multipart/report; report-type=delivery-status; boundary=b",)),
    ],
)
def test_a_bounce_is_nobodys_words(sender: str, headers: tuple[str, ...]):
    data = turn(mail(*headers, sender=sender)).data
    assert (data["role"], data["direction"]) == ("system", None)


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        ("X-Unsent: 1", ["draft"]),
        ("X-Gmail-Labels: Opened,Draft", ["draft"]),
        ("X-Unsent: 0", []),
        ("X-Gmail-Labels: Inbox", []),
    ],
)
def test_drafts_were_never_sent(header: str, refused: list[str]):
    assert reasons(parsed(CONNECTOR, mail(header))) == refused


def test_the_companys_own_headers():
    own = ("X-Agent-Id: AG-014", "X-Queue: billing", "X-Campaign: lebaran")
    data = turn(mail(*own, sender="From: care@toko.example")).data
    assert (data["agent_id"], data["queue"], data["campaign"]) == ("AG-014", "billing", "lebaran")
    assert turn(mail(*own)).data["agent_id"] is None


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        (DATE, "2026-03-02T02:00:00+00:00"),
        ("Date: 2 Mar 2026 09:00:00 -0000", "2026-03-02T09:00:00+00:00"),
        ("Date: Mon, 2 Mar 2026 09:00 GMT", "2026-03-02T09:00:00+00:00"),
        ("Date: soon\r\nReceived: from x; Mon, 2 Mar 2026 09:00:00 +0000", "2026-03-02T09:00:00+00:00"),
        ("Received: from y (z);\r\n Mon, 2 Mar 2026 09:00:00 +0700 (WIB)", "2026-03-02T02:00:00+00:00"),
    ],
)  # fmt: skip
def test_dates(date: str, moment: str):
    assert turn(mail(date=date)).event_at.isoformat() == moment


@pytest.mark.parametrize(
    ("declared", "body", "text", "note"),
    [
        ("utf-8", "é".encode(), "é", None),
        ("iso-8859-1", b"\xe9", "é", None),
        ("utf-8", b"\xe9", "é", "cp1252"),
        ("us-ascii", "é".encode(), "é", "utf-8"),
        ("no-such-charset", "é".encode(), "é", "utf-8"),
        ("punycode", "é".encode(), "é", "utf-8"),
        ("idna", b"\xe9", "é", "cp1252"),
        ("\x00", b"\xe9", "é", "cp1252"),
        ("utf-8", b"a\x00b", "ab", None),
        ("gb2312", b"\xc4\xe3", "你", None),
        ("gb2312", "镕".encode("gbk"), "镕", None),
        ("iso-8859-1", b"\x93ya\x94", "“ya”", None),
        ("iso-8859-1", b"\x81", "\x81", None),
    ],
)
def test_charsets_also_wrong_ones(declared: str, body: bytes, text: str, note: str | None):
    data = turn(mail(f'Content-Type: text/plain; charset="{declared}"', body=body)).data
    assert data["text"] == text
    assert data["metadata"].get("charset_fallback") == note


def multipart(kind: str, *parts: str) -> bytes:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    return mail(f'Content-Type: multipart/{kind}; boundary="b"', body=body)


PLAIN = "Content-Type: text/plain\r\n\r\nHalo plain"
HTML = "Content-Type: text/html\r\n\r\n<p>Halo html</p>"
FILE = (
    "Content-Type: application/pdf; name=../../etc/x.pdf\r\n"
    "Content-Disposition: attachment; filename=rahayu.pdf\r\n\r\nPDF"
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (multipart("alternative", PLAIN, HTML), "Halo plain"),
        (multipart("alternative", HTML, PLAIN), "Halo plain"),
        (multipart("alternative", "Content-Type: text/plain\r\n\r\n ", HTML), "Halo html"),
        (multipart("mixed", PLAIN, HTML), "Halo plain\n\nHalo html"),
        (multipart("mixed", PLAIN, FILE), "Halo plain"),
        (multipart("mixed", FILE), None),
        (multipart("mixed", PLAIN, "Content-Type: message/rfc822\r\n\r\nFrom: a@b\r\n\r\nold"), "Halo plain"),
        (mail('Content-Type: multipart/mixed; boundary="b"', body="no parts"), None),
    ],
)  # fmt: skip
def test_parts(raw: bytes, text: str | None):
    assert turn(raw).data["text"] == text


def test_a_boundary_that_was_declared_wrongly():
    body = f"--real\n{PLAIN}\n--real\n{HTML}\n--real--\n"
    raw = mail('Content-Type: multipart/alternative; boundary="other"', body=body)
    data = turn(raw).data
    assert data["text"] == "Halo plain" and "attachments" not in data["metadata"]


def test_attachments_are_described_without_their_names():
    data = turn(multipart("mixed", PLAIN, FILE)).data
    assert data["metadata"]["attachments"][0]["type"] == "application/pdf"
    assert data["metadata"]["attachments"][0]["bytes"] == 3
    assert "rahayu.pdf" not in str(data) and "etc" not in str(data)


@pytest.mark.parametrize(
    ("sender", "handle", "name"),
    [
        ('From: "Contoh, Rahayu" <r@x.example>', "r@x.example", "Contoh, Rahayu"),
        ("From: =?utf-8?b?UmFoYXl1?= <r@x.example>", "r@x.example", "Rahayu"),
        ("From: =?nope?b?UmFoYXl1?= <r@x.example>", "r@x.example", "Rahayu"),
        ("From: r@x.example", "r@x.example", None),
        ("From: other@x.example <r@x.example>", "r@x.example", None),
        ("From: r@x.example, s@x.example", "r@x.example", None),
    ],
)
def test_senders(sender: str, handle: str, name: str | None):
    record = of_kind(parsed(CONNECTOR, mail(sender=sender)), "handle")[0]
    assert (record.data["handle"], record.data["name"]) == (handle, name)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (mail(date=""), "missing_date"),
        (mail(date="Date: 2 Mar 2026 09:00:00"), "missing_date"),
        (mail(date="Date: Mon, 2 Mar 99999 09:00:00 +0700"), "missing_date"),
        (mail(sender=""), "missing_sender"),
        (mail(sender="From: somebody"), "missing_sender"),
        (mail(body="x" * 200_001), "text_too_long"),
        (mail(*[f'Content-Type: multipart/mixed; boundary="{n}"' for n in range(300)]), "too_many_parts"),
        (mail("Content-Type: multipart/mixed; boundary=b", body="--b\r\n\r\nx\r\n" * 250), "too_many_parts"),
        (mail("Content-Type: multipart/mixed; boundary=b", body="--b\r\n\r\nx\r\n" * 20_000), "too_many_parts"),
        (mail("Content-Type: text/html", body="<div>" * 2000), "too_deep"),
        (mail("Content-Type: text/plain; " + 'a="b";' * 5000), "headers_too_long"),
        (mail("Content-Type: text/plain;" + "\r\n a=b;" * 5000), "headers_too_long"),
        (mail(*["X-A: b"] * 200_000), "headers_too_long"),
    ],
)  # fmt: skip
def test_refusals_have_a_reason(raw: bytes, reason: str):
    assert reasons(parsed(CONNECTOR, raw)) == [reason]


def test_deeply_nested_parts_are_refused():
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(60)
    )
    raw = mail().split(b"\r\n\r\n")[0] + b"\r\n" + nested.encode() + b"\r\nHalo"
    assert reasons(parsed(CONNECTOR, raw)) == ["too_deep"]


def test_a_large_mail_is_refused():
    small = EmailConnector(limits=Limits(payload_bytes=50))
    assert reasons(parsed(small, mail(body="x" * 100))) == ["too_large"]


def test_a_box_holds_many_mails(tmp_path: Path):
    path = tmp_path / "box"
    line = b"From sampler Mon Mar  2 09:00:00 2026\n"
    quoted = mail(body="Satu\n>From sini\nFrom there\n").replace(b"\r\n", b"\n")
    path.write_bytes(line + quoted + b"\n" + line + mail(body="Dua") + b"\n\n" + line + b"\n")
    payloads = list(CONNECTOR.fetch(path))
    whole = path.read_bytes()
    assert [payload.position for payload in payloads] == ["message 1", "message 2", "message 3"]
    assert all(whole[p.byte_start : p.byte_end] == p.raw for p in payloads[:2])
    found = read_file(CONNECTOR, path)
    texts = [record.data["text"] for record in of_kind(found, "turn")]
    assert texts == ["Satu\nFrom sini\nFrom there", "Dua"]
    assert reasons(found) == ["empty"]


def test_apple_mail_counts_the_bytes_before_a_mail(tmp_path: Path):
    raw = mail("Subject: x", body="Halo kak")
    whole = str(len(raw)).encode() + b"      \n" + raw + b"<?xml version='1.0'?><plist/>"
    (tmp_path / "1.emlx").write_bytes(whole)
    assert CONNECTOR.recognises("1.emlx", whole)
    (payload,) = CONNECTOR.fetch(tmp_path / "1.emlx")
    assert payload.raw == raw == whole[payload.byte_start : payload.byte_end]
    assert turn(payload.raw).data["text"] == "x\nHalo kak"


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (mail("Subject: x"), True),
        (b"512\n" + mail("Subject: x"), True),
        (b"512\n{}", False),
        (b"From sampler Mon Mar  2 09:00:00 2026\n" + mail(), True),
        (b"Received: from x\r\n by y\r\nDate: x\r\n\r\n", True),
        (b"Dear team,\nFrom: a\nDate: b\n", False),
        (b"From: a\n", False),
        (b"Subject: x\nDate: y\n\n", False),
        (b"From here on\nTo: x\nDate: y\n", False),
        (b"key: value\nother: value\n", False),
        (b"\x00From: a\nDate: b\n", False),
        (b"PK\x03\x04", False),
        (b"<html>", False),
        (b"", False),
    ],
)
def test_recognised_by_headers(head: bytes, known: bool):
    assert CONNECTOR.recognises("no_extension", head) is known
