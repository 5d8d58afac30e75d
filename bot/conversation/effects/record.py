"""Record: a fact for the ledger."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import Record


@applies(Record)
def apply(turn: Turn, effect: Record) -> None:
    evidence = {"message": turn.message_id} if turn.message_id is not None else {}
    turn.record(effect.kind, {**evidence, **effect.data}, effect.loan_id)
