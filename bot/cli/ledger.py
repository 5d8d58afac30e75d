"""acuerdo ledger"""

import click
from sqlalchemy import func, select, true

from bot.cli.progress import progress
from bot.services import make_services
from models import Loan, read_tx
from models.ledger import verify as verify_ledger


@click.group()
def command() -> None:
    """The loan ledger.

    Example: acuerdo ledger verify
    """


@command.command()
@click.option("--loan", help="External id; default: all.")
def verify(loan: str | None) -> None:
    """Walks chains and balances; names the first entry that is wrong.

    Example: acuerdo ledger verify --loan JAC-1001
    """
    with read_tx(make_services().engine) as connection:
        loans = (
            connection.scalar(select(func.count(Loan.id)).where(Loan.external_id == loan if loan else true()))
            or 0
        )
        if loan and not loans:
            message = f"there is no loan {loan}"
            raise click.ClickException(message)
        with progress(loans, "verifying") as more:
            faults = list(verify_ledger(connection, loan, more))
    for fault in faults:
        where = f"entry {fault.seq}" if fault.seq else "balances"
        click.echo(f"loan {fault.loan}, {where}: {fault.what}", err=True)
    if faults:
        raise SystemExit(1)
    click.echo("every chain and balance holds")
