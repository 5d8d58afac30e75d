"""Calls and visits as a dialer exports them: a CSV of one contact a row."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.reach.agent_contacts import AgentChannel, AgentContact, ContactOutcome, record_call
from bot.services import Services
from models import borrower_table, write_tx
from values import InvalidPhone, Phone

REQUIRED = ("borrower_id", "channel", "outcome", "at", "reference")
COLUMNS = (*REQUIRED, "phone", "made_by")
BATCH = 500


class InvalidContact(ValueError):
    """A row of a dialer's file that is no contact: what to change in it."""


@dataclass(slots=True)
class ContactsReport:
    """`faults`: the line, and what is wrong with it."""

    recorded: int = 0
    duplicates: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def import_contacts(services: Services, lines: Iterable[str], *, dry_run: bool = False) -> ContactsReport:
    """Records the good rows and reports the bad ones; the same `reference` of a borrower is recorded once.
    Raises InvalidContact where a column is missing.
    """
    reader = csv.DictReader(lines)
    if missing := [name for name in REQUIRED if name not in (reader.fieldnames or ())]:
        message = f"the file lacks {', '.join(missing)}: its columns are {', '.join(COLUMNS)}"
        raise InvalidContact(message)
    report, zone = ContactsReport(), ZoneInfo(services.settings.timezone)
    rows = enumerate(reader, 2)
    for batch in iter(lambda: list(islice(rows, BATCH)), []):
        _record(services, batch, zone, report, dry_run=dry_run)
    return report


def _record(
    services: Services,
    batch: list[tuple[int, dict[str, Any]]],
    zone: ZoneInfo,
    report: ContactsReport,
    *,
    dry_run: bool,
) -> None:
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        wanted = {row["borrower_id"] for _, row in batch}
        known = select(borrower_table.c.external_id, borrower_table.c.id)
        people = dict(connection.execute(known.where(borrower_table.c.external_id.in_(wanted))).all())
        for contact in _contacts(batch, people, zone, now, report):
            if dry_run or record_call(connection, contact, now) is not None:
                report.recorded += 1
            else:
                report.duplicates += 1


def _contacts(
    batch: Iterable[tuple[int, dict[str, Any]]],
    people: Mapping[str, int],
    zone: ZoneInfo,
    now: datetime,
    report: ContactsReport,
) -> Iterator[AgentContact]:
    for line, row in batch:
        try:
            yield _contact(row, people, zone, now)
        except InvalidContact as error:
            report.faults.append((line, str(error)))


def _contact(
    row: Mapping[str, Any], people: Mapping[str, int], zone: ZoneInfo, now: datetime
) -> AgentContact:
    given = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name, allowed in (("channel", get_args(AgentChannel)), ("outcome", get_args(ContactOutcome))):
        if given[name] not in allowed:
            message = f"{name} is {given[name]!r}: one of {', '.join(allowed)}"
            raise InvalidContact(message)
    if given["borrower_id"] not in people:
        message = f"there is no borrower {given['borrower_id'][:64]!r}"
        raise InvalidContact(message)
    if not 1 <= len(given["reference"]) <= 64:
        message = "reference is to have 1 to 64 characters: it tells one contact from another"
        raise InvalidContact(message)
    return AgentContact(
        people[given["borrower_id"]],
        given["channel"],  # type: ignore[arg-type]
        given["outcome"],  # type: ignore[arg-type]
        _at(given["at"], zone, now),
        given["made_by"] or "dialer",
        given["reference"],
        _phone(given["phone"]),
    )


def _at(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """ISO 8601; without a zone it is the lender's."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        message = f"at is {text!r}: a time like 2026-11-24T10:30:00-06:00"
        raise InvalidContact(message) from None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if at > now:
        message = f"at ({text}) lies in the future"
        raise InvalidContact(message)
    return at.astimezone(now.tzinfo)


def _phone(text: str) -> str | None:
    try:
        return Phone.parse(text).e164 if text else None
    except InvalidPhone as error:
        raise InvalidContact(str(error)) from None
