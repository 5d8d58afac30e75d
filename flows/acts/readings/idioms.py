"""Turns of phrase that mean one thing, whatever else the model reads in them."""

import re
from dataclasses import dataclass, replace

from flows.acts.words.account_talk import (
    FEARS_FOR_ACCOUNT,
    GIVES_NO_DATA,
    LEAVES_DEBIT,
    NO_INSURANCE,
    NOT_AT_HAND,
    STOP_NOT_AUTHORISED,
    THE_DATA,
    WANTS_DEBIT,
)
from flows.acts.words.contacting import (
    ANSWER_ME,
    CALLS_ME,
    CANNOT_WRITE,
    IS_BACK,
    LESS_OFTEN,
    NEW_NUMBER,
    NO_CALLS,
    NO_LEAVE,
    NO_PRESSURE,
    NO_TALK,
    NOT_AT_WORK,
    NOT_CALLED,
    PERSON_OR_MACHINE,
    THIS_WAY,
    UNANSWERED,
    WHERE_TO_COMPLAIN,
)
from flows.acts.words.courts import FEARS_COURT, IN_COURT
from flows.acts.words.hardships import (
    BANKRUPT,
    DIVORCED,
    EVICTED,
    FALLS_SHORT,
    FEELS_BAD,
    GETS_PAID,
    KIN_LOST_WORK,
    NEARLY_HAS,
    NO_WAY_OUT,
    NOT_ENOUGH,
    OVERWHELMED,
    PAID_LATE,
    ROBBED,
    WONT_MAKE_IT,
)
from flows.acts.words.no_person import PERSON_HOURS, SPOKE_ALREADY
from flows.acts.words.owed import (
    ALL_OF_IT,
    ALL_PAID,
    CATCHES_UP,
    CHARGE_HOUR,
    HALF,
    IN_PARTS,
    MINE,
    NEXT_TIME,
    NO_FEES,
    NOT_THAT_LOAN,
    OF_MY_LOAN,
    OF_MY_LOANS,
    OWED_OF_ONE,
    PAID_THEN,
    PAY_MORE,
    PAYS_ONLY,
    REST_IN_PARTS,
    SEND_YOURS,
    SETTLES,
    SLIP,
    WAS_CALLED,
    WHAT_IS_LEFT,
)
from flows.acts.words.people import CALLS_US, KIN
from flows.acts.words.reported import (
    AGREED_WITH_OTHERS,
    COULD_NOT_PAY,
    DEPOSITED,
    DONE_PART,
    FEES,
    LESS_IF_CLOSED,
    OWES_VERDAD,
    PAID_AND_ASKED,
    PAID_BEFORE,
    SAID_TO_SETTLE,
)
from flows.acts.words.sums import DAILY
from flows.answers import plain
from flows.types.event import Message

