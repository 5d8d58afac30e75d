"""The lender's own ids of loans and borrowers, as tapes and the API take them."""

import re

RESERVED = (
    "adjustments",
    "conversation",
    "documents",
    "holds",
    "ledger",
    "offers",
    "outreach",
    "page",
    "reversal",
)
"""Names of the API's sub-resources: `…/loans/x/ledger` is the ledger of x, and never a loan."""
LONGEST_ID = 64
_SEGMENT = r"(?!\.+(?:/|\Z))[\w.\-]+"
_NOT_RESERVED = rf"(?!(?:{'|'.join(RESERVED)})(?:/|\Z))"
ID_PATTERN = rf"{_SEGMENT}(?:/{_NOT_RESERVED}{_SEGMENT})*"
"""Letters, digits, dot, dash, underscore; a slash between parts. Every id can be read back by its address."""
EXTERNAL_ID = re.compile(rf"(?=.{{1,{LONGEST_ID}}}\Z){ID_PATTERN}\Z")
