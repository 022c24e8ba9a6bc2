"""What names say: which recording is meant, and when it was made."""

import base64
import hashlib

import pytest

from ingestion.audio.names import base_name, tie_keys, time_in_name

SHA512 = hashlib.sha512(b"sound")
WRITTEN = base64.urlsafe_b64encode(SHA512.digest()).decode()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("5c95e1e8-1403.mp3", "https://rec.example.com/2024/03/5c95e1e8-1403.mp3?sig=abc#t"),
        ("RE557ce644e5ab84fa", "https://api.example.com/Accounts/AC1/Recordings/RE557ce644e5ab84fa.wav"),
        ("voice/2026/REC-0001.WAV", "rec-0001.ogg"),
        (r"D:\calls\a%20b77.wav", "a b77.vtt"),
        ("s3://bucket/CallRecordings/7b1_20260302T08:00_UTC.wav", "7b1_20260302T08:00_UTC.wav"),
        ("caf\u00e9-12.mp3", "cafe\u0301-12.mp3"),
        (f"sha512-{WRITTEN}", f"SHA-512-{WRITTEN.rstrip('=')}"),
        (f"sha512-{WRITTEN}", f"sha512:{SHA512.hexdigest()}"),
    ],
)  # fmt: skip
def test_names_of_one_recording_agree(left: str, right: str):
    assert tie_keys([left]) == tie_keys([right]) != set()


@pytest.mark.parametrize(
    "name",
    ["", "/", "a.mp3", "recording.wav", "Recording-1.mp3", "call_12.wav", "audio", "left.wav",
     "https://example.com/", "....", "001.mp3", "sha512-short", f"sha256-{WRITTEN}"],
)  # fmt: skip
def test_names_that_any_recording_may_have_tie_nothing(name: str):
    assert not {key for key in tie_keys([name]) if not key.startswith("name:sha")}


def test_several_names_and_long_ones():
    assert tie_keys(["ab1234.mp3", "ab1234.wav"]) == {"name:ab1234"}
    assert tie_keys(["call-8812.mp3", "call-9913.mp3"]) == {"name:call-8812", "name:call-9913"}
    assert len(next(iter(tie_keys(["z" * 10**6])))) < 2000
    assert base_name("a/B.MP3/") == "b.mp3"


@pytest.mark.parametrize(
    ("name", "zone", "expected"),
    [
        ("a/7b1_20260302T08:00_UTC.wav", None, "2026-03-02T08:00:00+00:00"),
        ("call-20260302T080010Z.mp3", None, "2026-03-02T08:00:10+00:00"),
        ("call 2026-03-02 08-00-10+07:00.mp3", None, "2026-03-02T01:00:10+00:00"),
        ("2026_03_02T08_00_10-03:30.ogg", None, "2026-03-02T11:30:10+00:00"),
        ("in-20260302-080010-1001.wav", "Asia/Jakarta", "2026-03-02T01:00:10+00:00"),
        ("q-600-0811-1772438400.1234.wav", None, "2026-03-02T08:00:00+00:00"),
        ("20260302-080010_55.wav", "Asia/Jakarta", "2026-03-02T01:00:10+00:00"),
        ("out-20260302-080010.123456-1.wav", "Asia/Jakarta", "2026-03-02T01:00:10+00:00"),
        ("202603020800.wav", "Asia/Makassar", "2026-03-02T00:00:00+00:00"),
        ("20260302-080010_55.wav", None, None),
        ("20261302-080010.wav", "Asia/Jakarta", None),
        ("20260302-250010.wav", "Asia/Jakarta", None),
        ("20260230-080010Z.wav", None, None),
        ("120260302080010.wav", "Asia/Jakarta", None),
        ("081100000001.wav", "Asia/Jakarta", None),
        ("1772438400.wav", None, None),
        ("20260302T080010Z/other.wav", None, None),
        ("5c95e1e8-1403-4d80-be8e-7b695a7321e8.mp3", "Asia/Jakarta", None),
    ],
)  # fmt: skip
def test_time_in_a_name(name: str, zone: str | None, expected: str | None):
    found = time_in_name(name, zone)
    assert (found and found.isoformat()) == expected
