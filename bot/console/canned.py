"""Replies that an agent begins with by `/`: the house's words, with what is known of this borrower."""

from babel.dates import format_date

from bot.console.borrower_panel import BorrowerPanel
from bot.console.formatting import money
from bot.wording import LONG_DAY, Wording

FOR_ANYONE = ("greeting", "one_moment", "who", "thanks")
FOR_THE_BORROWER = ("due", "promise", "plan", "received")
"""Those that speak of the debt: only to who proved to be the borrower."""


def replies(wording: Wording, panel: BorrowerPanel, agent: str, lender: str) -> list[tuple[str, str]]:
    """`(name, text)` in the borrower's language; what lacks a fact is left out."""
    known = panel.known
    locale = "en" if known is not None and known.language == "en" else "es_MX"
    facts = {"agent": agent.split(maxsplit=1)[0] if agent.strip() else lender, "lender": lender}
    found = [(name, wording.text(f"console.canned_{name}", facts, locale)) for name in FOR_ANYONE]
    due = next((loan.next_due for loan in known.loans if loan.next_due), None) if known else None
    if known is None or due is None:
        return found
    facts |= {
        "name": known.first_name,
        "amount": money(due.unpaid.total),
        "due": format_date(due.due_date, LONG_DAY[locale[:2]], locale=locale),
    }
    return found + [
        (name, wording.text(f"console.canned_{name}", facts, locale)) for name in FOR_THE_BORROWER
    ]