PAID_IN = re.compile(
    r"\b(?:yo |ya |les |te )*(?:di|hice|deje|mande|realice) (?:un |el |mi |otro )?(?:abono|pago|deposito)\b|"
    r"\bi (?:made|sent) (?:a|the|my) (?:payment|deposit)\b"
)
"""«Es que yo di un abono en octubre»."""
DISAGREES = re.compile(
    r"\bno (?:(?:estoy|ando) de acuerdo (?:con|en)|(?:los |las |lo )?reconozco) "
    r"(?:los|las|el|la|ese|esos|esa|esas|estos|estas|que me) "
    r"(?:recargos?|moratori\w+|interes\w*|cobro\w*|cargo\w*|monto|cantidad|cuenta|saldo|comision\w*)|"
    r"\bi (?:don t|do not) (?:agree with|recogni[sz]e) (?:the|these|those|that) "
    r"(?:late )?(?:fees?|interest|charges?|amount|balance)"
)
_THIS_IS_SHE = re.compile(r"^(?:(?:yes|yeah|hi|hello) )*(?:this is|it s) (?:her|him|she|he)(?: speaking)?$")
"""On the phone as in a chat: that is me."""
_KIN_PAID = re.compile(
    rf"\bya (?:(?:les|lo|la|te|se los) )*(?:deposito|pago|transfirio|abono|hizo el pago) mi {KIN}\b|"
    rf"\bmi {KIN} ya (?:(?:les|lo|la|te) )*(?:deposito|pago|transfirio|abono|hizo)\b|"
    rf"\bmy {KIN} (?:already )?(?:paid|sent|deposited)\b"
)
_NEARLY = re.compile(
    r"\b(?:ya )?casi (?:acabo|termino|liquido|les pago)\b|\balmost (?:done|finished|paid off)\b"
)
_HOW_LONG = re.compile(
    r"(?:(?:and|so|ok|but) )*(?:how long (?:do|have) i (?:have|got)|"
    r"what(?: is| s)? the latest (?:day )?i can pay)(?: (?:to pay|to do it|left|it))*"
)
_NO_BUREAU = re.compile(r"\bno me (?:mand|pas|met|report|boletin|envi)\w* (?:al?|en|con) (?:el )?buro\b")
_ONLY = r"(?:solo|nomas|nada mas|unicamente|solamente|puros?|just|only)"
_INTEREST = r"(?:(?:los?|el|puros?|the) )*interes(?:t|es)?\b"
_ONLY_INTEREST = re.compile(
    rf"\b(?:pag|abon|d|pay)(?:o|ar\w*|e|oy|)(?: \w+)? {_ONLY} {_INTEREST}|"
    rf"\b{_ONLY} (?:pag|abon|pay)\w* {_INTEREST}|\bpag\w+ (?:los )?puros? {_INTEREST}"
)
"""«¿Qué pasa si solo pago los intereses?»: of a part, and no discount."""
_WANTS_TO_PAY = re.compile(
    r"^(?!.*\bliquid\w* .*\b(?:grande|chico|otro|segundo)\b)(?:(?:hola|buen[oa]s? \w+|ya|pues|yo|es que|"
    r"oye|oiga|hi|hello|i) )*"
    r"(?:(?:quiero|quisiera|deseo|necesito|vengo a|me gustaria|want to|would like to|d like to|need to) )?"
    r"(?:pagar|abonar|liquidar|(?:hacer|realizar|dar) (?:un|mi|el) (?:pago|abono)|pay|make (?:a|my) payment)"
    r"(?: (?:mi|el|la|lo|los dos|l[oa]s (?:2|tres)|ambos|both|que|debo|deuda|credito|prestamo|adeudo|"
    r"mensualidad|por favor|porfa|my|loan|debt|"
    r"please|mas|chico|grande|chiquito|atrasado|segundo|primero|otro|the|second|first|other|one|smaller|"
    r"bigger))*$"
)
"""No day and no sum with it: how it is paid."""
_PLAN_OF_LOAN = re.compile(
    r"\bplan (?:de pagos? )?(?:del?|para el|con el) (?:(?:credito|prestamo|mas) )*"
    r"(?:grande|chico|chiquito|otro|primero|segundo)\b"
)
_COSTS_TO_WAIT = re.compile(
    r"(?:(?:y|oye|oie|oiga|pero|no|hola) )*(?:me |nos )?(?:cobr(?:as|an?)|generan?|suben?) (?:mas )?(?:los )?"
    r"(?:interes(?:es)?|recargos?) si (?:les |te |lo )?(?:pago|deposito|abono|doy)\b.*"
)
"""«¿Me cobras intereses si pago el 20?»"""
_OWES_NOTHING = re.compile(
    r"\b(?:saber|diganme|dime|digame|ver|checar) si (?:ya no|todavia|aun|les|te|le|yo)(?: \w+)? "
    r"deb(?:o|ia)\b|"
    r"^(?:(?:y|entonces|ok|so) )*(?:(?:ya no|todavia|aun) (?:(?:les|te|le) )*debo|"
    r"(?:what |how much )?do i (?:still )?owe)(?: \w+){0,3}$"
)
"""«Quiero saber si ya no debo nada»."""
_HELP = re.compile(
    r"^(?:(?:por favor|porfa|oiga|oye|please) )*(?:ayuden?me|ayudeme|ayudame|ayuda|help(?: me)?|"
    r"info|informacion|"
    r"(?:me (?:puede[sn]?|podria[sn]?)|pueden?) ayudar(?:me)?|necesito (?:su |tu )?ayuda|i need help)"
    r"(?: (?:por favor|porfa|please))*$"
)
"""What with? The menu asks, and names a person."""
_EACH_TIME = re.compile(
    r"\bcuanto (?:seria|saldria|quedaria|tendria que (?:pagar|dar)|pagaria|daria)(?: \w+){0,3} "
    r"(?:por|a la|al|cada) (?:semana|quincena|mes)\b|"
    r"\bhow much (?:would|will) (?:it|that) be (?:a|per|every) (?:week|month)\b"
)
_NO_PLAN = re.compile(
    r"\b(?:no (?:quiero|necesito|me interesan?|ocupo)|ni quiero) (?:(?:un|el|ese|ningun|tu|sus?|los|hacer) )*"
    r"(?:plan|convenio|acuerdo|pagos (?:chic\w+|en partes))\b|\bi don t (?:want|need) (?:a|any|your) plan\b"
)
_WILL_PAY = re.compile(
    r"\b(?:ya|si|claro que(?: si)?|pues) (?:les |te |le )?(?:voy a pagar|pagare|quiero pagar$)\b|"
    r"\bi (?:will|m going to) pay\b"
)


