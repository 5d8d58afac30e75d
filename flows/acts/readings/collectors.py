"""What who collects for the lender did with the borrower's money."""

import re
from dataclasses import replace

from flows.acts.words.sums import bare_sum
from flows.answers import plain
from flows.types.event import Message

_COLLECTOR = (
    r"(?:(?:su|sus|un|una|uno|una|el|la|los|otro|your|the|one of your) )+(?:de (?:sus|los) )?"
    r"(?:trabajador|cobrador|gestor|emplead|agente|asesor|ejecutiv|promotor|muchach|señor|senor|"
    r"collector|agent|worker|employee|rep|guy|man|person)\w*"
)
_KEPT = (
    r"(?:se (?:lo |la |los |me )?(?:rob\w+|qued\w+ con|clav\w+|chingo|bajo|trans\w+)|"
    r"me (?:robo|transo|estafo)|rob(?:o|aron)|"
    r"(?:nunca|no) (?:me )?(?:lo|la|los|las) (?:registr|report|entreg|deposit|abon|aplic|meti|dio|anot)\w*|"
    r"no (?:aparece|se ve|me (?:dio|hizo) (?:recibo|comprobante))|"
    r"stole|kept|took|pocketed|never (?:registered|reported))"
)
_KEPT_BY = re.compile(rf"\b{_COLLECTOR}\b.*\b{_KEPT}\b")
_PAYMENT = re.compile(
    r"\b(?:pag\w*|abon\w*|deposit\w*|dinero|lana|efectivo|(?:le|les) (?:di|entregue)|"
    r"money|payment|paid|cash|gave)\b"
)


def kept_by_collector(message: Message) -> Message | None:
    """«Su trabajador se robó mi pago»: a complaint, and a payment that is reported."""
    flat = plain(message.text)
    if not _KEPT_BY.search(flat) or not _PAYMENT.search(flat):
        return None
    amount = message.amount or bare_sum(message.text)
    return replace(
        message, intent="complain", also=("report_payment",), amount=amount, topic=None, certain=True
    )
