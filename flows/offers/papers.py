"""«Mándame mi estado de cuenta»: papers are on the borrower's own pages, made when they are opened."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, HandOver, Move
from flows.types.wording import key, line

flow = Flow("papers", acts=("ask.document",), payloads=("papers",))

LINK = key("pages.papers_link")
PERSON = key("plan.person")


@flow.state(".", "!")
def start(context: Context) -> Ask | Move:
    if context.facts.page_url is None:
        return HandOver("papers", 0, (line(PERSON, hours=context.lender.hours),))
    return Done((line(LINK, url=context.facts.page_url),))
