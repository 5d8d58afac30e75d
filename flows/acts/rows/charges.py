"""Acts on a charge that is announced, and on the debit."""

import re

from flows.acts.readings.charges import (
    asks_what_became,
    gives_next_to_charge,
    keeps_charge,
    leaves_rest_to_charge,
    names_one,
    was_not_made,
    wishes_charge,
)
from flows.acts.readings.debit_end import (
    ends_later,
    stops_charging,
    suspends,
    tells_of_debit,
)
from flows.acts.rows.situation import Situation
from flows.acts.words.account_talk import IS_ACTIVE
from flows.acts.words.details import is_of_notice
from flows.acts.words.other_day import swaps_day, wishes_other_day

_HOW_TO = re.compile(
    r"\b(?:como (?:le )?hac\w+|como (?:le )?hago|puedo|podria|podemos|se puede|pueden|podrian|how|"
    r"can (?:i|you|we)|could (?:i|you))\b"
)
"""«¿Cómo le hago para domiciliar?», where there is no debit."""
_HOW_TO_STOP = re.compile(
    r"(?:(?:y|oye|oiga|hola|disculpe|and|so) )*(?:como (?:le )?hago|que (?:hago|tengo que hacer)|"
    r"how (?:do|can) i)\b"
)
"""«¿Cómo le hago para que ya no me cobren?»: how the debit ends."""
_WHICH_ACCOUNT = re.compile(
    r"\b(?:a|de|en) (?:que|cual) (?:cuenta|tarjeta|banco) (?:\w+ ){0,2}?me \w*(?:cobr|carg|descuent|hac)\w*|"
    r"\b(?:que|cual|which|what) (?:banco|cuenta|tarjeta|clabe|bank|account|card) (?:\w+ )?"
    r"(?:tienen|usan|cobran|descuentan|sacan|esta|registr\w+|domicili\w+|do you (?:have|charge|use))\b|"
    r"\b(?:cobr|carg|descuent|charge)\w* .*\b(?:a|de|en|from) (?:que|cual|which|what) "
    r"(?:cuenta|tarjeta|banco|account|card|bank)$"
)
_FROM_WHICH = re.compile(
    r"(?:(?:y|oye|pero|a ver|perdon) )*de (?:que|cual) (?:cuenta|tarjeta|banco)(?: (?:es|era|seria|sale|"
    r"lo sacan|lo toman))?"
    r"|(?:and )?from which (?:account|card|bank)"
)
"""«¿Y de cuál cuenta?», after a word of the charge: of the account that is charged."""
_LATER_ONES = re.compile(
    r"(?:(?:y|pero|entonces|oye|oiga|and|so) )*(?:(?:me|van a|siguen?|seguir|cobrando|cobrar|haciendo) )*"
    r"(?:los|las|the) (?:demas|otr[oa]s|siguientes|proxim[oa]s|que siguen|que vienen|next ones|others)"
    r"(?: (?:cargos|cobros|meses|pagos|si|me|los|se|siguen?|quedan|hacen|cobran|tambien|igual|normal|"
    r"programados|charges|still|stay))*"
)
"""«¿Y los demás siguen?», after a word of one charge: of the debit."""
_NOT_THEN = re.compile(
    r"(?:(?:y|entonces|pero|oye|oiga|ya) )*(?:que )?no (?:me |lo |nos |se )*"
    r"(?:vayan a |van a |vaya a )?(?:me |lo )?"
    r"(?:cobr|carg|descont|descuent|pas|hag)\w* (?:nada )?(?:el |este |para el )?(?:dia )?"
    r"(?:lunes|martes|miercoles|jueves|viernes|\d{1,2}|hoy|manana)"
    r"(?: (?:eh|ok|por favor|porfa|verdad|entonces))*"
)
"""«Y ya no me cobren el jueves», of a charge that was moved from that day."""
_WAS_IT_MADE = re.compile(
    r"(?:(?:y|oye|oiga|oigan|hola|disculpe|entonces|ya|todavia|aun|siempre|al final|si|no|and|so|did|you|"
    r"have) )*"
    r"(?:(?:me|se|nos) (?:lo |la )?(?:cobraron|cargaron|descontaron|hizo|paso|cobro)|charged?)"
    r"(?: (?:el|mi|ese|cargo|cobro|ayer|hoy|nada|algo|ya|me|it|yet|already|yesterday|today))*"
    r"(?: (?:verdad|cierto|o no|right))?"
)
"""«¿Ya me cobraron?», «ya no me cobraron, ¿verdad?»"""


