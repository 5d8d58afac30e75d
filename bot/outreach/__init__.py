"""Who is written to, when, and how the outbox empties."""

from bot.outreach.arms import HELD_OUT
from bot.outreach.dispatch import dispatch
from bot.outreach.explaining import Explained, explain
from bot.outreach.learning import learn
from bot.outreach.mail import read_mail
from bot.outreach.missed import find_missed
from bot.outreach.planner import plan
from bot.outreach.previewing import Preview, preview
from bot.outreach.prices import price_list
from bot.outreach.receipts import record_receipt
from bot.outreach.request import NothingToSay, UnknownBorrower, request_outreach
from bot.outreach.results import DAYS, Result, compared, results
from bot.outreach.senders import Senders
from bot.outreach.strategy import InvalidStrategy, Step, Strategy, differences, read_strategy
from bot.outreach.unknown import resolve_unknown
from bot.outreach.versions import activate, put_in_force, shipped_text, strategies_in_force, strategy_in_force
from bot.outreach.watching import watch_senders, watch_strategies

__all__ = [
    "DAYS",
    "HELD_OUT",
    "Explained",
    "InvalidStrategy",
    "NothingToSay",
    "Preview",
    "Result",
    "Senders",
    "Step",
    "Strategy",
    "UnknownBorrower",
    "activate",
    "compared",
    "differences",
    "dispatch",
    "explain",
    "find_missed",
    "learn",
    "plan",
    "preview",
    "price_list",
    "put_in_force",
    "read_mail",
    "read_strategy",
    "record_receipt",
    "request_outreach",
    "resolve_unknown",
    "results",
    "shipped_text",
    "strategies_in_force",
    "strategy_in_force",
    "watch_senders",
    "watch_strategies",
]
