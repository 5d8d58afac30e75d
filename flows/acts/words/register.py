"""How somebody speaks to us, and so how they are spoken to: of «tú», or of «usted»."""

import re
from typing import Literal

from flows.answers import plain

_USTED = re.compile(
    r"\b(?:usted|disculpe|oiga|fijese|permitame|me haria|podria hacerme|le suplico|"
    r"digame|digale|mandeme|aviseme|ayudeme|expliqueme|diganme|"
    r"me (?:puede|podria|permite|ayuda usted)|(?:puede|podria) (?:usted|decirme|ayudarme|"
    r"mandarme|darme|explicarme)|"
    r"(?<!como )(?<!quien )le (?:debo|pago|pague|deposito|deposite|hago|doy|mando|aviso|agradezco|"
    r"comento|encargo|entiendo|creo|pido|ruego|suplico|informo|escribo)(?! a (?:mi|el|ella)\b)|"
    r"(?:no|que|ya no) me (?:cobre|mande|llame|escriba|moleste|hable|descuente|cargue|quite|domicilie|marque|"
    r"envie)|"
    r"(?:comunique|pase|de|haga|tenga|espere|cambie|mueva|envie|confirme|explique|perdone|quite|cancele|anote|"
    r"permita|deje|revise|mande|avise|ayude|diga|llame|marque|conteste|responda|regale|apunte|cobre)"
    r"(?:me|nos|melo|mela|se|selo|sela)|"
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
