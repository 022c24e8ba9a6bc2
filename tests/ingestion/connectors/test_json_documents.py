"""Documents in a row, and documents as manuals print them: read exactly or refused."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.json_documents import decode_tolerant, document_payloads

LIMITS = Limits()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "value", "overlooked"),
    [
        ('{"a": 1}', {"a": 1}, ()),
        ('{"a": 1 // why "quoted", so\n}', {"a": 1}, ("comments",)),
        ('{"a": "// no comment, ]"} // end', {"a": "// no comment, ]"}, ("comments",)),
        ('{"a": [1, 2,\n], }', {"a": [1, 2]}, ("surplus_commas",)),
        ('{"a": ",]"}}', {"a": ",]"}, ("surplus_brackets",)),
        (
            '{"a": [1], // x\n}\n}\n]',
            {"a": [1]},
            ("comments", "surplus_commas", "surplus_brackets"),
        ),
        ('{"a": "b\\"//c"} }', {"a": 'b"//c'}, ("surplus_brackets",)),
    ],
)
def test_what_manuals_print(text: str, value: object, overlooked: tuple[str, ...]):
    assert decode_tolerant(text.encode(), LIMITS) == (value, overlooked)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1', "bad_json"),
        ('{"a": 1} {"b": 2', "bad_json"),
        ('{"a": 1} rest', "bad_json"),
        ('{"a": NaN,}', "bad_json"),
        ('{"a": tomorrow}', "bad_json"),
        ('{"a": 1 /* block */}', "bad_json"),
        ("[" * 100 + "]" * 100, "too_deep"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_read_exactly(text: str, reason: str):
    with pytest.raises(RejectedInput) as found:
        decode_tolerant(text.encode(), LIMITS)
    assert found.value.reason == reason


@given(VALUES)
def test_sound_json_is_never_touched(value: object):
    assert decode_tolerant(orjson.dumps(value), LIMITS) == (value, ())


@given(st.dictionaries(st.text(), VALUES, min_size=1))
def test_repairs_change_no_value(value: dict[str, object]):
    raw = orjson.dumps(value)[:-1] + b", // c\n}}"
    assert decode_tolerant(raw, LIMITS)[0] == value


def test_objects_in_a_row_are_payloads_with_their_places(tmp_path: Path):
    raw = b'{"a":"}{"}{"b":{}} {"c":1} {"d'
    path = tmp_path / "stream"
    path.write_bytes(raw)
    found = [item for item in document_payloads(path, LIMITS) if isinstance(item, Payload)]
    assert [item.raw for item in found] == [b'{"a":"}{"}', b'{"b":{}}', b'{"c":1}', b'{"d']
    assert [item.position for item in found] == [f"object {n}" for n in (1, 2, 3, 4)]
    for item in found:
        assert raw[item.byte_start : item.byte_end] == item.raw


@given(st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=2), min_size=1, max_size=4))
def test_every_object_of_a_stream_comes_once(tmp_path_factory, values: list[dict[str, object]]):
    path = tmp_path_factory.mktemp("s") / "stream"
    path.write_bytes(b"".join(orjson.dumps(value) for value in values))
    found = [item for item in document_payloads(path, LIMITS) if isinstance(item, Payload)]
    assert [orjson.loads(item.raw) for item in found] == values
    assert len({item.position for item in found}) == len(found)
