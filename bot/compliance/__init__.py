"""May this person be contacted now, here, with this? Rules per country, as data, and one pure function that asks them."""

from bot.compliance.may_contact import Allowed, ContactRequest, Never, NotBefore, Verdict, may_contact
from bot.compliance.rules import ContactRules, load_rules

__all__ = ["Allowed", "ContactRequest", "ContactRules", "Never", "NotBefore", "Verdict", "load_rules", "may_contact"]
