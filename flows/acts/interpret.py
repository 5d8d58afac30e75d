"""From a reading, the open questions and what is live: the act that a message is, if it is one."""

import re
from dataclasses import replace

from flows.acts.days.after import after_refused, past_day, refuses_its_day
from flows.acts.days.month_end import rounded
from flows.acts.days.past import looking_back
from flows.acts.days.stretch import stretched
from flows.acts.readings.apology import APOLOGISE, apologises
from flows.acts.readings.asked import asked
from flows.acts.readings.debit_end import ends_debit
from flows.acts.readings.doubted import sure_enough
from flows.acts.readings.end_of_talk import END_TALK, ends_talk
from flows.acts.readings.following import ends_spoken_of, following, rest_dated
from flows.acts.readings.in_place import CANCELS_IT, NO_FUNDS, NO_MONEY, act_in_place, in_place
from flows.acts.readings.lacked import without_lacked
from flows.acts.readings.late_or_posted import of_lateness, of_posting
from flows.acts.readings.later import TALK_LATER, talks_later
from flows.acts.readings.live import no_other_topic, not_opted_out, of_account, of_charge_to_come, of_messages
from flows.acts.readings.named import as_named, of_another, pressed_later
from flows.acts.readings.opting_out import ASKS_HOW
from flows.acts.readings.other_loan import to_each
from flows.acts.readings.plainly import PROTECTED, plainly
from flows.acts.readings.proposals import (
    NO_DATE,
    TOO_MUCH,
    finds_too_much,
    knows_not,
    lacks_date,
    proposed,
)
from flows.acts.readings.spoken_of import asks_how_to_stop, without_spared
from flows.acts.readings.strangers import as_known, as_stranger, of_number
from flows.acts.readings.terms import PAYOFF, UP_TO_DATE, act_on_terms, asks_up_to_date, means_all
from flows.acts.readings.undo import undone
from flows.acts.readings.yes_after_all import resumed
from flows.acts.rows.situation import Situation
from flows.acts.table import act_of
from flows.acts.words import crisis, people
from flows.acts.words.advice import asks_advice
from flows.acts.words.asides import aside
from flows.acts.words.language import CHOOSE, wishes_language
from flows.acts.words.no_person import NO_PERSON, wants_no_person
from flows.acts.words.questions import (
    asks_consequence,
    asks_if_missed,
    asks_of_offer,
    asks_what_it_costs,
    supposes,
    supposes_late,
    supposes_no_money,
)
from flows.acts.words.signals import Signals
from flows.acts.words.sums import bare_sum, other_currency, sum_after_day
from flows.answers import ACCEPTED, accepts, asks_in_earnest, plain
from flows.engine import Ask, Frame, Lately
from flows.identity.people import gives_other_name
from flows.promises.terms import NEGOTIATIONS
from flows.smalltalk.receipt import shows_identity
from flows.types.event import Message
from flows.types.facts import Facts

NOTHING = Lately()
MISSED = "miss.plan"
_IRREVERSIBLE = frozenset(
    {"opt_out", "opt_in", "wrong_person", "third_party", "cancel_debit", "privacy_request"}
)
"""A yes to a doubt is no plain word for these: their own button is."""
_HEEDED = ("cancel_debit", "complain", "opt_out", "report_vulnerability", "wrong_person")
"""Done, whatever else the message says to the assistant."""
_ACCOUNTS = ("clabe", "card", "invalid")
"""What is written as a bare number, unasked, and can only be an account that is given."""
_CONSEQUENCES = ("late_fees", "not_paying", "no_money_that_day")
_BEFORE = re.compile(
    r"(?:(?:pero|y|oye|oiga|es que|yo|me|but|i) )*(?:antes|before|i used to)\b(?! (?:de|del)\b)"
)
"""«Antes debía 1000»: of what was, and no payment ahead of its day."""
_WHAT_NOW = re.compile(
    r"(?:(?:y|entonces|pero|ok|oye|so|and|ahora) )*"
    r"(?:que (?:pasa|sigue|procede|va a pasar|hago)|what (?:now|happens))"
    r"(?: (?:ahora|entonces|conmigo|con mi (?:plan|acuerdo|convenio)|con eso|now|next))*"
)
"""«¿Y ahora qué pasa?», with a plan in force."""
_ASKS_WHAT = re.compile(r"\?|^(?:\w+ ){0,3}(?:qu[eé]|what)\b", re.IGNORECASE)
_FEW_WORDS = 4
_CANCELS = re.compile(r"(?:(?:no|mejor|ya|better|just) )*cancel(?:a|ar|en)?(?: (?:mejor|ya|porfa|please))*")
_NUMBER_ALONE = re.compile(r"\$? ?\d[\d,.]*(?: ?pesos)?$")
_OF_DOCUMENTS = ("privacy_request", "authorize_debit", "change_account")
"""What the caption of an identity document or a card is read as."""
_RIGHTS = re.compile(
    r"\b(?:borr|elimin|corrij|correg|rectific|acces|arco|cancel|opon|delete|remove|correct)\w*"
)


