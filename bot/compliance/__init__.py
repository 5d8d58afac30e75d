"""May this person be contacted now, here, with this? Rules per country, as data, and one pure function that
asks them.
"""

from bot.compliance.content import Fault, faults
from bot.compliance.rules import ContactRules, Hours, countries, load_rules, rules_text
from bot.compliance.verdict import (
    Allowed,
    ContactRequest,
    Never,
    NotBefore,
    PastContact,
    SenderRole,
    Verdict,
    may_contact,
)

__all__ = [
    "Allowed",
    "ContactRequest",
    "ContactRules",
    "Fault",
    "Hours",
    "Never",
    "NotBefore",
    "PastContact",
    "SenderRole",
    "Verdict",
    "countries",
    "faults",
    "load_rules",
    "may_contact",
    "rules_text",
]
