"""How somebody speaks to us, and so how they are spoken to: of «tú», or of «usted»."""

import re
from typing import Literal

from flows.answers import plain

_USTED = re.compile(
    r"\b(?:usted|disculpe|oiga|permitame|digame|digale|mandeme|aviseme|ayudeme|expliqueme|diganme|"
    r"me (?:puede|podria|permite|ayuda usted)|(?:puede|podria) (?:usted|decirme|ayudarme|"
    r"mandarme|darme|explicarme)|"
    r"(?<!como )(?<!quien )le (?:debo|pago|pague|deposito|deposite|hago|doy|mando|aviso|agradezco|"
    r"comento|encargo)|"
    r"su (?:ayuda|apoyo|atencion|amable)|"
    r"(?<!el )(?<!la )(?<!un )(?<!una )(?<!ese )(?<!esa )(?<!mi )(?<!su )(?<!otra )"
    r"(?:senorita|senor|joven|licenciad[oa]|estimad[oa]s?))\b"
)
_FAMILIAR = re.compile(
    r"\b(?:tu|te|oye|oyes|dime|puedes|podrias|quieres|ayudame|mandame|avisame|explicame|eres|tienes|sabes|"
    r"wey|guey|bro|carnal|amigo|amiga|porfis)\b"
)


def register_of(text: str, before: str) -> Literal["", "usted"]:
    """By the forms that the text uses; where it shows none, as before."""
    flat = plain(text)
    if _USTED.search(flat):
        return "usted"
    return "usted" if before == "usted" and not _FAMILIAR.search(flat) else ""
