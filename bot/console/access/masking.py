"""What of a borrower's own data a role reads in clear. Who talks with borrowers needs it; who manages, counts
or checks does not: that rule stands here alone.
"""

import re
from typing import Literal

from flask import g

Data = Literal["identity", "address"]
READERS: dict[Data, frozenset[str]] = {
    "identity": frozenset({"agent", "supervisor"}),
    "address": frozenset({"agent", "supervisor", "manager", "admin"}),
}
"""`identity`: what proves who somebody is (CURP, RFC, a day of birth, an account) in their words and in a
tape; `address`: phones and e-mails.
"""
IDENTITY_COLUMNS = frozenset({"curp", "rfc", "birth_date", "pay_clabe"})
ADDRESS_COLUMNS = frozenset({"phone", "email", "guarantor_phone"})
_IDENTITY = re.compile(
    r"\b[A-ZÑ&]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d\b|\b[A-ZÑ&]{3,4}[ -]?\d{6}[ -]?[A-Z\d]{3}\b"
    r"|\b(?:\d[ -]?){17}\d\b|\b(?:\d[ -]?){15}\d\b",
    re.IGNORECASE,
)
"""A CURP, an RFC, a CLABE, the number of a card."""
HIDDEN = "••••"


def may_read(data: Data) -> bool:
    return g.agent is not None and g.agent.role in READERS[data]


def without_identity(text: str | None) -> str:
    """For what everybody sees, such as a line of a list."""
    return _IDENTITY.sub(HIDDEN, text or "")


def words(text: str) -> str:
    """What somebody wrote."""
    return text if may_read("identity") else without_identity(text)


def address(text: str) -> str:
    """A phone's last four digits; of an e-mail where it is kept."""
    if may_read("address"):
        return text
    return HIDDEN + (text[text.index("@") :] if "@" in text else text[-4:])


def cell(column: str, value: str | None) -> str:
    """A value of a borrower's file, by the name of its column."""
    if not value:
        return ""
    if column in IDENTITY_COLUMNS and not may_read("identity"):
        return HIDDEN
    return address(value) if column in ADDRESS_COLUMNS else value
