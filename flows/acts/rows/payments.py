"""Acts on a payment that was made, or is said to be."""

import re

from flows.acts.rows.situation import Situation
from flows.acts.words.details import is_detail

_ABOUT_PAYMENT = ("report_payment", "ask_balance", "ask_due_date", "other", "affirm", "ask_payment_methods")
_IS_IT_THERE = ("ya se", "ya les", "ya lo", "se reflejo", "les llego", "no se", "y ya")
_IS_IT_DONE = re.compile(
    r"(?:(?:y|oye|oiga|entonces|disculpa|disculpe|hola|ya) )*"
    r"(?:(?:ya |si )*(?:(?:te |le |les )?(?:llego|cayo|aparecio)|quedo|esta|estuvo|paso|"
    r"quedamos(?= a mano| bien| listo)|"
    r"lo (?:vieron|revisaron|checaron|encontraron)|se (?:vio|registro))|"
    r"(?:did|have) you (?:get|got|receive|received|see|seen) (?:it|that|my payment)|"
    r"(?:are we|am i|is it|we|it s|all) (?:good|even|all set|settled)(?: now)?|"
    r"(?:is|did) it (?:done|go through|there|arrive))(?: (?:mi pago|lo mio|listo|registrado|pagado|"
    r"cubierto|a mano|todo|bien|asi|entonces|verdad|no|yet|ya))*"
)
_ARRIVED = re.compile(r"\b(?:llego|cayo|aparecio|se reflejo|get|got|receive|arrive)\b")
_WHAT_BECAME = re.compile(
    r"(?:(?:y|oye|oiga|hola|disculpe|entonces) )*"
    r"(?:que (?:paso|onda|hay|hubo|se sabe|saben) (?:con|de|del) (?:lo de )?(?:mi |el |lo )?"
    r"(?:pago|deposito|comprobante|transferencia|abono)|"
    r"(?:(?:todavia|aun|sigue) )?(?:no|sin) (?:me |se )?(?:aparec|refleja|ve\b|sale|ver)\w*"
    r"(?: (?:todavia|aun|nada|mi pago|el pago|en el saldo|reflejad[oa]))*)"
)
"""«¿Qué pasó con mi pago?», «¿no aparece todavía?»"""
_INCOME = re.compile(
    r"\b(?:a mi )?(?:todavia |aun )?no me (?:ha|han|a) (?:llegado|caido|entrado|depositado|pagado)\b|"
    r"\b(?:mi|la|el) (?:pago|deposito|apoyo|dinero) del? (?:imss|issste|bienestar|gobierno|trabajo|"
    r"la pension|mi (?:trabajo|pension|patron|jefe))\b"
)
"""«No me ha llegado mi pago del IMSS»: of what the borrower is to be paid."""
_WHEN_ANSWERED = re.compile(
    r"\b(?:cuando|en cuanto tiempo|a que hora|cuanto (?:tiempo )?tardan?|when|how long)\b.*"
    r"\b(?:contest\w+|respond\w+|respuesta|avis\w+|resuelv\w+|revis\w+|confirm\w+|answer\w*|reply|know)\b"
)
"""«¿Cuándo me contestan?»"""
_MAY_SEND = re.compile(
    r"\b(?:puedo|podria|se puede|can i|could i|may i) (?:mand|envi|pas|send|show)\w*\b|"
    r"\b(?:le|les|te|se) (?:lo )?puedo (?:mand|envi|pas)ar\b"
)
"""«Le puedo pasar mi comprobante por aquí», whatever its sign."""
_SENDS = re.compile(
    r"(?:(?:si|ok|pues|ahorita|ya|yo|entonces) )*(?:le|les|te) (?:mando|envio|paso|comparto) "
    r"(?:el|mi|una?|la) (?:recibo|comprobante|ticket|voucher|foto|captura)"
)
_BARE_DAY = re.compile(
    r" (?:como )?(?:(?:en|por|a) (?:la |el )?(?:manana|tarde|noche|medio ?dia|mediodia)|a las? \d+.*|"
    r"temprano)$"
)
"""The hour of «hoy en la mañana»."""
_SUM = re.compile(r"\b(?:fueron |de )?\d[\d ]*(?:pesos)?(?= |$)")
_BARE = 2
"""Words of «hoy», «hoy mismo»."""
_FEW = 5
"""Words of «en OXXO», «por transferencia»."""


