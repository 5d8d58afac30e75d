"""What happened before a visitor came: some borrowers wrote, and wait for a person; one kept a promise, one
pays by direct debit.

Their messages travel through the real webhook, carried by the worker like everybody's.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import partial

from sqlalchemy import select

from bot.money import Reported
from bot.portfolio import receive_payment
from bot.services import Services
from bot.simulator.belvo import decide_now
from bot.simulator.page.clabes import READY, clabe
from bot.simulator.twilio.delivery import write
from models import (
    borrower_table,
    contact_point_table,
    conversation_table,
    loan_table,
    mandate_table,
    message_table,
    promise_table,
    read_tx,
)
from models.base import AnyRow

WAITING = {
    "JAC-1031": "Quiero hablar con una persona, por favor",
    "JAC-1032": "Hablo por mi papá, él falleció el mes pasado",
    "JAC-1033": "Quiero poner una queja, ya pagué y me siguen cobrando. Pásame con un asesor",
    "JAC-1034": "Estoy hospitalizada y no puedo pagar ahorita, ¿me comunicas con alguien?",
    "JAC-1035": "No reconozco este préstamo, yo nunca pedí nada. Quiero que me atienda una persona",
}
"""By loan: what its borrower wrote, which an agent must answer."""
PROMISED = "JAC-1036"
PROMISE = ("Hola, ¿cuánto debo?", "sí", "{birth}", "el viernes pago 300", "sí")
DEBITED = "JAC-1018"
DEBIT = ("Hola, quiero saber de mi crédito", "sí", "{birth}", "cargo automático", "{clabe}", "sí", "ACEPTO")
"""What each writes; every line changes what the bot expects."""
PATIENCE_SECONDS = 45.0
Stopped = Callable[[], bool]


def write_waiting(services: Services) -> None:
    """Before anything runs: the worker carries them first."""
    for loan, text in WAITING.items():
        if (person := _person(services, loan)) is not None:
            write(services, person.address, text)


def keep_promise(services: Services, stopped: Stopped) -> None:
    """While everything runs: a short conversation, and the payment that was promised in it."""
    person = _person(services, PROMISED)
    if person is None or not _talk(services, person, PROMISE, stopped):
        return
    with read_tx(services.engine) as connection:
        amount = connection.scalar(
            select(promise_table.c.amount).where(
                promise_table.c.loan_id == person.loan_id, promise_table.c.status == "open"
            )
        )
    if amount is not None:
        at = services.clock.now().astimezone(UTC)
        reference = f"SPEI{int(at.timestamp())}"
        payment = Reported("api", "spei", reference, amount, at, "lender:simulator")
        receive_payment(services, PROMISED, payment)


def authorize_debit(services: Services, stopped: Stopped) -> None:
    """While everything runs: a conversation up to the consent, and a bank that activates the mandate at once
    instead of in the evening.
    """
    person = _person(services, DEBITED)
    if person is not None and _talk(services, person, DEBIT, stopped):
        _wait(lambda: _decided(services, person), stopped)


def _decided(services: Services, person: AnyRow) -> bool:
    """Only what is known to be with the bank: its word would find no mandate before."""
    submitted = mandate_table.c.status == "submitted"
    with read_tx(services.engine) as connection:
        known = connection.scalar(
            select(mandate_table.c.id).where(mandate_table.c.loan_id == person.loan_id, submitted)
        )
    return known is not None and decide_now(services, DEBITED)


def _talk(services: Services, person: AnyRow, lines: Sequence[str], stopped: Stopped) -> bool:
    """Whether each line was answered; the next is written once its answer has left."""
    if person.birth_date is None:
        return False
    values = {"birth": person.birth_date.strftime("%d/%m/%Y"), "clabe": clabe(person.loan_id, READY["pays"])}
    for line in lines:
        before = _expecting(services, person)
        write(services, person.address, line.format(**values))
        if not _wait(partial(_answered, services, person, before), stopped):
            return False
    return True


def _wait(done: Callable[[], bool], stopped: Stopped) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if stopped() or time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def _expecting(services: Services, person: AnyRow) -> str | None:
    with read_tx(services.engine) as connection:
        return connection.scalar(
            select(conversation_table.c.expecting).where(conversation_table.c.id == person.conversation_id)
        )


def _answered(services: Services, person: AnyRow, before: str | None) -> bool:
    """Something else is expected, and all that says it has left: terms bind once they were sent."""
    if _expecting(services, person) == before:
        return False
    waiting = select(message_table.c.id).where(
        message_table.c.conversation_id == person.conversation_id,
        message_table.c.status.in_(("queued", "sending")),
    )
    with read_tx(services.engine) as connection:
        return connection.execute(waiting.limit(1)).first() is None


def _person(services: Services, loan: str) -> AnyRow | None:
    query = (
        select(
            contact_point_table.c.address,
            contact_point_table.c.conversation_id,
            borrower_table.c.birth_date,
            loan_table.c.id.label("loan_id"),
        )
        .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        .join(loan_table, loan_table.c.borrower_id == borrower_table.c.id)
        .where(loan_table.c.external_id == loan)
        .order_by(contact_point_table.c.id)
        .limit(1)
    )
    with read_tx(services.engine) as connection:
        return connection.execute(query).first()
