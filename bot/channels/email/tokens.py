"""A message's own token: in Reply-To and Message-ID, so that a reply finds its conversation whoever sends it,
and a forged sender finds none.
"""

import hashlib
import hmac
import re

_TOKEN = re.compile(r"\b([0-9a-f]{1,16})-([0-9a-f]{20})\b")


def token_for(message_id: int, secret: str) -> str:
    """Lower-case hexadecimal: mail servers may change the case of an address."""
    return f"{message_id:x}-{_mac(message_id, secret)}"


def message_of(text: str, secret: str) -> int | None:
    """The message whose token stands in the text; null where none of ours does."""
    for number, mac in _TOKEN.findall(text.lower()):
        message_id = int(number, 16)
        if hmac.compare_digest(mac, _mac(message_id, secret)):
            return message_id
    return None


def _mac(message_id: int, secret: str) -> str:
    return hmac.new(secret.encode(), f"email:{message_id}".encode(), hashlib.sha256).hexdigest()[:20]
