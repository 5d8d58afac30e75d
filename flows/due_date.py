"""When the next payment is due."""

from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("due_date", version=1)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    loan = scene.loan
    if loan is None or (due := loan.next_due) is None:
        return Done((line("balance.nothing", name=scene.who.first_name),))
    if due.due_date < scene.facts.today:
        return Done((line("due_date.passed", amount=due.unpaid.total, due_date=due.due_date),))
    return Done((line("due_date.next", amount=due.unpaid.total, due_date=due.due_date),))
