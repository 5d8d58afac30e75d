"""Why it is that much: principal, interest, late fees, tax."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.nothing import nothing_owed
from flows.types.wording import key, line, title

flow = Flow("breakdown", intents={"ask_breakdown": title("meaning.ask_breakdown")})

HEAD = key("breakdown.head")
QUESTION = key("breakdown.question")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    owed = loan.outstanding
    parts = (
        ("principal", owed.principal),
        ("interest", owed.interest),
        ("late_fees", owed.late_fees),
        ("tax", owed.tax),
    )
    items = tuple(line(_KEYS[part], amount=amount) for part, amount in parts if amount)
    return Done(
        (
            line(HEAD, loan=loan.external_id, total=owed.total, today=context.facts.today),
            *items,
            line(QUESTION),
        )
    )


_KEYS = {
    "principal": key("breakdown.principal_item"),
    "interest": key("breakdown.interest_item"),
    "late_fees": key("breakdown.late_fees_item"),
    "tax": key("breakdown.tax_item"),
}
