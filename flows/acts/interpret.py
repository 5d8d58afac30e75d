"""From a reading, the open questions and what is live: the act that a message is, if it is one."""

import re
from dataclasses import replace
from datetime import date

from flows.acts import crisis, keywords, people
from flows.acts.language import CHOOSE, wishes_language
from flows.acts.offers import act_on_terms
from flows.acts.proposals import NO_DATE, TOO_MUCH, finds_too_much, knows_not, lacks_date, proposed
from flows.acts.questions import (
    asks_consequence,
    asks_more_charged,
    asks_of_contacts,
    asks_of_firm,
    supposes_no_money,
)
from flows.acts.signals import Signals
from flows.acts.sums import bare_sum
from flows.acts.table import Situation, act_of
from flows.acts.undo import undone
from flows.answers import drops, plain
from flows.engine import Ask, Frame
from flows.identity.birthday import is_birthday_alone
from flows.identity.people import self_named
from flows.types.event import Message
from flows.types.facts import Facts

_PROTECTED = frozenset(
    {
        "opt_out",
        "wrong_person",
        "third_party",
        "report_vulnerability",
        "dispute_debt",
        "dispute_charge",
        "complain",
        "privacy_request",
        "talk_to_human",
    }
)
"""What is read as one of these is not read again as something milder."""


_GRAVE = 0.3
"""From here on what may be a vulnerable person's word is taken for one: to ask back would be the greater
fault.
"""
_INFORMED = frozenset({"ask_balance", "ask_breakdown", "ask_due_date", "ask_payment_methods"})
"""Questions whose answer does nothing."""
_LIKELY = 0.5
"""From here on a reading that harms nobody is answered: of 809 messages that the model was not trained on a
third of these are wrong, and to ask back each time would be worse.
"""
_HARMLESS = _INFORMED | {
    "ask_identity",
    "authorize_debit",
    "change_account",
    "greet",
    "promise_to_pay",
    "request_discount",
    "request_extension",
    "request_plan",
    "thank",
}
"""What answers, asks on or reads back, and binds nobody."""
_MAY_PROMISE = frozenset(
    {"promise_to_pay", "request_extension", "request_plan", "contact_preference", "other", "greet"}
)
"""What a day to come is given with, where its reading is in doubt; unless it also gives hours or parts."""
_SHORT = 3
"""Words of «never mind», «déjalo así»: what drops a question says no more."""
END_TALK = "end.talk"
STAYS = "stay.subscribed"
_OPTING_OUT = re.compile(r"\b(?:de baja|darme baja|salir|unsubscribe|opt out)\b")
_IRREVERSIBLE = frozenset({"opt_out", "wrong_person", "third_party", "cancel_debit"})
"""A yes to a doubt is no plain word for these: their own button is."""
NO_MONEY = "no_money_that_day"
"""The topic of what happens where the money is not there on the day; a lender's file may lack it."""
_TOPICS = {
    ("mandate", "insurance"): "debit_safety",
    ("mandate", "genuine"): "debit_safety",
    ("mandate", NO_MONEY): "debit_no_funds",
}
"""(flow, topic) → the topic that is meant there."""
_ACCOUNTS = ("clabe", "card", "invalid")
"""What is written as a bare number, unasked, and can only be an account that is given."""
_OF_ANOTHER = (
    "third_party",
    "talk_to_human",
    "provide_clabe",
    "contact_preference",
    "other",
    "refuse_to_pay",
)
_CONSEQUENCES = ("not_paying", "no_money_that_day")
_NUMBER_ALONE = re.compile(r"\$? ?\d[\d,.]*(?: ?pesos)?$")
_PAID = re.compile(
    r"\bya (?:les |lo |la )?(?:pague|deposite|transferi|abone|liquide)\b|\bi (?:already )?paid\b"
)
_STOP = re.compile(r"\b(?:dej\w+|ya no|no me|no quiero|par\w+|baja|quit\w+|basta|stop|remove|don t)\b")
_OTHER_CHANNEL = re.compile(
    r"\b(?:mejor|prefier\w*|solo|unicamente|en (?:vez|lugar)|manden\w*|escrib\w+|instead|rather|only|just) "
    r"(?:\w+ ){0,3}?(?:por|al|a mi|un|en|by|via|through|on)? ?"
    r"(?:e ?mails?|correos?(?: electronicos?)?|sms|mensajes? de texto|whats\w*|llamadas?|telefono|"
    r"text messages?)\b"
)
"""After «ya no me manden mensajes por WhatsApp»: another way is wished, and not none."""
_PAID_BEFORE = re.compile(
    r"\bya (?:pague|deposite|transferi|abone|hice).*\bno (?:me |nos )?vayan? a (?:cobr|carg)"
)
"""The charge that it speaks of is one to come."""
_OF_LOAN = re.compile(r"\b(?:prestamo|credito|deuda|adeudo|debo|dinero prestado|loan|debt|owe)\b")
_OTHER_LOAN = re.compile(r"^(?:no |si |es )*(?:el |del |de el )?otro (?:credito|prestamo)$")
_ENDING = re.compile(
    r"\b(?:no|ya|sin|nunca|dej|quit|kit|cancel|revoc|retir|anul|baj|rebaj|elimin|deten|suspend|par[ae]n|"
    r"stop|end|remov|not|don t|never)\w*"
)
_KNOWS_NOBODY = re.compile(
    r"\b(?:don t|do not) know (?:any|anyone|anybody)\b|\bno conozco a ning\w+\b|\bthere is no \w+ here\b"
)
_HOLIDAY = re.compile(
    r"(?:y )?(?:cuando (?:es|cae)|que dia (?:es|cae)|when is) (?:la |el |the )?"
    r"(?:navidad|semana santa|ano nuevo|dia de (?:muertos|las madres|reyes)|dia del padre|"
    r"christmas|easter|thanksgiving|new year s?)(?: este ano)?"
)
_NAMED_PERSON = re.compile(
    r"\b(?:comuni\w+|pas\w+|hablar|habl\w+|transf\w+|contact\w+|speak|talk) (?:con|al?|with|to) "
    r"(?:el |la |un |una |the |a )?(?:lic(?:enciad[oa])?|abogad[oa]|gerente|supervisor\w*|director\w*|"
    r"ingenier[oa]|senor(?:a|ita)?|manager|supervisor)\b"
)
"""The person who is asked for, and no authority that is named."""
_RIGHTS = re.compile(
    r"\b(?:borr|elimin|corrij|correg|rectific|acces|arco|cancel|opon|delete|remove|correct)\w*"
)


