"""Who is written to, when, and how the outbox empties."""

from bot.outreach.planning.addresses import add_sms_addresses
from bot.outreach.planning.arms import CHAMPION, HELD_OUT
from bot.outreach.planning.differences import differences
from bot.outreach.planning.experiments import Experiments, Trial, experiments, planned_for
from bot.outreach.planning.explaining import Explained, Next, explain
from bot.outreach.planning.learning import learn
from bot.outreach.planning.planner import plan
from bot.outreach.planning.previewing import Preview, Stopped, preview
from bot.outreach.planning.request import NothingToSay, UnknownBorrower, request_outreach
from bot.outreach.planning.results import DAYS, Result, compared, results
from bot.outreach.planning.strategy import InvalidStrategy, Step, Strategy, read_strategy
from bot.outreach.planning.versions import (
    activate,
    put_in_force,
    shipped_text,
    strategies_in_force,
    strategy_in_force,
    versions_of,
)
from bot.outreach.planning.watching import watch_senders, watch_strategies
from bot.outreach.sending.dispatch import dispatch
from bot.outreach.sending.mail import read_mail
from bot.outreach.sending.missed import find_missed
from bot.outreach.sending.posted import apply_receipts, keep_receipt
from bot.outreach.sending.receipts import record_receipt
from bot.outreach.sending.senders import Senders
from bot.outreach.sending.unknown import resolve_unknown

__all__ = [
    "CHAMPION",
    "DAYS",
    "HELD_OUT",
    "Experiments",
    "Explained",
    "InvalidStrategy",
    "Next",
    "NothingToSay",
    "Preview",
    "Result",
    "Senders",
    "Step",
    "Stopped",
    "Strategy",
    "Trial",
    "UnknownBorrower",
    "activate",
    "add_sms_addresses",
    "apply_receipts",
    "compared",
    "differences",
    "dispatch",
    "experiments",
    "explain",
    "find_missed",
    "keep_receipt",
    "learn",
    "plan",
    "planned_for",
    "preview",
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
    "versions_of",
    "watch_senders",
    "watch_strategies",
]