_WHAT_ABOUT = re.compile(
    r"\b(?:quiero|quisiera|para|necesito) saber (?:de )?(?:que se trata|que es|por ?que)|^de que se trata\b|"
    r"\bwhat (?:is|s) this about\b"
)
_BORROWED = re.compile(
    r"^(?:(?:yo|es que|pero|a mi|nada mas|solo|nomas) )*(?:me prestaron|pedi|saque) (?:solo )?\d"
)
"""«Me prestaron 5000»: of the loan that there is."""
_HOW_LATE = re.compile(
    r"\b(?:hace )?cuanto (?:tiempo )?(?:hace )?(?:llevo (?:de atraso|atrasad[oa]|sin pagar|vencid[oa])|"
    r"que (?:no pago|debo|me atrase)|tengo de atras\w+)|\bdesde cuando (?:debo|estoy atrasad[oa])|"
    r"\bhow (?:late|overdue|far behind|many days (?:late|overdue|behind)|long have i been (?:late|"
    r"overdue|behind))\b"
)


_OPTIONS = re.compile(
    r"^(?:(?:bueno|ya|ok|va|a ver|y|entonces|pues|oye|oiga|dime|digame|me dice|and|so) )*"
    r"(?:(?:dejame|dejeme|dejenme|quiero|puedo|quisiera|let me|can i|i want to|show me|muestrame|ensename|"
    r"me (?:muestras?|ensenas?|pasas?|repites?)|vuelve a)(?: (?:ver|see|have|look at))? "
    r"(?:(?:las|los|mis|otra vez|otras|the|my|all|other) )*(?:opciones|planes|options|plans)|"
    r"(?:dime|digame|deme|dame|cuales son|"
    r"(?:que|cuales) (?:otras )?(?:son )?)(?: (?:mis|las|otras))? ?opciones|que opciones (?:tengo|hay|"
    r"me (?:das|dan))|"
    r"what are my options|what options(?: do i have)?)(?: (?:tengo|hay|me dan|me das|para pagar|tienen|"
    r"son|pues|otra vez|de nuevo|again|porfa|please|there are|hay))*$"
)
"""«¿Qué opciones tengo?», «déjame ver las opciones»: what ways there are."""
_BY_PLACE = re.compile(
    r"(?:(?:pues|va|ok|mejor|quiero) )*(?:la|el|the) (?:de |del )?(?:en ?medio|enmedio|medio|arriba|"
    r"abajo|middle|top|"
    r"bottom)(?: one| option| opcion| por favor)*"
)
"""«La de en medio»: an answer, and no word of what one goes through."""


_DISBELIEVES = re.compile(
    r"^(?:(?:pues|la verdad|yo|a mi|es que|but) )*(?:no (?:te|le|les|se|lo) (?:lo )?creo(?: (?:nada|"
    r"eso))*|es mentira|"
    r"(?:esto |eso )?(?:suena|huele) a (?:fraude|estafa)|i don t (?:believe|trust) (?:you|it|this)|"
    r"(?:this )?(?:sounds|looks|smells) like a (?:scam|fraud))$"
)
_HOPES = re.compile(r"^(?:(?:pues|si|ay) )*(?:ojala|dios quiera|primero dios|si dios quiere|hopefully)$")


