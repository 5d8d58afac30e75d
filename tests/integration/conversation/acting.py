"""Effects applied to a real database as a turn applies them, and the charge that some of them are about."""

from datetime import date

from sqlalchemy import insert, select, update

from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.conversation.effects import apply_all
from bot.conversation.turn import Turn, guard
from flows.types.effects import Effect
from models import Charge, Mandate, Message, charge_table, instalment_table, read_tx, write_tx
from tests.talk import Talk

FRIDAY = date(2026, 11, 27)


def apply(one: Talk, *effects: Effect, known: bool = True) -> Turn:
    """One turn with these effects, as the borrower's own where `known`."""
    now = one.services.clock.now()
    with write_tx(one.services.engine) as connection:
        rows = thread_rows.by_id(connection, one.conversation, now)
        view = views.view(connection, rows, one.services, now)
        guard(connection, view, {})
        person = view.facts.borrower if known else None
        message = {
            "direction": "in",
            "author": "borrower",
            "status": "received",
            "body": "",
            "created_at": now,
        }
        by = {"conversation_id": view.id, "channel": view.channel, "address": view.address}
        message_id = connection.execute(
            insert(Message).values(**message, **by).returning(Message.id)
        ).scalar_one()
        turn = Turn(connection, one.services, view, now, "borrower:test", person, message_id=message_id)
        apply_all(turn, effects)
        turn.finish()
    return turn


def set_all(one: Talk, record: type, **values: object) -> None:
    with write_tx(one.services.engine) as connection:
        connection.execute(update(record).values(**values))


def planned_charge(one: Talk) -> int:
    one.to_authorized()
    with read_tx(one.services.engine) as connection:
        instalment = connection.scalar(
            select(instalment_table.c.id).where(instalment_table.c.loan_id == one.loan).limit(1)
        )
    row = {
        "loan_id": one.loan,
        "mandate_id": one.rows(Mandate)[0].id,
        "instalment_id": instalment,
        "amount": 60_000,
        "charge_on": FRIDAY,
        "status": "planned",
        "provider": "simulator",
        "key": "test-1",
        "attempt": 1,
        "created_at": one.services.clock.now(),
    }
    known = {name: value for name, value in row.items() if name in charge_table.c}
    with write_tx(one.services.engine) as connection:
        return int(connection.execute(insert(charge_table).values(**known).returning(Charge.id)).scalar_one())
