"""The audit table: who changed what may be done, and who saw what."""

import getpass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from models import audit_entry_table

ACTIONS = (
    "agent.added",
    "agent.disabled",
    "agent.password_changed",
    "agent.recovery_code_used",
    "agent.second_factor_reset",
    "agent.second_factor_set",
    "agent.sessions_ended",
    "agent.workload_changed",
    "borrower.viewed",
    "file.opened",
    "key.added",
    "key.revoked",
    "key.rotated",
    "loan.viewed",
    "loans.exported",
    "page.revoked",
    "privacy.erased",
    "privacy.exported",
    "redeco.exported",
    "report.exported",
    "report.viewed",
    "revision.approved",
    "revision.proposed",
    "revision.rejected",
    "revision.withdrawn",
    "tape.confirmed",
    "tape.given",
    "tape.undone",
    "tape.viewed",
    "webhook.added",
    "webhook.enabled",
    "webhook.removed",
    "webhook.replayed",
    "webhook.rotated",
)
"""Each has its words in `console.po`: `console.audit_<action>`."""


class UnknownAction(ValueError):
    def __init__(self, action: str) -> None:
        super().__init__(f"no audited action is called {action}: add it to ACTIONS, with its words")


def record(connection: Connection, at: datetime, actor: str, action: str, subject: str, **data: Any) -> None:
    """In the transaction of the change itself. `data` never holds a secret. Raises UnknownAction."""
    if action not in ACTIONS:
        raise UnknownAction(action)
    row = {"at": at, "actor": actor[:120], "action": action, "subject": subject[:254], "data": data}
    connection.execute(insert(audit_entry_table), row)


def operator() -> str:
    """The actor of a command: the account of the operating system that ran it."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli:unknown"
