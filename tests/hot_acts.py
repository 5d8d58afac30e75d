"""What runs all day, as the product runs it: every sweep, the dispatcher, a message and a receipt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.channels import Held, Receipt
from bot.conversation import Incoming, fire_timers, receive, take_events
from bot.jobs.sweeps import SWEEPS
from bot.outreach import apply_receipts, dispatch, find_missed, keep_receipt, record_receipt, resolve_unknown
from bot.services import Services
from tests.outbox import FakeTwilio
from tests.services import ACCOUNT

ABROAD = (
    "check_templates",
    "undecided_templates",
    "refresh_institutions",
    "tape_folder",
    "resolve_unknown",
    "missed_messages",
)
"""Sweeps that ask somebody else, or a folder; two of them are tried with a provider that answers."""
OF_EVERYBODY = ("plan", "renew_identity", "add_sms_addresses")
"""Sets of everybody: each one's best contact point is found in one walk (see also `test_planner.py`)."""
PARTIAL = (
    "ix_conversation_waiting",
    "ix_conversation_queued",
    "ix_conversation_held",
    "ix_conversation_last_in_at",
    "ix_conversation_released_at",
    "ix_task_open",
    "ix_task_loan_id",
    "ix_message_queued",
    "ix_message_unsettled",
    "ix_event_pending",
    "ix_timer_due",
    "ix_delivery_attempt_open",
    "ix_message_unprocessed",
    "posted_receipt",  # a table: its rows are deleted as they are applied
)
"""Indexes of what is open only: to walk one is to count what waits. The ends of two are read in order."""


@dataclass
class Holding(FakeTwilio):
    """A provider that holds one message to us, which came long ago."""

    def received_since(self, since: datetime) -> list[Held]:
        return [Held("SM700", {}, 0)]

    def incoming(self, held: Held, at: datetime) -> Incoming:
        raise AssertionError(held)


def hot_acts(
    services: Services, phone: str, at: datetime, delivered: str
) -> Mapping[str, Callable[[], object]]:
    """A message from `phone`, and the receipt of the one that is `delivered`."""
    transport = FakeTwilio()
    post = Incoming("whatsapp", f"whatsapp:{phone}", phone, "", ACCOUNT, "SM77", "hola", at)
    return {
        "dispatch": lambda: dispatch(services, transport),
        "unknown": lambda: resolve_unknown(services, transport),
        "missed": lambda: find_missed(services, Holding()),
        "bounce": lambda: record_receipt(services, Receipt(None, delivered, ACCOUNT, "sent", "sent")),
        "receipt": lambda: keep_receipt(services, Receipt(None, delivered, ACCOUNT, "read", "read")),
        "receipts": lambda: apply_receipts(services),
        "message": lambda: receive(services, post),
        "events": lambda: take_events(services, 1),
        "timers": lambda: fire_timers(services, 1),
        **{name: partial(SWEEPS[name].run, services) for name in SWEEPS if name not in ABROAD},
    }
