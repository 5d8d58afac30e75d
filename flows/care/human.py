"""A person is wanted: one step, one message, then silence until a person answers."""

from flows.engine import Ask, Context, Flow, HandOver, Move, line

flow = Flow("human", version=1, private=False)


@flow.state("!")
def start(context: Context) -> Ask | Move:
    return HandOver("asked", 1, (line("human.wait", hours=context.facts.lender.hours),))
