"""Who changed and saw what: the audit entries, searched; and the complaints as CONDUSEF's register (REDECO)
asks for them.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from io import StringIO
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, literal, or_, select

from bot import audit
from bot.console import formatting
from bot.console.agents.board import counted
from bot.console.agents.conversation import bounded
from bot.web import services
from bot.wording import MissingWords
from models import (
    agent_table,
    audit_entry_table,
    borrower_table,
    contact_point_table,
    ledger_entry_table,
    loan_table,
    read_tx,
)
from models.base import AnyRow, words
from values import CITY, city_day

PAGE, MOST_ROWS = 100, 20_000
YEARS = range(1990, 2100)
Days = tuple[date | None, date | None]
COMPLAINTS = ("complaint.opened", "complaint.resolved", "dispute.opened", "dispute.resolved")
PAGES = {
    "conversation": ("console.conversation", "conversation_id"),
    "loan": ("console.ledger", "loan_id"),
    "tape": ("console.tape", "load_id"),
}
COLUMNS = ("at", "kind", "folio", "due", "about", "outcome", "loan", "product", "state", "channel")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/audit", view_func=audit_trail)
    blueprint.add_url_rule("/audit/redeco.csv", view_func=audit_file)


def audit_trail() -> str:
    before = request.args.get("before", default=0, type=bounded)
    row, found = audit_entry_table.c, select(audit_entry_table)
    if before > 0:
        found = found.where(row.id < before)
    days, wrong = _days()
    with read_tx(services().engine) as connection:
        rows = connection.execute(
            found.where(*_asked(request.args.get("q", ""), days)).order_by(row.id.desc()).limit(PAGE + 1)
        ).all()
        names = {
            f"agent:{each.id}": each.name or each.email
            for each in connection.execute(select(agent_table.c.id, agent_table.c.name, agent_table.c.email))
        }
        known = _known(connection, rows)
        return render_template(
            "console/audit.html",
            board=counted(connection, g.agent),
            rows=rows[:PAGE],
            before=rows[PAGE - 1].id if len(rows) > PAGE else None,
            who=lambda actor: _who(actor, names),
            about=lambda subject: _about(subject, known),
            link=_link,
            details=_details,
            asked=request.args,
            wrong=wrong,
            today=city_day(services().clock.now()),
        )


def audit_file() -> Response:
    """A row for each complaint and dispute, opened or resolved, in the period; no name and no account."""
    (first, last), wrong = _days()
    if wrong:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    last = last or city_day(services().clock.now())
    begins = _start(first or last - timedelta(days=90))
    ends = _start(last + timedelta(days=1))
    entry = ledger_entry_table.c
    query = (
        select(
            entry.at,
            entry.kind,
            entry.data,
            loan_table.c.external_id,
            loan_table.c.product,
            borrower_table.c.state,
        )
        .join(loan_table, loan_table.c.id == entry.loan_id)
        .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .where(entry.kind.in_(words(*COMPLAINTS)), entry.at >= begins, entry.at < ends)
        .order_by(entry.at, entry.id)
        .limit(MOST_ROWS)
    )
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    with read_tx(services().engine) as connection:
        writer.writerows(_complaint(row) for row in connection.execute(query))
    headers = {"Content-Disposition": 'attachment; filename="redeco.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _complaint(row: AnyRow) -> dict[str, Any]:
    about = {name: row.data.get(name, "") for name in ("folio", "due", "about", "outcome", "channel")}
    at = row.at.astimezone(CITY).isoformat(timespec="seconds")
    return {
        "at": at,
        "kind": row.kind,
        "loan": row.external_id,
        "product": row.product,
        "state": row.state,
        **about,
    }


def _who(actor: str, names: Mapping[str, str]) -> str:
    """A person by name; what a command or a key did, by the account that ran it."""
    kind, _, name = actor.partition(":")
    if kind == "agent":
        return names.get(actor) or formatting.text("actor_agent")
    known = formatting.named("actor", kind)
    return known if name in ("", "unknown") else f"{known} ({name})"


def _known(connection: Connection, rows: Sequence[AnyRow]) -> dict[str, str]:
    """By subject: a loan's own number, and with whom a conversation is."""
    keys: dict[str, set[int]] = {"loan": set(), "conversation": set()}
    for row in rows:
        kind, _, name = row.subject.partition(":")
        if kind in keys and name.isdigit():
            keys[kind].add(int(name))
    loan, person, point = loan_table.c, borrower_table.c, contact_point_table.c
    loans = connection.execute(select(loan.id, loan.external_id).where(loan.id.in_(keys["loan"])))
    people = connection.execute(
        select(point.conversation_id, func.min(person.name))
        .join(borrower_table, person.id == point.borrower_id)
        .where(point.conversation_id.in_(keys["conversation"]))
        .group_by(point.conversation_id)
        .having(func.count(person.id.distinct()) == 1)
    )
    return {f"loan:{key}": number for key, number in loans} | {
        f"conversation:{key}": formatting.text("audit_with", name=name) for key, name in people
    }


