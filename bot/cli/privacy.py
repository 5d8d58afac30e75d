"""acuerdo privacy"""

import json
import zipfile
from pathlib import Path

import click

from bot import privacy
from bot.audit import operator
from bot.services import start_services
from models import write_tx

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Hands over what is held about a borrower, and erases it.

    Example: acuerdo privacy export B-1001 --out b-1001.zip
    """


@command.command("export")
@click.argument("borrower")
@click.option("--out", type=_FILE, required=True, help="A zip that only its owner may read.")
def export_(borrower: str, out: Path) -> None:
    """All that is held about a borrower: records as JSON, their papers, the files that they gave.

    Example: acuerdo privacy export B-1001 --out b-1001.zip
    """
    try:
        found = privacy.export(start_services(), borrower, operator())
    except privacy.UnknownBorrower as error:
        raise click.ClickException(str(error)) from None
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("records.json", json.dumps(found.records, ensure_ascii=False, indent=1))
        for name, content in found.files.items():
            archive.writestr(name, content)
    rows = sum(len(each) for each in found.records.values() if isinstance(each, list))
    click.echo(f"{out}: {rows} records and {len(found.files)} files; hand it over, then delete it")


@command.command("erase")
@click.argument("borrower")
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be taken back.")
def erase(borrower: str, yes: bool) -> None:
    """Erases what identifies a borrower; names what is kept and why. Refused while a loan is open.

    Example: acuerdo privacy erase B-1001 --yes
    """
    services = start_services()
    try:
        privacy.check_erasable(services, borrower)
        if not yes:
            click.confirm(f"Erase borrower {borrower}? It cannot be taken back", abort=True)
        with write_tx(services.engine) as connection:
            done = privacy.erase(connection, services, borrower, operator())
    except (privacy.UnknownBorrower, privacy.NotErasable) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{borrower} was erased at {done.at:%Y-%m-%d %H:%M}Z; kept:")
    for kept in done.kept:
        click.echo(f"- {kept.what} {f'until {kept.until}' if kept.until else 'for good'}: {kept.why}")
