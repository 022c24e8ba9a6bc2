"""Identity documents behind the words that name them."""

import pytest

from enrichment.redaction import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my SSN is 219-09-9999", "my SSN is [NIK]"),
        ("social security number: 219 09 9999", "social security number: [NIK]"),
        ("it is 219-09-9999", "it is [NIK]"),
        ("my driver's license number is U1234567", "my driver's license number is [NIK]"),
        ("passport B1234567 expired", "passport [NIK] expired"),
        ("paspor saya B1234567", "paspor saya [NIK]"),
        ("no sim 940112345678", "no sim [NIK]"),
        ("my passport number is one two three four five six seven", "my passport number is [NIK]"),
        ("order 219-09-9999 is late", "order 219-09-9999 is late"),
        ("ORD-219-09-9999", "ORD-219-09-9999"),
        ("my passport expired 3 days ago", "my passport expired 3 days ago"),
        ("sim card tidak terbaca", "sim card tidak terbaca"),
    ],
)
def test_documents(text, expected):
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "kode otp dobel satu tujuh tiga",
        "my pin is six double two six",
        "the security code is 360116",
    ],
)
def test_doubled_digits_and_long_codes_are_secrets(text):
    assert [span.type for span in redact(text).spans] == ["CVV"]
