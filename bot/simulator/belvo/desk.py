"""Access to the stand-in's books, for the simulator page and for tests: what is in them, how the next charge
ends, what goes wrong.
"""

from typing import Any

from sqlalchemy import desc, insert, select, update

from bot.services import Services
from bot.simulator.belvo import accounts, charges, consents, hooks
from bot.simulator.belvo.outcomes import CHOICES, TEXTS
from bot.simulator.belvo.service import TROUBLES, get_rule, set_rule
from bot.simulator.database import account, consent, debit, hook, simulator_engine, trouble
from models import charge_table, loan_table, mandate_table, read_tx, write_tx
from models.base import AnyRow


def mandates_of(services: Services, loan: str) -> list[dict[str, Any]]:
    """The loan's accounts at the provider, the newest first: `{id, last4, bank, status, consent,
    next_outcome, decided_at}`.
    """
    now = services.clock.now()
    with read_tx(simulator_engine(services.settings)) as connection:
        rows = connection.execute(
            select(account).where(account.c.id.in_(_accounts(services, loan))).order_by(desc(account.c.at))
        ).all()
        given = {
            row.account: row
            for row in connection.execute(select(consent).where(consent.c.account.in_([r.id for r in rows])))
        }
        return [
            {
                "id": row.id,
                "last4": row.clabe[-4:],
                "bank": row.bank,
                "status": accounts.status_of(row, now),
                "next_outcome": row.next_outcome,
                "consent": consents.status_of(connection, given[row.id], now) if row.id in given else None,
                "decided_at": row.decided_at.isoformat() if row.decided_at else None,
            }
            for row in rows
        ]


def charges_of(services: Services, loan: str) -> list[dict[str, Any]]:
    """The loan's charges at the provider, the newest first, with the times at which they move."""
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        keys = list(
            connection.scalars(
                select(charge_table.c.key)
                .join(loan_table, loan_table.c.id == charge_table.c.loan_id)
                .where(loan_table.c.external_id == loan)
            )
        )
    with read_tx(simulator_engine(services.settings)) as connection:
        rows = connection.execute(
            select(debit).where(debit.c.reference.in_(keys)).order_by(debit.c.seq.desc())
        ).all()
    return [_shown(row, charges.status_of(row, now)) for row in rows]


def _shown(row: AnyRow, status: str) -> dict[str, Any]:
    times = {
        name: getattr(row, name) for name in ("at", "processing_at", "result_at", "settles_at", "reversed_at")
    }
    return {
        "id": row.id,
        "reference": row.reference,
        "amount": row.centavos,
        "status": status,
        "last4": row.clabe[-4:],
        "code": row.code if status == "failed" else None,
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }


def choose_outcome(services: Services, loan: str, outcome: str) -> str | None:
    """Decides how the loan's open charge ends, or, where none waits for its result, its next one. Whether
    `charge` or `next`; null: no account.

    `outcome` is one of `CHOICES`: `successful`, `chargeback`, or the code of a return.
    """
    assert outcome in CHOICES, outcome
    found, now = _accounts(services, loan), services.clock.now()
    with write_tx(simulator_engine(services.settings)) as connection:
        open_one = connection.execute(
            select(debit)
            .where(debit.c.account.in_(found), debit.c.canceled_at.is_(None), debit.c.result_at > now)
            .order_by(debit.c.seq.desc())
            .limit(1)
        ).first()
        if open_one is not None:
            ended = charges.ended(connection, open_one.result_at, "" if outcome == "successful" else outcome)
            connection.execute(update(debit).where(debit.c.id == open_one.id).values(**ended))
            hooks.forget(connection, open_one.id)
            hooks.schedule(connection, open_one._asdict() | ended)
            return "charge"
        changed = connection.execute(
            update(account)
            .where(account.c.id.in_(found), account.c.ended_at.is_(None))
            .values(next_outcome=outcome)
        )
        return "next" if changed.rowcount else None


def decide_now(services: Services, loan: str) -> bool:
    """The bank decides at this moment on the account that the loan's consent was given for, and not in the
    evening. Whether one was waiting.
    """
    found, now = _accounts(services, loan), services.clock.now()
    waiting = account.c.id.in_(found) & (account.c.decided_at > now)
    with write_tx(simulator_engine(services.settings)) as connection:
        ids = connection.scalars(select(account.c.id).where(waiting)).all()
        connection.execute(update(account).where(account.c.id.in_(ids)).values(sent_at=now, decided_at=now))
        theirs = connection.scalars(select(consent.c.id).where(consent.c.account.in_(ids))).all()
        events = update(hook).where(hook.c.resource.in_([*ids, *theirs]), hook.c.done == 0)
        connection.execute(events.values(due_at=now))
    return bool(ids)


def _accounts(services: Services, loan: str) -> list[str]:
    with read_tx(services.engine) as connection:
        refs = connection.scalars(
            select(mandate_table.c.provider_refs)
            .join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
            .where(loan_table.c.external_id == loan)
        ).all()
    return [ref["account"] for ref in refs if ref and "account" in ref]


def demand_documents(services: Services, *, demanded: bool) -> None:
    """Whether consents need both sides of an identity document and a photo with the contract."""
    with write_tx(simulator_engine(services.settings)) as connection:
        set_rule(connection, "documents", int(demanded))


def documents_demanded(services: Services) -> bool:
    with read_tx(simulator_engine(services.settings)) as connection:
        return bool(get_rule(connection, "documents"))


def make_trouble(
    services: Services,
    kind: str,
    call: str = "POST /payment_requests",
    *,
    times: int = 1,
    taken: bool = False,
) -> None:
    """The next `times` calls that begin with `call` get `kind` instead of their answer; carried out all the
    same where `taken`.
    """
    assert kind in TROUBLES, kind
    with write_tx(simulator_engine(services.settings)) as connection:
        connection.execute(insert(trouble), {"call": call, "kind": kind, "taken": int(taken), "times": times})


__all__ = [
    "CHOICES",
    "TEXTS",
    "charges_of",
    "choose_outcome",
    "decide_now",
    "demand_documents",
    "documents_demanded",
    "make_trouble",
    "mandates_of",
]
