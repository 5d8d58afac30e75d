"""Signals and what is live → the act on its object: the first row that holds. Tested as a table in
`tests/unit/flows/acts/test_acts.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flows.acts.readings.charges import gives_next_to_charge, keeps_charge, stops_charging, wishes_charge
from flows.acts.readings.other_loan import other_meant
from flows.acts.readings.proposals import names_vaguely
from flows.acts.words.details import is_detail, is_of_notice
from flows.acts.words.signals import Signals
from flows.acts.words.sums import parts_meant
from flows.types.event import Message
from flows.types.facts import ChargeFacts, Facts, LoanFacts, PromiseFacts


@dataclass(frozen=True, slots=True)
class Situation:
    """A message with all that it may be about."""

    message: Message
    says: Signals
    free: bool
    """Whether no question but a menu's is open: then a day or a sum may be about what is live."""
    promise: PromiseFacts | None = None
    charge: ChargeFacts | None = None
    debit: bool = False
    plan: bool = False
    plan_days: tuple[date, ...] = ()
    """Of its parts that are not paid."""
    new_plan: bool = False
    """Whether the plan was agreed a moment ago, and may be agreed otherwise."""
    reported: bool = False
    today: date | None = None

    @classmethod
    def of(cls, message: Message, facts: Facts, *, free: bool) -> "Situation":
        loans: tuple[LoanFacts, ...] = facts.borrower.loans if facts.borrower else ()
        other = other_meant(loans, message.text)
        return cls(
            message,
            Signals(message.text),
            free,
            next((loan.promise for loan in ((other,) if other else loans) if loan.promise), None),
            next((loan.announced_charge for loan in loans if loan.announced_charge), None),
            any(loan.mandates for loan in loans),
            any(loan.plan for loan in loans),
            tuple(
                part.due_date
                for loan in loans
                if loan.plan
                for part in loan.plan.parts
                if part.status != "kept"
            ),
            any(loan.plan and loan.plan.is_new(facts.now) for loan in loans),
            any("payment_reported" in loan.holds for loan in loans),
            facts.today,
        )

    @property
    def day(self) -> date | None:
        return self.message.date

    @property
    def gives(self) -> bool:
        """A day, a sum or a share."""
        message = self.message
        share = any(part.share for part in message.parts)
        return share or message.date is not None or message.amount is not None

    @property
    def about_charge(self) -> bool:
        """Of a charge to come. Without its name, where one is announced and nothing else is spoken of."""
        says = self.says
        return says.charge and not (says.charged or says.promise or says.cost)

    @property
    def about_promise(self) -> bool:
        says = self.says
        return says.promise or (
            self.promise is not None and not says.charge and not says.debit and not says.charged
        )

    @property
    def other_day(self) -> bool:
        """A day to come that is not the one on which the charge is due."""
        if self.day is None or (self.today is not None and self.day < self.today):
            return False
        return self.charge is None or self.day != self.charge.charge_on


def _pays_instead(it: Situation) -> bool:
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


def _shrinks_charge(it: Situation) -> bool:
    """«Cóbrenme nomás la mitad»: a charge is made whole, or not at all."""
    if it.charge is None or not it.about_charge or it.says.every:
        return False
    amount = it.message.amount  # «cóbrenme mejor 300»
    return it.says.less or (it.day is None and amount is not None and amount < it.charge.amount)


def _moves_charge(it: Situation) -> bool:
    """«No me cobren mañana, mejor el viernes», «¿pueden pasarlo al lunes?»"""
    if it.charge is None or it.says.every:
        return False
    only_not = it.says.not_charge and not it.says.one  # «esta quincena no» names no other day
    then = it.other_day and (only_not or wishes_charge(it.message.text))  # «cóbrenme el viernes»
    named = it.about_charge and (it.says.move or then)
    unnamed = it.free and it.promise is None and it.says.move and it.other_day and not it.says.payment
    return (named or unnamed) and not (it.says.ask and not it.other_day)