_YOU_CHARGE = re.compile(
    r"\b(?:cobran|cargan|descuentan|(?:van a|iban a) (?:cobrar|cargar|descontar))\b(?! (?:interes|recarg|"
    r"comision|multa|mas)\w*)"
)
"""«Mañana cobran, ¿verdad?», of whoever has a debit."""


_MYSELF = re.compile(r"\byo (?:(?:lo|la|se|les|te|mism[oa]|sol[oa]) )+")
"""«Yo lo pago en OXXO»."""


_ONCE_PAID = re.compile(
    r"\bme (?:pagan|depositan|cae|llega)\b|\bcobro\b|\besper(?:a|e|en|ame|enme|eme)\b|"
    r"\b(?:till|until|get paid)\b"
)
_GAVE = re.compile(
    r"\bya (?:les |te |le )?(?:di|abone|pague|deposite|mande)\b|\b(?:already|just) (?:paid|sent)\b"
)


_HAS_ONLY = re.compile(
    r"\b(?:solo|nomas|nada mas|apenas|only|just)\b.*\b(?:tengo|traigo|hay|junte|complete|have|got)\b|"
    r"\b(?:tengo|traigo|hay|junte|complete|have|got)\b.*\b(?:solo|nomas|nada mas|only)\b|"
    r"\bes (?:todo )?lo (?:que|unico que) (?:tengo|traigo|hay|junte)\b|"
    r"\bno (?:completo|ajusto|alcanzo|me alcanza)\b|\ball i (?:have|got)\b"
)
"""«Solo tengo 300», to the notice of a charge of more."""


def pays_instead(it: Situation) -> bool:
    """«El viernes les pago yo en OXXO, no me cobren», «300 mañana y no me cobren»: the charge is called off,
    and a promise read back.
    """
    if it.charge is None or it.says.every or it.promise is not None or "?" in it.message.text:
        return False
    if it.says.paid_already or (it.day is not None and it.today is not None and it.day < it.today):
        return False
    stops = it.says.not_charge or (it.about_charge and it.says.cancel and not it.says.debit)
    apart = it.day is not None and it.message.amount is not None and gives_next_to_charge(it.message.text)
    pays = it.says.pays and (it.day is not None or it.message.amount is not None)
    return stops and (pays or apart)


def shrinks_charge(it: Situation) -> bool:
    """«Cóbrenme nomás la mitad»: a charge is made whole, or not at all."""
    gave = _GAVE.search(it.says.flat) is not None  # «¿por qué me cobran si ya di 200?»
    if it.charge is None or it.says.every or gave:
        return False
    amount = it.message.amount  # «cóbrenme mejor 300»
    smaller = it.day is None and amount is not None and amount < it.charge.amount
    if not it.about_charge:
        return smaller and it.free and it.promise is None and _HAS_ONLY.search(it.says.flat) is not None
    return (it.says.less and not it.says.cancel) or smaller


def shares_charge(it: Situation) -> bool:
    """«300 yo y lo demás me lo cargan»: a part is paid before the charge, which takes what is left."""
    shared = it.charge is not None and not (it.says.every or it.says.cancel)
    return shared and leaves_rest_to_charge(it.message)


def moves_charge(it: Situation) -> bool:
    """«No me cobren mañana, mejor el viernes», «¿pueden pasarlo al lunes?»"""
    if it.charge is None or it.says.every:
        return False
    only_not = it.says.not_charge and not it.says.one  # «esta quincena no» names no other day
    then = it.other_day and (only_not or wishes_charge(it.message.text))  # «cóbrenme el viernes»
    ends = it.says.rather_not or (it.says.cancel and not it.says.later)  # «mejor quiten ya el cargo»
    elsewhere = it.says.move and (it.other_day or not ends)
    named = it.about_charge and (elsewhere or then)
    moves = it.says.move or swaps_day(it.message.text) or _has_money_then(it)
    again = it.day == it.charge.charge_on and not it.says.rather_not  # after it was moved
    unnamed = it.free and it.promise is None and moves and (it.other_day or again) and not it.says.payment
    unfit = it.free and it.promise is None and not it.gives and wishes_other_day(it.message.text)
    if unfit and not it.says.ask:
        return True
    return (named or unnamed) and not (it.says.ask and not it.other_day)


