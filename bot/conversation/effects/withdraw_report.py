"""WithdrawReport: what was reported as paid is looked for no more; its hold ends with its case."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.money import report_withdrawn
from flows.types.effects import WithdrawReport


@applies(WithdrawReport)
def apply(turn: Turn, effect: WithdrawReport) -> None:
    report_withdrawn(turn.connection, effect.loan_id, turn.now, turn.actor)
