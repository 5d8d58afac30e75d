"""«Y el otro el lunes»: of two loans, the one of which nothing is promised or reported yet."""

import re
from collections.abc import Sequence

from flows.answers import plain
from flows.types.facts import LoanFacts

_OTHER = re.compile(
    r"\b(?:el|del|al|the) (?:otro|other)(?: (?:credito|prestamo|loan|one))?\b"
    r"(?! (?:dia|mes|ano|pago|lunes|martes|miercoles|jueves|viernes|sabado|domingo|day|month|week))"
)


def other_meant(loans: Sequence[LoanFacts], text: str) -> LoanFacts | None:
    owing = [loan for loan in loans if loan.instalments]
    left = [loan for loan in owing if loan.promise is None and "payment_reported" not in loan.holds]
    alone = len(owing) == 2 and len(left) == 1
    return left[0] if alone and _OTHER.search(plain(text)) else None
