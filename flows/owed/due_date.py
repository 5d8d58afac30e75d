"""When the next payment is due."""

from flows.engine import Ask, Context, Done, Flow, Move, line

flow = Flow("due_date", version=1)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or (due := loan.next_due) is None:
        return Done((line("balance.nothing", name=context.who.first_name),))
    if due.due_date < context.facts.today:
        return Done((line("due_date.passed", amount=due.unpaid.total, due_date=due.due_date),))
    return Done((line("due_date.next", amount=due.unpaid.total, due_date=due.due_date),))
