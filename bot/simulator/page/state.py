"""All that is shown of one loan, in one answer: the page asks for it again and again."""

from flask import Response, request

from bot.simulator.page.debit import debit_of
from bot.simulator.page.english import with_english
from bot.simulator.page.ledger import entries
from bot.simulator.page.loan import find, loan_of
from bot.simulator.page.phone import messages
from bot.simulator.page.service import answer, blueprint
from bot.simulator.page.today import day
from bot.web import services
from models import read_tx


@blueprint.get("/state")
def state() -> Response:
    """`loan` by its external id, the phone by its `address`; without a loan, the day alone. `lang=en`: with
    English under what is in Spanish.
    """
    with read_tx(services().engine) as connection:
        row = find(connection, request.args.get("loan", ""))
        if row is None:
            return answer(day=day(), loan=None)
        parts = {
            "loan": loan_of(connection, row),
            "ledger": entries(connection, row.id),
            "debit": debit_of(connection, services(), row),
        }
        shown = messages(request.args.get("address", ""))
        if request.args.get("lang") == "en":
            shown = with_english(connection, shown)
    return answer(day=day(), messages=shown, **parts)
