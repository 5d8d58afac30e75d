"""What is asked of one's loans, their numbers and days, and of the ways to pay: no label tells it apart."""

import re
from dataclasses import replace

from flows.acts import contact_given
from flows.acts.ways import asks_of_way
from flows.answers import plain
from flows.smalltalk.media import awaits_proof
from flows.types.event import Message
from flows.types.facts import Facts

LOANS, NUMBER, FOLIO, NOT_MINE = "ask.loans", "ask.number", "ask.folio", "doubt.number"
SCHEDULE, LAST, LEAST, WAY = "ask.schedule", "ask.last_payment", "ask.least", "ask.way"

_ASK = (
    r"(?:cual(?:es)?|cuant[oa]s?|que|what|which|how many|dime|digame|dame|deme|"
    r"me (?:dices?|da|das|puedes? dar|pasas?))"
)
_LOAN = r"(?:creditos?|prestamos?|loans?|adeudos?)"
_THERE = (
    r"(?: (?:o (?:mas|dos|uno|que)|con ustedes|ahi|a mi nombre|activos?|abiertos?|verdad|no|es cierto|"
    r"todavia|with you|open))*"
)
_LOANS = re.compile(
    rf"{_ASK} (?:\w+ )?{_LOAN} (?:\w+ )?(?:tengo|son|me aparecen|hay|do i have|have i)|"
    rf"(?:tengo|tenia|are there|do i have|son|es) (?:\w+ ){{0,3}}?{_LOAN}{_THERE}$"
)
_LACK = r"no (?:me (?:se|acuerdo|sabia)|recuerdo|encuentro|tengo|se)|necesito|ocupo|perdi|need|lost"
_NUMBER_OF = r"(?:credito|prestamo|contrato|cliente|loan|contract|customer)\b"
_NUMBER = re.compile(
    rf"\b(?:{_ASK}|{_LACK}) (?:\w+ ){{0,4}}?(?:numero|num|number|no|id) (?:de |del |of )?"
    rf"(?:mi |el |la |my |the )?{_NUMBER_OF}|"
    r"\b(?:what s|what is|which is) my (?:loan|contract|account) number\b"
)
_NOT_MINE = re.compile(
    rf"\b(?:est[aeo]|es[aeo]) no es mi (?:numero|num) (?:de |del )?{_NUMBER_OF}|"
    r"\b(?:that|this) (?:is not|isn t) my (?:loan|contract|customer) number\b"
)
_FOLIO = re.compile(
    rf"\b(?:{_ASK}|{_LACK}|es|era) (?:\w+ ){{0,5}}?(?:folio|reference number|case number)\b"
    r"(?!.*\b(?:deposit\w+|transf\w+|pague|pago|comprobante|ticket|rastreo|recibo|spei|oxxo)\b)"
)
"""Of a payment the folio is theirs to tell."""
_WHEN = r"(?:cuando|que (?:dia|fecha)|cual|hasta cuando|when|what day)"
_PAST = re.compile(
    r"\b(?:fue|hice|hiciste|di|registr\w+|aparece|llego|recib\w+|pague|abone|deposit\w+|received|was|made|did)\b"
)
_LAST = re.compile(rf"\b{_WHEN}\b.*\b(?:ultim[oa]|last)\b(?!.* (?:vez|mensaje|time|message))")
_ENDS = re.compile(
    r"\b(?:cuando|en que (?:fecha|mes|dia)|hasta cuando) (?:ya )?(?:se )?"
    r"(?:termin(?:o|a|aria|are)|acab(?:o|a|aria|are)|quedo libre)\b|"
    r"\bwhen (?:do|will|am) i (?:finish|be done|done)\b|\bwhen does (?:it|my loan) end\b"
)
_LEFT = re.compile(
    r"\b(?:cuant[oa]s (?:\w+ ){0,3}?(?:faltan|quedan|restan)|cuanto tiempo (?:\w+ )?(?:falta|queda)|"
    r"(?:cuales son |que |dame |deme |mis |las )+fechas (?:de |en que )?(?:mis |los |me )?"
    r"(?:pagos?|toca\w*|vence\w*)|(?:calendario|tabla|programa) de (?:mis )?(?:pagos|amortizacion)|"
    r"how many (?:\w+ ){0,3}?(?:left|remain\w*)|payment (?:schedule|dates))\b"
)
_ORDINAL = r"(?:(?:primer|segund|tercer|cuart|quint|sext)[oa]?|first|second|third|fourth)"
_NTH = re.compile(
    rf"\b(?:cuando|que dia|(?:cual|que) (?:es |seria )?(?:la )?fecha|when)\b.*\b{_ORDINAL}\b(?! vez)"
)
_GIVE = r"(?:dar|pagar|abonar|depositar)"
_LEAST = re.compile(
    r"\b(?:(?:cuant\w*|que|cual) (?:\w+ ){0,3}?(?:lo|pago|el) (?:minimo|menos)\b(?! de)|"
    rf"lo (?:minimo|menos) (?:que )?(?:puedo|debo|tengo que|se puede|tendria que|hay que) {_GIVE}|"
    r"con cuanto (?:minimo|lo minimo)|pago minimo|minimum (?:payment|i can pay|amount)|"
    r"the least i can (?:pay|give)|what s the (?:minimum|least))"
)
_FEE_OF = (
    r"(?: (?:en|por|de|el|la|a|oxxo|tienda|seven|farmacia|transferencia|spei|depositar|pagar|ahi|eso|alli|"
    r"mandar|for|there|that))*"
)
_FEE = re.compile(
    r"(?:(?:y|oye|oiga|pero|and) )*(?:(?:cuanto|que|cual|how much|what) (?:me )?"
    r"(?:cobra\w*|es|quita\w*|is|s) "
    r"(?:de |la |the )*(?:comision|fee|commission)|"
    r"(?:cobran?|tiene|hay|lleva|is there|does it have)(?: \w+)? (?:comision|costo|cargo extra|fee))"
    rf"{_FEE_OF}"
)
FEE = "cash_at_store"
"""The topic that tells what a way of paying costs."""
_PREPAYS = re.compile(
    r"\b(?:si|if) (?:\w+ ){0,3}?(?:adelant\w+|anticip\w+|(?:pago|liquido|abono|doy) (?:\w+ ){0,2}?"
    r"(?:antes|por adelantado|a capital|de mas)|(?:pay|paid) (?:\w+ ){0,2}?(?:early|ahead|sooner)|prepay)\b"
)
"""«¿Me bajan los intereses si adelanto?»: no discount is asked for."""
EARLY = "early_payoff"
_OF_LOANS = (
    (FOLIO, _FOLIO),
    (NOT_MINE, _NOT_MINE),
    (NUMBER, _NUMBER),
    (LOANS, _LOANS),
    (LAST, _LAST),
    (LAST, _ENDS),
    (SCHEDULE, _LEFT),
    (SCHEDULE, _NTH),
    (LEAST, _LEAST),
)
_MAY_BE = frozenset({
    "affirm", "ask_balance", "ask_breakdown", "ask_due_date", "ask_identity", "ask_payment_methods",
    "authorize_debit", "contact_preference", "deny", "greet", "other", "promise_to_pay", "request_discount",
    "request_extension", "request_loan", "request_plan", "thank",
})  # fmt: skip
"""What such a question may be read as, where its reading is sure."""


