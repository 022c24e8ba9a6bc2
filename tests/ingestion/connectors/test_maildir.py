"""Mail as servers and programs keep it: Maildir names, IMAP exports, boxes; read by content."""

from pathlib import Path

import pytest

from ingestion.connectors.registry import recognise
from ingestion.landing import listing
from tests.ingestion.connectors.reading_records import of_kind, read_file
from tests.ingestion.connectors.test_email import mail

NAMES = (
    "box/cur/1767600000.M12P34.host:2,S",
    "box/cur/1767600001.M12P35.host:2,RS",
    "box/cur/1767600002_1.99.host,U=7,FMD5=7e33429f:2,",
    "box/new/1767600003.M1P1.host,S=512,W=530",
    "box/.Sent/cur/1767600004.M1P1.host;2,S",
    "imap/INBOX/17.eml",
    "imap/INBOX/18",
    "imap/INBOX/19.rfc822",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_name_does_not_matter(tmp_path: Path, name: str, end: bytes):
    raw = mail("Subject: Internet mati", body="Halo").replace(b"\r\n", end)
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    (arrival,) = listing(tmp_path)
    assert arrival.name == name
    connector = recognise(arrival.name, raw)
    assert connector is not None and connector.name == "email"
    (said,) = of_kind(read_file(connector, path), "turn")
    assert said.data["text"] == "Internet mati\nHalo"


@pytest.mark.parametrize(
    "first",
    [
        b"X-Mozilla-Status: 0001\r\nX-Mozilla-Status2: 00000000\r\n",
        b"X-GM-THRID: 1\r\nX-Gmail-Labels: Inbox\r\n",
        b"Delivered-To: care@toko.example\r\n",
        b"Received: from x\r\n\tby y; Mon, 2 Mar 2026 09:00:00 +0700\r\n",
    ],
)
def test_headers_that_programs_put_first(first: bytes):
    connector = recognise("INBOX", first + mail("Subject: x"))
    assert connector is not None and connector.name == "email"


def test_boxes_of_google_and_thunderbird(tmp_path: Path):
    lines = (
        b"From 1799@xxx Mon Mar 02 02:00:00 +0000 2026\r\n",
        b"From - Mon Mar 02 09:00:00 2026\n",
    )
    for line in lines:
        (tmp_path / "box").write_bytes(
            line + mail(body="Satu\r\n") + b"\r\n" + line + mail(body="Dua")
        )
        connector = recognise("Takeout/Mail/All.mbox", (tmp_path / "box").read_bytes())
        assert connector is not None and connector.name == "email"
        texts = [
            turn.data["text"] for turn in of_kind(read_file(connector, tmp_path / "box"), "turn")
        ]
        assert texts == ["Satu", "Dua"]
