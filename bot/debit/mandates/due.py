"""Mandates about which the provider is due to be called: taken up one at a time, put off when a call fails.

A claim is in machine time. One that is old was left behind by a process that is gone: the call is made again,
with what is known by then.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, or_, select, update

from bot.clock import system_now
from bot.debit.port import (
    AuthError,
    DebitProvider,
    InvalidRequest,
    RateLimited,
    Refs,
    TransientError,
    UnknownOutcome,
)
from bot.reach import NewTask, open_task
from bot.services import Services
from models import mandate_table, read_autocommit, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=2)
"""Longer than all calls of one registration may take together; each step that is kept renews it."""
BATCH = 20
_LONGEST_WAIT = timedelta(hours=1)
ENDED = ("rejected", "cancelled", "expired")


def each_due(
    services: Services, statuses: tuple[str, ...], work: Callable[[AnyRow, DebitProvider], None]
) -> int:
    """Does `work` for each that is due, with its own provider and no transaction open; how many."""
    if not services.providers.names:
        return 0
    done = 0
    while done < BATCH and (mandate := _claim(services, statuses)) is not None:
        done += 1
        _guarded(services, mandate, work)
    return done


def _claim(services: Services, statuses: tuple[str, ...]) -> AnyRow | None:
    now, at = services.clock.now(), system_now()
    free = or_(mandate_table.c.claimed_at.is_(None), mandate_table.c.claimed_at < at - CLAIM)
    due = (
        mandate_table.c.due_at.is_not(None)
        & (mandate_table.c.due_at <= now)
        & mandate_table.c.status.in_(statuses)
        & mandate_table.c.provider.in_(services.providers.names)
        & free
    )
    one = select(mandate_table.c.id).where(due).order_by(mandate_table.c.due_at, mandate_table.c.id).limit(1)
    with read_autocommit(services.engine) as connection:
        if connection.scalar(one) is None:
            return None
    with write_tx(services.engine) as connection:
        mandate_id = connection.scalar(one.with_for_update(skip_locked=True))
        if mandate_id is None:
            return None
        return connection.execute(
            update(mandate_table)
            .where(mandate_table.c.id == mandate_id)
            .values(claimed_at=at)
            .returning(mandate_table)
        ).one()


def _guarded(services: Services, mandate: AnyRow, work: Callable[[AnyRow, DebitProvider], None]) -> None:
    """A call that fails is made again later; what only a person can fix becomes a task. The provider's own
    words are kept nowhere.
    """
    try:
        work(mandate, services.providers.named(mandate.provider))
    except RateLimited as error:
        put_off(services, mandate, error.code, timedelta(seconds=error.seconds))
    except (TransientError, UnknownOutcome) as error:
        put_off(services, mandate, error.code)
    except AuthError as error:
        put_off(services, mandate, error.code, timedelta(minutes=15), task=f"debit_auth:{mandate.provider}")
    except InvalidRequest as error:
        put_off(services, mandate, error.code, _LONGEST_WAIT, task=f"mandate_refused:{mandate.id}")
    except Exception:
        log.exception("a mandate's call raised", mandate=mandate.id, loan=mandate.loan_id)
        put_off(services, mandate, "error", task=f"mandate_error:{mandate.id}")


def put_off(
    services: Services, mandate: AnyRow, code: str, wait: timedelta | None = None, task: str | None = None
) -> None:
    """Tries again after `wait`, else after one minute, two, four …, an hour at most; `task` is the key of a
    person's task, one a day.
    """
    now = services.clock.now()
    wait = wait or min(timedelta(minutes=2 ** min(mandate.tries, 6)), _LONGEST_WAIT)
    log.warning(
        "a mandate's call failed",
        mandate=mandate.id,
        loan=mandate.loan_id,
        code=code,
        tries=mandate.tries + 1,
    )
    with write_tx(services.engine) as connection:
        mine = (mandate_table.c.id == mandate.id) & (mandate_table.c.claimed_at == mandate.claimed_at)
        connection.execute(
            update(mandate_table)
            .where(mine)
            .values(due_at=now + wait, claimed_at=None, tries=mandate_table.c.tries + 1)
        )
        if task:
            kind = task.split(":", maxsplit=1)[0]
            to_a_person(connection, kind, mandate, now, f"{task}:{now.date().isoformat()}", {"error": code})


def to_a_person(
    connection: Connection, kind: str, mandate: AnyRow, now: datetime, key: str, data: Mapping[str, Any]
) -> None:
    about = {"mandate": mandate.id, "folio": mandate.folio, **data}
    open_task(connection, NewTask(kind, now, key=key, loan_id=mandate.loan_id, data=about))


def keep_refs(services: Services, mandate: AnyRow, refs: Refs) -> None:
    """What a step yielded, before the next is made. A mandate that ended meanwhile is due to be cancelled
    there.
    """
    with write_tx(services.engine) as connection:
        row = connection.execute(
            select(mandate_table.c.status, mandate_table.c.provider_refs)
            .where(mandate_table.c.id == mandate.id)
            .with_for_update()
        ).one()
        values: dict[str, Any] = {"provider_refs": {**row.provider_refs, **refs}}
        if row.status in ENDED:
            values["due_at"] = services.clock.now()
        connection.execute(update(mandate_table).where(mandate_table.c.id == mandate.id).values(**values))


def mine_again(connection: Connection, mandate: AnyRow) -> AnyRow | None:
    """The row as it is now, locked; null when another worker has taken it up meanwhile."""
    row = connection.execute(
        select(mandate_table).where(mandate_table.c.id == mandate.id).with_for_update()
    ).one()
    return row if row.claimed_at in (None, mandate.claimed_at) else None
