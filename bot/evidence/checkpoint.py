"""A signed root in the form of C2SP tlog-checkpoint: a note that other tools can check."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"


class InvalidCheckpoint(ValueError):
    """It is no checkpoint, or not signed with this key."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this is no signed root of this installation: {why}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    made_at: str
    """ISO time, as an extension line."""

    @property
    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{self.made_at}\n"


def signed(checkpoint: Checkpoint, secret: str) -> str:
    """The note: the checkpoint's lines, an empty one, the signature's."""
    key, name = _private(secret), checkpoint.origin
    signature = _key_id(name, key.public_key().public_bytes_raw()) + key.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {name} {base64.b64encode(signature).decode()}\n"


def verifier_key(origin: str, secret: str) -> str:
    """What a checkpoint is checked with, in the form of C2SP signed-note."""
    public = _private(secret).public_key().public_bytes_raw()
    return f"{origin}+{_key_id(origin, public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"


def opened(note: str, secret: str) -> Checkpoint:
    """Raises InvalidCheckpoint."""
    text, _, signatures = note.partition("\n\n")
    try:
        origin, size, root, made_at = text.split("\n")[:4]
        checkpoint = Checkpoint(origin, int(size), base64.b64decode(root, validate=True), made_at)
        signature = base64.b64decode(signatures.split("\n")[0].rsplit(" ", 1)[1], validate=True)
    except (ValueError, IndexError):
        raise InvalidCheckpoint("it is not in the form of one") from None
    public = _private(secret).public_key().public_bytes_raw()
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], f"{text}\n".encode())
    except InvalidSignature:
        raise InvalidCheckpoint("its signature does not hold") from None
    return checkpoint


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _private(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"ledger:{secret}".encode()).digest())