def _has_money_then(it: Situation) -> bool:
    """«Me pagan el viernes», «mañana no puedo, pasado sí», with a charge announced."""
    if it.charge is None or it.day is None or it.day <= it.charge.charge_on:
        return False
    alone = it.message.amount is None and not (it.says.pays or it.says.by_means or it.says.marked)
    return alone and (it.says.no_money or it.says.cannot or _ONCE_PAID.search(it.says.flat) is not None)


def moves_sent_charge(it: Situation) -> bool:
    """«No me cobren mañana», of a charge that has left for the bank: it is told so."""
    if it.charge is not None or not it.flying or it.says.every or it.says.debit or it.says.paid_already:
        return False
    wishes = it.says.not_charge or it.says.move or it.says.cancel
    return it.about_charge and wishes and "?" not in it.message.text


def leaves_as_announced(it: Situation) -> bool:
    """«Ok, déjalo así», with a charge announced."""
    if it.charge is None or not it.free or it.message.amount is not None:
        return False
    stays = it.day in (None, it.charge.charge_on) and keeps_charge(it.message.text)
    return stays or (it.other_day and _NOT_THEN.fullmatch(it.says.flat) is not None)


def cancels_charge(it: Situation) -> bool:
    """«No me cobren mañana», «cancela ese cargo»: one charge, and not the debit, whether one is announced."""
    stops = it.says.cancel or it.says.not_charge
    if it.says.marked and tells_of_debit(it.says.flat):  # «¿ya lo cancelaron?»
        return False
    if it.charge is None and not it.flying and it.debit and stops and names_one(it.says.flat):
        return not (it.says.every or it.says.debit or it.says.marked)
    if it.charge is None or it.says.every or it.says.debit or stops_charging(it.message.text):
        return False
    once = it.says.one or it.day is not None or it.says.pays  # «no me cobren, yo pago»
    named = it.about_charge and (it.says.cancel or it.says.not_charge) and once
    short = len(it.message.text) < 25 and "todo" not in it.says.flat
    other = it.promise is not None or it.says.promise or it.says.plan
    unnamed = it.free and it.says.cancel and short and not other
    return (named or unnamed) and not (it.says.ask and not it.says.cancel)


def asks_of_charge(it: Situation) -> bool:
    """«¿Entonces ya no me cobran mañana?», «¿cuándo me van a cobrar?»"""
    if it.charge is not None and it.free and is_of_notice(it.says.flat) and not it.says.not_charge:
        return True
    made = it.says.marked and _WAS_IT_MADE.fullmatch(it.says.flat)
    if it.debit and it.free and (made or asks_what_became(it.says.flat) or _was_not_made(it)):
        return True
    if not it.debit and it.free and _WHICH_ACCOUNT.search(it.says.flat):
        return True
    if it.debit and it.charge is None and _only_that_one(it):
        return True
    if it.says.not_charge and _HOW_TO_STOP.match(it.says.flat):
        return False
    on_topic = it.message.topic in (None, "debit_when", "debit_how")
    expects_none = it.says.not_charge and it.message.topic != "debit_no_funds"  # «¿ya no me cobran mañana?»
    of_me = it.says.of_me or (it.debit and _YOU_CHARGE.search(it.says.flat) is not None)
    if not (on_topic or expects_none) or not (of_me or it.says.not_charge):
        return False
    if it.says.paid_already:  # «¿me van a cobrar aunque ya pagué?»
        return False
    if it.debit and _WHICH_ACCOUNT.search(it.says.flat):
        return False
    ends_debit = it.message.intent == "cancel_debit" and it.says.every and "?" not in it.message.text
    cancels = it.says.cancel and not it.says.not_charge
    return it.about_charge and it.says.ask and not cancels and not ends_debit


