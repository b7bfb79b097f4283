"""A stand-in for the certification authority: seals of the local run and of tests, never else.

Whatever is sealed under it says so on its face: the sealer prints a specimen note when the
issuer's organisational unit is `TEST_UNIT`.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared import clock

TEST_UNIT = "SEGEL UJI / TEST SEAL"  # services.registry.documents.sealing looks for it
OFFICE = "Dinas Kependudukan dan Pencatatan Sipil"
LIFE = timedelta(days=3650)

_COUNTRY = x509.NameAttribute(NameOID.COUNTRY_NAME, "ID")
_UNIT = x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, TEST_UNIT)
_ROOT = x509.Name([_COUNTRY, _UNIT, x509.NameAttribute(NameOID.COMMON_NAME, "Balai CA (uji)")])
_SEAL = x509.Name(
    [
        _COUNTRY,
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, OFFICE),
        x509.NameAttribute(NameOID.COMMON_NAME, "Kepala Dinas (uji)"),
    ]
)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def ensure(folder: Path) -> None:
    """Make the key and certificate that seal documents, and the root above them, once.

    Raises:
        RuntimeError: in production.
    """
    if os.environ.get("ENVIRONMENT") == "production":
        raise RuntimeError("the test authority does not run in production")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / "seal.pem").exists():
        return
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate(_ROOT, root_key.public_key(), root_key)
    seal = _certificate(_SEAL, key.public_key(), root_key)
    _write_secret(folder / "seal.key.pem", _private(key))
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "seal.pem").write_bytes(seal.public_bytes(serialization.Encoding.PEM))  # last: done


def _certificate(
    subject: x509.Name, public: ec.EllipticCurvePublicKey, root_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    is_root = subject == _ROOT
    started: datetime = clock.now() - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_ROOT)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(started)
        .not_valid_after(started + LIFE)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(_usage(is_root=is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )


def _usage(*, is_root: bool) -> x509.KeyUsage:
    wanted = (
        {"key_cert_sign", "crl_sign"} if is_root else {"digital_signature", "content_commitment"}
    )
    return x509.KeyUsage(**{each: each in wanted for each in _USAGES})


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write_secret(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
