"""A new loan or more credit: not here; a person can say."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line, title

flow = Flow("loan_request", private=False, intents={"request_loan": title("meaning.request_loan")})

WHERE = key("loan_request.where")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    return Done((line(WHERE, phone=context.lender.phone),))
