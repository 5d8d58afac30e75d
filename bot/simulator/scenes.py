"""What happened before a visitor came: some borrowers wrote, and wait for a person; one kept a promise.

Their messages travel through the real webhook, carried by the worker like everybody's.
"""

import time
from collections.abc import Callable
from datetime import UTC

from sqlalchemy import func, select

from bot.money import Reported
from bot.portfolio import receive_payment
from bot.services import Services
from bot.simulator.database import sent, simulator_engine
from bot.simulator.twilio.delivery import write
from models import borrower_table, contact_point_table, loan_table, promise_table, read_tx
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
PATIENCE_SECONDS = 15.0


def write_waiting(services: Services) -> None:
    """Before anything runs: the worker carries them first."""
    for loan, text in WAITING.items():
        if (person := _person(services, loan)) is not None:
            write(services, person.address, text)


def keep_promise(services: Services, stopped: Callable[[], bool]) -> None:
    """While everything runs: a short conversation, and the payment that was promised in it."""
    person = _person(services, PROMISED)
    if person is None or person.birth_date is None:
        return
    for line in PROMISE:
        before = _answers(services, person.address)
        write(services, person.address, line.format(birth=person.birth_date.strftime("%d/%m/%Y")))
        until = time.monotonic() + PATIENCE_SECONDS
        while _answers(services, person.address) == before:
            if stopped() or time.monotonic() > until:
                return
            time.sleep(0.2)
        time.sleep(1.0)  # an answer may have several messages
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


def _person(services: Services, loan: str) -> AnyRow | None:
    query = (
        select(contact_point_table.c.address, borrower_table.c.birth_date, loan_table.c.id.label("loan_id"))
        .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        .join(loan_table, loan_table.c.borrower_id == borrower_table.c.id)
        .where(loan_table.c.external_id == loan)
        .order_by(contact_point_table.c.id)
        .limit(1)
    )
    with read_tx(services.engine) as connection:
        return connection.execute(query).first()


def _answers(services: Services, address: str) -> int:
    with read_tx(simulator_engine(services.settings)) as connection:
        query = select(func.count()).select_from(sent).where(sent.c.to == address)
        return connection.scalar(query) or 0
