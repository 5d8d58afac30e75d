"""How to pay: the lender's own CLABE and reference, cash."""

from flows.engine import Ask, Done, Flow, Line, Move, Scene, line

flow = Flow("payment_methods", version=1)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    loan = scene.loan
    if loan is None or not loan.instalments:
        return Done((line("balance.nothing", name=scene.who.first_name),))
    return Done(ways(scene))


def ways(scene: Scene) -> tuple[Line, ...]:
    """The amount to pay now and the ways to pay it."""
    loan, lender = scene.loan, scene.facts.lender
    assert loan is not None
    upcoming = loan.next_due
    amount = loan.due_by(scene.facts.today) or (upcoming.unpaid.total if upcoming else loan.outstanding.total)
    lines = [
        line("pay.amount", amount=amount),
        line("pay.spei_item", clabe=loan.pay_clabe or lender.pay_clabe, bank=lender.pay_bank, holder=lender.legal_name),
    ]
    if loan.pay_reference:
        lines.append(line("pay.reference_item", reference=loan.pay_reference))
    if loan.cash_reference:
        lines.append(line("pay.cash_item", reference=loan.cash_reference))
    return (*lines, line("pay.only_ours", lender=lender.trade_name))
