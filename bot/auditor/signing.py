"""A report is signed with the installation's key (Ed25519), so that it can be shown to others."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class InvalidReport(ValueError):
    def __init__(self) -> None:
        super().__init__("the report is not what was signed: it was changed, or signed with another key")


def sign(body: Mapping[str, Any], secret: str) -> str:
    """The signature of a report, in hexadecimal."""
    return _private(secret).sign(_canonical(body)).hex()


def public_key(secret: str) -> str:
    """In hexadecimal: what others check a signature with."""
    return _private(secret).public_key().public_bytes_raw().hex()


def verify(body: Mapping[str, Any], signature: str, key: str) -> None:
    """Raises InvalidReport."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), _canonical(body)
        )
    except (InvalidSignature, ValueError):
        raise InvalidReport from None


def _private(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"audit:{secret}".encode()).digest())


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