def _keeps_charge(it: Situation) -> bool:
    """«Ok, déjalo así», with a charge announced."""
    return it.charge is not None and it.free and not it.gives and keeps_charge(it.message.text)


def _cancels_charge(it: Situation) -> bool:
    """«No me cobren mañana», «cancela ese cargo»: one charge, and not the debit."""
    if it.charge is None or it.says.every or it.says.debit or stops_charging(it.message.text):
        return False
    once = it.says.one or it.day is not None or it.says.pays  # «no me cobren, yo pago»
    named = it.about_charge and (it.says.cancel or it.says.not_charge) and once
    short = len(it.message.text) < 25 and "todo" not in it.says.flat
    unnamed = it.free and it.promise is None and it.says.cancel and short and not it.says.plan
    return (named or unnamed) and not (it.says.ask and not it.says.cancel)


_HOW_TO = re.compile(
    r"\b(?:como (?:le )?hac\w+|como (?:le )?hago|puedo|podria|podemos|se puede|pueden|podrian|how|"
    r"can (?:i|you|we)|could (?:i|you))\b"
)
"""«¿Cómo le hago para domiciliar?», where there is no debit."""
_WHICH_ACCOUNT = re.compile(
    r"\b(?:a|de|en) (?:que|cual) (?:cuenta|tarjeta|banco) (?:\w+ ){0,2}?me \w*(?:cobr|carg|descuent|hac)\w*|"
    r"\b(?:que|cual|which|what) (?:banco|cuenta|tarjeta|clabe|bank|account|card) (?:\w+ )?"
    r"(?:tienen|usan|cobran|descuentan|sacan|esta|registr\w+|domicili\w+|do you (?:have|charge|use))\b"
)


_FROM_WHICH = re.compile(
    r"(?:(?:y|oye|pero|a ver|perdon) )*de (?:que|cual) (?:cuenta|tarjeta|banco)(?: (?:es|era|seria|sale|"
    r"lo sacan|lo toman))?"
    r"|(?:and )?from which (?:account|card|bank)"
)
"""«¿Y de cuál cuenta?», after a word of the charge: of the account that is charged."""


_WHAT_BECAME = re.compile(
    r"(?:(?:y|oye|oiga|oigan|hola|disculpe|entonces|and|so) )*"
    r"(?:que (?:paso|onda|hubo|hay)|como (?:va|quedo)|en que quedo|what happened|what s up)"
    r" (?:con|to|with) (?:el|mi|ese|su|the|my|that) (?:cargo|cobro|descuento|domiciliacion|charge|debit)"
    r"(?: (?:automatico|de (?:hoy|ayer|antier)|today|yesterday))?"
)


def _asks_of_charge(it: Situation) -> bool:
    """«¿Entonces ya no me cobran mañana?», «¿cuándo me van a cobrar?»"""
    if it.charge is not None and it.free and is_of_notice(it.says.flat) and not it.says.not_charge:
        return True
    if it.debit and it.free and _WHAT_BECAME.fullmatch(it.says.flat):
        return True
    on_topic = it.message.topic in (None, "debit_when", "debit_how")
    expects_none = it.says.not_charge and it.message.topic != "debit_no_funds"  # «¿ya no me cobran mañana?»
    if not (on_topic or expects_none) or not (it.says.of_me or it.says.not_charge):
        return False
    if it.says.paid_already:  # «¿me van a cobrar aunque ya pagué?»
        return False
    if it.debit and _WHICH_ACCOUNT.search(it.says.flat):
        return False
    ends_debit = it.message.intent == "cancel_debit" and it.says.every and "?" not in it.message.text
    cancels = it.says.cancel and not it.says.not_charge
    return it.about_charge and it.says.ask and not cancels and not ends_debit


