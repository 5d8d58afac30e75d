"""What a real Belvo does on its own: it posts to the webhook when accounts, consents and charges change. Run
by the worker.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests
import structlog
from sqlalchemy import Connection, delete, insert, select, update

from bot.debit.belvo import pesos
from bot.outgoing import session
from bot.services import Services
from bot.simulator.belvo.outcomes import MANY_WEBHOOKS, NO_WEBHOOK, TEXTS, ending
from bot.simulator.belvo.service import iso
from bot.simulator.database import account, consent, debit, hook, simulator_engine
from bot.simulator.lease import acquire_lease
from models import read_tx, write_tx
from models.base import AnyRow
from values import Money

log = structlog.get_logger(__name__)

MOST_TRIES, AGAIN_SECONDS, POST_SECONDS, BATCH = 5, 1.0, 4.0, 20
_TABLES = {"payment_request": debit, "payment_method": account, "consent": consent}
_CODES = {
    "payment_method active": "payment_method_registration_successful",
    "payment_method error": "payment_method_registration_failed",
    "payment_method inactive": "payment_method_registration_canceled",
}
_session = session()


def put(connection: Connection, kind: str, resource: str, due_at: datetime, *statuses: str) -> None:
    rows = [{"kind": kind, "resource": resource, "status": status, "due_at": due_at} for status in statuses]
    connection.execute(insert(hook), rows)


def schedule(connection: Connection, charge: Mapping[str, Any]) -> None:
    """A charge's webhooks: none, or twice and out of order, where its account asks for that."""
    special = ending(charge["clabe"])
    if special == NO_WEBHOOK:
        return
    result = "failed" if charge["code"] else "successful"
    statuses = (result, "processing", result) if special == MANY_WEBHOOKS else (result,)
    put(connection, "payment_request", charge["id"], charge["result_at"], *statuses)
    if charge["reversed_at"]:
        put(connection, "payment_request", charge["id"], charge["reversed_at"], "chargeback")


def forget(connection: Connection, resource: str) -> None:
    """Those that were not posted yet."""
    connection.execute(delete(hook).where(hook.c.resource == resource, hook.c.done == 0))


def deliver(services: Services) -> int:
    """Posts what is due, in order; how many. One process at a time does."""
    engine, now = simulator_engine(services.settings), time.time()
    due = select(hook).where(
        hook.c.done == 0,
        hook.c.due_at <= services.clock.now(),
        hook.c.tries < MOST_TRIES,
        hook.c.next_at <= now,
    )
    with read_tx(engine) as connection:
        rows = connection.execute(due.order_by(hook.c.due_at, hook.c.seq).limit(BATCH)).all()
    return sum(_post(services, row) for row in rows if acquire_lease(services, "belvo"))


def _post(services: Services, row: AnyRow) -> bool:
    settings = services.settings
    try:
        answer = _session.post(
            f"{settings.public_url}/webhooks/belvo/{settings.belvo_webhook_secret}",
            json=_event(services, row),
            timeout=POST_SECONDS,
        )
        taken = answer.status_code < 500
        if not answer.ok:
            log.warning("the webhook refused the stand-in", status=answer.status_code, id=row.resource)
    except requests.RequestException:
        taken = False
    values = {"done": 1} if taken else {"tries": row.tries + 1, "next_at": time.time() + AGAIN_SECONDS}
    with write_tx(simulator_engine(settings)) as connection:
        connection.execute(update(hook).where(hook.c.seq == row.seq).values(**values))
    return taken


def _event(services: Services, row: AnyRow) -> dict[str, Any]:
    table = _TABLES[row.kind]
    with read_tx(simulator_engine(services.settings)) as connection:
        about = connection.execute(select(table).where(table.c.id == row.resource)).one()
    details: dict[str, Any] = {
        "id": row.resource,
        "status": row.status,
        "failedReason": None,
        "failedMessage": None,
    }
    if row.kind != "consent":
        details["reference"] = about.reference
    if row.kind == "payment_request":
        details["amount"] = pesos(Money(about.centavos))
    if row.status == "failed":
        details |= {"failedReason": about.code, "failedMessage": TEXTS.get(about.code, "Otra causa")}
    code = _CODES.get(f"{row.kind} {row.status}", f"{row.kind}_{row.status}")
    return {
        "eventType": f"{row.kind}_update",
        "eventCode": code,
        "datetime": iso(row.due_at),
        "details": details,
    }
