"""A stand-in Belvo: it answers the real REST calls and, from the worker, posts real webhooks. Its books are a
matter of the demo's time.
"""

from bot.simulator.belvo import accounts, charges, consents, customers
from bot.simulator.belvo.desk import (
    CHOICES,
    charges_of,
    choose_outcome,
    decide_now,
    demand_documents,
    documents_demanded,
    make_trouble,
    mandates_of,
)
from bot.simulator.belvo.hooks import deliver
from bot.simulator.belvo.service import blueprint

__all__ = [
    "CHOICES",
    "accounts",
    "blueprint",
    "charges",
    "charges_of",
    "choose_outcome",
    "consents",
    "customers",
    "decide_now",
    "deliver",
    "demand_documents",
    "documents_demanded",
    "make_trouble",
    "mandates_of",
]
