"""The account statement that a strategy sends on its day of the month: the file where the channel takes one
now, and the borrower's own pages.
"""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import AttachPaper
from flows.types.wording import key, line

flow = Flow("statement")

READY = key("statement.ready")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """Nothing where no pages are served: there is nowhere to read it."""
    loan, url = context.loan, context.facts.page_url
    if loan is None or url is None:
        return Done()
    lender = context.facts.lender_to(loan.id).trade_name
    ready = line(READY, name=context.who.first_name, lender=lender, url=url)
    return Done((ready,), (AttachPaper("statement", loan.id),) if context.facts.channel == "whatsapp" else ())
