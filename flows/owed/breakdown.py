"""Why it is that much: principal, interest, late fees, tax."""

from flows.engine import Ask, Context, Done, Flow, Move, line

flow = Flow("breakdown", version=1)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done((line("balance.nothing", name=context.who.first_name),))
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
            line("breakdown.head", loan=loan.external_id, total=owed.total, today=context.facts.today),
            *items,
            line("breakdown.question"),
        )
    )


_KEYS = {
    "principal": "breakdown.principal_item",
    "interest": "breakdown.interest_item",
    "late_fees": "breakdown.late_fees_item",
    "tax": "breakdown.tax_item",
}