def interpret(
    message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts, lately: Lately = NOTHING
) -> Message:
    """The message read against the open questions, what is live and what was just done and answered."""
    done = lately.done
    if message.payload is not None:
        return pressed_later(message, stack, facts) or message
    if message.kind != "text":
        document = message.intent in _OF_DOCUMENTS and shows_identity(message)
        return replace(message, intent="other", also=()) if document else message
    of_days = bool(stack) and stack[-1].flow in ("extension", "hardship", "promise")
    message = after_refused(message, facts.today)
    message = past_day(message, facts.today, asked=of_days)
    message = stretched(rounded(message, facts.today), facts.today, asked=of_days)
    message = looking_back(message, facts.today, done)
    if message.amount is not None and other_currency(message.text):
        message = replace(message, amount=None, parts=())
    message = without_lacked(without_spared(_with_sum(message)))
    spoken_of = lately.spoken.get("flow", "")
    advised = _advised(message, stack[-1].flow if stack else spoken_of, facts)
    ends = ends_spoken_of(message, lately.spoken)
    if act := undone(message, done, pending) or _of_talk(message) or advised or ends:
        return message.acting(act)
    message = following(message, spoken_of, idle=not stack)
    message = message if stack else resumed(message, spoken_of, facts.loans)
    message = rest_dated(message, lately.spoken, promised=any(loan.promise for loan in facts.loans))
    agreed = facts.borrower is not None and any(loan.promise or loan.plan for loan in facts.borrower.loans)
    message = _of_other_name(not_opted_out(message, facts), facts)
    message = plainly(message, pending, known=facts.borrower is not None, agreed=agreed)
    message = of_charge_to_come(no_other_topic(message, stack, facts), facts)
    message = of_account(of_messages(message, facts), stack, facts)
    message = as_named(of_another(message, facts), facts)
    message = of_number(message, stack, facts)
    if message.act is not None:
        return message
    if found := _of_question(message, stack, pending):
        return found
    terms = bool(stack) and stack[-1].flow in NEGOTIATIONS
    message = asked(message, facts, done, free=pending is None or pending.menu, terms=terms)
    if facts.borrower and message.intent == "privacy_request" and _is_question(message):
        message = replace(message, intent="other", also=())
    if message.act is not None or _is_protected(message):
        return message
    if facts.borrower is None:
        message = as_stranger(message, stack, pending, facts, done)
    else:
        message = as_known(message, facts.borrower, facts.today, idle=pending is None or pending.menu)
    read = message if message.act is not None else _read_in_place(message, stack, pending, facts)
    return _of_notice(read, facts, lately)


def _with_sum(message: Message) -> Message:
    pays = message.intent == "promise_to_pay" and message.amount is None and not message.parts
    return replace(message, amount=sum_after_day(message.text)) if pays else message


def _advised(message: Message, flow: str, facts: Facts) -> str | None:
    known = facts.borrower is not None and message.amount is None
    return asks_advice(message.text, flow) if known else None


def _of_notice(message: Message, facts: Facts, lately: Lately) -> Message:
    """«Sí», «ok», «no», where the notice of a charge, or when it comes, was the last that was said."""
    announced = facts.borrower and any(loan.announced_charge for loan in facts.borrower.loans)
    of_charge = lately.spoken.get("flow", "charge_asked") == "charge_asked"
    if message.act != END_TALK or not announced or not of_charge:
        return message
    return replace(message, act="fund.charge" if message.intent == "deny" else "keep.charge")


def _of_other_name(message: Message, facts: Facts) -> Message:
    """«Soy Tomás y no tengo crédito con nadie»: a wrong person, and no dispute of somebody else's debt."""
    disputes = message.intent == "dispute_debt" and facts.borrower is None
    if not disputes or not gives_other_name(message.text, facts.candidates):
        return message
    return replace(message, intent="wrong_person", also=(), certain=True)


