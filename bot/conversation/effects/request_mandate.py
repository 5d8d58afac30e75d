"""RequestMandate: the terms are put to the borrower, kept as they read. What was still on its way gives way
to them.
"""

import hashlib
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Refused, Turn
from bot.debit.mandates import end_mandate
from flows.types.effects import RequestMandate, Say
from models import bank_account_table, mandate_table
from models.base import AnyRow, words
from models.mandate import LIVE_STATES, PENDING_STATES
from models.transitions import begin
from models.upsert import add

_EARLIER = (
    select(mandate_table)
    .where(mandate_table.c.loan_id == bindparam("loan"), mandate_table.c.status.in_(words(*PENDING_STATES)))
    .with_for_update()
)
_SAME = (
    select(bank_account_table.c.id, bank_account_table.c.borrower_id)
    .where(bank_account_table.c.fingerprint == bindparam("account"))
    .order_by(bank_account_table.c.id)
    .with_for_update()
)
_INSERT = insert(mandate_table)
_USED = (
    select(mandate_table.c.id)
    .where(
        mandate_table.c.bank_account_id.in_(bindparam("others", expanding=True)),
        mandate_table.c.status.in_(words(*LIVE_STATES)),
    )
    .limit(1)
)


class AccountUnknown(Exception):
    """The terms name an account that this borrower never gave."""

    def __init__(self, folio: str) -> None:
        super().__init__(f"the account of {folio} is not this borrower's: it has to be kept first")


@applies(RequestMandate)
def apply(turn: Turn, effect: RequestMandate) -> None:
    assert turn.borrower is not None, "terms are put to a confirmed borrower only"
    account = claim_account(turn.connection, effect.fingerprint, turn.borrower.id)
    if account is None:
        raise AccountUnknown(effect.folio)
    for row in turn.connection.execute(_EARLIER, {"loan": effect.loan_id}).all():
        for entry in end_mandate(turn.connection, row, "cancelled", "superseded", turn.now, turn.actor):
            turn.add(entry, effect.loan_id)
    terms = {
        "max_amount": effect.max_amount.centavos,
        "frequency": effect.frequency,
        "terms_version": effect.version,
        **as_rendered(turn, effect),
    }
    mandate = {
        "folio": effect.folio,
        "loan_id": effect.loan_id,
        "bank_account_id": account,
        "status": "requested",
        "provider_refs": {},
        "provider": turn.services.debit.name,
        "requested_at": turn.now,
        "created_at": turn.now,
        **terms,
    }
    mandate_id = add(turn.connection, _INSERT, mandate)
    recorded = {name: value for name, value in terms.items() if name != "terms_text"}
    data = {
        "mandate": mandate_id,
        "folio": effect.folio,
        "account": account,
        "message": turn.message_id,
        **recorded,
    }
    begin(turn.connection, "mandate", mandate_id, "requested", at=turn.now, actor=turn.actor, data=data)
    turn.record("mandate.requested", data, effect.loan_id)


def as_rendered(turn: Turn, effect: RequestMandate) -> dict[str, Any]:
    """The terms as the borrower is going to read them; whether they did is checked when they answer."""
    assert turn.borrower is not None
    text = turn.services.wording.render(Say(effect.terms), turn.language or turn.borrower.language).text
    return {"terms_text": text, "terms_hash": hashlib.sha256(text.encode()).hexdigest()}


def claim_account(connection: Connection, fingerprint: str, borrower_id: int) -> int | None:
    """The borrower's own row of this account; null when there is none. Raises Refused when somebody else's
    mandate uses it.

    All rows of the account are locked, in one order: of two borrowers who take it at once, the second sees
    the first's mandate.
    """
    same: list[AnyRow] = list(connection.execute(_SAME, {"account": fingerprint}))
    others = [row.id for row in same if row.borrower_id != borrower_id]
    if others and connection.scalar(_USED, {"others": others}) is not None:
        raise Refused("account_in_use")
    return next((int(row.id) for row in same if row.borrower_id == borrower_id), None)
