"""Signed and encrypted vCons, with keys that are made for each run of the tests."""

import base64
import datetime as dt
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from joserfc import jwe, jwk, jws

from ingestion.connectors.base import Limits
from ingestion.connectors.vcon import VconConnector
from ingestion.connectors.vcon_keys import VconKeys
from tests.ingestion.connectors.reading_records import SHARED, of_kind, parsed, reasons
from tests.ingestion.connectors.test_vcon import vcon

SIGNER = jwk.RSAKey.generate_key(2048, {"kid": "signer-1"})
CURVE = jwk.ECKey.generate_key("P-256", {"kid": "signer-2"})
OTHER = jwk.RSAKey.generate_key(2048, {"kid": "other"})
SHARED_KEY = jwk.OctKey.generate_key(256)
VCON = orjson.dumps(vcon())


def connector(tmp_path: Path, *keys: Any, pem: bytes = b"") -> VconConnector:
    path = tmp_path / "keys"
    listed = [key.as_dict(private=True) for key in keys]
    path.write_bytes(pem or orjson.dumps({"keys": listed}))
    return VconConnector(keys=VconKeys.from_file(path))


def signed(key: Any = SIGNER, header: dict[str, Any] | None = None) -> dict[str, Any]:
    protected = {"alg": "ES256" if key is CURVE else "RS256"} | (header or {})
    rules = jws.JWSRegistry(algorithms=[protected["alg"]], strict_check_header=False)
    rules.max_header_length = 10_000
    compact = jws.serialize_compact(protected, VCON, key, registry=rules).split(".")
    signature = {"protected": compact[0], "signature": compact[2]}
    return {"payload": compact[1], "signatures": [signature]}


def compact(envelope: dict[str, Any]) -> bytes:
    one = envelope["signatures"][0]
    return f"{one['protected']}.{envelope['payload']}.{one['signature']}".encode()


def flattened(envelope: dict[str, Any]) -> dict[str, Any]:
    return {"payload": envelope["payload"], **envelope["signatures"][0]}


def encrypted(
    key: Any, alg: str, enc: str = "A256GCM", plain: bytes = VCON, **header: Any
) -> bytes:
    protected = {"alg": alg, "enc": enc} | header
    rules = jwe.JWERegistry(algorithms=[alg, enc, "DEF"])
    rules.max_ciphertext_length = 10**8
    return jwe.encrypt_compact(protected, plain, key, registry=rules).encode()


