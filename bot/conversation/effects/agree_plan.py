"""AgreePlan: a plain yes to words that have left; both messages are kept as evidence. The open promise,
what else was offered, and the charges that wait of what it covers, give way.
"""

import hashlib
from typing import Any

from sqlalchemy import bindparam, select

from bot.conversation.effects import cancel_plan, cancel_promise
from bot.conversation.effects.make_offers import RECORD_KINDS, make
from bot.conversation.effects.registry import applies
from bot.conversation.shown import message_with
from bot.conversation.turn import Turn
from bot.debit.charging import drop_covered
from flows.types.effects import AgreePlan, CancelPlan, CancelPromise, Say
from models import plan_table
from models.base import word
from models.transitions import move

_OFFERED = (
    select(plan_table.c.id, plan_table.c.key, plan_table.c.offered_at)
    .where(plan_table.c.loan_id == bindparam("loan"), plan_table.c.status == word("offered"))
    .order_by(plan_table.c.id)
    .with_for_update()
)
_AGREED = {"plan": "plan.agreed", "settlement": "settlement.agreed", "extension": "extension.granted"}


@applies(AgreePlan)
def apply(turn: Turn, effect: AgreePlan) -> None:
    assert turn.borrower is not None, "only a confirmed borrower agrees"
    asked_in = turn.view.conversation.language or turn.borrower.language
    text = turn.services.wording.render(Say(effect.terms), effect.language or asked_in).text
    offered = turn.connection.execute(_OFFERED, {"loan": effect.loan_id}).all()
    since = min((row.offered_at for row in offered), default=turn.now)
    asked = message_with(turn, text, since)
    cancel_promise.apply(turn, CancelPromise(effect.loan_id))
    cancel_plan.apply(turn, CancelPlan(effect.loan_id))
    for entry in drop_covered(
        turn.connection, effect.loan_id, effect.offer.covers_until, turn.now, turn.actor
    ):
        turn.add(entry, effect.loan_id)
    plan_id = next((row.id for row in offered if row.key == effect.offer.key), None)
    if plan_id is None:
        plan_id = make(turn, effect.loan_id, effect.offer, 0, effect.policy_version)
    _dismiss(turn, [row.id for row in offered if row.id != plan_id])
    evidence: dict[str, Any] = {
        "terms_text": text,
        "terms_hash": hashlib.sha256(text.encode()).hexdigest(),
        "asked_message_id": asked,
        "answered_message_id": turn.message_id,
    }
    data = {
        "plan": plan_id,
        "folio": effect.folio,
        "kind": effect.offer.kind,
        "total": effect.offer.total.centavos,
        "discount": effect.offer.discount.centavos,
        "parts": [[part.due_date.isoformat(), part.amount.centavos] for part in effect.offer.parts],
        "rule": effect.offer.rule,
        "policy": effect.policy_version,
        "by_debit": effect.by_debit,
        "terms_hash": evidence["terms_hash"],
        "asked": asked,
        "message": turn.message_id,
    }
    move(
        turn.connection,
        "plan",
        plan_id,
        "active",
        at=turn.now,
        actor=turn.actor,
        data=data,
        folio=effect.folio,
        agreed_at=turn.now,
        by_debit=effect.by_debit,
        **evidence,
    )
    turn.record(_AGREED[RECORD_KINDS[effect.offer.kind]], data, effect.loan_id)


def _dismiss(turn: Turn, plans: list[int]) -> None:
    for plan in plans:  # three at most
        data = {"plan": plan, "reason": "another_agreed"}
        move(turn.connection, "plan", plan, "cancelled", at=turn.now, actor=turn.actor, data=data)
