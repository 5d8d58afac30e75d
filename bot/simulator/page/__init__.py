"""A phone in the browser: what it writes travels through the real webhook, what it shows came through the
real REST calls.

One file per part of the page: each reads what it shows and takes what is done there.
"""

from bot.simulator.page import clock, debit, home, ledger, loan, people, phone, state
from bot.simulator.page.service import blueprint

__all__ = ["blueprint", "clock", "debit", "home", "ledger", "loan", "people", "phone", "state"]
