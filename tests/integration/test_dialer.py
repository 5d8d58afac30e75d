"""Calls and visits from a dialer's file."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from bot.reach import InvalidContact, import_contacts
from models import AgentContact, ContactPoint, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.services import make_test_services

HEAD = "borrower_id,channel,outcome,at,reference,phone,made_by\n"


def test_good_rows_are_recorded_once_and_bad_ones_named_by_their_line(engine: Engine, now: datetime) -> None:
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        add_loan(connection, borrower, instalments=[(now.date(), {"principal": 50_000})])
        key = connection.scalar(select(ContactPoint.key))
    services = make_test_services(engine, now)
    rows = [
        "B1,call,answered,2026-11-23T10:30:00-06:00,C-1,,Laura",
        "B1,call,wrong_person,2026-11-23 11:00," + f"C-2,{key},",
        "B9,call,answered,2026-11-23T10:30:00-06:00,C-3,,",
        "B1,letter,answered,2026-11-23T10:30:00-06:00,C-4,,",
        "B1,call,answered,yesterday,C-5,,",
        "B1,call,answered,2099-01-01T10:00:00Z,C-6,,",
        "B1,visit,no_answer,2026-11-23T10:30:00-06:00,,,",
        "B1,call,no_answer,2026-11-23T10:30:00-06:00,C-7,12,",
    ]
    lines = [HEAD, *(f"{row}\n" for row in rows)]
    assert import_contacts(services, lines, dry_run=True).recorded == 2
    found = import_contacts(services, lines)
    assert (found.recorded, found.duplicates) == (2, 0)
    assert [line for line, _ in found.faults] == [4, 5, 6, 7, 8, 9]
    assert "there is no borrower 'B9'" in found.faults[0][1]
    again = import_contacts(services, lines)
    assert (again.recorded, again.duplicates) == (0, 2)
    with read_tx(engine) as connection:
        kept = connection.execute(select(AgentContact.__table__).order_by(AgentContact.reference)).all()
        assert connection.scalar(select(ContactPoint.status)) == "closed"
    assert [(row.made_by, row.at.hour) for row in kept] == [("Laura", 16), ("dialer", 17)]
    with pytest.raises(InvalidContact, match="the file lacks outcome, at, reference"):
        import_contacts(services, ["borrower_id,channel\n"])