def _about(subject: str, known: Mapping[str, str]) -> str:
    kind, _, name = subject.partition(":")
    name = known.get(subject, name)
    if kind == "borrower" and name:
        return formatting.text("audit_borrower", number=name)
    try:
        return formatting.text(
            f"audit_about_{kind}", number=_report_title(name) if kind == "report" else name
        )
    except MissingWords:
        return subject


def _report_title(name: str) -> str:
    return formatting.text("before_after") if not name else formatting.named("reports", name)


def _link(subject: str, data: Mapping[str, Any]) -> str | None:
    """Where what was acted on or seen is."""
    if (proposed := data.get("proposal")) is not None:
        return url_for("console.proposal", revision_id=proposed)
    kind, _, name = subject.partition(":")
    if kind not in PAGES or not name.isdigit():
        return None
    endpoint, argument = PAGES[kind]
    values: dict[str, Any] = {argument: int(name)}
    return url_for(endpoint, **values)


def _details(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values of what was recorded, in words; a moment in the lender's zone."""
    return [(formatting.named("audit_data", name), _value(name, value)) for name, value in data.items()]


def _value(name: str, value: Any) -> str:
    if isinstance(value, str) and name in ("until", "papers_until"):
        try:
            return formatting.moment(datetime.fromisoformat(value))
        except (ValueError, TypeError):
            return formatting.iso_day(value)
    return formatting.named("role", value) if name == "role" else "–" if value is None else str(value)


def _by_words(text: str) -> list[str]:
    """The actions whose words, in the reader's language, contain the text."""
    wanted = text.casefold()
    return [name for name in audit.ACTIONS if wanted in formatting.named("audit", name).casefold()]


def _asked(searched: str, days: Days) -> list[ColumnElement[bool]]:
    """Words of the actor, the act or what it was done to, a person by name too and a loan by its number;
    days.
    """
    row = audit_entry_table.c
    found: list[ColumnElement[bool]] = []
    if text := searched.strip()[:80]:
        part = "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        agent = agent_table.c
        named = agent.name.ilike(part, escape="\\") | agent.email.ilike(part, escape="\\")
        found.append(
            row.actor.in_(select(literal("agent:") + cast(agent.id, String)).where(named))
            | row.subject.in_(select(agent.email).where(named))
            | row.actor.ilike(part, escape="\\")
            | row.action.ilike(part, escape="\\")
            | row.subject.ilike(part, escape="\\")
            | row.action.in_(_by_words(text))
            | or_(*(row.subject.in_(each) for each in _about_borrowers(part)))
        )
    first, last = days
    if first:
        found.append(row.at >= _start(first))
    if last:
        found.append(row.at < _start(last + timedelta(days=1)))
    return found


def _about_borrowers(part: str) -> list[Select[Any]]:
    """Subjects: loans and conversations of borrowers whose name, or whose loan's number, has the part."""
    loan, person, point = loan_table.c, borrower_table.c, contact_point_table.c
    found = person.name.ilike(part, escape="\\") | loan.external_id.ilike(part, escape="\\")
    owed = loan_table.join(borrower_table, person.id == loan.borrower_id)
    return [
        select(literal("loan:") + cast(loan.id, String)).select_from(owed).where(found),
        select(literal("conversation:") + cast(point.conversation_id, String))
        .select_from(owed.join(contact_point_table, point.borrower_id == person.id))
        .where(found),
    ]


def _days() -> tuple[Days, bool]:
    """Those that are asked for, none where none is; and whether one cannot be read."""
    try:
        first, last = (_day(request.args.get(name, "")) for name in ("from", "to"))
    except ValueError:
        return (None, None), True
    return (first, last), False


def _day(text: str) -> date | None:
    """Raises ValueError."""
    if (day := date.fromisoformat(text) if text else None) and day.year not in YEARS:
        raise ValueError(text)
    return day


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CITY)
