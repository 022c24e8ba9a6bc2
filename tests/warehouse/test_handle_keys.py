"""Handles have one spelling and one key; the key file is made once and kept private."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.keys import (
    KeyFileError,
    Pseudonymiser,
    key_of_lake,
    load_or_create_key,
    normalise_handle,
)
from warehouse.vocabulary import HANDLE_TYPES

ONE_PHONE = [
    "081234567890",
    "0812-3456-7890",
    "0812 3456 7890",
    "0812.3456.7890",
    "(0812) 3456 7890",
    "6281234567890",
    "62 812-3456-7890",
    "+6281234567890",
    "+62 812 3456 7890",
    "+62-812-3456-7890",
    "  +6281234567890 ",
    "tel:+6281234567890",
    "whatsapp:+6281234567890",
    "006281234567890",
    "81234567890",
]


@pytest.mark.parametrize("spelling", ONE_PHONE)
def test_spellings_of_an_indonesian_mobile(spelling):
    assert normalise_handle("phone", spelling) == "+6281234567890"


@pytest.mark.parametrize(
    ("handle_type", "handle", "normal"),
    [
        ("phone", "021-5550123", "+62215550123"),
        ("phone", "+1 415 555 2671", "+14155552671"),
        ("phone", "+65 6123 4567", "+6561234567"),
        ("phone", "188", "raw:188"),
        ("phone", "ext. 12", "raw:12"),
        ("phone", "nomor tidak dikenal", None),
        ("phone", "anonymous", None),
        ("phone", "+", None),
        ("email", " Budi.Contoh@Example.COM ", "budi.contoh@example.com"),
        ("email", "<sari@example.co.id>", "sari@example.co.id"),
        ("email", "mailto:sari@example.co.id", "sari@example.co.id"),
        ("email", "sari@localhost", None),
        ("email", "sari example.com", None),
        ("email", "a@b@example.com", None),
        ("email", "", None),
        ("x_username", "@Contoh_ID", "contoh_id"),
        ("x_username", "contoh_id", "contoh_id"),
        ("x_username", "@", None),
        ("x_user_id", " 12345 ", "12345"),
        ("crm_id", "C-00Ab", "C-00Ab"),
        ("whatsapp_user_id", "ID.1234", "ID.1234"),
        ("crm_id", "   ", None),
        ("other", "x" * 321, None),
    ],
)
def test_other_handles(handle_type, handle, normal):
    assert normalise_handle(handle_type, handle) == normal


def test_the_region_decides_what_a_national_number_means():
    assert normalise_handle("phone", "020 7946 0958", "GB") == "+442079460958"


@given(st.sampled_from(HANDLE_TYPES), st.text(max_size=40))
def test_normal_forms_are_stable_and_nothing_raises(handle_type, handle):
    normal = normalise_handle(handle_type, handle)
    if normal is not None and not normal.startswith("raw:"):
        assert normalise_handle(handle_type, normal) == normal


@given(st.text(), st.text())
def test_keys_differ_by_type_handle_and_secret(one, other):
    first, second = Pseudonymiser(b"a" * 32), Pseudonymiser(b"b" * 32)
    key = first.handle("phone", one)
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")
    assert key == first.handle("phone", one)
    assert key != first.handle("email", one)
    assert key != second.handle("phone", one)
    assert (key == first.handle("phone", other)) == (one == other)


def test_a_key_is_made_once_and_is_private(tmp_path):
    path = tmp_path / "keys" / "handles.key"
    key = load_or_create_key(path)
    assert len(key) == 32
    assert load_or_create_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path], "no draft remains"


def test_racing_processes_agree_on_one_key(tmp_path):
    path = tmp_path / "keys" / "handles.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load_or_create_key(path), range(32)))
    assert len(keys) == 1


@pytest.mark.parametrize("content", ["", "zz" * 32, "ab" * 31, "é"])
def test_a_spoilt_key_file_is_refused(tmp_path, content):
    path = tmp_path / "k"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="64 hex"):
        load_or_create_key(path)


def test_a_key_open_to_others_is_refused(tmp_path):
    path = tmp_path / "k"
    load_or_create_key(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod"):
        load_or_create_key(path)


def test_a_secret_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="32"):
        Pseudonymiser(b"short")


def test_a_lake_keeps_to_its_key(tmp_path):
    path, lake = tmp_path / "keys" / "handles.key", tmp_path / "lake"
    key = key_of_lake(path, lake)
    assert key_of_lake(path, lake) == key
    assert path.read_text().strip() not in (lake / "_control" / "key.fingerprint").read_text()


def test_a_lost_key_is_an_error_and_not_a_new_key(tmp_path):
    path, lake = tmp_path / "keys" / "handles.key", tmp_path / "lake"
    key_of_lake(path, lake)
    path.unlink()
    with pytest.raises(KeyFileError, match="restore it from your backup"):
        key_of_lake(path, lake)
    assert not path.exists()


def test_another_lakes_key_is_refused(tmp_path):
    lake = tmp_path / "lake"
    key_of_lake(tmp_path / "one" / "handles.key", lake)
    load_or_create_key(tmp_path / "two" / "handles.key")
    with pytest.raises(KeyFileError, match="not the key this lake was made with"):
        key_of_lake(tmp_path / "two" / "handles.key", lake)