def _of_question(message: Message, stack: tuple[Frame, ...], pending: Ask | None) -> Message | None:
    """What is of the open question itself: why it is asked, who is writing, what is offered."""
    at_factor = pending is not None and pending.expecting == "identity"
    if at_factor and people.asks_why(message.text) and not people.declares_other(message.text):
        return replace(message, intent="other", also=(), topic=None)
    if stack and stack[-1].flow == "identity":
        return _at_identity(message, stack[-1])
    if pending is not None and pending.binds and asks_in_earnest(message):
        return message.meaning("affirm")  # no plain yes: it is read back again
    of_offer = asks_of_offer(message.text) or asks_what_it_costs(message.text)
    if stack and stack[-1].flow == "plan" and of_offer and not _is_protected(message):
        in_force = stack[-1].state == "standing" and asks_if_missed(message.text)
        return message.acting(MISSED) if in_force else message.meaning("other")
    return None


def _at_identity(message: Message, frame: Frame) -> Message:
    if frame.state == "factor" and talks_later(message):
        return replace(message, intent="other", act=TALK_LATER, certain=True, topic=None)
    return replace(message, certain=message.certain or message.intent == "ask_identity")


def _of_talk(message: Message) -> str | None:
    if wishes_language(message.text):
        return CHOOSE
    if wants_no_person(message.text):
        return NO_PERSON
    if asks_how_to_stop(message.text):
        return ASKS_HOW
    if apologises(message):
        return APOLOGISE
    protects = crisis.self_harm(message.text) or (message.certain and message.intent in _HEEDED)
    return None if protects else aside(message.text)


def _is_protected(message: Message) -> bool:
    # «descuento» of a debt is none of a bank account
    discount = message.intent == "request_discount" and not Signals(message.text).drops_promise
    return message.certain and (discount or message.intent in PROTECTED)


def _read_in_place(message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts) -> Message:
    if payload := _only_meaning(message, stack) or _late_consent(message, stack, pending):
        return replace(message, payload=payload)
    ends = message.intent == "cancel_debit" and ends_debit(message.text)
    if not ends and (act := _asked_of(message, facts, _is_offered(stack))):
        also = tuple(label for label in message.also if label in _HEEDED)
        return replace(message, intent="other", also=also, act=act, topic=None, certain=True)
    dated = message.date is not None or (bool(stack) and stack[-1].flow == "promise")
    supposed = not message.either and supposes_no_money(message.text, dated=dated)
    supposed = supposed or _of_promise_missed(message, facts)
    if supposed and NO_MONEY in facts.lender.topics:
        of_that_day = replace(
            message, intent="other", also=(), topic=_no_money(facts), date=None, amount=None, certain=True
        )
        return in_place(of_that_day, stack)
    if message.topic in _CONSEQUENCES and asks_consequence(message.text):
        of_that = replace(message, intent="other", certain=True, date=None, amount=None, parts=())
        return in_place(of_that, stack)
    if message.topic == NO_MONEY and not supposes(message.text):
        message = replace(message, topic=None)
    if message.topic == "early_payoff" and _BEFORE.match(plain(message.text)):
        message = replace(message, topic=None, amount=None)
    if told := of_lateness(message) or of_posting(message, facts):
        return told
    if message.topic == "not_paying" and not _ASKS_WHAT.search(message.text):
        message = replace(message, topic=None)  # «tuve un problema y no pude pagar»
    if pending is None or pending.menu or stack[-1].flow == "promise":
        message = _of_debit(to_each(proposed(message, facts.today), facts.loans), facts)
    return in_place(_with_act(message, stack, pending, facts), stack)


def _asked_of(message: Message, facts: Facts, offered: bool) -> str | None:
    """The act, where something that is live is asked about, whatever is read in it."""
    others = any(loan.promise or loan.announced_charge for loan in facts.loans)
    planned = any(loan.plan for loan in facts.loans) and not others
    if (offered or planned) and _may_miss(message):
        return MISSED
    if planned and _WHAT_NOW.fullmatch(plain(message.text)):
        return "ask.plan"
    if _awaits(message, facts):
        return "ask.payment"
    return UP_TO_DATE if facts.borrower is not None and asks_up_to_date(message) else None


def _is_offered(stack: tuple[Frame, ...]) -> bool:
    """Whether a plan is being read back."""
    return bool(stack) and (stack[-1].flow, stack[-1].state) == ("plan", "confirm")


def _may_miss(message: Message) -> bool:
    dated = message.date is not None
    missed = asks_if_missed(message.text) and "?" in message.text
    return missed or supposes_no_money(message.text, dated=dated) or supposes_late(message.text)


def _of_promise_missed(message: Message, facts: Facts) -> bool:
    """«¿Y si me atraso con el segundo?», of what was promised."""
    promised = any(loan.promise for loan in facts.loans)
    return promised and asks_if_missed(message.text) and not supposes_late(message.text)


def _no_money(facts: Facts) -> str:
    """The topic of what happens without money on the day: of a charge, where one comes next."""
    charged = any(loan.announced_charge and not loan.promise for loan in facts.loans)
    charged = charged or any(mandate.charges_in_flight for loan in facts.loans for mandate in loan.mandates)
    return NO_FUNDS if charged and NO_FUNDS in facts.lender.topics else NO_MONEY


