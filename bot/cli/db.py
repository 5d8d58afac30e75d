"""acuerdo db"""

import click
from sqlalchemy import bindparam, select, update

from bot.services import make_services
from bot.webhooks import rotate_stored_secrets
from models import bank_account_table, read_tx, write_tx
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
    """Migrates the database, rotates encryption keys.

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
    """Encrypts account numbers again under the newest of ACUERDO_ENCRYPTION_KEYS, and fingerprints them again
    under the present ACUERDO_SECRET_KEY.

    Example: ACUERDO_ENCRYPTION_KEYS=new,old acuerdo db rotate-keys
    """
    services = make_services()
    vault, done = services.vault, 0
    while True:
        with read_tx(services.engine) as connection:
            rows = connection.execute(
                select(
                    bank_account_table.c.id, bank_account_table.c.borrower_id, bank_account_table.c.encrypted
                )
                .where(bank_account_table.c.key_id != vault.key_id)
                .limit(_BATCH)
            ).all()
        if not rows:
            break
        kept = [
            {
                "account": row.id,
                "encrypted": vault.rotate(row.encrypted, row.borrower_id),
                "fingerprint": vault.fingerprint(vault.decrypt(row.encrypted, row.borrower_id)),
                "key_id": vault.key_id,
            }
            for row in rows
        ]
        with write_tx(services.engine) as connection:
            connection.execute(_KEEP, kept)
        done += len(rows)
    click.echo(f"{done} account numbers encrypted again")
    if endpoints := rotate_stored_secrets(services):
        click.echo(f"{endpoints} secrets of webhooks encrypted again")
