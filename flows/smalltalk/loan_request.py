"""A new loan or more credit: not here; a person can say."""

from flows.engine import Ask, Context, Done, Flow, Move, line

flow = Flow("loan_request", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    return Done((line("loan_request.where", phone=context.facts.lender.phone),))
