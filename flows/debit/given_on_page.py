"""An account was given and a debit authorised on the borrower's page: the chat goes on by itself."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.event import DomainEvent
from flows.types.wording import key, line

flow = Flow("given_on_page", news={"page.authorized": "confirmation"})

GIVEN = key("pages.given")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    event = context.event
    return Done((line(GIVEN, folio=event.data["folio"]),) if isinstance(event, DomainEvent) else ())
