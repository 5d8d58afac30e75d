"""acuerdo ledger"""

from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import Connection, func, select, true

from bot import evidence
from bot.cli.progress import progress
from bot.services import Services, make_services
from models import Loan, read_tx
from models.ledger import Fault, verify_records
from models.ledger import verify as verify_ledger

_FILE = click.Path(dir_okay=False, path_type=Path)
_PUBLISHED = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """The loan ledger.

    Example: acuerdo ledger verify
    """


@command.command()
@click.option("--loan", help="External id; default: all.")
@click.option("--root", type=_PUBLISHED, help="A root that was published earlier.")
def verify(loan: str | None, root: Path | None) -> None:
    """Walks chains, balances and all that follows from them; names the first thing that is wrong.

    Example: acuerdo ledger verify --root root-2026-11-24.txt
    """
    services = make_services()
    with read_tx(services.engine) as connection:
        loans = (
            connection.scalar(select(func.count(Loan.id)).where(Loan.external_id == loan if loan else true()))
            or 0
        )
        if loan and not loans:
            message = f"there is no loan {loan}"
            raise click.ClickException(message)
        today = services.day(services.clock.now())
        with progress(loans, "verifying") as more:
            faults = list(verify_ledger(connection, loan, more, today))
        if loan is None:
            faults += verify_records(connection)
            faults += evidence.verify_kept_root(connection, services.settings.signing_key)
        if root is not None:
            faults += _held_against(services, connection, root)
    for fault in faults:
        click.echo(_in_words(fault), err=True)
    if faults:
        raise SystemExit(1)
    click.echo("every chain and balance holds")


def _in_words(fault: Fault) -> str:
    """No loan can be named where the record itself is gone."""
    if fault.loan == "-":
        return fault.what
    where = f"entry {fault.seq}" if fault.seq else "records"
    return f"loan {fault.loan}, {where}: {fault.what}"


def _held_against(services: Services, connection: Connection, root: Path) -> Iterator[Fault]:
    try:
        text = root.read_text(encoding="utf-8", errors="replace")
        yield from evidence.verify_root(connection, text, services.settings.signing_key)
    except (OSError, evidence.InvalidCheckpoint) as error:
        message = f"{root}: {error}"
        raise click.ClickException(message) from None


@command.command()
@click.option("--out", type=_FILE, help="Writes it with the heads that it is over; verify --root reads this.")
def root(out: Path | None) -> None:
    """The newest signed root over all chain heads, in the form of C2SP tlog-checkpoint.

    Example: acuerdo ledger root --out root-2026-11-24.txt
    """
    services = make_services()
    evidence.make_daily_root(services)
    note, heads = evidence.export_root(services)
    if out is None:
        click.echo(note, nl=False)
        return
    out.write_text(note + "\n\n" + "".join(f"{line}\n" for line in heads), encoding="utf-8")
    click.echo(f"{out}: a root over {len(heads)} heads")


@command.command("public-key")
def public_key() -> None:
    """The key that signed roots are checked with, in the form of C2SP signed-note.

    Example: acuerdo ledger public-key
    """
    services = make_services()
    click.echo(evidence.verifier_key(evidence.origin_of(services), services.settings.signing_key))


@command.command("explain")
@click.argument("loan")
def explain_loan(loan: str) -> None:
    """Every peso of a loan in words: which report covers it, what it paid, what was set aside and why.

    Example: acuerdo ledger explain JAC-1001
    """
    with read_tx(make_services().engine) as connection:
        try:
            for line in evidence.explain(connection, loan):
                click.echo(line)
        except evidence.UnknownLoan as error:
            raise click.ClickException(str(error)) from None
