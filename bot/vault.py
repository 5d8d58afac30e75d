"""Account numbers at rest: encrypted under the newest key, found by a keyed hash, readable under any key
still listed.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


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
        derived = [Fernet(base64.urlsafe_b64encode(_derive(key, b"account"))) for key in keys]
        self._fernet = MultiFernet(derived)
        self._hash_key = _derive(hash_secret, b"fingerprint")
        both = _derive(keys[0], b"key id") + _derive(hash_secret, b"key id")
        self.key_id = hashlib.sha256(both).hexdigest()[:16]

    def fingerprint(self, digits: str) -> str:
        """The same for the same digits, useless without the key: 64 hex digits."""
        return hmac.new(self._hash_key, digits.encode(), hashlib.sha256).hexdigest()

    def encrypt(self, digits: str) -> bytes:
        return self._fernet.encrypt(digits.encode())

    def decrypt(self, token: bytes) -> str:
        """Raises UnreadableAccount."""
        try:
            return self._fernet.decrypt(token).decode()
        except InvalidToken:
            raise UnreadableAccount from None

    def rotate(self, token: bytes) -> bytes:
        """The same digits under the newest key."""
        try:
            return self._fernet.rotate(token)
        except InvalidToken:
            raise UnreadableAccount from None
