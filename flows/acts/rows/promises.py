"""Acts on a promise, the one that is made among them."""

import re

from flows.acts.readings.proposals import names_vaguely
from flows.acts.rows.situation import ABOUT_PAYING, OF_WHAT_STANDS, Situation
from flows.acts.words.asked import WHEN_NEXT
from flows.acts.words.crisis import lost_income
from flows.promises.terms import means_all

_SHORT = 6
"""Words of «ya no voy a poder», which names nothing."""
_OF_HOURS = re.compile(r"\ba que horas?\b|\bwhat time\b|\b(?:abren|cierran|atienden)\b")
"""«¿A qué hora abren mañana?»: no day to pay."""


def cancels_promise(it: Situation) -> bool:
    """«Cancela mi promesa», «olvida lo del viernes»"""
    if not it.says.cancel or it.says.charge or it.says.debit:
        return False
    same_day = it.promise is not None and it.day == it.promise.due_date
    alone = it.free and it.promise is not None and it.charge is None
    short = alone and len(it.message.text) < 16
    meant = (
        alone and not (it.debit or it.plan) and it.message.intent in OF_WHAT_STANDS
    )  # «ya no, cancela eso»
    return it.says.promise or same_day or short or meant


_HAVE_ONE = re.compile(
    r"(?:(?:y|oye|oiga|entonces|and) )*"
    r"(?:(?:que|cual|what) (?:acuerdo|convenio|compromiso|agreement) (?:tengo|do i have)|"
    r"(?:tengo|tenia|do i have) (?:algun|un|any|an) (?:acuerdo|convenio|arreglo|compromiso|agreement))"
    r"(?: (?:de pago|con ustedes|with you|vigente|activo|pendiente))*"
)
"""«¿Tengo algún acuerdo?», where there may be none."""


def asks_of_promise(it: Situation) -> bool:
    """«¿En cuánto quedamos?», «¿para qué día dije?», «no canceles mi promesa»"""
    if (it.says.promise and it.says.keeping) or (it.promise is not None and it.asks_if_done):
        return True
    if it.promise is not None and not it.plan and WHEN_NEXT.fullmatch(it.says.flat):
        return True
    if it.promise is None and it.day is not None and it.message.amount is not None:
        return False  # «¿quedamos el viernes con 600?»: none is made yet
    if it.says.ask and not it.plan and _HAVE_ONE.fullmatch(it.says.flat):
        return True
    agreed = it.says.agreed and not it.says.charge and (it.free or it.promise is not None)
    return it.says.ask and (it.says.promise or agreed) and not it.says.cancel


def keeps_promise(it: Situation) -> bool:
    """«Sí, el viernes les pago», with Friday promised: nothing changes."""
    if it.promise is None or not it.free or not it.about_promise or it.says.cannot or it.says.less:
        return False
    same_day = it.day == it.promise.due_date and it.message.amount in (None, it.promise.amount)
    if any(part.share == "all" for part in it.message.parts):  # «¿y si pago todo el sábado?»
        return False
    return same_day and it.message.intent in ("promise_to_pay", "affirm", "other") and not it.says.move


def _in_trouble(it: Situation) -> bool:
    """«No puedo el viernes, me corrieron», of the day that was promised: it is noted, and no day asked."""
    then = it.day is None or (it.promise is not None and it.day == it.promise.due_date)
    return then and it.message.intent == "report_hardship" and lost_income(it.message.text)


def breaks_promise(it: Situation) -> bool:
    """«Ya no voy a poder el viernes»: another day is asked for."""
    if it.promise is None or not it.about_promise or not it.says.cannot or it.says.less or _in_trouble(it):
        return False
    days = (it.promise.due_date, *(part.due_date for part in it.promise.rest))
    same_day = it.day in days and it.message.amount is None
    short = len(it.says.flat.split()) <= _SHORT
    unsaid = it.free and not it.gives and (it.says.promise or it.says.agreed or it.says.payment or short)
    return (same_day or unsaid) and it.message.intent in ABOUT_PAYING


def moves_promise(it: Situation) -> bool:
    """«Mejor el lunes», «siempre no puedo el viernes», «solo voy a poder 200», with a promise standing."""
    if it.promise is None or not it.about_promise or _in_trouble(it):
        return False
    if it.message.certain and it.message.intent not in ABOUT_PAYING:
        return False
    return (it.says.promise and (it.says.move or it.gives)) or (
        it.free and (it.gives or (it.says.cannot and it.says.agreed))
    )


def makes_promise(it: Situation) -> bool:
    """A day or a sum and nothing else, where no question asked for one."""
    if it.says.if_paid:
        return False
    asks = it.says.marked and it.message.topic is not None  # «¿y si liquido el viernes?»
    asks = asks or _OF_HOURS.search(it.says.flat) is not None
    bare = it.gives and it.message.intent == "other" and not asks
    if it.free and it.promise is None and it.charge is None and it.says.not_today:
        return True
    if it.free and it.promise is None and it.charge is None and it.says.cannot and it.says.agreed:
        return True  # «ya no puedo el viernes como habíamos quedado»
    later = it.says.payment and it.says.later and it.promise is None
    whole = it.day is not None and it.message.amount is not None and it.says.agreed
    by_a_way = it.day is not None and it.says.pays and it.message.intent == "ask_payment_methods"
    if it.free and it.promise is None and (whole or (by_a_way and not it.says.ask)):  # «los pago hoy en oxxo»
        return True
    vague = names_vaguely(it.message) or means_all(it.message)  # «lo del mes nada más»
    if it.free and it.promise is None and it.charge is None and vague:
        return True
    return it.free and not it.says.charge and (bare or (later and not it.message.certain))