def _cannot_fund(it: Situation) -> bool:
    """«No tengo dinero», where a charge is announced."""
    if it.says.marked and it.message.topic is not None:
        return False
    if it.charge is None or not it.free or it.says.promise or it.other_day:
        return False
    sure = it.message.intent == "cancel_debit" and it.message.certain
    not_this = it.says.not_charge and it.about_charge and not (it.says.every or it.says.marked or sure)
    return it.says.no_money or not_this or _pays_by_hand(it)  # «no me cobren»: this once, or on another day?


def _pays_by_hand(it: Situation) -> bool:
    """«Mejor pago yo por transferencia», with a charge announced."""
    itself = it.says.pays and it.says.by_means and it.says.move
    return itself and not it.gives and not it.says.marked


def _cancels_plan(it: Situation) -> bool:
    """«Ya no quiero el plan», «cancelen el convenio», with a plan in force."""
    says = it.says
    ends = says.cancel or (says.unwanted and not says.keeping)
    none = it.promise is None and it.free  # «mejor cancelen mi acuerdo», and there is none
    named = says.plan and not (says.marked or says.ask or says.charge or says.debit)
    none = none and says.cancel and it.message.intent in (*_OF_WHAT_STANDS, "affirm")
    return (it.plan or none) and named and ends


def _changes_plan(it: Situation) -> bool:
    """«Me equivoqué, quería de 2», «mejor semanal», just after a plan was agreed."""
    if not it.new_plan or not it.free or it.says.charge or it.says.debit:
        return False
    if it.message.certain and it.message.intent not in (*_ABOUT_PAYING, "affirm"):
        return False
    entities = it.message.entities
    spread = "instalments" in entities or "frequency" in entities or "menos pagos" in it.says.flat
    number = it.says.corrects and parts_meant(it.message.text) is not None
    placed = it.says.corrects and it.says.placed
    corrects = it.says.corrects or it.says.starts
    return spread or number or placed or (corrects and it.gives and not it.message.parts)


def _cannot_keep_plan(it: Situation) -> bool:
    """«Ya no puedo con el plan», «no llego al 15», when a part of it is due."""
    named = it.says.plan or (it.day in it.plan_days and it.message.intent in _ABOUT_PAYING)
    of_plan = it.plan and it.free and it.message.amount is None and not (it.says.charge or it.says.debit)
    return of_plan and it.says.cannot and named


def _asks_of_plan(it: Situation) -> bool:
    """«¿Cómo va mi plan?», «¿puedo cancelar el acuerdo?», «no lo cancelen», «ya no puedo con el plan»: it is
    shown.
    """
    says = it.says
    if _cannot_keep_plan(it):
        return True
    asks = says.marked or says.ask or says.keeping
    named = says.plan or says.part  # «¿mañana es el primer pago, verdad?»
    return it.plan and named and asks and not (says.charge or says.debit)


def _cancels_promise(it: Situation) -> bool:
    """«Cancela mi promesa», «olvida lo del viernes»"""
    if not it.says.cancel or it.says.charge or it.says.debit:
        return False
    same_day = it.promise is not None and it.day == it.promise.due_date
    alone = it.free and it.promise is not None and it.charge is None
    short = alone and len(it.message.text) < 16
    meant = (
        alone and not (it.debit or it.plan) and it.message.intent in _OF_WHAT_STANDS
    )  # «ya no, cancela eso»
    return it.says.promise or same_day or short or meant


def _asks_of_promise(it: Situation) -> bool:
    """«¿En cuánto quedamos?», «¿para qué día dije?», «no canceles mi promesa»"""
    if it.says.promise and it.says.keeping:
        return True
    if it.promise is None and it.day is not None and it.message.amount is not None:
        return False  # «¿quedamos el viernes con 600?»: none is made yet
    agreed = it.says.agreed and not it.says.charge and (it.free or it.promise is not None)
    return it.says.ask and (it.says.promise or agreed) and not it.says.cancel


