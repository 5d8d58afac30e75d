"""The audit table: every change of who may do what, with its actor."""

import getpass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from models import audit_entry_table


def record(connection: Connection, at: datetime, actor: str, action: str, subject: str, **data: Any) -> None:
    """In the transaction of the change itself. `data` never holds a secret."""
    row = {"at": at, "actor": actor[:120], "action": action, "subject": subject[:254], "data": data}
    connection.execute(insert(audit_entry_table), row)


def operator() -> str:
    """The actor of a command: the account of the operating system that ran it."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli:unknown"
