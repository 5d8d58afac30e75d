"""What who collects for the lender did, told as a story: with the borrower's money, or to the borrower."""

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
    r"(?:nunca|(?<!que )no) (?:me )?(?:lo|la|los|las) "
    r"(?:registr|report|entreg|deposit|abon|aplic|meti|dio|anot)\w*|"
    r"no (?:aparece|se ve|me (?:dio|hizo) (?:recibo|comprobante))|"
    r"stole|kept|took|pocketed|never (?:registered|reported))"
)
_KEPT_BY = re.compile(rf"\b{_COLLECTOR}\b.*\b{_KEPT}\b")
_PAYMENT = re.compile(
    r"\b(?:pag\w*|abon\w*|deposit\w*|dinero|lana|efectivo|(?:le|les) (?:di|entregue)|"
    r"money|payment|paid|cash|gave)\b"
)


_CONDUCT = re.compile(
    rf"\b{_COLLECTOR}\b.*\b(?:borrach[oa]|(?:vino|llego|andaba|estaba) tomad[oa]|"
    r"grit\w+|insult\w+|amenaz\w+|groser\w+|empuj\w+|acos\w+|"
    r"burl\w+|ofend\w+|humill\w+|me (?:trat\w+|habl\w+) (?:\w+ )?(?:mal|feo|pesimo|de lo peor)|"
    r"(?:me|le) pidio (?:que )?(?:\w+ )?(?:deposit|transfir|pag|dinero|efectivo|dar)\w*.*"
    r"\b(?:su cuenta|cuenta personal|su tarjeta|propina|por fuera)|"
    r"drunk|yelled|insulted|threatened|own account|personal account)\b|"
    r"\b(?:me|nos) (?:estan?|andan?)? ?(?:marc|llam)(?:ando|an)\b.*\b(?:de|desde) \w+ (?:numeros|telefonos)\b"
)
_STILL = re.compile(
    r"\bya (?:les |lo |la )?pague\b.*\b(?:siguen?|sigue) (?:molest|ching|freg|jod|acos|insist|marc|llam)\w*"
)


_BESIDE = ("opt_out", "dispute_charge", "dispute_debt", "report_vulnerability")
"""What is heard next to how one was treated: «no debo eso, y su cobrador me insultó»."""


def of_collector(message: Message) -> Message | None:
    """«Su trabajador se robó mi pago», «ya pagué y siguen molestando»: a complaint, and a payment that is
    reported; «su empleado vino borracho»: a complaint.
    """
    flat = plain(message.text)
    paid = (_KEPT_BY.search(flat) and _PAYMENT.search(flat)) or _STILL.search(flat)
    if not paid and not _CONDUCT.search(flat):
        return None
    amount = message.amount or bare_sum(message.text)
    sure = (message.intent, *message.also) if message.certain else message.also
    also = ("report_payment",) if paid else tuple(label for label in sure if label in _BESIDE)
    return replace(message, intent="complain", also=also, amount=amount, topic=None, certain=True)
