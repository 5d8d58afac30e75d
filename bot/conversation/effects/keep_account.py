"""KeepAccount: the digits leave memory here, encrypted; the same account of the same borrower is one row."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import KeepAccount
from models import bank_account_table
from models.upsert import insert_new
from values import Clabe


class AccountGone(Exception):
    """The step kept an account that this turn's message does not hold."""

    def __init__(self) -> None:
        super().__init__("there is no account number in this message to keep")


@applies(KeepAccount)
def apply(turn: Turn, effect: KeepAccount) -> None:
    vault = turn.services.vault
    if not turn.digits or turn.borrower is None or vault.fingerprint(turn.digits) != effect.fingerprint:
        raise AccountGone
    clabe = Clabe.parse(turn.digits)
    account = {
        "borrower_id": turn.borrower.id,
        "fingerprint": effect.fingerprint,
        "encrypted": vault.encrypt(clabe.digits, turn.borrower.id),
        "key_id": vault.key_id,
        "bank_code": clabe.bank_code,
        "last4": clabe.last4,
        "created_at": turn.now,
    }
    turn.connection.execute(
        insert_new(turn.connection, bank_account_table, ("borrower_id", "fingerprint")), account
    )
