"""acuerdo offers"""

import click

from bot.offers.read import explained, loan_row, made
from bot.services import start_services
from flows.offers.arithmetic import Allowed
from models import read_tx
from values import Money


@click.group()
def command() -> None:
    """What may be agreed with a borrower.

    Example: acuerdo offers explain JAC-1001
    """


@command.command()
@click.argument("loan")
def explain(loan: str) -> None:
    """What policy allows this loan today, and which rule says so.

    Example: acuerdo offers explain JAC-1001
    """
    services = start_services()
    services.keep_current()
    with read_tx(services.engine) as connection:
        row = loan_row(connection, loan)
        if row is None:
            message = f"there is no loan {loan}"
            raise click.ClickException(message)
        verdicts = explained(connection, services, row)
        offered = made(connection, row.id)
    click.echo(f"loan {loan}, policy {services.lender.terms.offers.version}")
    for each in verdicts:
        if isinstance(each, Allowed):
            click.echo(f"  {each.kind:<11} allowed: {_terms(each)} [{each.rule}]")
        else:
            click.echo(f"  {each.kind:<11} not allowed [{each.rule}]")
    for offer in offered:
        discount = f", {_pesos(offer['discount'])} waived" if offer["discount"] else ""
        click.echo(
            f"  offered {offer['at'][:10]}: {offer['kind']} of {_pesos(offer['total'])} in "
            f"{len(offer['instalments'])}{discount}, {offer['status']} [{offer['rule']}]"
        )


def _terms(each: Allowed) -> str:
    parts = f"up to {each.parts} parts, {each.frequency}, none below" if each.parts > 1 else "one payment,"
    words = f"{parts} {_pesos(each.smallest.centavos)}, first by {each.first_by}, last by {each.last_by}"
    if each.discount:
        words += f", {_pesos(each.discount.centavos)} waived"
    return f"{words}; a person approves ({each.needs_person})" if each.needs_person else words


def _pesos(centavos: int) -> str:
    return f"${Money(centavos).pesos:,.2f}"
