"""Who is written to, when, and how the outbox empties."""

from bot.outreach.approval import check_templates
from bot.outreach.dispatch import dispatch, make_transport
from bot.outreach.missed import find_missed
from bot.outreach.planner import plan
from bot.outreach.receipts import record_receipt
from bot.outreach.senders import Senders
from bot.outreach.strategy import Step, Strategy, load_strategy
from bot.outreach.unknown import resolve_unknown

__all__ = [
    "Senders",
    "Step",
    "Strategy",
    "check_templates",
    "dispatch",
    "find_missed",
    "load_strategy",
    "make_transport",
    "plan",
    "record_receipt",
    "resolve_unknown",
]
