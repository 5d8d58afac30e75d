"""The factor of identity: day and month of birth. Three tries, then a person."""

from contextlib import suppress
from datetime import date
from http import HTTPStatus

from flask import Response, make_response, redirect, request

from bot.conversation import people
from bot.page_links import Access, count_failure
from bot.pages import session
from bot.pages.guard import access_of, closed, unproved
from bot.pages.words import chosen_language
from bot.reach import NewTask, best_contact_point, open_task
from bot.web import services
from flows.identity.birthday import birthday
from models import loan_table, read_tx, write_tx
from models.ledger import NewEntry, append_many
from models.loan import CLOSED_LOANS

_LEAP_YEAR = 2000


def ask(token: str) -> Response:
    """The question, or its answer."""
    access = access_of(token)
    if access is None:
        return closed(token)
    if access.locked:
        return unproved("locked", token, access, HTTPStatus.FORBIDDEN)
    if request.method == "GET":
        return unproved("who", token, access, fault="")
    given = _given()
    if given is None:
        return unproved("who", token, access, HTTPStatus.UNPROCESSABLE_ENTITY, fault="who_incomplete")
    if _is_right(access, given):
        _record(access, "identity.confirmed", {"factor": "birth", "where": "page"})
        home = make_response(redirect(f"/m/{token}{chosen_language('?')}", HTTPStatus.SEE_OTHER))
        return session.start(services(), access, home)
    return _wrong(token, access)


def _given() -> tuple[int, int] | None:
    """Day and month; null where they are no day of a year, which is no try."""
    day, month = request.form.get("day", ""), request.form.get("month", "")
    if not all(text.isascii() and text.isdecimal() and len(text) < 3 for text in (day, month)):
        return None
    with suppress(ValueError):
        date(_LEAP_YEAR, int(month), int(day))
        return int(day), int(month)
    return None


def _is_right(access: Access, given: tuple[int, int]) -> bool:
    with read_tx(services().engine) as connection:
        (person,) = people(
            connection, [access.borrower_id], services().clock.now(), services().settings.debit_submit_until
        )
    return birthday(person) == given


def _wrong(token: str, access: Access) -> Response:
    now = services().clock.now()
    with write_tx(services().engine) as connection:
        failures = count_failure(connection, access.borrower_id, now)
        locked = Access(access.borrower_id, access.generation, failures).locked
        if locked:
            point = best_contact_point(connection, access.borrower_id, usable_only=False)
            task = NewTask(
                "page_locked",
                now,
                key=f"page_locked:{access.borrower_id}:{now:%Y%m%d%H%M%S}",
                conversation_id=point.conversation_id if point else None,
                data={"failures": failures},
            )
            open_task(connection, task)
    _record(access, "identity.failed", {"where": "page", "tries": failures})
    name = "locked" if locked else "who"
    return unproved(name, token, access, HTTPStatus.FORBIDDEN, fault="who_wrong")


def _record(access: Access, kind: str, data: dict[str, object]) -> None:
    now = services().clock.now()
    loans = (
        loan_table.select()
        .with_only_columns(loan_table.c.id)
        .where(loan_table.c.borrower_id == access.borrower_id, loan_table.c.status.not_in(CLOSED_LOANS))
        .order_by(loan_table.c.id)
    )
    with write_tx(services().engine) as connection:
        entries = {
            loan: [NewEntry(kind, data, f"borrower:{access.borrower_id}")]
            for loan in connection.scalars(loans)
        }
        if entries:
            append_many(connection, entries, now)