def interpret(
    message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts, done: str = ""
) -> Message:
    """The message read against the open questions, what is live and what was `done` a moment ago."""
    if message.payload is not None or message.kind != "text":
        return message
    if act := undone(message, done):
        return replace(message, intent="other", also=(), topic=None, act=act, certain=True)
    if wishes_language(message.text):
        return replace(message, intent="other", also=(), topic=None, act=CHOOSE, certain=True)
    message = _plainly(message, pending, known=facts.borrower is not None)
    other = message.intent == "third_party" and not people.declares_other(message.text)
    if (other or message.intent == "wrong_person") and self_named(message.text, facts.candidates):
        message = replace(message, intent="other", also=(), certain=True)  # «no, soy Ana Luisa», of an Ana
    if message.act is not None:
        return message
    if pending is not None and pending.expecting == "identity" and people.asks_why(message.text):
        return replace(message, intent="other", also=(), topic=None)
    if stack and stack[-1].flow == "identity":
        return replace(message, certain=message.certain or message.intent == "ask_identity")
    if message.intent == "complain" and asks_of_contacts(message.text):
        message = replace(message, intent="other", also=(), topic=message.topic or "others_told")
    if facts.borrower and message.intent == "privacy_request" and _is_question(message):
        message = replace(message, intent="other", also=())
    return message if _is_protected(message) else _read_in_place(message, stack, pending, facts)