def asks_of_payment(it: Situation) -> bool:
    """«¿Ya les llegó mi pago?»; «¿ya quedó?», of a payment that was reported."""
    done = _WHAT_BECAME.fullmatch(it.says.flat) or (it.says.marked and _IS_IT_DONE.fullmatch(it.says.flat))
    nothing_else = not (it.promise or it.plan or it.debit or it.charge)
    known = it.reported or (it.paid_lately and (nothing_else or _ARRIVED.search(it.says.flat)))
    if known and it.free and (done or _WHEN_ANSWERED.search(it.says.flat)):
        return True
    if it.says.if_paid or _INCOME.search(it.says.flat):
        return False
    missing = it.says.not_yet and not it.message.certain  # «no me aparece mi pago»
    last = it.message.intent == "report_payment" and it.says.marked  # «¿ya se reflejó lo del mes pasado?»
    about = it.says.arrived and (it.says.payment or (last and it.says.flat.startswith(_IS_IT_THERE)))
    return about and (missing or (it.says.ask and it.message.intent in _ABOUT_PAYMENT))


def withdraws_report(it: Situation) -> bool:
    """«No, mentira, no he pagado», of a payment that was reported."""
    return it.reported and not it.says.marked and it.says.not_paid


def lacks_proof(it: Situation) -> bool:
    """«No encuentro el ticket», of a payment that was reported."""
    return it.reported and it.free and it.says.no_proof and not it.says.marked


def offers_proof(it: Situation) -> bool:
    """«¿Te mando foto?», «¿sirve una captura?»; of a payment that was reported, «tengo la captura»."""
    has = it.reported and it.free and not (it.says.no_proof or it.gives)
    ours = re.search(
        r"\bme (?:\w+ )?(?:mand|envi|d)(?:an?|en?|aran|ar)\b", it.says.flat
    )  # «¿me mandan comprobante?»
    return (
        not ours
        and it.says.proof
        and (it.says.marked or has or _may_send(it))
        and it.message.intent in (*_ABOUT_PAYMENT, "ask_identity")
    )


def _may_send(it: Situation) -> bool:
    sends = not it.message.certain and _SENDS.fullmatch(it.says.flat)  # «le mando el recibo»
    return bool(sends or _MAY_SEND.search(it.says.flat))


def reports_payment(it: Situation) -> bool:
    """«¿Me van a cobrar aunque ya pagué?»: what was paid is looked at, and the charge held."""
    return it.charge is not None and it.says.paid_already and it.says.charge and not it.reported


def details_payment(it: Situation) -> bool:
    """«350», «fueron 400», «ayer», after «ya pagué»: of the payment that was reported."""
    detail = it.says.numbered or it.says.recalls or is_detail(it.says.flat)
    if it.reported and it.free and detail:
        return True
    unsummed = _SUM.sub("", it.says.flat).strip()  # «hoy en la mañana, 680»
    bare_day = it.day is not None and _BARE_DAY.sub("", unsummed).count(" ") < _BARE  # «hoy», «ayer»
    past = it.day is not None and it.today is not None and it.day < it.today
    if it.reported and it.free and bare_day and (past or it.day == it.today):
        return not (it.says.pays or it.says.payment)
    paid = past and it.message.amount is not None and it.message.intent == "other"  # «600 ayer»
    if not (it.reported or paid) or not it.free or it.says.ask or it.says.charge or it.says.cannot:
        return False
    if not it.gives:  # «en OXXO»
        return it.says.by_means and (it.says.past or len(it.says.flat.split()) <= _FEW)
    if it.message.intent == "report_payment" and not it.message.certain:
        return True
    if it.day is not None and it.today is not None and it.day > it.today:  # «600 el martes por spei»
        ahead = it.says.payment or it.says.pays or it.says.later or it.says.others
        return it.reported and it.says.by_means and not ahead
    where = it.message.intent == "ask_payment_methods" and not it.says.marked  # «600 en oxxo»
    how = it.reported and it.says.by_means and it.day is None and not it.message.certain  # “by spei, 600”
    bare = (it.message.intent in ("other", "affirm", "deny") or where or how) and not it.says.payment
    return bare or it.says.past or (past and it.message.intent in ("other", "promise_to_pay"))
