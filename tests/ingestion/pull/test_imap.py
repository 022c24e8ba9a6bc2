"""Mail boxes, read from a real Dovecot: exact bytes, nothing marked, nothing twice, none left out."""

import os
import shutil
from datetime import UTC, datetime

import pytest
from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import MailBoxUnencrypted

from ingestion.connectors.registry import recognise
from ingestion.landing import listing
from ingestion.pull.imap import ImapSource, _group
from tests.ingestion.pull.pulled import SECRET, section
from tests.ingestion.pull.servers import PASSWORD, USER, dovecot

VARIABLE = "LAKEHOUSE_TEST_PASSWORD"
pytestmark = [
    pytest.mark.skipif(
        shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None,
        reason="Dovecot is not installed (dovecot-imapd)",
    ),
    pytest.mark.xdist_group("dovecot"),
]


def mail(number, body=b"Paket saya belum sampai."):
    """A mail with line ends and bytes that a parser would tidy up."""
    head = (
        f"From: Rina <rina{number}@surel.example>\r\nTo: {USER}\r\nSubject: no {number} \t\r\n"
        f"Date: Mon, 2 Nov 2026 09:00:00 +0700\r\nMessage-ID: <{number}@surel.example>\r\n\r\n"
    )
    return head.encode() + body + b" \xe9\xff\r\n"


@pytest.fixture(scope="module")
def running():
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running, monkeypatch):
    monkeypatch.setenv(VARIABLE, PASSWORD)
    running.clear()
    running.add("INBOX", "0", mail(0))
    yield running


def source(server, **changes):
    settings = {
        "host": "localhost", "port": server.tls_port, "user": USER, "password_env": VARIABLE,
        "ca_file": str(server.certificate), "batch_mails": 3,
    }  # fmt: skip
    return ImapSource(section(**settings | changes))


def bodies(deployment):
    return sorted(deployment.files().values())


def test_mails_arrive_byte_for_byte_and_stay_unread(server, deployment):
    mails = [mail(number) for number in range(8)]
    for number, raw in enumerate(mails):
        server.add("INBOX", str(number), raw)
    outcome = deployment.pull(source(server))
    assert (outcome.files, outcome.items) == (8, 8)
    assert bodies(deployment) == sorted(mails)
    assert server.flags("INBOX") == {""}
    for name, raw in deployment.files().items():
        assert recognise(name, raw).name == "email"


def test_only_new_mails_come_later(server, deployment):
    deployment.pull(source(server))
    again = deployment.pull(source(server))
    assert (again.files, again.items) == (0, 0)
    server.add("INBOX", "1", mail(1))
    assert deployment.pull(source(server)).items == 1
    assert bodies(deployment) == sorted([mail(0), mail(1)])


def test_several_folders_each_with_a_place_of_its_own(server, deployment):
    server.add("Terkirim 2026", "5", mail(5))
    both = source(server, folders=["INBOX", "Terkirim 2026"])
    assert deployment.pull(both).items == 2
    server.add("Terkirim 2026", "6", mail(6))
    assert deployment.pull(both).items == 1
    assert {name.split("/")[1] for name in deployment.files()} == {"INBOX", "Terkirim_2026"}


@pytest.mark.parametrize("folder", ["Arsip 2026", "Keluhan & saran", "Ré", "x" * 200])
def test_any_name_of_a_folder_becomes_one_that_is_listed(server, deployment, folder):
    with MailBoxUnencrypted("localhost", server.port).login(USER, PASSWORD) as box:
        try:
            box.folder.create(folder)
        except ImapToolsError:
            pytest.skip("the server allows no such folder")
        box.append(mail(7), folder)
    deployment.pull(source(server, folders=[folder]))
    (landed,) = listing(deployment.landing)
    assert landed.path.read_bytes() == mail(7)
    assert landed.path.resolve().is_relative_to(deployment.landing / "source")


@pytest.mark.parametrize("folder", ["..", ".", ".Trash", "a/../../b", "~", "\u202e", "y" * 300])
def test_no_name_of_a_folder_leads_out_or_hides(folder):
    group = _group(folder)
    assert len(group) < 120 and "/" not in group and not group.startswith(".")


def test_a_folder_that_was_made_anew_is_read_from_the_start(server, deployment):
    deployment.pull(source(server))
    cursor = deployment.cursors.load("source", source(server).identity)
    server.clear()
    for number in range(3):
        server.add("INBOX", f"n{number}", mail(number))
    # Dovecot takes the time of creation, in seconds, as UIDVALIDITY.
    cursor["folders"]["INBOX"]["uidvalidity"] -= 1
    deployment.cursors.save("source", source(server).identity, cursor)
    outcome = deployment.pull(source(server))
    assert (outcome.items, outcome.repeats) == (3, 1)
    assert bodies(deployment) == sorted(mail(number) for number in range(3))


def test_a_pull_that_is_killed_anywhere_repeats_but_never_leaves_out(server, deployment, tmp_path):
    mails = [mail(number) for number in range(8)]
    for number, raw in enumerate(mails):
        server.add("INBOX", str(number), raw)
    for point in (1, 2, 3, 4):
        here = type(deployment)(tmp_path / str(point))
        assert here.pull_killed(source(server), before_save=point)
        here.pull(source(server))
        assert bodies(here) == sorted(mails)


def test_a_large_mail_stands_alone_in_its_batch(server, deployment):
    large = mail(1, b"x" * 200_000)
    server.add("INBOX", "1", large)
    server.add("INBOX", "2", mail(2))
    assert deployment.pull(source(server, batch_bytes=1024)).items == 3
    assert large in bodies(deployment)


def test_since_leaves_out_what_was_received_before(server, deployment):
    server.add("INBOX", "old", mail(1), datetime(2026, 1, 1, tzinfo=UTC))
    server.add("INBOX", "new", mail(2), datetime(2026, 6, 1, tzinfo=UTC))
    deployment.pull(source(server), since=datetime(2026, 5, 1, tzinfo=UTC))
    assert mail(1) not in bodies(deployment) and mail(2) in bodies(deployment)
    assert deployment.pull(source(server)).items == 0


@pytest.mark.parametrize("tls", ["starttls", "none"])
def test_other_ways_of_connecting(server, deployment, tls):
    assert deployment.pull(source(server, tls=tls, port=server.port)).items == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ca_file": "system"}, "certificate is not trusted"),
        ({"ca_file": "/nowhere.pem"}, "does not exist"),
        ({"host": "nobody.invalid"}, "host is not known"),
        ({"port": 9}, "refused"),
        ({"folders": ["Arsip"]}, "cannot be opened"),
        ({"tls": "starttls", "port": 1}, "refused"),
    ],
)
def test_problems_say_what_to_do(server, deployment, changes, words):
    assert words in deployment.try_pull(source(server, **changes)).problem


def test_a_wrong_password_is_not_repeated(server, deployment, monkeypatch):
    monkeypatch.setenv(VARIABLE, SECRET)
    problem = deployment.try_pull(source(server)).problem
    assert VARIABLE in problem and "refused" in problem
    assert SECRET not in problem and USER not in problem


def test_check_tells_folders_that_are_not_there(server):
    login, inbox, archive = source(server, folders=["INBOX", "Arsip"]).check()
    assert login.ok and inbox.ok and inbox.found == "1 mails"
    assert not archive.ok and "INBOX" in archive.remedy


def test_check_says_what_fails(server, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    (finding,) = source(server).check()
    assert not finding.ok and f"{VARIABLE} is not set" in finding.remedy