def _is_protected(message: Message) -> bool:
    # «descuento» of a debt is none of a bank account
    return message.certain and message.intent in (*_PROTECTED, "request_discount")


def _read_in_place(message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts) -> Message:
    if facts.borrower is None and _is_the_borrower(message, facts):
        return replace(message, act=people.BE_BORROWER, certain=True)
    if payload := _only_meaning(message, stack):
        return replace(message, payload=payload)
    if NO_MONEY in facts.lender.topics and supposes_no_money(message.text, dated=message.date is not None):
        asked = replace(
            message, intent="other", also=(), topic=NO_MONEY, date=None, amount=None, certain=True
        )
        return _in_place(asked, stack)
    if message.topic in _CONSEQUENCES and asks_consequence(message.text):
        asked = replace(message, intent="other", certain=True, date=None, amount=None, parts=())
        return _in_place(asked, stack)
    if message.intent == "other" and message.topic is None and asks_more_charged(message.text):
        return replace(message, topic="late_fees", certain=True)
    if pending is None or pending.menu or stack[-1].flow == "promise":
        message = proposed(message, facts.today)
    return _in_place(_with_act(message, stack, pending, facts), stack)


def _is_the_borrower(message: Message, facts: Facts) -> bool:
    """«Sí soy yo», «ya soy Ana», or a birthday, where nobody asked who is writing."""
    alone = message.intent in ("affirm", "other", "greet") or not message.certain
    named = bool(self_named(message.text, facts.candidates))
    return alone and (named or people.after_all(message.text) or is_birthday_alone(message.text))


def _is_question(message: Message) -> bool:
    """Of personal data: what the lender answers by itself, and no right that is exercised."""
    return message.topic is not None and not _RIGHTS.search(plain(message.text))


def _only_meaning(message: Message, stack: tuple[Frame, ...]) -> str | None:
    """A yes to «¿te refieres a…?» with one meaning is that meaning, unless it cannot be undone."""
    if message.intent != "affirm" or not stack or stack[-1].flow != "unclear":
        return None
    payloads = [payload for payload, _ in stack[-1].slots.get("meanings", ())]
    undone = len(payloads) == 1 and payloads[0].removeprefix("meaning.") not in _IRREVERSIBLE
    return payloads[0] if undone else None


def _with_act(message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts) -> Message:
    free = pending is None or pending.menu
    if (
        free
        and message.account
        and message.account.kind in _ACCOUNTS
        and message.intent in ("other", "greet")
    ):
        return replace(message, intent="provide_clabe", certain=True)
    if free and _NUMBER_ALONE.match(message.text.strip()):
        message = replace(message, intent="other", amount=bare_sum(message.text))
    if _dated(message) and (
        message.intent == "request_plan" or (message.intent == "promise_to_pay" and not message.certain)
    ):
        message = replace(message, intent="promise_to_pay", certain=True)
    situation = Situation.of(message, facts, free=free)
    if situation.says.not_today:  # the day that it names is the one that is not meant
        message = replace(message, date=None)
        situation = replace(situation, message=message)
    moves = situation.promise and (situation.says.less or situation.says.move)
    if message.amount is None and free and (moves or (situation.reported and not situation.says.folio)):
        message = replace(message, amount=bare_sum(message.text))
        situation = replace(situation, message=message)
    keeps = situation.says.keeping and not situation.says.not_charge
    if keeps and "cancel_debit" in message.also:  # «no la cancelen, sigo igual»
        message = replace(message, also=tuple(label for label in message.also if label != "cancel_debit"))
    act = (
        act_of(situation)
        or act_on_terms(message)
        or (NO_DATE if lacks_date(message) or _knows_not_when(message, stack) else None)
        or (TOO_MUCH if free and finds_too_much(message) else None)
        or (END_TALK if _ends_talk(message, pending, len(stack)) else None)
    )
    return replace(message, act=act, certain=True) if act else _sure(message, facts.today, free=free)