def asked(message: Message, facts: Facts, done: str, *, free: bool) -> Message:
    """The message with its act or topic, where it asks one of these. `free`: whether no question but a menu's
    is open.
    """
    known = facts.borrower is not None
    act = contact_given.act_of(message, plain(message.text), done, known=known) if free else None
    if act is not None:
        return replace(message, act=act, intent="other", also=(), topic=None, certain=True)
    found = of_loans(message)
    if not free and (found.topic == FEE or found.act in (LEAST, WAY)):
        return message
    told = found.act == WAY and "?" not in message.text and awaits_proof(facts)  # «en Oxxo», it was paid
    return message if told else found


def of_loans(message: Message) -> Message:
    """The same of loans and ways to pay, whatever goes on."""
    flat = plain(message.text)
    if message.certain and message.intent not in _MAY_BE:
        return message
    act = next((act for act, words in _OF_LOANS if words.search(flat)), None)
    if act in (LAST, SCHEDULE) and _PAST.search(flat):  # of what was paid: nothing here knows
        return (
            replace(message, intent="other", topic=None, date=None, certain=True) if act == LAST else message
        )
    if act is None and message.amount is None and message.date is None and asks_of_way(message.text):
        act = WAY
    if act is not None:
        return replace(message, act=act, intent="other", also=(), topic=None, certain=True)
    prepays = message.intent == "request_discount" and _PREPAYS.search(flat)
    topic = FEE if _FEE.fullmatch(flat) else EARLY if prepays else None
    return replace(message, topic=topic, intent="other", also=(), certain=True) if topic else message
