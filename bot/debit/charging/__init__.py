"""Charging: due list → notice → guard → submission → result → ledger → receipt. One file per step; each sweep may be killed at any moment."""

from bot.debit.charging.call_off import call_off
from bot.debit.charging.equality import Difference, differences
from bot.debit.charging.notice import notify
from bot.debit.charging.plan import plan
from bot.debit.charging.results import look, look_back
from bot.debit.charging.submit import submit
from bot.debit.charging.unknown import resolve

__all__ = ["Difference", "call_off", "differences", "look", "look_back", "notify", "plan", "resolve", "submit"]
