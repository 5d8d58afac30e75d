"""Our columns, and how each is read."""

from collections.abc import Callable
from collections.abc import Mapping as MappingType

from bot.portfolio.dialect import cells as forms
from bot.portfolio.dialect.mapping import Formats

Reader = Callable[[str, Formats], str]
READERS: MappingType[str, Reader] = {
    **dict.fromkeys(("due_date", "birth_date", "opened_on", "as_of"), forms.day),
    **dict.fromkeys(
        (
            "amount_due",
            "amount_paid",
            "principal",
            "interest",
            "late_fees",
            "tax",
            "balance",
            "overdue_amount",
            "amount",
        ),
        forms.amount,
    ),
    **dict.fromkeys(("phone", "phone_2", "guarantor_phone"), forms.phone),
    **dict.fromkeys(
        ("loan_id", "borrower_id", "pay_clabe", "pay_reference", "cash_reference", "reference"),
        forms.identifier,
    ),
    **dict.fromkeys(("instalment_no", "days_past_due"), forms.whole_number),
    **dict.fromkeys(("borrower_name", "guarantor_name"), forms.name),
}
"""How each column is read; a column that is not here is plain text."""
EXACT = (forms.day, forms.identifier, forms.whole_number)
"""What reads otherwise when its end is gone, and is not refused."""
TEXTS = (
    "borrower_name",
    "guarantor_name",
    "product",
    "lender",
    "email",
    "language",
    "preferred_channel",
    "tags",
    "holds",
)
AMOUNTS = frozenset(name for name, reader in READERS.items() if reader is forms.amount)
