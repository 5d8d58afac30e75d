"""Replies that an agent begins with by `/`: the house's words, with what is known of this borrower, as they
are spoken to, in the tones that there are.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from babel.dates import format_date

from bot.console.agents.borrower_panel import BorrowerPanel
from bot.console.formatting import money
from bot.wording import LONG_DAY, Wording
from flows.offers.arithmetic import HELD

FOR_ANYONE = ("greeting", "one_moment", "who", "thanks")
FOR_THE_BORROWER = ("due", "promise", "plan", "received")
"""Those that ask for the debt: only of who proved to be the borrower, and of no loan that is held."""
TONES = ("kind", "neutral", "firm")


def replies(
    wording: Wording, panel: BorrowerPanel, agent: str, lender: str, register: str
) -> list[tuple[str, str, str]]:
    """`(name, tone, text)` in the borrower's language; what lacks a fact is left out."""
    known = panel.known
    locale = "en" if known is not None and known.language == "en" else "es_MX"
    facts = {"agent": agent.split(maxsplit=1)[0] if agent.strip() else lender, "lender": lender}
    names: tuple[str, ...] = FOR_ANYONE
    asked_of = [loan for loan in known.loans if not loan.holds & HELD] if known else []
    due = next((loan.next_due for loan in asked_of if loan.next_due), None)
    if known is not None and due is not None:
        names += FOR_THE_BORROWER
        facts |= {
            "name": known.first_name,
            "amount": money(due.unpaid.total),
            "due": format_date(due.due_date, LONG_DAY[locale[:2]], locale=locale),
        }
    return [each for name in names for each in _toned(wording, name, facts, locale, register)]


def _toned(
    wording: Wording, name: str, facts: Mapping[str, Any], locale: str, register: str
) -> Iterator[tuple[str, str, str]]:
    """In each tone that has words of its own."""
    seen = set()
    for tone in TONES:
        text = wording.text(f"console.canned_{name}", facts, locale, tone, register)
        if text not in seen:
            seen.add(text)
            yield name, tone, text