def _of_debit(message: Message, facts: Facts) -> Message:
    """«Mejor cancélalo», where nothing but a debit can be meant."""
    others = any(loan.promise or loan.announced_charge or loan.plan for loan in facts.loans)
    alone = any(loan.mandates for loan in facts.loans) and not others
    if (
        message.intent == "cancel_debit"
        and not message.certain
        and not any(loan.mandates for loan in facts.loans)
    ):
        says = Signals(message.text)  # «no quiero domiciliar»: there is none
        return replace(message, act=END_TALK, certain=True) if says.debit and not says.marked else message
    ends = alone and CANCELS_IT.fullmatch(plain(message.text))
    return replace(message, intent="cancel_debit", certain=True) if ends else message


def _awaits(message: Message, facts: Facts) -> bool:
    """«¿Y si no aparece?», of a payment that was reported."""
    reported = any("payment_reported" in loan.holds for loan in facts.loans)
    return reported and Signals(message.text).awaits


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


def _late_consent(message: Message, stack: tuple[Frame, ...], pending: Ask | None) -> str | None:
    """«ACEPTO», to terms that nobody reads back any more: no answer to a reminder that came since."""
    reminded = bool(stack) and stack[-1].flow == "reminder" and pending is not None and pending.menu
    return ACCEPTED if reminded and accepts(message) else None


def _with_act(message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts) -> Message:
    free = pending is None or pending.menu
    if meant := act_in_place(message, stack) or _cancelled(message, stack, facts):
        return meant
    if free and talks_later(message):
        return replace(message, act=TALK_LATER, certain=True, topic=None)
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
    promised = situation.promise.due_date if situation.promise else None
    refused = free and situation.charge is None and message.date != promised and refuses_its_day(message)
    if situation.says.not_today or refused:  # the day that it names is the one that is not meant
        message = replace(message, date=None)
        situation = replace(situation, message=message)
    moves = situation.promise and (situation.says.less or situation.says.move)
    few = situation.promise and len(message.text.split()) <= _FEW_WORDS  # «siempre sí 400»
    detail = situation.reported and not situation.says.folio
    gives = message.intent == "promise_to_pay" and message.date is None  # «no sé, unos 100»
    if message.amount is None and free and (moves or few or detail or gives):
        message = replace(message, amount=bare_sum(message.text))
        situation = replace(situation, message=message)
    by_turns = "frequency" in message.entities and message.date is None and not message.certain
    if by_turns and stack and stack[-1].flow == "promise":  # «pero mensual»
        return replace(message, intent="request_plan", certain=True)
    keeps = situation.says.keeping and not situation.says.not_charge
    if keeps and "cancel_debit" in message.also:  # «no la cancelen, sigo igual»
        message = message.without("cancel_debit")
    act = (
        act_of(situation)
        or act_on_terms(message)
        or (NO_DATE if lacks_date(message) or _knows_not_when(message, stack) else None)
        or (PAYOFF if free and means_all(message.text) else None)
        or (TOO_MUCH if free and finds_too_much(message) else None)
        or (END_TALK if ends_talk(message, pending, stack) else None)
    )
    return replace(message, act=act, certain=True) if act else sure_enough(message, facts.today, free=free)


def _cancelled(message: Message, stack: tuple[Frame, ...], facts: Facts) -> Message | None:
    """«Cancélalo», of what is being agreed; «cancélala», where another day was asked for the promise that
    stands.
    """
    loans = facts.borrower.loans if facts.borrower else ()
    live = any(loan.promise or loan.plan or loan.mandates or loan.announced_charge for loan in loans)
    agreeing = bool(stack) and stack[-1].flow in NEGOTIATIONS
    if agreeing and not live and CANCELS_IT.fullmatch(plain(message.text)):
        return message.meaning("deny")
    stands = any(loan.promise for loan in loans)
    at_day = bool(stack) and (stack[-1].flow, stack[-1].state) == ("promise", "day")
    flat = plain(message.text)
    if not (stands and at_day and (CANCELS_IT.fullmatch(flat) or _CANCELS.fullmatch(flat))):
        return None
    return message.acting("cancel.promise")


def _knows_not_when(message: Message, stack: tuple[Frame, ...]) -> bool:
    """«No sé», after a hardship was noted."""
    return bool(stack) and stack[-1].flow == "hardship" and knows_not(message)


def _dated(message: Message) -> bool:
    """«La mitad hoy y la otra mitad el 5»: payments, each with its day."""
    return len(message.parts) > 1 and all(part.date for part in message.parts)
