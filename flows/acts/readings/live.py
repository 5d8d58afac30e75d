"""What is live settles what a message is of: a debit, a charge to come, our messages and what stops them."""

import re
from dataclasses import replace

from flows.acts.readings.charges import (
    asks_which,
    is_of_that_day,
    only_this_charge,
    takes_part,
)
from flows.acts.readings.debit_end import (
    all_charges,
    leaves_account,
    no_more_charges,
    suspends,
)
from flows.acts.readings.pause import lifted, paused
from flows.acts.readings.plainly import PROTECTED
from flows.acts.words import crisis, people
from flows.acts.words.questions import asks_lenders_clabe
from flows.acts.words.signals import Signals
from flows.answers import plain
from flows.debit.asked import ASK_CHANGE, asks_cost, asks_of_change, is_of_other, loses_account
from flows.engine import Frame
from flows.types.event import Message
from flows.types.facts import Facts

HARDSHIP = "report_hardship"
_OF_DEBIT = re.compile(
    r"\b(?:domicili|automat|cargo|cobr|descuent|descont|debit|cuenta|banco|clabe|charge|autopay|account)\w*"
)
_NO_FUNDS_THEN = re.compile(
    r"(?:(?:y|pero|oye|que pasa|and|but|what) )*(?:si|if) (?:(?:me|lo|you|i|they) )*(?:cobr|carg|charge)\w*.*"
    r"\b(?:no|don t|isn t|not) (?:me )?(?:\w+ )?"
    r"(?:alcanz\w+|hay|tengo|traigo|fondos|saldo|enough|money|funds)\b"
)
"""«¿Y si me cobran y no alcanza?»"""
_NOT_AUTHORISED = re.compile(
    r"(?:(?:pero|pues|es que|oigan?|y|yo|la verdad|but|i) )*(?:no|nunca|jamas|never|didn t|did not) "
    r"(?:(?:lo|la|les|te|he) )*(?:autori[cz]\w+|authori[sz]ed?)(?: (?:nada|eso|esto|a nadie|this|that|"
    r"anything))?"
)
_NEVER_AUTHORISED = re.compile(
    r"(?:(?:pero|pues|es que|oigan?|y|yo|la verdad|but|i) )*(?:no|nunca|jamas|never|didn t|did not) "
    r"(?:(?:lo|la|les?|te|se|he) )*(?:autorice|(?:di|dado|firme|acepte|give|gave|sign|agree)(?: to| a)?"
    r"(?: (?:nada|ningun|ninguna|mi|permiso|autorizacion|consentimiento|any|my|permission|consent))+|"
    r"authori[sz]ed?)"
    r"(?: (?:nada|eso|esto|a nadie|para|de|que|me|lo|cobr\w+|carg\w+|quit\w+|this|that|anything|for|to|it))*"
)
"""«Yo no autoricé nada», «no di permiso para eso»: it is denied that there was ever a consent."""
_CHARGED_EVERY = re.compile(
    r"\b(?:me )?(?:l[oa]s? )?(?:(?:pas|cambi|mov|muev)\w* (?:el |mi |mis |los )?(?:cobr|carg)os? (?:a|para)|"
    r"cobr(?:en|an|ar|aran|aras|enme|arme|arian|es|e)|carg(?:uen|an|ar|uenme|arme)|"
    r"descuent(?:en|an|enme)|descontar(?:me)?|charge me|debit me)(?:lo|la)? (?:\w+ ){0,3}?"
    r"(?:l[oa]s (?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|dias? \d+|\d+ de cada mes|"
    r"quincenas)|(?:el )?(?:dia )?\d+ de (?:cada|todos los) mes(?:es)?|cada (?:lunes|martes|miercoles|jueves|"
    r"viernes|sabado|domingo|quincena|dia \d+)|siempre (?:el|los|despues)|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)days|"
    r"every (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
"""«Que me cobren los lunes», where a debit stands: it is no day to pay on."""
_OF_CONSENT = ("cancel_debit", "deny", "dispute_charge", "dispute_debt", "other", "refuse_to_pay")

_MAY_ASK = (
    "ask_breakdown",
    "ask_due_date",
    "ask_identity",
    "cancel_debit",
    "complain",
    "other",
    "promise_to_pay",
)
_WHY_CHARGED = re.compile(
    r"(?:(?:y|oye|oiga|pero|disculpa|disculpe|hola|and|but) )*(?:por que|porque|why|de que|what)(?: es|"
    r" son| va a ser)? "
    r"(?:(?:me|nos|se|van|vas|va|a|quieren|estan|are|you|is|ese|este|el|los|do|the|this|that|going|to|"
    r"will|esta|la) )*"
    r"(?:cobr\w+|cargo|cargar\w*|descont\w+|charg\w+|debit\w*)"
    r"(?: (?:manana|hoy|ese|dia|el|martes|lunes|miercoles|jueves|viernes|de|a|mi|cuenta|me|tomorrow|"
    r"today|for|"
    r"that|eso|es|\d+|pesos|on|\w+day|my|account))*"
)
"""«¿Por qué me van a cobrar mañana?», of the charge that is announced."""
_NOT_MY_ACCOUNT = re.compile(
    r"(?:(?:pero|oiga|oye|es que|y) )*(?:es[ae]|est[ae]|la cuenta|el banco) (?:ya )?no es "
    r"(?:mi|el mio|la mia)(?: (?:banco|cuenta|tarjeta))?(?: (?:ya|ahora))?|"
    r"(?:that s|it s|that is) not my (?:bank|account|card)"
)
"""«Ese no es mi banco», of the account that is charged."""
_SERVICE = re.compile(
    r"(?:(?:ya|pues|yo|oigan?|hola|la verdad|por favor) )*(?:(?:no (?:lo )?(?:quiero|me interesa|necesito)|"
    r"(?:quiero|quisiera|necesito|deseo) (?:cancelar|quitar|(?:dar(?:me)? )?(?:de )?baja(?: de)?))|"
    r"(?:cancel|quit)\w+(?:me)?|(?:den|dar|dame|denme) de baja(?: de)?|i (?:don t|no longer) want|"
    r"cancel|end) "
    r"(?:mas )?(?:(?:de|el|del|este|ese|su|the|this|that|your) )*(?:servicio|service)(?: (?:ya|"
    r"por favor|porfa|"
    r"gracias|anymore|please))*"
)


_OLD_ACCOUNT = re.compile(
    r"(?:(?:y|oye|oiga|pero|entonces|ok|que pasa con|and|what about) )+(?:con )?(?:la|mi|el|my|the) "
    r"(?:(?:cuenta|clabe|tarjeta|account) )?(?:anterior|vieja|de antes|que (?:ya )?(?:tenia|tienen|di)|"
    r"old(?: one| account)?|actual|otra)(?: (?:cuenta|clabe|tarjeta|que|sigue|se (?:cancela|quita|borra)|"
    r"la (?:cancelan|quitan|borran)|ya no))*"
)
"""«¿Y la anterior?», while another account takes its place."""


_WHEN_CHARGED = re.compile(
    r"(?:(?:and|so|hey|ok) )*when (?:are|will|do|is|would) (?:(?:you|they|be|gonna|going to|the next) )*"
    r"(?:charg\w+|debit\w*|tak\w+)(?: (?:me|it|the|my|money|payment|account|from|out|again|next))*"
)
_ENDING_COSTS = re.compile(
    r"(?=.*\bsi (?:la |lo |me |yo |mejor |luego |un dia )*(?:cancel|quit|sal)\w*|"
    r".*\bpor (?:cancel|quitar)\w*|.*\b(?:if i|to) (?:cancel|stop))"
    r".*\b(?:cobr|cuest|penaliz|multa|comision|costo|cargo|charge|fee|cost)\w*"
)


def not_opted_out(message: Message, facts: Facts) -> Message:
    """«Ya me arrepentí», of something else than messages."""
    stopped = _is_quiet(facts) or any(person.opted_out for person in facts.candidates)
    return (
        message if stopped or message.intent != "opt_in" else replace(message, intent="other", certain=False)
    )


def no_other_topic(message: Message, stack: tuple[Frame, ...], facts: Facts) -> Message:
    """«¿Y si es después?» asks nothing of a debit, where there is none and its words name none; «¿cuál es la
    clabe?» asks for the lender's, where the borrower's own is not asked for.
    """
    asked = any(frame.flow == "mandate" for frame in stack)
    if message.topic == "clabe_where" and not asked and asks_lenders_clabe(message.text):
        return replace(message, intent="ask_payment_methods", topic=None, certain=True)
    if message.topic == "debit_ending" and _WHEN_CHARGED.fullmatch(plain(message.text)):
        return replace(message, topic=None)
    of_debit = (message.topic or "").startswith("debit_")
    spoken_of = asked or any(loan.mandates for loan in facts.loans)
    if spoken_of and "?" in message.text and _ENDING_COSTS.match(plain(message.text)):
        return replace(message.meaning("other"), topic="debit_ending")
    if not of_debit or spoken_of or _OF_DEBIT.search(plain(message.text)):
        return message
    return replace(message, topic=None)


_WONT_HAVE = re.compile(
    r"\bno (?:voy a|va a|vamos a|creo) (?:tener|haber|completar|alcanzar)\b|"
    r"\bno (?:tendre|habra|alcanzo)\b|\bwon t have\b"
)


def of_charge_to_come(message: Message, facts: Facts) -> Message:
    """«¿Y si no tengo ese día?», with a charge announced and nothing promised, is of the charge."""
    if not any(loan.announced_charge for loan in facts.loans):
        of_one = message.intent == "dispute_charge" and asks_which(message.text)
        of_none = is_of_that_day(message) and not any(loan.mandates for loan in facts.loans)
        return replace(message.acting("ask.charge"), date=None) if of_one or of_none else message
    if message.intent in _MAY_ASK and _WHY_CHARGED.fullmatch(plain(message.text)):
        return replace(message.acting("ask.charge"), date=None, amount=None)
    if message.intent == "dispute_charge" and (act := _no_dispute_of_it(message)):
        return message.acting(act)
    if message.intent in ("deny", "refuse_to_pay") and _NOT_AUTHORISED.fullmatch(plain(message.text)):
        return message.acting("fund.charge")
    promised = any(loan.promise or loan.plan for loan in facts.loans)
    that_day = message.topic == "no_money_that_day" and not (promised or Signals(message.text).charge)
    no_funds = that_day or _NO_FUNDS_THEN.match(plain(message.text))
    return replace(message, topic="debit_no_funds") if no_funds else message


def _no_dispute_of_it(message: Message) -> str | None:
    """«¿Qué cargo es ese?», «me avisaron de un cargo, no voy a tener»: of the one that was announced."""
    says = Signals(message.text)
    if says.charged or not (asks_which(message.text) or says.no_money or _WONT_HAVE.search(says.flat)):
        return None
    return "ask.charge" if asks_which(message.text) else "fund.charge"


def of_messages(message: Message, facts: Facts) -> Message:
    """What is wished of our messages: a pause, or its end."""
    message = paused(_not_authorised(message, facts), facts.today)
    return lifted(message) if message.act is None and _is_quiet(facts) else message


def _is_quiet(facts: Facts) -> bool:
    """Whether a pause stands that was asked for."""
    return any("quiet" in loan.holds for person in facts.candidates for loan in person.loans)


def _not_authorised(message: Message, facts: Facts) -> Message:
    """«Yo no autoricé», where a debit stands, disputes it; where none does: the messages, or a sum? It is
    asked.
    """
    debit = any(loan.mandates or loan.announced_charge for loan in facts.loans)
    denied = message.intent in _OF_CONSENT and _NEVER_AUTHORISED.fullmatch(plain(message.text))
    if debit and denied:
        return message.meaning("dispute_charge")
    if debit or message.intent != "dispute_charge" or not _NOT_AUTHORISED.fullmatch(plain(message.text)):
        return message
    return replace(message, intent="other", certain=False, alternatives=("opt_out", "dispute_charge"))


def of_account(message: Message, stack: tuple[Frame, ...], facts: Facts) -> Message:
    """«No es mía, es de mi esposo», of an account that was given: nobody else is writing. «No me cobren» is
    of the charge that is announced, «dejen de cobrarme» of the debit.
    """
    who = (facts.borrower,) if facts.borrower else facts.candidates
    debit = any(loan.mandates for person in who for loan in person.loans)
    message = _in_trouble(message, debit=debit)
    if debit or leaves_account(message.text):
        message = all_charges(message)
    if changed := _of_its_account(message, stack, facts, debit=debit):
        return changed
    announced = {loan.announced_charge.charge_on for loan in facts.loans if loan.announced_charge}
    if debit and _SERVICE.fullmatch(plain(message.text)):
        either = ("cancel_debit", "opt_out")  # where no charge is announced it is asked which
        of_service = replace(message, intent="cancel_debit", also=(), topic=None)
        return replace(of_service, certain=bool(announced), alternatives=either)
    if announced:
        if message.intent == "request_discount" and takes_part(message.text):  # «cobren la mitad»
            return message.meaning("other")
        message = only_this_charge(message, announced, sms=facts.channel == "sms")
    if any("payment_reported" in loan.holds for loan in facts.loans) and people.paid_for_me(message.text):
        return message.acting("detail.payment")
    if any(frame.flow == "mandate" for frame in stack) and is_of_other(message.text):
        return replace(message, intent="deny", also=(), certain=True)
    return message


def _of_its_account(
    message: Message, stack: tuple[Frame, ...], facts: Facts, *, debit: bool
) -> Message | None:
    """What becomes of the account that is charged."""
    flat = plain(message.text)
    if debit and suspends(message.text):  # to end it is more than is wished
        return replace(message, intent="other", also=(), date=None, certain=False)
    ends = message.intent == "cancel_debit" or Signals(message.text).not_charge
    if debit and _CHARGED_EVERY.search(flat) and not ends and message.intent not in PROTECTED:
        return replace(message.meaning("other"), topic="due_day_change", date=None, parts=())
    if any(frame.flow == "mandate" for frame in stack) and asks_cost(message):
        return message.meaning("other")
    if _changes_account(stack, facts) and _OLD_ACCOUNT.fullmatch(flat):
        return message.acting("ask.old_account")
    if debit and _NOT_MY_ACCOUNT.fullmatch(flat):
        return message.meaning("change_account")
    of_debit = debit or any(frame.flow == "mandate" for frame in stack)
    if of_debit and message.intent in ("change_account", "other") and asks_of_change(message.text):
        return message.acting(ASK_CHANGE)
    if message.intent != "report_vulnerability" and loses_account(message.text):
        return message.meaning("change_account" if debit else "ask_payment_methods")
    return None


def _in_trouble(message: Message, *, debit: bool) -> Message:
    """«Me quedé sin trabajo, ya no me cobren»: the debit ends if there is one, and it is noted."""
    if message.intent not in ("cancel_debit", HARDSHIP) or not crisis.lost_income(message.text):
        return message
    ends = message.intent == "cancel_debit" or no_more_charges(message.text)
    if not (debit and ends):
        return message.meaning(HARDSHIP)
    return replace(message, intent="cancel_debit", also=(*message.also, HARDSHIP), certain=True)


def _changes_account(stack: tuple[Frame, ...], facts: Facts) -> bool:
    """Whether a new account is being given, or is on its way, and the old one still charged."""
    loans = facts.borrower.loans if facts.borrower else ()
    given = any(frame.flow == "mandate" and frame.slots.get("change") for frame in stack)
    return any(loan.mandate and (given or loan.pending) for loan in loans)
