"""Real webhook bodies say the same after they were collected as when they are read directly."""

from dataclasses import asdict

import pytest

from ingestion.collect.handover import hand_over_left
from ingestion.collect.journal import Journal, journal_folder
from ingestion.collect.records import Entry
from ingestion.connectors.base import Record
from ingestion.connectors.registry import connectors, recognise
from tests.ingestion.collect.collecting import files
from tests.ingestion.connectors.reading_records import SHARED

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")


def facts(payloads, connector):
    """What is said, without the place where it stands."""
    return [
        asdict(item) if isinstance(item, Record) else (item.reason, str(item))
        for payload in payloads
        for item in connector.parse(payload)
    ]


def test_whatsapp_bodies(tmp_path):
    connector = next(one for one in connectors() if one.name == "whatsapp")
    given = sorted((SHARED / "chat" / "meta_wac").glob("*.json"))
    landing = tmp_path / "landing"
    journal_folder(landing).mkdir()
    Journal(journal_folder(landing)).append(
        [Entry("whatsapp", b"", path.read_bytes()) for path in given]
    )
    hand_over_left(landing)
    (landed, *alone) = sorted(files(landing), key=lambda path: path.suffix, reverse=True)
    assert recognise(landed.name, landed.read_bytes()[:65_536]).name == "whatsapp"
    expected = [fact for path in given for fact in facts(connector.fetch(path), connector)]
    found = facts(connector.fetch(landed), connector)
    found += [fact for path in alone for fact in facts(connector.fetch(path), connector)]
    assert len(expected) > 20
    assert sorted(map(repr, found)) == sorted(map(repr, expected))
