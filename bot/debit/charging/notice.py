"""Each planned charge is announced on the last lawful contact day before it. One whose notice did not leave
in time is moved, and announced again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, bindparam, cast, literal, not_, or_, select, update

from bot.compliance import Allowed, ContactRequest, ContactRules, NotBefore, load_rules, may_contact
from bot.debit.charging.banking_days import CITY, city_day, first_possible, next_contact_day
from bot.debit.charging.guard import Drop, Go, Refuse, Wait, judge
from bot.debit.charging.snapshot import LoadedCharge, load_charges, notices_sent
from bot.debit.charging.transitions import SYSTEM, cancel, facts, lock, open_case, transition
from bot.reach import NewEvent, best_contact_points, enqueue_event
from bot.services import Services
from models import charge_table, contact_point_table, event_table, write_tx
from models.base import AnyRow
from models.ledger import NewEntry, append_many, notice_key, take_back_notice
from values import bank_name

BATCH = 200
ENOUGH = 3
"""After so many notices that did not leave, a case is opened; further notices are still tried."""

LATE, NOT_ANNOUNCED = frozenset({"missed", "not_announced"}), frozenset({"not_announced", "unreachable"})

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
    return sum(step(services, services.clock.now()) for step in (note_left, move_late, announce))


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
                    postpone(connection, services, loaded.row, reason, now, until)
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
    opens = _opens(services, row.zone, point.channel, rules, now) if point else None
    if point is None or opens is None or city_day(opens) >= row.charge_on:
        postpone(connection, services, row, "not_announced" if opens else "unreachable", now)
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


def _opens(
    services: Services, zone: str | None, channel: str, rules: ContactRules, now: datetime
) -> datetime | None:
    """The first moment at which a notice may leave; what differs from message to message is asked again at
    dispatch.
    """
    role = services.lender.lender.sender_role
    match may_contact(
        ContactRequest(now, ZoneInfo(zone) if zone else None, channel, "notice", sender_role=role), rules
    ):
        case Allowed():
            return now
        case NotBefore(at=at):
            return at
        case _:
            return None


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
                connection, row, "notified", now, because={"message": row.notice_message_id}, notified_at=now
            )
            entry = NewEntry(
                "charge.notified", facts(row, message=row.notice_message_id), SYSTEM, key=notice_key(row)
            )
            entries.setdefault(row.loan_id, []).append(entry)
        if entries:
            append_many(connection, entries, now)
    return len(found)


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
                loaded.row,
                "missed" if loaded.row.status == "notified" else "not_announced",
                now,
            )
    return len(found)


def postpone(
    connection: Connection,
    services: Services,
    row: AnyRow,
    reason: str,
    now: datetime,
    until: date | None = None,
) -> None:
    """To the first day on which it may be made when it is announced as soon as may be, or on the next contact
    day where something stands against it now. Its notice, if it has not left, is taken back.
    """
    take_back_notice(connection, row, now)
    rules = load_rules(services.lender.lender.contact_country)
    opens = _opens(services, row.zone, "whatsapp", rules, now) if reason in LATE else None
    announced_on = city_day(opens) if opens else next_contact_day(city_day(now), rules)
    failed = row.failed_notices + (reason in NOT_ANNOUNCED)
    charge_on = first_possible(announced_on, until or date.min, row.retry)
    values: dict[str, Any] = {
        "charge_on": charge_on,
        "notice_message_id": None,
        "notified_at": None,
        "failed_notices": failed,
    }
    if row.status == "planned":
        connection.execute(
            update(charge_table)
            .where(charge_table.c.id == row.id, charge_table.c.status == "planned")
            .values(**values)
        )
    else:
        transition(connection, row, "planned", now, because={"reason": reason}, **values)
    if failed >= ENOUGH:
        open_case(connection, "charge_not_announced", str(row.id), now, row.loan_id, charge=row.id)
    if reason == "over_period":
        open_case(connection, "charge_over_period", str(row.id), now, row.loan_id, charge=row.id)


def refuse(connection: Connection, row: AnyRow, reason: str, now: datetime) -> None:
    """Not by us: it is not planned again under this mandate before a person has looked."""
    cancel(connection, row, reason, now, return_code=reason)
    open_case(connection, f"charge_{reason}", str(row.id), now, row.loan_id, charge=row.id, amount=row.unpaid)


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
