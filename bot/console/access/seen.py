"""Who saw what: pages that show a borrower's data and files that leave with it are audited as they are given
out, in one place.
"""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, g, request
from sqlalchemy import Connection, select

from bot import audit
from bot.web import services
from models import audit_entry_table, read_tx, write_tx

AGAIN = timedelta(hours=1)
"""Whoever opens a page again within it has been recorded."""


@dataclass(frozen=True, slots=True)
class Shown:
    action: str
    subject: str
    """What the last part of the page's address is the name of."""
    every_time: bool = False


PAGES = {
    "console.conversation": Shown("borrower.viewed", "conversation"),
    "console.ledger": Shown("loan.viewed", "loan"),
    "console.behind": Shown("report.viewed", "report"),
    "console.tape": Shown("tape.viewed", "tape"),
    "console.files_saved": Shown("file.opened", "file", every_time=True),
    "console.attachments_saved": Shown("file.opened", "attachment", every_time=True),
    "console.attachments_shown": Shown("file.opened", "attachment"),
    "console.report_file": Shown("report.exported", "report", every_time=True),
    "console.behind_file": Shown("loans.exported", "report", every_time=True),
    "console.before_after_file": Shown("report.exported", "report", every_time=True),
    "console.experiment_behind": Shown("report.viewed", "experiment"),
    "console.experiments_file": Shown("report.exported", "experiment", every_time=True),
    "console.experiment_file": Shown("loans.exported", "experiment", every_time=True),
    "console.audit_file": Shown("redeco.exported", "complaints", every_time=True),
}


def register(blueprint: Blueprint) -> None:
    blueprint.after_request(record)


def record(response: Response) -> Response:
    shown = PAGES.get(request.endpoint or "")
    if shown is not None and response.status_code == HTTPStatus.OK and g.get("agent") is not None:
        names = [str(value) for value in (request.view_args or {}).values()]
        _record(shown, f"agent:{g.agent.id}", ":".join([shown.subject, *names]))
    return response


def _record(shown: Shown, actor: str, subject: str) -> None:
    now = services().clock.now()
    with read_tx(services().engine) as connection:
        if not shown.every_time and _was_seen(connection, shown, actor, subject):
            return
    with write_tx(services().engine) as connection:
        audit.record(connection, now, actor, shown.action, subject)


def _was_seen(connection: Connection, shown: Shown, actor: str, subject: str) -> bool:
    row = audit_entry_table.c
    lately = select(row.id).where(
        row.subject == subject,
        row.at >= services().clock.now() - AGAIN,
        row.actor == actor,
        row.action == shown.action,
    )
    return connection.scalar(lately.limit(1)) is not None
