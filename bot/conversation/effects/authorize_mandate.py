"""AuthorizeMandate: the explicit word was given to the very words that were sent; both are kept as
evidence.
"""

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.conversation.effects.registry import applies
from bot.conversation.effects.request_mandate import claim_account
from bot.conversation.shown import message_with
from bot.conversation.turn import Refused, Turn
from bot.debit.mandates import move_mandate
from flows.types.effects import AuthorizeMandate
from models import (
    bank_account_table,
    consent_table,
    ledger_entry_table,
    mandate_table,
    plan_table,
)
from models.base import AnyRow, word
from models.ledger import consent_hash
from models.upsert import add

_WAITING = (
    select(mandate_table, bank_account_table.c.fingerprint)
    .join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
    .where(mandate_table.c.folio == bindparam("folio"))
    .with_for_update(of=mandate_table)
)
_PROOF = (
    select(ledger_entry_table.c.data)
    .where(
        ledger_entry_table.c.loan_id == bindparam("loan"), ledger_entry_table.c.kind == "identity.confirmed"
    )
    .order_by(ledger_entry_table.c.seq.desc())
    .limit(1)
)
_INSERT = insert(consent_table)
_CHARGED = (
    update(plan_table)
    .where(
        plan_table.c.id == bindparam("plan"),
        plan_table.c.loan_id == bindparam("loan"),
        plan_table.c.status == word("active"),
    )
    .values(by_debit=True)
)


@applies(AuthorizeMandate)
def apply(turn: Turn, effect: AuthorizeMandate) -> None:
    assert turn.borrower is not None, "only a confirmed borrower authorises"
    mandate = _waiting(turn, effect.folio)
    asked = message_with(turn, mandate.terms_text, mandate.requested_at)
    claim_account(turn.connection, mandate.fingerprint, turn.borrower.id)
    identity = _identity(turn, mandate.loan_id)
    consent = {
        "mandate_id": mandate.id,
        "asked_message_id": asked,
        "answered_message_id": turn.message_id,
        "answer_text": effect.answer[:200],
        "terms_hash": mandate.terms_hash,
        "identity": identity,
        "at": turn.now,
    }
    consent_id = add(turn.connection, _INSERT, consent)
    data = {
        "consent": consent_id,
        "evidence": consent_hash(consent),
        "asked": asked,
        "message": turn.message_id,
        "terms_version": mandate.terms_version,
        "terms_hash": mandate.terms_hash,
        "max_amount": mandate.max_amount,
        "identity": identity,
        **({"plan": effect.plan} if effect.plan is not None else {}),
    }
    moved = move_mandate(
        turn.connection,
        mandate,
        "authorized",
        turn.now,
        turn.actor,
        data,
        authorized_at=turn.now,
        due_at=turn.now,
    )
    turn.add(moved, mandate.loan_id)
    if effect.plan is not None:
        turn.connection.execute(_CHARGED, {"plan": effect.plan, "loan": mandate.loan_id})


def _waiting(turn: Turn, folio: str) -> AnyRow:
    """Raises Refused where the terms lapsed between the reading and the writing of this turn."""
    row = turn.connection.execute(_WAITING, {"folio": folio}).first()
    if row is None or row.status != "requested":
        raise Refused("terms_not_shown")
    return row


def _identity(turn: Turn, loan_id: int) -> dict[str, Any]:
    """Who confirmed what, when and where."""
    assert turn.borrower is not None
    mine = [
        point
        for point in turn.view.points
        if point.borrower_id == turn.borrower.id and point.confirmed_at is not None
    ]
    point = max(mine, key=lambda point: point.confirmed_at or turn.now, default=None)
    proof = turn.connection.scalar(_PROOF, {"loan": loan_id}) or {}
    return {
        "contact_point": point.id if point else None,
        "confirmed_at": point.confirmed_at.isoformat() if point and point.confirmed_at else None,
        "factor": proof.get("factor"),
        "proof": proof.get("message"),
    }