_CHILDREN = r"(?:a )?(?:(?:los|mis?) )?(?:hij|nin|beb)\w+"
_TAKES_CHILDREN = re.compile(
    rf"\b(?:me|nos) (?:van|iban|quieren|pueden) a? ?(?:quitar|arrebatar) {_CHILDREN}|"
    rf"\b(?:van|iban|quieren|pueden) a? ?(?:quitarme|quitarnos|llevarse) {_CHILDREN}|"
    r"\b(?:they|you|collectors?) (?:\w+ ){1,3}take (?:away )?my (?:kids?|children|son|daughter|baby)\b"
)
"""«Dicen que me van a quitar a mis hijos si no pago»: a threat of who collects."""


@dataclass(frozen=True, slots=True)
class Idiom:
    words: re.Pattern[str]
    intent: str
    """What it is."""
    read_as: tuple[str, ...] = ()
    """What the model may be sure of; otherwise it counts where the model is in doubt."""
    topic: str | None = None
    """What it asks about, where it is a question."""
    among: tuple[str, ...] = ()
    """What else must be among the likeliest readings."""


IDIOMS = (
    Idiom(CHARGE_HOUR, "other", read_as=("other", "ask_due_date", "ask_breakdown"), topic="debit_how"),
    Idiom(OWED_OF_ONE, "ask_balance", read_as=("ask_balance", "other")),
    Idiom(MINE, "ask_balance", read_as=("dispute_debt", "other", "request_loan")),
    Idiom(OF_MY_LOANS, "ask_balance", read_as=("request_loan", "other", "privacy_request", "dispute_debt")),
    Idiom(ALL_PAID, "ask_balance", read_as=("other", "request_loan", "report_payment")),
    Idiom(NEXT_TIME, "ask_due_date", read_as=("opt_in", "other")),
    Idiom(WHAT_IS_LEFT, "ask_balance", read_as=("other", "refuse_to_pay")),
    Idiom(PAY_MORE, "other", read_as=("request_plan", "other", "promise_to_pay"), topic="early_payoff"),
    Idiom(NO_FEES, "request_discount", read_as=("opt_out", "cancel_debit", "other", "refuse_to_pay")),
    Idiom(PAID_THEN, "report_payment", read_as=("ask_breakdown", "other", "ask_balance")),
    Idiom(WAS_CALLED, "ask_identity", read_as=("contact_preference", "talk_to_human", "other", "greet")),
    Idiom(
        SLIP,
        "ask_payment_methods",
        read_as=("other", "privacy_request", "provide_clabe", "ask_payment_methods"),
    ),
    Idiom(
        CALLS_US,
        "contact_preference",
        read_as=("other", "promise_to_pay", "third_party", "wrong_person", "contact_preference"),
    ),
    Idiom(_TAKES_CHILDREN, "complain", read_as=("other", "report_hardship", "refuse_to_pay", "deny")),
    Idiom(
        SAID_TO_SETTLE,
        "request_discount",
        read_as=("complain", "dispute_debt", "dispute_charge", "other", "ask_balance", "promise_to_pay"),
    ),
    Idiom(LESS_IF_CLOSED, "request_discount", read_as=("other", "ask_breakdown", "ask_balance")),
    Idiom(
        AGREED_WITH_OTHERS,
        "promise_to_pay",
        read_as=("complain", "third_party", "other", "report_payment", "ask_due_date"),
    ),
    Idiom(FEES, "other", read_as=("ask_balance", "ask_breakdown", "other"), topic="late_fees"),
    Idiom(COULD_NOT_PAY, "request_extension", read_as=("request_discount", "other", "deny")),
    Idiom(LESS_OFTEN, "contact_preference", read_as=("deny", "other", "opt_out", "promise_to_pay")),
    Idiom(
        NO_LEAVE, "other", read_as=("dispute_charge", "dispute_debt", "complain"), topic="crossed_messages"
    ),
    Idiom(_WHAT_ABOUT, "ask_balance", read_as=("complain",)),
    Idiom(OF_MY_LOAN, "ask_balance", read_as=("request_loan",)),
    Idiom(_BORROWED, "ask_breakdown", read_as=("request_loan",)),
    Idiom(_HOW_LATE, "ask_due_date", read_as=("ask_balance", "affirm", "ask_breakdown")),
    Idiom(
        IN_PARTS,
        "request_plan",
        read_as=("ask_payment_methods", "promise_to_pay", "request_extension", "request_loan", "other"),
    ),
    Idiom(DAILY, "request_plan", read_as=("promise_to_pay", "other", "contact_preference")),
    Idiom(_OPTIONS, "request_plan", read_as=("other", "affirm", "request_loan", "ask_balance")),
    Idiom(_BY_PLACE, "other"),
    Idiom(FEELS_BAD, "report_hardship", read_as=("complain", "other", "thank")),
    Idiom(
        BANKRUPT, "report_hardship", read_as=("other", "report_payment", "ask_payment_methods", "complain")
    ),
    Idiom(NOT_THAT_LOAN, "dispute_debt", among=("dispute_debt",)),
    Idiom(PERSON_HOURS, "other", read_as=("talk_to_human",), topic="contact"),
    Idiom(SPOKE_ALREADY, "thank", read_as=("talk_to_human",)),
    Idiom(FEARS_COURT, "other", read_as=("complain", "report_hardship", "other"), topic="lawsuit"),
    Idiom(IN_COURT, "complain", read_as=("other", "thank", "greet", "promise_to_pay")),
    Idiom(DIVORCED, "report_hardship", read_as=("report_vulnerability", "other")),
    Idiom(KIN_LOST_WORK, "report_hardship", read_as=("other", "third_party")),
    Idiom(WONT_MAKE_IT, "report_hardship", read_as=("deny", "other", "third_party", "wrong_person")),
    Idiom(PAID_LATE, "request_extension", read_as=("other", "wrong_person")),
    Idiom(NO_PRESSURE, "refuse_to_pay", read_as=("deny", "other", "complain")),
    Idiom(EVICTED, "report_hardship", read_as=("greet", "other", "complain", "dispute_charge")),
    Idiom(_DISBELIEVES, "other", read_as=("deny", "other", "refuse_to_pay", "complain"), topic="genuine"),
    Idiom(PERSON_OR_MACHINE, "ask_identity", read_as=("talk_to_human", "other")),
    Idiom(_HOPES, "other", read_as=("abuse", "thank")),
    Idiom(NOT_CALLED, "opt_out", read_as=("talk_to_human", "other", "contact_preference")),
    Idiom(NOT_AT_WORK, "contact_preference", read_as=("complain", "opt_out", "talk_to_human", "other")),
    Idiom(NO_CALLS, "contact_preference", read_as=("other", "talk_to_human")),
    Idiom(HALF, "promise_to_pay", read_as=("request_discount", "other")),
    Idiom(THE_DATA, "ask_payment_methods", read_as=("privacy_request", "provide_clabe", "other")),
    Idiom(ALL_OF_IT, "ask_balance", read_as=("promise_to_pay",)),
    Idiom(PAID_IN, "report_payment"),
    Idiom(
        DEPOSITED, "report_payment", read_as=("authorize_debit", "change_account", "provide_clabe", "other")
    ),
    Idiom(DONE_PART, "report_payment", read_as=("promise_to_pay", "other", "ask_balance")),
    Idiom(OWES_VERDAD, "ask_balance"),
    Idiom(PAID_AND_ASKED, "report_payment", read_as=("ask_breakdown", "other", "dispute_charge", "complain")),
    Idiom(PAID_BEFORE, "report_payment", among=("report_payment",)),
    Idiom(PAYS_ONLY, "promise_to_pay", among=("authorize_debit",)),
    Idiom(SETTLES, "request_plan"),
    Idiom(REST_IN_PARTS, "request_plan", read_as=("promise_to_pay", "other", "request_extension")),
    Idiom(CATCHES_UP, "promise_to_pay", read_as=("other", "talk_to_human", "request_plan", "request_loan")),
    Idiom(THIS_WAY, "contact_preference", among=("contact_preference",)),
    Idiom(NEW_NUMBER, "contact_preference", read_as=("wrong_person",)),
    Idiom(ROBBED, "report_hardship"),
    Idiom(CANNOT_WRITE, "talk_to_human", read_as=("other",)),
    Idiom(NOT_AT_HAND, "other", read_as=("wrong_person", "third_party")),
    Idiom(_THIS_IS_SHE, "affirm", read_as=("third_party", "wrong_person")),
    Idiom(_KIN_PAID, "report_payment", read_as=("third_party", "promise_to_pay")),
    Idiom(_NEARLY, "ask_balance", read_as=("report_payment",)),
    Idiom(NEARLY_HAS, "promise_to_pay", read_as=("report_payment",)),
    Idiom(GIVES_NO_DATA, "ask_identity", read_as=("privacy_request", "refuse_to_pay", "deny")),
    Idiom(_HOW_LONG, "ask_due_date", read_as=("other", "ask_payment_methods", "request_extension")),
    Idiom(
        WHERE_TO_COMPLAIN,
        "other",
        read_as=("ask_identity", "talk_to_human", "complain", "other"),
        topic="une",
    ),
    Idiom(UNANSWERED, "complain", read_as=("opt_out", "other", "request_extension", "ask_identity")),
    Idiom(ANSWER_ME, "talk_to_human", read_as=("affirm", "other", "greet", "contact_preference")),
    Idiom(_NO_BUREAU, "other", read_as=("opt_out", "refuse_to_pay", "other"), topic="credit_bureau"),
    Idiom(NO_INSURANCE, "other", read_as=("opt_out", "cancel_debit", "other"), topic="insurance"),
    Idiom(WANTS_DEBIT, "authorize_debit", read_as=("cancel_debit", "other", "change_account")),
    Idiom(STOP_NOT_AUTHORISED, "dispute_charge", read_as=("opt_out", "deny", "dispute_debt", "other")),
    Idiom(LEAVES_DEBIT, "cancel_debit", read_as=("authorize_debit", "opt_out")),
    Idiom(FEARS_FOR_ACCOUNT, "other", read_as=("cancel_debit", "privacy_request"), topic="debit_safety"),
    Idiom(_ONLY_INTEREST, "other", read_as=("request_discount", "ask_breakdown"), topic="partial_payment"),
    Idiom(NO_WAY_OUT, "report_hardship"),
    Idiom(OVERWHELMED, "report_hardship", read_as=("other", "request_loan", "refuse_to_pay", "greet")),
    Idiom(NO_TALK, "deny", read_as=("talk_to_human", "other", "contact_preference")),
    Idiom(_HELP, "greet", read_as=("talk_to_human", "privacy_request", "other")),
    Idiom(_NO_PLAN, "deny", read_as=("request_plan", "refuse_to_pay")),
    Idiom(SEND_YOURS, "ask_payment_methods", read_as=("ask_payment_methods", "other", "provide_clabe")),
    Idiom(_EACH_TIME, "request_plan", read_as=("ask_balance", "ask_due_date")),
    Idiom(_OWES_NOTHING, "ask_balance"),
    Idiom(_PLAN_OF_LOAN, "request_plan", read_as=("request_loan", "other")),
    Idiom(_COSTS_TO_WAIT, "other", read_as=("request_discount", "ask_breakdown"), topic="late_fees"),
    Idiom(FALLS_SHORT, "report_hardship"),
    Idiom(IS_BACK, "greet", read_as=("contact_preference",)),
    Idiom(_WANTS_TO_PAY, "ask_payment_methods", read_as=("greet", "other", "request_plan")),
    Idiom(CALLS_ME, "contact_preference", read_as=("greet",), among=("contact_preference",)),
    Idiom(NOT_ENOUGH, "report_hardship", among=("report_hardship",)),
    Idiom(_WILL_PAY, "promise_to_pay"),
    Idiom(GETS_PAID, "promise_to_pay", read_as=("report_payment",)),
    Idiom(DISAGREES, "dispute_charge", read_as=("deny", "request_discount")),
)


def asks_options(text: str) -> bool:
    """«Déjame ver las opciones»"""
    return _OPTIONS.search(plain(text)) is not None


def idiom(message: Message) -> Message | None:
    flat = plain(message.text)
    for each in IDIOMS:
        counts = message.intent in each.read_as if message.certain else True
        among = not each.among or set(each.among) & {message.intent, *message.alternatives[:3]}
        dated = each.words in (PAID_IN, _ONLY_INTEREST) and message.date is not None
        if counts and among and not dated and each.words.search(flat):
            kept = message if each.topic is None else replace(message, parts=(), amount=None, also=())
            return replace(kept, intent=each.intent, topic=each.topic, certain=True)
    return None
