"""«Mándame mi estado de cuenta»: as a file where the channel takes one, else on the borrower's own pages; and
the papers that an event calls for.
"""

import re

from flows.acts.readings.undo import UNOPENED
from flows.acts.words.asked import PAID
from flows.answers import plain
from flows.context import Context
from flows.engine import Ask, Done, Flow, HandOver, Move
from flows.types.effects import AttachPaper
from flows.types.event import DomainEvent
from flows.types.wording import Line, key, line

flow = Flow(
    "papers",
    acts=("ask.document", PAID, UNOPENED),
    payloads=("papers",),
    news={"paper.agreement": "confirmation", "paper.settlement_letter": "confirmation"},
)

LINK = key("pages.papers_link")
FILE = key("pages.papers_file")
HERE = key("pages.papers_here")
PERSON = key("plan.person")
WHEN_PAID = key("pages.letter_when_paid")
NOT_BY_EMAIL = key("papers.not_by_email")
PAYMENTS_THERE = key("papers.payments_there")
NEWS = {
    "paper.agreement": key("offers.news_agreement"),
    "paper.settlement_letter": key("offers.news_letter"),
}

_BY_EMAIL = re.compile(r"\b(?:correo|e ?mail)\b")
_KINDS = (
    ("settlement_letter", re.compile(r"\bfiniquito|\bmi carta$|\bno adeudo|\bpayoff letter|\bliberacion")),
    ("agreement", re.compile(r"\bconvenio|\bacuerdo|\bagreement|\bescrito\b|\bin writing\b")),
    ("receipt", re.compile(r"\b(?:comprobante|recibo|receipt)\b")),
)


@flow.state(".", "!")
def start(context: Context) -> Ask | Move:
    event, url = context.event, context.facts.page_url
    if isinstance(event, DomainEvent):
        attached = AttachPaper(event.kind.removeprefix("paper."), event.loan_id)
        return Done((line(NEWS[event.kind], folio=event.data["folio"]),), (attached,))
    if url is None:
        return HandOver("papers", 0, (line(PERSON, hours=context.lender.hours),))
    loans = [loan.id for loan in context.who.loans] or [loan for loan, _ in context.who.closed_brands]
    loan_id = context.loan.id if context.loan is not None else loans[-1] if loans else None
    kind = _kind(context.message.text if context.message else "")
    closed = [loan for loan, _ in context.who.closed_brands]
    if kind == "settlement_letter" and closed:
        loan_id = closed[-1]
    elif kind == "settlement_letter":
        return Done((line(WHEN_PAID),))
    paid = (line(PAYMENTS_THERE),) if context.request.get("act") == PAID else ()
    before = (*paid, *_not_by_email(context))
    unopened = context.request.get("act") == UNOPENED
    if unopened or context.facts.channel not in ("whatsapp", "web") or loan_id is None:
        return Done((*before, line(LINK, url=url)))
    words = line(HERE) if context.facts.channel == "web" else line(FILE, url=url)
    return Done((*before, words), (AttachPaper(kind, loan_id),))


def _not_by_email(context: Context) -> tuple[Line, ...]:
    """A paper leaves in the talk that it is asked for in."""
    asked = context.message is not None and _BY_EMAIL.search(plain(context.message.text))
    return (line(NOT_BY_EMAIL),) if asked and context.facts.channel != "email" else ()


def _kind(text: str) -> str:
    words = plain(text)
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), "statement")