def certificate(key: Any) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "invented")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key)
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=3650))
        .sign(key.private_key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def chain(pem: bytes) -> list[str]:
    return ["".join(pem.decode().splitlines()[1:-1])]


def told(found: list[Any]) -> Any:
    return of_kind(found, "interaction")[0].data["metadata"]


@pytest.mark.parametrize("key", [SIGNER, CURVE])
@pytest.mark.parametrize("form", [lambda value: value, flattened, compact])
def test_a_signature_of_a_configured_key_holds(tmp_path: Path, key: Any, form: Any):
    found = parsed(connector(tmp_path, OTHER, key), form(signed(key)))
    assert told(found)["signature"] == "verified"


@pytest.mark.parametrize("form", [lambda value: value, flattened, compact])
def test_without_the_signers_key_it_is_not_verified(tmp_path: Path, form: Any):
    for reader in (VconConnector(), connector(tmp_path, OTHER), connector(tmp_path, CURVE)):
        assert told(parsed(reader, form(signed())))["signature"] == "not verified"


@pytest.mark.parametrize("named", [True, False])
def test_a_changed_vcon_of_a_known_signer_is_refused(tmp_path: Path, named: bool):
    value = signed(header={"kid": "signer-1"} if named else None)
    changed = orjson.dumps(vcon(subject="changed"))
    value["payload"] = base64.urlsafe_b64encode(changed).decode().rstrip("=")
    found = parsed(connector(tmp_path, SIGNER), value)
    if named:
        assert reasons(found) == ["bad_signature"]
    else:
        assert told(found)["signature"] == "not verified"


def test_a_certificate_names_the_signer(tmp_path: Path):
    pem = certificate(SIGNER)
    reader = connector(tmp_path, pem=pem)
    assert told(parsed(reader, signed(header={"x5c": chain(pem)})))["signature"] == "verified"
    # What comes along proves nothing: another's certificate is unknown, a forged use is refused.
    foreign = signed(OTHER, {"x5c": chain(certificate(OTHER))})
    assert told(parsed(reader, foreign))["signature"] == "not verified"
    forged = signed(OTHER, {"x5c": chain(pem)})
    assert reasons(parsed(reader, forged)) == ["bad_signature"]


@pytest.mark.parametrize("alg", ["none", "None", "NONE"])
def test_the_algorithm_none_is_refused(tmp_path: Path, alg: str):
    header = base64.urlsafe_b64encode(orjson.dumps({"alg": alg})).decode().rstrip("=")
    payload = base64.urlsafe_b64encode(VCON).decode().rstrip("=")
    value = {"payload": payload, "protected": header, "signature": ""}
    for reader in (VconConnector(), connector(tmp_path, SIGNER)):
        assert reasons(parsed(reader, value)) == ["bad_signature"]


def test_a_shared_secret_signs_nothing(tmp_path: Path):
    """Whoever can read with a shared key could sign with it too."""
    payload = jws.serialize_compact({"alg": "HS256"}, VCON, SHARED_KEY, algorithms=["HS256"])
    found = parsed(connector(tmp_path, SHARED_KEY), payload.encode())
    assert told(found)["signature"] == "not verified"


@pytest.mark.parametrize(
    ("key", "alg", "enc"),
    [
        (SIGNER, "RSA-OAEP", "A256CBC-HS512"),
        (SIGNER, "RSA-OAEP-256", "A256GCM"),
        (CURVE, "ECDH-ES+A128KW", "A128GCM"),
        (SHARED_KEY, "A256KW", "A128CBC-HS256"),
        (SHARED_KEY, "dir", "A256GCM"),
    ],
)
def test_a_configured_key_opens(tmp_path: Path, key: Any, alg: str, enc: str):
    raw = encrypted(key, alg, enc)
    parts = raw.decode().split(".")
    general = {
        "protected": parts[0],
        "recipients": [{"encrypted_key": "AAAA"}, {"encrypted_key": parts[1]}],
        **dict(zip(("iv", "ciphertext", "tag"), parts[2:], strict=True)),
    }
    reader = connector(tmp_path, OTHER, key)
    for form in (raw, general):
        found = parsed(reader, form)
        assert told(found)["encryption"] == "decrypted"
    assert reasons(parsed(VconConnector(), raw)) == ["encrypted"]
    assert reasons(parsed(connector(tmp_path, OTHER), raw)) == ["encrypted"]


def test_algorithm_in_the_recipients_header(tmp_path: Path):
    obj = jwe.GeneralJSONEncryption({"enc": "A256GCM"}, VCON)
    obj.add_recipient({"alg": "RSA-OAEP-256"}, SIGNER)
    value: Any = jwe.encrypt_json(obj, None, algorithms=["RSA-OAEP-256", "A256GCM"])
    assert told(parsed(connector(tmp_path, SIGNER), value))["encryption"] == "decrypted"


def test_signed_inside_encrypted(tmp_path: Path):
    for inside in (orjson.dumps(signed()), compact(signed())):
        raw = encrypted(CURVE, "ECDH-ES+A256KW", plain=inside)
        metadata = told(parsed(connector(tmp_path, SIGNER, CURVE), raw))
        assert metadata["encryption"] == "decrypted"
        assert metadata["signature"] == "verified"


def test_envelopes_have_a_bottom(tmp_path: Path):
    raw = VCON
    for _ in range(5):
        raw = encrypted(SHARED_KEY, "dir", plain=raw)
    assert reasons(parsed(connector(tmp_path, SHARED_KEY), raw)) == ["too_deep"]


def test_compression_is_bounded(tmp_path: Path):
    reader = connector(tmp_path, SHARED_KEY)
    small = encrypted(SHARED_KEY, "dir", zip="DEF")
    assert told(parsed(reader, small))["encryption"] == "decrypted"
    bomb = encrypted(SHARED_KEY, "dir", plain=b" " * 50_000_000 + VCON, zip="DEF")
    assert len(bomb) < 100_000
    assert reasons(parsed(reader, bomb)) == ["too_large"]


def test_size_counts_inside_too(tmp_path: Path):
    reader = connector(tmp_path, SHARED_KEY)
    bounded = VconConnector(keys=reader.keys, limits=Limits(payload_bytes=len(VCON) * 2))
    assert told(parsed(bounded, encrypted(SHARED_KEY, "dir")))["encryption"] == "decrypted"
    inflated = encrypted(SHARED_KEY, "dir", plain=VCON + b" " * 10_000, zip="DEF")
    assert reasons(parsed(bounded, inflated)) == ["too_large"]


@pytest.mark.parametrize(
    "value",
    [
        {"ciphertext": 5, "recipients": [], "iv": "x"},
        {"ciphertext": "x", "recipients": [5], "iv": "x"},
        {"ciphertext": "x", "protected": "e30", "recipients": [{}] * 50, "iv": "x"},
        {"ciphertext": "x", "protected": "!!", "tag": 5, "iv": None},
        {"payload": "e30", "signatures": [5]},
        {"payload": "e30", "signatures": [{}] * 50},
        {"payload": 5, "signature": "x"},
    ],
)
def test_broken_envelopes_are_refused(tmp_path: Path, value: Any):
    assert len(reasons(parsed(connector(tmp_path, SIGNER, SHARED_KEY), value))) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b'{"keys": []}', b'{"kty": "RSA"}', b"words",
                                     b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])  # fmt: skip
