"""Each kind of message that nobody asked for states whose wish it is: the borrower's own act, a law, or ours.
All of them are walked against all holds and the opt-out.
"""

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.compliance import Allowed, ContactRequest, Never, load_rules, may_contact
from flows import ROUTING
from models.hold import HOLD_KINDS

MX = load_rules("MX")
NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
OURS = {"promise.partial", "promise.broken", "plan.reminder", "plan.missed", "plan.broken"}
LAW = {"charge.notified"}
PURPOSES = {kind: flow.news[kind] for kind, flow in ROUTING.by_news.items()}
UNASKED = {**PURPOSES, "outreach": "contact"}


def test_what_we_want_is_a_contact_and_what_the_law_wants_a_notice() -> None:
    assert {kind for kind, purpose in PURPOSES.items() if purpose == "contact"} == OURS
    assert {kind for kind, purpose in PURPOSES.items() if purpose == "notice"} == LAW


@pytest.mark.parametrize("kind", sorted(UNASKED))
def test_opt_out_and_holds_keep_back_what_we_want_and_nothing_else(kind: str) -> None:
    purpose = UNASKED[kind]
    for opted_out, hold in product((False, True), (None, *HOLD_KINDS)):
        holds = frozenset({hold} if hold else ())
        request = ContactRequest(
            NOON, ZoneInfo("America/Mexico_City"), "whatsapp", purpose, opted_out, "confirmed", holds
        )
        verdict = may_contact(request, MX)
        kept_back = purpose == "contact" and (opted_out or hold is not None)
        assert isinstance(verdict, Never if kept_back else Allowed), (kind, opted_out, hold)
