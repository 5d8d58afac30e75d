"""Phones and the identity of channel addresses. Since August 2019 a Mexican number is +52 and ten digits,
without the old 1.
"""

import re
from dataclasses import dataclass

_SIGNS = re.compile(r"[\s\-().]")
_BSUID = re.compile(r"^(?:whatsapp:)?([A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128})$")
_TRUNK = re.compile(r"^(?:044|045|01)(?=\d{10}$)", re.ASCII)
_MEXICAN = re.compile(r"^(?:\+?52)?1?(\d{10})$", re.ASCII)
_FOREIGN = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)


class InvalidPhone(ValueError):
    """Not a phone; the message never repeats the digits."""

    def __init__(self) -> None:
        super().__init__("this is not a phone: write ten digits, or + and the country code")


@dataclass(frozen=True, slots=True)
class Phone:
    e164: str

    @classmethod
    def parse(cls, text: str) -> "Phone":
        """Ten digits, `52…`, `521…`, `044…`, `+…`, spaces and dashes, a channel's prefix. Raises
        InvalidPhone.
        """
        compact = _SIGNS.sub("", text.split(":", 1)[-1])
        compact = _TRUNK.sub("", compact)
        if (match := _MEXICAN.match(compact)) and match[1][0] not in "01":
            return cls("+52" + match[1])
        if _FOREIGN.fullmatch(compact) and not compact.startswith("+52"):
            return cls(compact)
        raise InvalidPhone

    @property
    def national(self) -> str:
        return self.e164.removeprefix("+52")


def is_bsuid(text: str) -> bool:
    """Whether this is WhatsApp's business-scoped user id, `MX.` and up to 128 letters and digits: a user
    without a phone.
    """
    return _BSUID.match(text) is not None


def address_key(address: str) -> str:
    """The canonical identity behind a channel's address: one person's `521…` and `52…` forms are the same."""
    if match := _BSUID.match(address):
        return match[1]
    if address.startswith("web:"):
        return address
    if "@" in address:
        return address.strip().lower()
    try:
        return Phone.parse(address).e164
    except InvalidPhone:
        return address.split(":", 1)[-1].strip()
