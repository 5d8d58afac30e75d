"""Account numbers at rest: encrypted under the newest key, found by a keyed hash, readable under any key
still listed.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
"""Bytes before the sealed digits."""


class UnreadableAccount(Exception):
    """No listed key opens this account."""

    def __init__(self) -> None:
        super().__init__(
            "an account number cannot be decrypted: list the key it was encrypted under in "
            "ACUERDO_ENCRYPTION_KEYS"
        )


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"acuerdo", info=purpose).derive(secret.encode())


class Vault:
    """`keys` newest first; `hash_secret` is another secret, so that fingerprints survive a rotation.

    `key_id` names both: what is kept under another one is encrypted and fingerprinted again by
    `acuerdo db rotate-keys`.
    """

    def __init__(self, keys: Sequence[str], hash_secret: str) -> None:
        self._ciphers = [AESGCM(_derive(key, b"account")) for key in keys]
        self._hash_key = _derive(hash_secret, b"fingerprint")
        both = _derive(keys[0], b"key id") + _derive(hash_secret, b"key id")
        self.key_id = hashlib.sha256(both).hexdigest()[:16]

    def fingerprint(self, digits: str) -> str:
        """The same for the same digits, useless without the key: 64 hex digits."""
        return hmac.new(self._hash_key, digits.encode(), hashlib.sha256).hexdigest()

    def encrypt(self, digits: str, owner: int) -> bytes:
        """Readable as the account of this borrower only."""
        return self.encrypt_text(digits, _bound_to(owner))

    def decrypt(self, token: bytes, owner: int) -> str:
        """Raises UnreadableAccount."""
        text = self.decrypt_text(token, _bound_to(owner))
        if text is None:
            raise UnreadableAccount
        return text

    def encrypt_text(self, text: str, bound_to: bytes) -> bytes:
        """Readable with the same `bound_to` only."""
        return self.encrypt_bytes(text.encode(), bound_to)

    def decrypt_text(self, token: bytes, bound_to: bytes) -> str | None:
        """Null where no listed key opens it."""
        opened = self.decrypt_bytes(token, bound_to)
        return None if opened is None else opened.decode()

    def encrypt_bytes(self, content: bytes, bound_to: bytes) -> bytes:
        """Likewise, of a file."""
        nonce = os.urandom(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, content, bound_to)

    def decrypt_bytes(self, token: bytes, bound_to: bytes) -> bytes | None:
        return _opened(self._ciphers, token, bound_to)

    def rotate_bytes(self, token: bytes, bound_to: bytes) -> bytes | None:
        """The same under the newest key; null where it is under that one, or no listed key opens it."""
        newest, *older = self._ciphers
        if _opened([newest], token, bound_to) is not None:
            return None
        content = _opened(older, token, bound_to)
        return None if content is None else self.encrypt_bytes(content, bound_to)

    def rotate(self, token: bytes, owner: int) -> bytes:
        """The same digits under the newest key. Raises UnreadableAccount."""
        return self.encrypt(self.decrypt(token, owner), owner)


def _opened(ciphers: Sequence[AESGCM], token: bytes, bound_to: bytes) -> bytes | None:
    nonce, sealed = token[:_NONCE], token[_NONCE:]
    for cipher in ciphers:
        with suppress(InvalidTag, ValueError):
            return cipher.decrypt(nonce, sealed, bound_to)
    return None


def _bound_to(owner: int) -> bytes:
    """What is authenticated with an account: moved to another borrower's row it cannot be read."""
    return f"account of borrower {owner}".encode()
