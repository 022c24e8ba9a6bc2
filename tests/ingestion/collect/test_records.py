"""A journal reads back what was written, whatever its end or its middle looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.records import (
    FORMAT,
    HEADER_BYTES,
    Entry,
    NotAJournal,
    Reading,
    encoded,
    header,
)

MARKER = bytes(range(16))
ENTRIES = [
    Entry("whatsapp", b"", b'{"n":1}'),
    Entry("cloudevents", b'{"id":"1"}', b""),
    Entry("twilio", b"form", b"a=1\nb=2\n\n"),
    Entry("whatsapp", b"", MARKER[:15] + b"\x00" * 40),
]
SIZES = [len(encoded(entry, MARKER)) for entry in ENTRIES]


def journal(path, entries=ENTRIES):
    path.write_bytes(header(MARKER) + b"".join(encoded(entry, MARKER) for entry in entries))
    return path


bodies = st.lists(st.tuples(st.sampled_from(["whatsapp", "zendesk"]), st.binary(max_size=60)))


@given(bodies)
def test_any_bodies_come_back(tmp_path_factory, found):
    entries = [Entry(source, b"", body) for source, body in found]
    reading = Reading(journal(tmp_path_factory.mktemp("any") / "a.journal", entries))
    assert list(reading) == entries
    assert (reading.tail, reading.damaged) == (0, 0)


def test_cut_at_every_byte_the_whole_records_remain(tmp_path):
    whole = journal(tmp_path / "a.journal").read_bytes()
    ends = [HEADER_BYTES + sum(SIZES[:count]) for count in range(len(SIZES) + 1)]
    for length in range(len(whole)):
        path = tmp_path / "cut.journal"
        path.write_bytes(whole[:length])
        reading = Reading(path)
        kept = max([count for count, end in enumerate(ends) if end <= length], default=0)
        assert list(reading) == ENTRIES[:kept], length
        assert reading.damaged == 0
        assert reading.tail == length - (ends[kept] if length >= HEADER_BYTES else 0)


def test_a_changed_byte_costs_only_its_own_record(tmp_path):
    whole = journal(tmp_path / "a.journal").read_bytes()
    for place in range(HEADER_BYTES, len(whole)):
        path = tmp_path / "flip.journal"
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        hit = next(n for n in range(4) if place < HEADER_BYTES + sum(SIZES[: n + 1]))
        reading = Reading(path)
        assert list(reading) == ENTRIES[:hit] + ENTRIES[hit + 1 :], place
        assert reading.damaged + reading.tail == SIZES[hit]
        assert (reading.tail > 0) == (hit == 3)


def test_a_body_cannot_pass_for_a_record(tmp_path):
    other = encoded(Entry("zendesk", b"", b"{}"), b"x" * 16)
    entries = [Entry("whatsapp", b"", other * 3)]
    path = journal(tmp_path / "a.journal", entries)
    path.write_bytes(path.read_bytes()[:-1])
    assert list(Reading(path)) == []


@pytest.mark.parametrize("content", [b"\x00" * 500, FORMAT.upper() + b"x" * 99])
def test_what_is_no_journal_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "a.journal"
    path.write_bytes(content)
    with pytest.raises(NotAJournal):
        list(Reading(path))