def _knows_not_when(message: Message, stack: tuple[Frame, ...]) -> bool:
    """«No sé», after a hardship was noted."""
    return bool(stack) and stack[-1].flow == "hardship" and knows_not(message)


def _dated(message: Message) -> bool:
    """«La mitad hoy y la otra mitad el 5»: payments, each with its day."""
    return len(message.parts) > 1 and all(part.date for part in message.parts)


def _ends_talk(message: Message, pending: Ask | None, depth: int) -> bool:
    """A yes or a no where nothing is open, a no to a menu that nothing waits below."""
    if depth == 0:
        return message.intent in ("affirm", "deny")
    menu = pending is not None and pending.menu
    return menu and depth == 1 and message.intent == "deny" and message.certain


def _sure(message: Message, today: date, *, free: bool) -> Message:
    """A doubt that needs no asking back: what follows reads it back anyway, or is a person."""
    by_turns = message.date is None and message.entities.get("frequency")
    if free and message.intent == "promise_to_pay" and by_turns:  # «puedo dar 100 a la semana»
        return replace(message, intent="request_plan", certain=True)
    if message.certain:
        return message
    promises = free and message.date is not None and message.amount is not None
    if promises and "promise_to_pay" in message.alternatives:
        return replace(message, intent="promise_to_pay", certain=True)
    grave = message.intent == "report_vulnerability" and message.confidence >= _GRAVE
    likely = message.intent in _HARMLESS and message.confidence >= _LIKELY
    if grave or likely or message.intent == "talk_to_human":
        return replace(message, certain=True)
    gives = free and (message.date is not None or message.amount is not None)
    if gives and message.intent in ("promise_to_pay", "request_extension"):
        return replace(message, certain=True, topic=None)
    to_come = message.date is not None and message.date >= today and "?" not in message.text
    bare = to_come and message.amount is None and not message.entities
    if free and bare and message.intent in _MAY_PROMISE:
        return replace(message, intent="promise_to_pay", certain=True, topic=None)
    if gives and message.intent == "request_plan":
        return replace(message, certain=True, topic=None)
    return message


def _in_place(message: Message, stack: tuple[Frame, ...]) -> Message:
    """A question means what the talk is about: «¿es seguro?» where an account is asked for."""
    top = stack[-1] if stack else None
    if (
        top
        and top.flow == "mandate"
        and not top.slots.get("change")
        and message.act in ("ask.charge", "ask.debit")
    ):
        return replace(message, act=None, topic="debit_how")
    found = _TOPICS.get((stack[-1].flow if stack else "", message.topic or ""))
    return replace(message, topic=found) if found else message


def _plainly(message: Message, pending: Ask | None, *, known: bool) -> Message:
    """What some words mean whatever the model reads in them, and what they do not mean."""
    text = message.text
    if crisis.self_harm(text) or crisis.violence(text) or crisis.death(text) or crisis.gravely_ill(text):
        return replace(message, intent="report_vulnerability", certain=True)
    if pending is not None and message.intent in _PROTECTED and _only_drops(message):
        return replace(message, intent="deny", certain=True, also=())
    if keywords.opts_out(text) or (pending is None and text.strip().lower() in keywords.LONE_CANCEL):
        return replace(message, intent="opt_out", certain=True)
    if keywords.opts_in(text):
        return replace(message, intent="opt_in", certain=True)
    if people.declares_other(text) and message.intent not in _PROTECTED - {"wrong_person"}:
        message = replace(message, intent="third_party", certain=True)
    if message.intent == "third_party" and crisis.ill(text):  # «soy su hija, está internada»
        return replace(message, certain=True, also=tuple({*message.also, "report_vulnerability"}))
    if known and (found := _of_others(message)):
        return found
    if message.intent == "dispute_charge" and _PAID_BEFORE.search(plain(text)):
        return replace(message, intent="report_payment")
    message = _one_act(message)
    return _opting_out(message) if "opt_out" in (message.intent, *message.also) else message


