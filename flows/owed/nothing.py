"""That nothing is asked of a borrower: because all is paid, or because the loan was written off."""

from flows.context import Context
from flows.types.wording import Line, key, line

NOTHING = key("balance.nothing")
WRITTEN_OFF = key("balance.written_off")


def nothing_owed(context: Context) -> tuple[Line, ...]:
    who = context.who
    if who.written_off and not who.loans:
        return (line(WRITTEN_OFF, name=who.first_name, loan=who.written_off[-1], phone=context.lender.phone),)
    return (line(NOTHING, name=who.first_name),)
