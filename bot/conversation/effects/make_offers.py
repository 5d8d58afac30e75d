"""MakeOffers: what is put to the borrower is kept, each offer once while it stands."""

from datetime import timedelta

from sqlalchemy import bindparam, insert, select

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import MakeOffers
from flows.types.offer import Offer
from models import plan_instalment_table, plan_table
from models.base import word
from models.transitions import begin
from models.upsert import add

RECORD_KINDS = {"plan": "plan", "settlement": "settlement", "extension": "extension", "due_day": "extension"}
"""By the offer's kind: that of its record."""
_STANDING = select(plan_table.c.key).where(
    plan_table.c.loan_id == bindparam("loan"), plan_table.c.status == word("offered")
)
_INSERT = insert(plan_table)


@applies(MakeOffers)
def apply(turn: Turn, effect: MakeOffers) -> None:
    standing = set(turn.connection.scalars(_STANDING, {"loan": effect.loan_id}))
    for offer in effect.offers:
        if offer.key not in standing:
            make(turn, effect.loan_id, offer, effect.valid_days, effect.policy_version)


def make(turn: Turn, loan_id: int, offer: Offer, valid_days: int, policy_version: str) -> int:
    """Its record, with its parts; the id."""
    kind = RECORD_KINDS[offer.kind]
    row = {
        "loan_id": loan_id,
        "kind": kind,
        "status": "offered",
        "key": offer.key,
        "total": offer.total.centavos,
        "discount": offer.discount.centavos,
        "frequency": offer.frequency,
        "rule": offer.rule,
        "policy_version": policy_version,
        "offered_on": offer.as_of,
        "covers_until": offer.covers_until,
        "valid_until": min(offer.as_of + timedelta(days=valid_days), offer.first.due_date),
        "offered_at": turn.now,
    }
    plan_id = add(turn.connection, _INSERT, row)
    parts = [
        {
            "plan_id": plan_id,
            "number": n,
            "due_date": part.due_date,
            "amount": part.amount.centavos,
            "status": "open",
        }
        for n, part in enumerate(offer.parts, 1)
    ]
    turn.connection.execute(insert(plan_instalment_table), parts)
    data = {
        "plan": plan_id,
        "kind": offer.kind,
        "total": offer.total.centavos,
        "discount": offer.discount.centavos,
        "parts": len(offer.parts),
        "rule": offer.rule,
        "policy": policy_version,
        "message": turn.message_id,
    }
    begin(turn.connection, "plan", plan_id, "offered", at=turn.now, actor=turn.actor, data=data)
    turn.record("settlement.offered" if kind == "settlement" else "plan.offered", data, loan_id)  # type: ignore[arg-type]
    return plan_id