def _keeps_promise(it: Situation) -> bool:
    """«Sí, el viernes les pago», with Friday promised: nothing changes."""
    if it.promise is None or not it.free or not it.about_promise or it.says.cannot or it.says.less:
        return False
    same_day = it.day == it.promise.due_date and it.message.amount in (None, it.promise.amount)
    return same_day and it.message.intent in ("promise_to_pay", "affirm", "other") and not it.says.move


def _moves_promise(it: Situation) -> bool:
    """«Mejor el lunes», «siempre no puedo el viernes», «solo voy a poder 200», with a promise standing."""
    if it.promise is None or not it.about_promise:
        return False
    if it.message.certain and it.message.intent not in _ABOUT_PAYING:
        return False
    return (it.says.promise and (it.says.move or it.gives)) or (
        it.free and (it.gives or (it.says.cannot and it.says.agreed))
    )


def _breaks_promise(it: Situation) -> bool:
    """«Ya no voy a poder el viernes»: another day is asked for."""
    if it.promise is None or not it.about_promise or not it.says.cannot or it.says.less:
        return False
    days = (it.promise.due_date, *(part.due_date for part in it.promise.rest))
    same_day = it.day in days and it.message.amount is None
    short = len(it.says.flat.split()) <= _SHORT
    unsaid = it.free and not it.gives and (it.says.promise or it.says.agreed or it.says.payment or short)
    return (same_day or unsaid) and it.message.intent in _ABOUT_PAYING


def _asks_of_payment(it: Situation) -> bool:
    """«¿Ya les llegó mi pago?»"""
    missing = it.says.not_yet and not it.message.certain  # «no me aparece mi pago»
    last = it.message.intent == "report_payment" and it.says.marked  # «¿ya se reflejó lo del mes pasado?»
    about = it.says.arrived and (it.says.payment or (last and it.says.flat.startswith(_IS_IT_THERE)))
    return about and (missing or (it.says.ask and it.message.intent in _ABOUT_PAYMENT))


def _asks_of_debit(it: Situation) -> bool:
    """«¿Sigo con la domiciliación?», «no cancelen mi domiciliación»: whatever it is read as, nothing ends."""
    if it.says.keeping and not (it.says.promise or it.says.plan or it.says.not_charge):
        unnamed = it.debit and it.promise is None and not it.plan  # «no la cancelen, sigo igual»
        return it.says.debit or unnamed or it.message.intent == "cancel_debit"
    if it.debit and (_WHICH_ACCOUNT.search(it.says.flat) or _FROM_WHICH.fullmatch(it.says.flat)):
        return True
    begins = not it.debit and it.message.intent == "authorize_debit" and _HOW_TO.search(it.says.flat)
    asks = it.says.debit and it.says.ask and not it.says.cancel and not begins
    return asks and it.message.intent != "cancel_debit"


def _withdraws_report(it: Situation) -> bool:
    """«No, mentira, no he pagado», of a payment that was reported."""
    return it.reported and not it.says.marked and it.says.not_paid


def _lacks_proof(it: Situation) -> bool:
    """«No encuentro el ticket», of a payment that was reported."""
    return it.reported and it.free and it.says.no_proof and not it.says.marked


def _offers_proof(it: Situation) -> bool:
    """«¿Te mando foto?», «¿sirve una captura?»; of a payment that was reported, «tengo la captura»."""
    has = it.reported and it.free and not (it.says.no_proof or it.gives)
    ours = re.search(
        r"\bme (?:\w+ )?(?:mand|envi|d)(?:an?|en?|aran|ar)\b", it.says.flat
    )  # «¿me mandan comprobante?»
    return (
        not ours
        and it.says.proof
        and (it.says.marked or has)
        and it.message.intent in (*_ABOUT_PAYMENT, "ask_identity")
    )


def _reports_payment(it: Situation) -> bool:
    """«¿Me van a cobrar aunque ya pagué?»: what was paid is looked at, and the charge held."""
    return it.charge is not None and it.says.paid_already and it.says.charge and not it.reported


