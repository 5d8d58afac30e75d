"""Personal data: the notice, and a person who answers within the time that the law gives."""

from flows.engine import Ask, Context, Done, Flow, Move, line
from flows.types.effects import OpenTask, Record

flow = Flow("privacy", version=1, private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    lender = context.facts.lender
    words = line("privacy.noted", privacy_url=lender.privacy_url, une_email=lender.une_email)
    return Done((words,), (Record("privacy.requested"), OpenTask("privacy_request")))