def _only_that_one(it: Situation) -> bool:
    """«Quita nomás el cargo de mañana», where none is announced: no wish to end the debit."""
    says = it.says
    named = says.charge and says.one and not (says.debit or says.every) and (says.cancel or says.not_charge)
    return named and (says.less or it.day is not None) and not it.flying


def _was_not_made(it: Situation) -> bool:
    of_charge = it.says.debit or it.says.charge or it.message.intent in ("cancel_debit", "dispute_charge")
    return of_charge and was_not_made(it.says.flat)


def cannot_fund(it: Situation) -> bool:
    """«No tengo dinero», where a charge is announced."""
    if it.says.marked and it.message.topic is not None:
        return False
    if it.charge is not None and it.free and suspends(it.message.text):
        return True
    other_day = it.other_day and it.day != it.today  # «hoy no traigo»
    if it.charge is None or not it.free or it.says.promise or other_day:
        return False
    sure = it.message.intent == "cancel_debit" and it.message.certain
    not_this = it.says.not_charge and it.about_charge and not (it.says.every or it.says.marked or sure)
    return it.says.no_money or not_this or _pays_by_hand(it)  # «no me cobren»: this once, or on another day?


def _pays_by_hand(it: Situation) -> bool:
    """«Mejor pago yo por transferencia», with a charge announced."""
    itself = it.says.pays and it.says.by_means and (it.says.move or _MYSELF.search(it.says.flat))
    return bool(itself) and not it.gives and not it.says.marked


_AGAIN = re.compile(
    r"\b(?:cobr|carg|descuent|intent|reintent|pas|hag)(?:en|e|a|ar|an)(?:l[oa]|me)* (?:\w+ ){0,2}?"
    r"(?:otra vez|de nuevo|nuevamente)\b|\bre(?:intent|cobr)\w+|"
    r"\b(?:vuelv|volver)\w* a (?:cobr|carg|descont|intent|pas|hac)\w*|"
    r"\b(?:charge|try|run|debit) (?:(?:it|me|that|my|the|account|charge|card) )*again\b|\bretry\b"
)


def retries_charge(it: Situation) -> bool:
    """«Cóbrenlo otra vez», of a charge that the bank did not make."""
    again = it.debit and it.free and _AGAIN.search(it.says.flat) is not None
    return again and not (it.says.marked or it.says.not_charge or it.says.cannot or it.says.promise)


def suspends_debit(it: Situation) -> bool:
    """«Suspéndanla un mes», with no charge announced; «a partir de enero ya no me cobren»."""
    if it.message.intent == "cancel_debit" and it.debit and ends_later(it.message.text):
        return not it.says.marked
    return it.debit and it.charge is None and suspends(it.message.text)


def asks_of_debit(it: Situation) -> bool:
    """«¿Sigo con la domiciliación?», «no cancelen mi domiciliación»: whatever it is read as, nothing ends."""
    if it.debit and it.says.marked and tells_of_debit(it.says.flat):
        return True
    if it.message.topic in ("debit_banks", "debit_ending"):  # of any debit, and not of the one that stands
        return False
    changes = it.message.intent == "change_account" and it.message.certain
    if it.says.keeping and not changes and not (it.says.promise or it.says.plan or it.says.not_charge):
        alone = it.promise is None and not it.plan  # «no la cancelen, sigo igual»
        unnamed = it.debit and (alone or " nada" in it.says.flat)
        return it.says.debit or unnamed or it.message.intent == "cancel_debit"
    named = _WHICH_ACCOUNT.search(it.says.flat) or _FROM_WHICH.fullmatch(it.says.flat)
    later = it.free and it.says.marked and _LATER_ONES.fullmatch(it.says.flat)
    active = it.free and it.says.marked and IS_ACTIVE.fullmatch(it.says.flat)
    if it.debit and (named or later or active or it.asks_if_done):
        return True
    if it.debit and it.message.intent == "cancel_debit" and tells_of_debit(it.says.flat):
        return True
    begins = not it.debit and it.message.intent == "authorize_debit" and _HOW_TO.search(it.says.flat)
    asks = it.says.debit and it.says.ask and not it.says.cancel and not begins
    return asks and it.message.intent != "cancel_debit"