def _details_payment(it: Situation) -> bool:
    """«350», «fueron 400», «ayer», after «ya pagué»: of the payment that was reported."""
    detail = it.says.numbered or it.says.recalls or is_detail(it.says.flat)
    if it.reported and it.free and detail:
        return True
    bare_day = it.day is not None and _BARE_DAY.sub("", it.says.flat).count(" ") < _BARE  # «hoy», «ayer»
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
    bare = (it.message.intent in ("other", "affirm") or where or how) and not it.says.payment
    return bare or it.says.past or (past and it.message.intent in ("other", "promise_to_pay"))


_OF_HOURS = re.compile(r"\ba que horas?\b|\bwhat time\b|\b(?:abren|cierran|atienden)\b")
"""«¿A qué hora abren mañana?»: no day to pay."""


def _makes_promise(it: Situation) -> bool:
    """A day or a sum and nothing else, where no question asked for one."""
    asks = it.says.marked and it.message.topic is not None  # «¿y si liquido el viernes?»
    asks = asks or _OF_HOURS.search(it.says.flat) is not None
    bare = it.gives and it.message.intent == "other" and not asks
    if it.free and it.promise is None and it.charge is None and it.says.not_today:
        return True
    later = it.says.payment and it.says.later and it.promise is None
    whole = it.day is not None and it.message.amount is not None and it.says.agreed
    by_a_way = it.day is not None and it.says.pays and it.message.intent == "ask_payment_methods"
    if it.free and it.promise is None and (whole or (by_a_way and not it.says.ask)):  # «los pago hoy en oxxo»
        return True
    if it.free and it.promise is None and it.charge is None and names_vaguely(it.message):
        return True
    return it.free and not it.says.charge and (bare or (later and not it.message.certain))


_IS_IT_THERE = ("ya se", "ya les", "ya lo", "se reflejo", "les llego", "no se", "y ya")
_SHORT = 6
"""Words of «ya no voy a poder», which names nothing."""
_BARE_DAY = re.compile(
    r" (?:como )?(?:(?:en|por|a) (?:la |el )?(?:manana|tarde|noche|medio ?dia|mediodia)|a las? \d+.*|"
    r"temprano)$"
)
"""The hour of «hoy en la mañana»."""
_BARE = 2
"""Words of «hoy», «hoy mismo»."""
_FEW = 5
"""Words of «en OXXO», «por transferencia»."""
_ABOUT_PAYING = (
    "promise_to_pay",
    "request_extension",
    "report_hardship",
    "deny",
    "affirm",
    "other",
    "refuse_to_pay",
    "contact_preference",
    "request_plan",
)
_OF_WHAT_STANDS = ("cancel_debit", "deny", "other")
_ABOUT_PAYMENT = ("report_payment", "ask_balance", "ask_due_date", "other", "affirm", "ask_payment_methods")

ROWS: tuple[tuple[str, Callable[[Situation], bool]], ...] = (
    ("replace.charge", _pays_instead),
    ("keep.charge", _keeps_charge),
    ("shrink.charge", _shrinks_charge),
    ("move.charge", _moves_charge),
    ("detail.payment", _reports_payment),
    ("cancel.charge", _cancels_charge),
    ("ask.charge", _asks_of_charge),
    ("fund.charge", _cannot_fund),
    ("withdraw.report", _withdraws_report),
    ("lack.proof", _lacks_proof),
    ("offer.proof", _offers_proof),
    ("detail.payment", _details_payment),
    ("cancel.plan", _cancels_plan),
    ("change.plan", _changes_plan),
    ("ask.plan", _asks_of_plan),
    ("cancel.promise", _cancels_promise),
    ("ask.promise", _asks_of_promise),
    ("confirm.promise", _keeps_promise),
    ("break.promise", _breaks_promise),
    ("move.promise", _moves_promise),
    ("ask.payment", _asks_of_payment),
    ("ask.debit", _asks_of_debit),
    ("make.promise", _makes_promise),
)


def act_of(it: Situation) -> str | None:
    for act, holds in ROWS:
        if holds(it):
            return act
    return None
