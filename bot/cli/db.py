"""acuerdo db"""

import click
from sqlalchemy import bindparam, select, update

from bot.cli.progress import progress
from bot.debit.mandates import rotate_identity_files
from bot.services import Services, make_services
from bot.webhooks import rotate_stored_secrets
from models import bank_account_table, make_engine, read_tx, write_tx
from models.copying import NotAtThisVersion, NotEmpty, NotWholly, copy_database, row_count
from models.ledger import verify, verify_records
from models.migrate import upgrade

_BATCH = 500
_KEEP = (
    update(bank_account_table)
    .where(bank_account_table.c.id == bindparam("account"))
    .values(
        encrypted=bindparam("encrypted"),
        fingerprint=bindparam("fingerprint"),
        key_id=bindparam("key_id"),
    )
)


@click.group()
def command() -> None:
    """Migrates the database, copies it, rotates encryption keys.

    Example: acuerdo db upgrade
    """


@command.command("upgrade")
def upgrade_() -> None:
    """Migrates the database to this version.

    Example: acuerdo db upgrade
    """
    upgrade(make_services().engine)
    click.echo("the database is at this version")


@command.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypts account numbers, and what else is kept encrypted, again under the newest of
    ACUERDO_ENCRYPTION_KEYS; fingerprints accounts again under the present ACUERDO_SECRET_KEY.

    Example: ACUERDO_ENCRYPTION_KEYS=new,old acuerdo db rotate-keys
    """
    services = make_services()
    done = 0
    while rotated := _rotate_accounts(services):
        done += rotated
    click.echo(f"{done} account numbers encrypted again")
    if files := rotate_identity_files(services):
        click.echo(f"{files} identity files encrypted again")
    if endpoints := rotate_stored_secrets(services):
        click.echo(f"{endpoints} secrets of webhooks encrypted again")


def _rotate_accounts(services: Services) -> int:
    """Some of them, locked: one that is erased meanwhile must not come back. How many; 0 at the end."""
    vault = services.vault
    stale = select(
        bank_account_table.c.id, bank_account_table.c.borrower_id, bank_account_table.c.encrypted
    ).where(bank_account_table.c.key_id != vault.key_id)
    with write_tx(services.engine) as connection:
        rows = connection.execute(stale.limit(_BATCH).with_for_update()).all()
        kept = [
            {
                "account": row.id,
                "encrypted": vault.rotate(row.encrypted, row.borrower_id),
                "fingerprint": vault.fingerprint(vault.decrypt(row.encrypted, row.borrower_id)),
                "key_id": vault.key_id,
            }
            for row in rows
        ]
        if kept:
            connection.execute(_KEEP, kept)
    return len(kept)


@command.command("copy")
@click.argument("source")
@click.argument("target")
def copy(source: str, target: str) -> None:
    """Copies a whole database into an empty one, such as SQLite's into PostgreSQL, and verifies both.

    Stop every process first: what arrives meanwhile comes again, or is fetched from the provider.

    Example: acuerdo db copy sqlite:///var/acuerdo.db postgresql://acuerdo@db.internal/acuerdo
    """
    here, there = make_engine(source), make_engine(target, durable=True)
    try:
        with progress(row_count(here), "copying") as more:
            copied = copy_database(here, there, more)
        for name, engine in (("from", here), ("to", there)):
            with read_tx(engine) as connection:
                if fault := next(iter([*verify(connection), *verify_records(connection)]), None):
                    message = f"the database copied {name} does not hold: {fault.loan} {fault.what}"
                    raise click.ClickException(message)
    except (NotAtThisVersion, NotEmpty, NotWholly) as error:
        raise click.ClickException(str(error)) from None
    finally:
        here.dispose()
        there.dispose()
    click.echo(f"{copied} rows copied; every chain and balance holds on both sides")
    click.echo("to go on there, set ACUERDO_DATABASE_URL to it and start; as a backup it is whole")
