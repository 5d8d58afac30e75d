"""acuerdo chat"""

import time

import click
from sqlalchemy import select

from bot.channels.twilio import incoming_from
from bot.conversation import receive
from bot.services import Services, start_services
from models import contact_point_table, loan_table, message_table, read_tx


@click.command()
@click.option("--loan", help="External id; default: the first loan.")
def command(loan: str | None) -> None:
    """Talks to the bot in the terminal, as the loan's borrower, through the same path as a webhook.

    Example: acuerdo chat --loan JAC-1001
    """
    services = start_services()
    services.keep_current()
    services.settings.reply_wait_seconds = 0  # what was typed is answered before the next prompt
    address, thread = _borrower(services, loan)
    click.echo(f"You are the borrower at {address}. Ctrl-D ends.")
    last = _latest(services, thread)
    while True:
        try:
            text = click.prompt("", prompt_suffix="> ", default="", show_default=False)
        except (click.Abort, EOFError):
            return
        form = {
            "MessageSid": f"SM{time.time_ns():032x}",
            "AccountSid": services.settings.twilio_account_sid,
            "From": address,
            "To": "chat",
            "Body": text,
        }
        receive(services, incoming_from(form, services.clock.now()))
        last = _show(services, thread, last)


def _borrower(services: Services, loan: str | None) -> tuple[str, int]:
    query = (
        select(contact_point_table.c.address, contact_point_table.c.conversation_id)
        .join(loan_table, loan_table.c.borrower_id == contact_point_table.c.borrower_id)
        .order_by(loan_table.c.id)
        .limit(1)
    )
    with read_tx(services.engine) as connection:
        found = connection.execute(query.where(loan_table.c.external_id == loan) if loan else query).first()
    if found is None:
        message = (
            f"there is no loan {loan}"
            if loan
            else "there are no loans: load some with `acuerdo import loans`"
        )
        raise click.ClickException(message)
    return found.address, found.conversation_id


def _latest(services: Services, thread: int) -> int:
    with read_tx(services.engine) as connection:
        return (
            connection.scalar(
                select(message_table.c.id)
                .where(message_table.c.conversation_id == thread)
                .order_by(message_table.c.id.desc())
                .limit(1)
            )
            or 0
        )


def _show(services: Services, thread: int, last: int) -> int:
    """What the turn queued, as it will read."""
    from bot.wording import decode

    query = (
        select(message_table)
        .where(
            message_table.c.conversation_id == thread,
            message_table.c.id > last,
            message_table.c.direction == "out",
        )
        .order_by(message_table.c.id)
    )
    with read_tx(services.engine) as connection:
        rows = connection.execute(query).all()
    for row in rows:
        rendered = services.wording.render(decode(row.wording), "es_MX") if row.wording else None
        click.echo(f"\n  {(rendered.text if rendered else row.body)}".replace("\n", "\n  "))
        for number, choice in enumerate(rendered.choices if rendered else (), 1):
            click.echo(f"    {number}. {choice['title']}")
    return rows[-1].id if rows else last
