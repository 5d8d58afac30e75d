"""Each planned charge is announced on the last lawful contact day before it. One whose notice did not leave
in time is moved, and announced again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, bindparam, cast, literal, not_, or_, select, update

from bot.compliance import ContactRules, load_rules
from bot.debit.charging.banking_days import next_contact_day
from bot.debit.charging.guard import Drop, Go, Refuse, Wait, judge
from bot.debit.charging.postpone import opens_at, postpone, refuse
from bot.debit.charging.snapshot import DUE, LoadedCharge, load_charges, notices_sent
from bot.debit.charging.transitions import SYSTEM, cancel, facts, lock, open_case, transition
from bot.debit.notices import notice_key
from bot.reach import NewEvent, best_contact_points, enqueue_event, enqueue_events
from bot.services import Services
from models import (
    charge_table,
    contact_point_table,
    event_table,
    instalment_table,
    loan_table,
    message_table,
    plan_instalment_table,
    task_table,
    write_tx,
)
from models.base import AnyRow
from models.ledger import NewEntry, append_many
from values import CITY, bank_name, city_day

BATCH = 200
_COPY = message_table.alias("copy")
_ANNOUNCED = select(event_table.c.id).where(
    event_table.c.key
    == literal("charge.notified:")
    + cast(charge_table.c.id, String)
    + literal(":")
    + cast(charge_table.c.charge_on, String)
)
_TO_ANNOUNCE = (
    select(charge_table.c.id)
    .where(
        charge_table.c.status == "planned",
        charge_table.c.charge_on > bindparam("today"),
        charge_table.c.charge_on <= bindparam("last"),
        not_(_ANNOUNCED.exists()),
    )
    .order_by(charge_table.c.charge_on, charge_table.c.id)
    .limit(BATCH)
)
_HAVE_LEFT = (
    notices_sent()
    .where(charge_table.c.status == "planned", charge_table.c.charge_on >= bindparam("today"))
    .with_only_columns(charge_table.c.id)
    .order_by(charge_table.c.id)
    .limit(BATCH)
)
_DUE_MOVED = (
    select(charge_table.c.id)
    .join(instalment_table, instalment_table.c.id == charge_table.c.instalment_id)
    .outerjoin(plan_instalment_table, plan_instalment_table.c.id == charge_table.c.plan_instalment_id)
    .where(
        charge_table.c.status.in_(("planned", "notified")),
        charge_table.c.planned_due_date != DUE.element,
    )
    .order_by(charge_table.c.id)
    .limit(BATCH)
)
_ON_ITS_WAY = (
    select(_COPY.c.id)
    .join(
        message_table,
        (_COPY.c.conversation_id == message_table.c.conversation_id)
        & (_COPY.c.created_at == message_table.c.created_at),
    )
    .where(
        message_table.c.id == charge_table.c.notice_message_id,
        _COPY.c.purpose == "notice",
        _COPY.c.status.not_in(("failed", "suppressed")),
    )
)
_UNANNOUNCED = select(charge_table.c.id, charge_table.c.loan_id, loan_table.c.borrower_id).where(
    loan_table.c.id == charge_table.c.loan_id,
    charge_table.c.status == "planned",
    _ANNOUNCED.where(event_table.c.done_at.is_not(None)).exists(),
    not_(_ON_ITS_WAY.exists()),
    not_(
        select(task_table.c.id)
        .where(task_table.c.key == literal("charge_not_announced:") + cast(charge_table.c.id, String))
        .exists()
    ),
)
_TOO_LATE = (
    select(charge_table.c.id)
    .where(
        or_(
            (charge_table.c.status == "planned") & (charge_table.c.charge_on <= bindparam("today")),
            (charge_table.c.status == "notified") & (charge_table.c.charge_on < bindparam("missed")),
        )
    )
    .order_by(charge_table.c.id)
    .limit(BATCH)
)


def notify(services: Services) -> int:
    """Announces what must be announced today, notes which notices left, moves what is too late; how many
    charges it touched.
    """
    steps = (note_left, follow_due_dates, move_late, announce, report_unannounced)
    return sum(step(services, services.clock.now()) for step in steps)


def announce(services: Services, now: datetime) -> int:
    """Queues the notices whose day has come; what may not be charged is put off, dropped or shown to a
    person.
    """
    rules = load_rules(services.lender.lender.contact_country)
    today = city_day(now)
    with write_tx(services.engine) as connection:
        ids = list(connection.scalars(_TO_ANNOUNCE, {"today": today, "last": next_contact_day(today, rules)}))
        found = _read_locked(connection, ids, now)
        points = _contact_points(connection, {loaded.row.borrower_id for loaded in found})
        for loaded in found:
            match judge(loaded.snapshot):
                case Go(amount=amount):
                    _announce(
                        connection, services, loaded, amount, points.get(loaded.row.borrower_id), rules, now
                    )
                case Wait(reason=reason, until=until):
                    postpone(connection, services, loaded, reason, now, until)
                case Drop(reason=reason):
                    cancel(connection, loaded.row, reason, now)
                case Refuse(reason=reason):
                    refuse(connection, loaded.row, reason, now)
    return len(found)


def _announce(
    connection: Connection,
    services: Services,
    loaded: LoadedCharge,
    amount: int,
    point: AnyRow | None,
    rules: ContactRules,
    now: datetime,
) -> None:
    """Its event leaves for the conversation, unless no lawful hour is left before its day."""
    row = loaded.row
    opens = opens_at(services, row.zone, point.channel, rules, now) if point else None
    if point is None or opens is None or city_day(opens) >= row.charge_on:
        postpone(connection, services, loaded, "late" if opens else "unreachable", now)
        return
    data = {
        "charge": row.id,
        "amount": amount,
        "charge_on": row.charge_on.isoformat(),
        "bank": bank_name(row.bank_code) or "",
        "last4": row.last4,
        "loan": row.external_id,
    }
    event = NewEvent(
        "charge.notified",
        point.conversation_id,
        notice_key(row),
        now,
        data,
        row.loan_id,
        point.id,
        not_before=opens,
    )
    enqueue_event(connection, event)
    connection.execute(
        update(charge_table).where(charge_table.c.id == row.id).values(amount=amount, notice_message_id=None)
    )


def note_left(services: Services, now: datetime) -> int:
    """A charge is `notified` once its notice has really left, a day before it at least."""
    with write_tx(services.engine) as connection:
        ids = list(connection.scalars(_HAVE_LEFT, {"today": city_day(now)}))
        found = [
            loaded
            for loaded in _read_locked(connection, ids, now)
            if loaded.announced_on is not None and loaded.announced_on < loaded.row.charge_on
        ]
        entries: dict[int, list[NewEntry]] = {}
        for loaded in found:
            row = loaded.row
            transition(
                connection,
                row,
                "notified",
                now,
                because={"message": row.notice_message_id},
                notified_at=now,
                expected_on=row.charge_on,
            )
            entry = NewEntry(
                "charge.notified",
                facts(row, message=row.notice_message_id),
                SYSTEM,
                key=f"charge.notified:{row.id}:{row.notice_message_id}",
            )
            entries.setdefault(row.loan_id, []).append(entry)
        if entries:
            append_many(connection, entries, now)
    return len(found)


def follow_due_dates(services: Services, now: datetime) -> int:
    """A tape moved the instalment: a charge whose day would come too early waits for it; one that was not
    announced yet comes as early as it may.
    """
    with write_tx(services.engine) as connection:
        found = _read_locked(connection, list(connection.scalars(_DUE_MOVED)), now)
        for loaded in found:
            row = loaded.row
            too_early = row.charge_on < row.due_date
            if too_early or (
                row.due_date < row.planned_due_date and row.status == "planned" and not row.retry
            ):
                postpone(connection, services, loaded, "due_moved", now, row.due_date)
            else:
                connection.execute(
                    update(charge_table)
                    .where(charge_table.c.id == row.id)
                    .values(planned_due_date=row.due_date)
                )
    return len(found)


def report_unannounced(services: Services, now: datetime) -> int:
    """What the conversation or the wire did not let leave: a case the same day, while it is tried again. Whom
    nobody knows to be there any more is met with the neutral opening and a link to their own page.
    """
    with write_tx(services.engine) as connection:
        found = connection.execute(_UNANNOUNCED).all()
        points = _contact_points(connection, {row.borrower_id for row in found})
        openings = [
            NewEvent(
                "outreach",
                points[row.borrower_id].conversation_id,
                f"identity:charge:{row.id}",
                now,
                {"flow": "identity", "page": True},
                row.loan_id,
                points[row.borrower_id].id,
            )
            for row in found
            if row.borrower_id in points
        ]
        for row in found:
            open_case(connection, "charge_not_announced", str(row.id), now, row.loan_id, charge=row.id)
        enqueue_events(connection, openings)
    return 0


def move_late(services: Services, now: datetime) -> int:
    """What was not announced before its day, or announced and not submitted on it, is charged another day."""
    today = city_day(now)
    closed = now.astimezone(CITY).time() >= services.settings.debit_submit_until
    with write_tx(services.engine) as connection:
        ids = list(connection.scalars(_TOO_LATE, {"today": today, "missed": today + timedelta(days=closed)}))
        found = _read_locked(connection, ids, now)
        for loaded in found:
            postpone(
                connection,
                services,
                loaded,
                "missed" if loaded.row.status == "notified" else "not_announced",
                now,
            )
    return len(found)


def _read_locked(connection: Connection, ids: Sequence[int], now: datetime) -> list[LoadedCharge]:
    """As they stand behind their locks; those that moved meanwhile are left out."""
    if not ids:
        return []
    before = dict(
        connection.execute(
            select(charge_table.c.id, charge_table.c.status).where(charge_table.c.id.in_(ids))
        ).all()
    )
    lock(connection, ids)
    return [
        loaded for loaded in load_charges(connection, ids, now) if loaded.row.status == before[loaded.row.id]
    ]


def _contact_points(connection: Connection, borrowers: set[int]) -> Mapping[int, AnyRow]:
    """Where each borrower is best reached."""
    points = best_contact_points().where(contact_point_table.c.borrower_id.in_(borrowers)).subquery()
    return {row.borrower_id: row for row in connection.execute(select(points).where(points.c.rank == 1))}