def _one_act(message: Message) -> Message:
    """Of two acts that one wish is read as, the one that its words name."""
    acts = {message.intent, *message.also}
    if acts >= {"dispute_debt", "dispute_charge"} and not _OF_LOAN.search(plain(message.text)):
        also = tuple(label for label in message.also if label not in ("dispute_debt", "dispute_charge"))
        return replace(message, intent="dispute_charge", also=also)
    if message.intent == "talk_to_human" and "complain" in acts and _NAMED_PERSON.search(plain(message.text)):
        return replace(message, also=tuple(label for label in message.also if label != "complain"))
    wants_debit = message.intent == "cancel_debit" and message.alternatives[1:2] == ("authorize_debit",)
    if wants_debit and not message.certain and not _ENDING.search(plain(message.text)):
        return replace(message, intent="authorize_debit", certain=True)  # «¿cómo le hago para domiciliar?»
    if not message.certain and "cancel_debit" in message.alternatives[:2] and _ends_charges(message.text):
        return replace(message, intent="cancel_debit", certain=True)  # «ya no quiero que me cobren nunca»
    if message.intent == "wrong_person" and _KNOWS_NOBODY.search(plain(message.text)):
        return replace(message, certain=True)
    if message.intent == "ask_due_date" and _HOLIDAY.fullmatch(plain(message.text)):
        return replace(message, intent="other")
    if message.intent == "request_loan" and _OTHER_LOAN.search(plain(message.text)):
        return replace(message, intent="other", also=())
    if message.intent in _INFORMED and _INFORMED.issuperset(message.alternatives[:2]):
        return replace(message, certain=True)  # two questions: the likelier is answered, which harms nobody
    if message.intent == "report_vulnerability" and message.alternatives[1:2] == ("report_hardship",):
        return replace(message, certain=True)  # one or the other: treated as the graver
    return message


def _ends_charges(text: str) -> bool:
    """Of charges, for good, and of neither messages nor one charge."""
    says = Signals(text)
    messages = re.search(r"\b(?:mensaj\w*|escrib\w*|llam\w*|messages?|texts?|call\w*)\b", plain(text))
    return says.charge and says.every and not (says.keeping or says.marked or says.one or messages)


def _opting_out(message: Message) -> Message:
    """Unless its words mean something else."""
    flat = plain(message.text)
    if message.intent == "opt_out" and _PAID.search(flat) and not _STOP.search(flat):
        return replace(message, intent="report_payment")
    if message.intent == "opt_out" and "channel" in message.entities and _OTHER_CHANNEL.search(flat):
        return replace(message, intent="contact_preference", certain=True)
    return _without_opt_out(message) if keywords.other_sense(message.text) else message


def _of_others(message: Message) -> Message | None:
    """Of a borrower who is known: somebody pays for them, or they ask whose firm it is."""
    if message.intent in _OF_ANOTHER and message.account is None and people.refers_to_other(message.text):
        return replace(message, intent="other", also=(), topic="others_told", certain=True)
    if message.intent == "third_party" and people.pays_for_me(message.text):
        gives = message.date is not None or message.amount is not None
        if gives:
            return replace(message, intent="promise_to_pay", certain=True)
        return replace(message, intent="other", topic="other_payer", certain=True)
    if message.intent == "ask_identity" and asks_of_firm(message.text):
        return replace(message, intent="other", topic=None, certain=True)
    return None


def _only_drops(message: Message) -> bool:
    return drops(message) and len(message.text.split()) <= _SHORT


def _without_opt_out(message: Message) -> Message:
    also = tuple(label for label in message.also if label != "opt_out")
    if message.intent != "opt_out":
        return replace(message, also=also)
    pays = re.search(r"\b(?:pag\w*|deposit\w*|abon\w*|pay\w*)", plain(message.text))
    if pays:
        return replace(message, intent="promise_to_pay", also=also, certain=True)
    stays = STAYS if message.topic is None and _OPTING_OUT.search(plain(message.text)) else None
    return replace(message, intent="other", also=also, certain=True, act=stays)
