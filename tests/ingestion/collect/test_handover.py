"""From journals to landing files: how each body is kept, and that repeating changes nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect import handover
from ingestion.collect.handover import Handed, hand_over, hand_over_left
from ingestion.collect.journal import Journal, journal_folder, journals, owned
from ingestion.collect.records import Entry
from tests.ingestion.collect.collecting import files


def body(number, source="whatsapp"):
    told = {"whatsapp": "whatsapp_business_account", "messenger": "page"}[source]
    return b'{"object":"%s","n":%d}' % (told.encode(), number)


@pytest.fixture
def landing(tmp_path):
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


def written(landing, *entries):
    folder = journal_folder(landing)
    folder.mkdir(exist_ok=True)
    journal = Journal(folder)
    journal.append(entries)
    path = journal.active
    journal.seal()
    return path


def handed(landing, *entries):
    """File endings with their contents after a hand-over of the entries."""
    path = written(landing, *entries)
    done = Handed()
    hand_over(path, landing, done)
    assert not path.exists()
    assert done.bodies == len(entries)
    found = {f.parent.name + f.name.removeprefix(path.stem): f.read_bytes() for f in files(landing)}
    assert done.files == len(found)
    return found


def test_objects_become_lines_of_a_file_for_each_source(landing):
    found = handed(
        landing,
        Entry("whatsapp", b"", body(1)),
        Entry("messenger", b"", body(2, "messenger")),
        Entry("whatsapp", b"", body(1)),
        Entry("zendesk", b"", b' {"type" : "\xc3\xa9 \\n"}'),
    )
    assert found == {
        "whatsapp.jsonl": body(1) + b"\n" + body(1) + b"\n",
        "messenger.jsonl": body(2, "messenger") + b"\n",
        "zendesk.jsonl": b' {"type" : "\xc3\xa9 \\n"}\n',
    }


def test_landing_files_are_not_for_everyone(landing):
    handed(landing, Entry("zendesk", b"", b"{}"), Entry("zendesk", b"", b"[]"))
    assert [path.stat().st_mode & 0o007 for path in files(landing)] == [0, 0]


def test_line_breaks_outside_strings_become_blanks_and_the_value_stays(landing):
    pretty = json.dumps({"a": [1, {"b": "x\ny"}], "n": 12345678901234567890.5}, indent=2)
    raw = pretty.replace("\n", "\r\n").encode()
    found = handed(landing, Entry("chatwoot", b"", raw))
    assert found == {"chatwoot.jsonl": raw.replace(b"\r\n", b"  ") + b"\n"}
    assert json.loads(found["chatwoot.jsonl"]) == json.loads(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"text":"a raw\nline break in a string"}',
        b'[{"object":"page"},\n{"object":"page"}]',
        b'{"cut":',
        b"hello",
        b'"a"',
        b"null",
        b'{"a":"\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"a":NaN}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
)
def test_what_is_no_object_keeps_every_byte_in_a_file_of_its_own(landing, raw):
    found = handed(landing, Entry("zendesk", b"", b"{}"), Entry("zendesk", b"", raw))
    assert found == {"zendesk.jsonl": b"{}\n", "zendesk-00001.body": raw}


def test_a_body_of_another_product_does_not_share_the_file(landing):
    found = handed(
        landing,
        Entry("whatsapp", b"", body(1, "messenger")),
        Entry("whatsapp", b"", body(2)),
        Entry("whatsapp", b"", b'{"object":["page"]}'),
    )
    assert found == {
        "whatsapp-page.jsonl": body(1, "messenger") + b"\n",
        "whatsapp.jsonl": body(2) + b"\n",
        "whatsapp-other.jsonl": b'{"object":["page"]}\n',
    }


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@given(
    st.dictionaries(st.text(max_size=8), VALUES, max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_any_object_in_any_layout_becomes_one_line_of_the_same_value(value, ending, ascii_only):
    raw = json.dumps(value, indent=1, ensure_ascii=ascii_only).replace("\n", ending).encode()
    _, line = handover._line(Entry("chatwoot", b"", b"\n" + raw + b"\r\n"))
    assert line.splitlines() == [line]
    assert json.loads(line) == value


def test_a_type_that_is_no_text_is_no_kind(landing):
    deep = b'{"type":' + b"[" * 900 + b"]" * 900 + b"}"
    assert handed(landing, Entry("cloudevents", b"", deep)) == {
        "cloudevents-other.jsonl": deep + b"\n"
    }


CONTEXT = b'{"specversion":"1.0","id":"1","source":"/s","type":"Com.Example/../Call"%s}'


@pytest.mark.parametrize(
    ("media", "data", "expected"),
    [
        ("application/json", b'{"a":1.50,\n"b":2}', b',"data":{"a":1.50, "b":2}'),
        ("application/vnd.example+json; charset=utf-8", b"null", b',"data":null'),
        ("", b"[1]", b',"data":[1]'),
        ("text/plain", b"123", b',"data_base64":"MTIz"'),
        ("application/json", b"{broken", b',"data_base64":"e2Jyb2tlbg=="'),
        ("application/json", b"", b""),
    ],
)
def test_a_binary_event_becomes_a_structured_one(landing, media, data, expected):
    stated = b',"datacontenttype":"%s"' % media.encode() if media else b""
    found = handed(landing, Entry("cloudevents", CONTEXT % stated, data))
    line = CONTEXT[:-3] + stated + expected + b"}\n"
    assert found == {"cloudevents-com-example-call.jsonl": line}


def test_events_of_many_types_are_bounded(landing, monkeypatch):
    monkeypatch.setattr(handover, "MOST_KINDS", 3)
    entries = [Entry("cloudevents", b"", b'{"type":"t%d"}' % n) for n in (1, 2, 3, 4, 5, 1)]
    found = handed(landing, *entries)
    assert set(found) == {f"cloudevents-{kind}.jsonl" for kind in ("t1", "t2", "t3", "other")}
    assert found["cloudevents-t1.jsonl"] == b'{"type":"t1"}\n' * 2
    assert found["cloudevents-other.jsonl"] == b'{"type":"t4"}\n{"type":"t5"}\n'


def test_forms_are_lines_of_their_own_file(landing):
    found = handed(
        landing,
        Entry("twilio", b"form", b"CallSid=CA1&From=%2B62"),
        Entry("twilio", b"", b'{"sid":1}'),
        Entry("twilio", b"form", b"CallSid=CA2"),
    )
    assert found == {
        "twilio.forms": b"CallSid=CA1&From=%2B62\nCallSid=CA2\n",
        "twilio.jsonl": b'{"sid":1}\n',
    }


def test_a_hand_over_that_fails_at_any_step_can_be_done_again(landing, monkeypatch):
    """Every call that touches the disk fails once, in turn; no body is lost or doubled."""
    entries = [
        *(Entry("whatsapp", b"", body(number)) for number in range(3)),
        Entry("zendesk", b"", b"[]"),
    ]
    failures = 0
    for step in range(100):
        path = written(landing, *entries)
        with monkeypatch.context() as patch:
            left = _fail_at(patch, step)
            try:
                hand_over(path, landing, Handed())
            except OSError:
                failures += 1
        assert not list(landing.rglob("*.part"))
        hand_over_left(landing)
        assert not journals(journal_folder(landing))
        assert [p.read_bytes() for p in files(landing)] == [
            b"".join(body(number) + b"\n" for number in range(3)),
            b"[]",
        ]
        for done in files(landing):
            done.unlink()
        if left() > 0:
            break
    assert failures == step > 6


def _fail_at(patch, step):
    """Let the disk operation with this number fail; returns how many were left to come."""
    left = step

    def failing(original):
        def call(*arguments, **options):
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(28, "No space left on device")
            return original(*arguments, **options)

        return call

    patch.setattr(handover.os, "fsync", failing(handover.os.fsync))
    for name in ("replace", "unlink", "mkdir"):
        patch.setattr(handover.Path, name, failing(getattr(handover.Path, name)))
    return lambda: left + 1


def test_an_existing_file_with_the_same_bytes_is_left_as_it_is(landing):
    path = written(landing, Entry("whatsapp", b"", body(1)))
    copy = path.read_bytes()
    hand_over(path, landing, Handed())
    (before,) = [file.stat() for file in files(landing)]
    path.write_bytes(copy)  # as if the process had died before it removed the journal
    hand_over(path, landing, Handed())
    (after,) = [file.stat() for file in files(landing)]
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_damage_in_the_middle_is_set_aside_and_the_rest_handed_over(landing):
    path = written(landing, *(Entry("whatsapp", b"", body(number)) for number in range(3)))
    raw = bytearray(path.read_bytes())
    raw[raw.index(body(1))] ^= 1
    path.write_bytes(raw)
    done = Handed()
    hand_over(path, landing, done)
    assert done.damaged == 1
    assert [p.read_bytes() for p in files(landing)] == [body(0) + b"\n" + body(2) + b"\n"]
    assert path.with_name(path.name + ".damaged").read_bytes() == raw
    assert hand_over_left(landing) == Handed()


def test_what_is_no_journal_is_set_aside(landing):
    folder = journal_folder(landing)
    folder.mkdir()
    (folder / "a.journal").write_bytes(bytes(4096))
    assert hand_over_left(landing) == Handed(damaged=1)
    assert [p.name for p in folder.glob("*.journal*")] == ["a.journal.damaged"]


def test_left_journals_wait_while_a_collector_holds_them(landing):
    path = written(landing, Entry("whatsapp", b"", body(1)))
    with owned(path.parent):
        assert hand_over_left(landing) == Handed()
        assert path.exists()
    assert hand_over_left(landing) == Handed(files=1, bodies=1)


def test_without_a_journal_folder_none_is_made(landing):
    assert hand_over_left(landing) == Handed()
    assert not journal_folder(landing).exists()
