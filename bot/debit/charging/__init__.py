"""Charging: due list → notice → guard → submission → result → ledger → receipt. One file per step; each sweep
may be killed at any moment.
"""

from bot.debit.charging.cancel_in_flight import cancel_in_flight
from bot.debit.charging.missing import report_missing_providers
from bot.debit.charging.notice import notify
from bot.debit.charging.plan import plan
from bot.debit.charging.reconcile import Difference, reconcile
from bot.debit.charging.request import (
    ChargeDayRefused,
    ChargeTooLate,
    cancel_charge,
    drop_covered,
    drop_parts,
    hold_for_promise,
    move_charge,
    move_window,
)
from bot.debit.charging.results import poll_results, poll_settled
from bot.debit.charging.submit import submit
from bot.debit.charging.unknown import resolve

__all__ = [
    "ChargeDayRefused",
    "ChargeTooLate",
    "Difference",
    "cancel_charge",
    "cancel_in_flight",
    "drop_covered",
    "drop_parts",
    "hold_for_promise",
    "move_charge",
    "move_window",
    "notify",
    "plan",
    "poll_results",
    "poll_settled",
    "reconcile",
    "report_missing_providers",
    "resolve",
    "submit",
]