def test_an_unusable_key_file_stops_with_the_remedy(tmp_path: Path, content: bytes):
    path = tmp_path / "keys"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="LAKEHOUSE_VCON_KEYS"):
        VconKeys.from_file(path)
    with pytest.raises(ValueError, match="LAKEHOUSE_VCON_KEYS"):
        VconKeys.from_file(tmp_path / "absent")


def test_keys_may_be_pem(tmp_path: Path):
    pem = CURVE.as_pem(private=False) + SIGNER.as_pem(private=True)
    reader = connector(tmp_path, pem=pem)
    assert told(parsed(reader, signed(CURVE)))["signature"] == "verified"
    assert told(parsed(reader, encrypted(SIGNER, "RSA-OAEP")))["encryption"] == "decrypted"


@pytest.mark.parametrize(
    ("name", "raw", "mine"),
    [
        ("a.json", compact(signed()), True),
        ("a.vcon", encrypted(SHARED_KEY, "dir"), True),
        ("a.json", encrypted(SHARED_KEY, "dir", cty="application/vcon+json"), True),
        ("a.json", encrypted(SHARED_KEY, "dir"), False),
        ("a.txt", b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", False),
        ("a.vcon", b"eyJhbGci", False),
        ("a.json", orjson.dumps(flattened(signed())), True),
    ],
)
def test_envelopes_are_recognised(name: str, raw: bytes, mine: bool):
    assert VconConnector().recognises(name, raw) is mine


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
def test_the_signed_example_of_the_specification(tmp_path: Path):
    value = orjson.loads((SHARED / "voice/vcon_spec/ab_call_ext_rec_signed.vcon").read_bytes())
    assert told(parsed(VconConnector(), value))["signature"] == "not verified"
    leaf = value["signatures"][0]["header"]["x5c"][0]
    pem = f"-----BEGIN CERTIFICATE-----\n{leaf}\n-----END CERTIFICATE-----\n".encode()
    reader = connector(tmp_path, pem=pem)
    assert told(parsed(reader, value))["signature"] == "verified"
    value["payload"] = value["payload"][:40] + "A" + value["payload"][41:]
    assert reasons(parsed(reader, value)) == ["bad_signature"]
