"""A change is proposed by one person and decided by another; what was in force before stays as a version."""

from sqlalchemy import Connection, insert, select, update

from bot import audit
from bot.revisions.kind import Approved, Kind
from bot.revisions.kinds import KINDS
from bot.services import Services
from models import revision_table, write_tx
from models.base import AnyRow


class Faulty(Exception):
    """The text has faults; nothing was kept."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class NotOpen(Exception):
    def __init__(self, revision_id: int) -> None:
        super().__init__(f"proposal {revision_id} is decided, or there is none: load the page again")


class SamePerson(Exception):
    def __init__(self) -> None:
        super().__init__("who proposed a change cannot approve it: ask somebody else")


class Unexplained(Exception):
    def __init__(self) -> None:
        super().__init__("who proposed it reads why it is rejected: say so")


class Outdated(Exception):
    def __init__(self) -> None:
        super().__init__("another version was put in force since it was proposed: propose it anew")


def propose(services: Services, kind: Kind, name: str, body: str, *, by: str, why: str) -> int:
    """Its id. Raises Faulty."""
    body = "\n".join(body.splitlines()) + "\n"
    if found := list(kind.faults(services, name, body)):
        raise Faulty(found)
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = {
            "kind": kind.name,
            "name": name,
            "body": body,
            "base": version_in_force(connection, services, kind, name),
            "why": why,
            "status": "proposed",
            "proposed_by": by,
            "proposed_at": now,
        }
        made: int = connection.execute(
            insert(revision_table).values(row).returning(revision_table.c.id)
        ).scalar_one()
        audit.record(connection, now, by, "revision.proposed", f"{kind.name}:{name}", proposal=made, why=why)
    return made


def approve(services: Services, revision_id: int, *, by: str) -> int:
    """The version that is in force now. Raises NotOpen, SamePerson, Outdated, Faulty."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = _open(connection, revision_id)
        if row.proposed_by == by:
            raise SamePerson
        kind = KINDS[row.kind]
        current = version_in_force(connection, services, kind, row.name)
        if current != row.base:
            raise Outdated
        version = current + 1
        if kind.put_in_force:
            version = kind.put_in_force(connection, Approved(row.name, row.body, by, row.why, now))
        _decide(connection, services, row, "approved", by, version)
    services.keep_current(at_once=True)
    return version


def reject(services: Services, revision_id: int, *, by: str, why: str) -> None:
    """By who proposed it, it is withdrawn, which needs no reason. Raises NotOpen, Unexplained."""
    with write_tx(services.engine) as connection:
        row = _open(connection, revision_id)
        own = row.proposed_by == by
        if not (own or why):
            raise Unexplained
        _decide(connection, services, row, "withdrawn" if own else "rejected", by, why=why or None)


def version_in_force(connection: Connection, services: Services, kind: Kind, name: str) -> int:
    """0 where there is none."""
    found = kind.versions(connection, services, name)
    return found[0].number if found else 0


def _open(connection: Connection, revision_id: int) -> AnyRow:
    row = connection.execute(
        select(revision_table)
        .where(revision_table.c.id == revision_id, revision_table.c.status == "proposed")
        .with_for_update()
    ).first()
    if row is None:
        raise NotOpen(revision_id)
    return row


def _decide(
    connection: Connection,
    services: Services,
    row: AnyRow,
    status: str,
    by: str,
    version: int | None = None,
    why: str | None = None,
) -> None:
    now = services.clock.now()
    decided = {"status": status, "decided_by": by, "decided_at": now, "version": version, "decided_why": why}
    connection.execute(update(revision_table).where(revision_table.c.id == row.id).values(decided))
    subject = f"{row.kind}:{row.name}"
    known = {name: given for name, given in (("version", version), ("why", why)) if given is not None}
    audit.record(connection, now, by, f"revision.{status}", subject, proposal=row.id, **known)
