"""Direct debit: the account, and the bank named back; then its terms (`consent`)."""

import re
from typing import Any

from flows.acts.readings.yes_after_all import yes_after_all
from flows.answers import (
    ACCEPTED,
    YES_NO,
    accepts,
    agrees,
    leans_no,
    leans_yes,
    plain,
)
from flows.context import Context
from flows.debit.accounts import (
    PROBLEMS,
    backs_out,
    bank_named,
    names_bank,
    wants_no_debit,
    without_number,
)
from flows.debit.asked import (
    asks_bank,
    asks_terms,
)
from flows.debit.schedule import most, often, outgrown, plan_charged
from flows.debit.terms import TERMS_VERSION, folio_of, terms_of
from flows.engine import Ask, Done, Flow, Go, HandOver, Move, Reprompt
from flows.owed.nothing import nothing_owed
from flows.owed.payment_methods import ways
from flows.types.effects import (
    KeepAccount,
    RequestMandate,
)
from flows.types.event import AccountGiven, Message
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line, title

flow = Flow(
    "mandate",
    intents={
        "authorize_debit": title("meaning.authorize_debit"),
        "change_account": title("meaning.change_account"),
        "provide_clabe": title("meaning.provide_clabe"),
    },
    keeps={"authorize_debit": "fingerprint"},
    payloads=("debit", ACCEPTED),
    acts=("restore.debit",),
    news={"debit.asked": "reply"},
)

OF_PLAN = key("offers.debit_of_plan")
PLAN_PERSON = key("plan.person")
ON_ITS_WAY = key("mandate.on_its_way")
STANDING = key("mandate.standing")
CHANGE = key("mandate.change")
WHY = key("mandate.why")
ASK_CLABE = key("mandate.ask_clabe")
ASK_CLABE_BRIEF = key("mandate.ask_clabe_brief")
WHICH_BANK = key("mandate.which_bank")
BANK_MISSING = key("mandate.bank_missing")
NOT_DEBITABLE = key("mandate.not_debitable")
TAKEN = key("mandate.taken")
BANK = key("mandate.bank")
OTHER_ACCOUNT = key("mandate.other_account")
ASK_ON_PAGE = key("pages.ask_account")
ENDED_ALREADY = key("mandate.ended_already")
NO_TERMS = key("mandate.no_terms")
IN_SHORT = key("mandate.in_short")
FREE = key("mandate.free")
WITHOUT_NUMBER = {
    "picture": key("mandate.picture"),
    "what_for": key("mandate.what_for"),
    "in_short": IN_SHORT,
    "free": FREE,
    "own": key("mandate.own_account"),
    "card": key("mandate.card_account"),
    "where": key("mandate.where"),
    "other": OTHER_ACCOUNT,
    "length": PROBLEMS["length"],
    "go_on": ASK_CLABE_BRIEF,
}

_ANSWERS = ("what_for", "in_short", "free", "own", "card", "where")
"""Of those what answers a question, where no number was tried."""
_NOT_THAT = re.compile(r"no (?:es|era|esa|ese|esta|la)\b")


@flow.state("account", "standing", "complete", "bank", "unknown_bank", "not_debitable", "taken", ".", "!")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    stands = any(mandate.status != "requested" for mandate in loan.mandates)
    about: dict[str, Any] = {"loan_id": loan.id, "change": _wants_change(context) and stands}
    if loan.pending and loan.pending.status == "authorized" and lacks(context):
        return Go("complete", about | {"folio": loan.pending.folio})
    if not about["change"] and outgrown(loan):
        return _same_account(loan, about)
    if not about["change"] and stands:
        return Go("standing", about)
    if not context.facts.policy.mandate_offered:
        return HandOver("wants_debit", 1, (line(PLAN_PERSON, hours=context.lender.hours),))
    given = context.message.account if context.message else None
    if given and given.kind == "clabe":
        return _judged(given, about)
    restores = (line(ENDED_ALREADY),) if context.request.get("act") == "restore.debit" else ()
    if context.message and context.message.payload == ACCEPTED:
        restores = (line(NO_TERMS),)
    problem = {"problem": given.kind} if given else {}
    return Go("account", about | problem, (line(PROBLEMS[given.kind]),) if given else restores)


def _same_account(loan: LoanFacts, about: dict[str, Any]) -> Go:
    """The account that is charged already, under new terms."""
    assert loan.mandate is not None
    known = {"fingerprint": loan.mandate.account, "bank": loan.mandate.bank, "last4": loan.mandate.last4}
    return Go("bank", about | known | {"debitable": True})


def _wants_change(context: Context) -> bool:
    meant = context.message.alternatives if context.message else ()
    given = context.message is not None and context.message.account is not None  # another one, unasked
    return given or "change_account" in (context.request.get("intent"), *meant)


@flow.state(".")
def standing(context: Context) -> Ask | Move:
    """One mandate stands, or is on its way: another account takes its place only on request."""
    loan = context.loan
    assert loan is not None
    pending = loan.pending
    if pending and pending.status != "requested":
        return Done((line(ON_ITS_WAY, bank=pending.bank, last4=pending.last4, folio=pending.folio),))
    assert loan.mandate is not None
    return Done((line(STANDING, bank=loan.mandate.bank, last4=loan.mandate.last4),))


@flow.state("bank", "unknown_bank", "not_debitable", "taken", "declined", "later", "standing")
def account(context: Context) -> Ask | Move:
    """Why, what we never ask for, and the CLABE; whoever has read that is only asked for it. One that was
    given on the page meanwhile is on its way.
    """
    pending = context.loan.pending if context.loan and not context.slots.get("change") else None
    if pending is not None and pending.status != "requested":
        return Go("standing")
    head = line(CHANGE) if context.slots.get("change") else line(WHY, lender=context.lender.trade_name)
    explained = context.asked or bool({"fingerprint", "problem"} & context.slots.keys())
    facts = context.facts
    by_page = facts.policy.offers.account_capture.get(facts.channel) == "page"
    ask = line(ASK_ON_PAGE, url=facts.page_url) if by_page and facts.page_url else line(ASK_CLABE)
    lines = (ask,) if explained else (head, ask)
    return Ask(lines, "clabe", _read_account, brief=(line(ASK_CLABE_BRIEF),))


def _read_account(context: Context, message: Message) -> Move | None:
    given = message.account
    if given is not None:
        return _judged(given) if given.kind == "clabe" else Reprompt((line(PROBLEMS[given.kind]),))
    if context.slots.get("debitable") and yes_after_all(message):
        return Go("bank")
    match without_number(message):
        case None:
            return None
        case "later" | "declined" as left:
            return Go(left)
        case asked:
            return Reprompt((line(WITHOUT_NUMBER[asked]),), answers=asked in _ANSWERS)


def _judged(given: AccountGiven, about: dict[str, Any] | None = None) -> Go:
    """Where a CLABE whose control digit is right leads."""
    if given.taken:
        return Go("taken", about or {})
    slots = {
        "fingerprint": given.fingerprint,
        "bank": given.bank or "",
        "last4": given.last4,
        "debitable": given.debitable,
        **(about or {}),
    }
    kept = (KeepAccount(given.fingerprint),)
    if given.bank is None:
        return Go("unknown_bank", slots, effects=kept)
    return Go("bank", slots, effects=kept) if given.debitable else Go("not_debitable", slots)


@flow.state("bank", "unknown_bank", "not_debitable", "taken", "declined", "later")
def unknown_bank(context: Context) -> Ask | Move:
    return Ask((line(WHICH_BANK, last4=context.slots["last4"]),), "text", _read_bank, open_text=True)


def _read_bank(context: Context, message: Message) -> Move | None:
    if asks_terms(message):
        return Reprompt((line(IN_SHORT), line(WHICH_BANK, last4=context.slots["last4"])), answers=True)
    if message.account:
        return _read_account(context, message)
    if backs_out(message):
        return Go("declined")
    if name := bank_named(message):
        return Go("bank" if context.slots["debitable"] else "not_debitable", {"bank": name})
    sure = leans_yes(message) or agrees(message) or accepts(message)
    return Reprompt((line(BANK_MISSING, last4=context.slots["last4"]),)) if sure else None


@flow.state(".")
def not_debitable(context: Context) -> Ask | Move:
    """Answered at once, with SPEI instead."""
    return Done((line(NOT_DEBITABLE, bank=context.slots["bank"]), *ways(context)))


@flow.state("!")
def taken(context: Context) -> Ask | Move:
    """Somebody else's mandate uses this account: it is not revealed whose; a person looks."""
    del context
    return HandOver("account_in_use", 1, (line(TAKEN),))


@flow.state("terms", "account", "bank", "unknown_bank", "not_debitable", "taken", "declined", "later", ".")
def bank(context: Context) -> Ask | Move:
    if context.facts.refused == "account_in_use":
        return Go("taken")
    return Ask((line(BANK, **account_of(context)),), "yes_no", _bank_confirmed, YES_NO)


def account_of(context: Context) -> dict[str, str]:
    return {"bank": context.slots["bank"], "last4": context.slots["last4"]}


def _bank_confirmed(context: Context, message: Message) -> Move | None:
    if message.account:
        return _read_account(context, message)
    if leans_yes(message) or agrees(message) or names_bank(context, message):
        return request_terms(context)
    if asks_terms(message):
        return Reprompt((line(IN_SHORT), line(BANK, **account_of(context))), answers=True)
    if asks_bank(message):
        return Reprompt((line(BANK, **account_of(context)),), answers=True)
    if wants_no_debit(message) or plain(message.text).startswith("no gracias"):
        return Go("declined")
    no = _NOT_THAT.match(plain(message.text)) is not None
    another = (no or message.intent == "change_account") and "?" not in message.text
    return Go("account", lines=(line(OTHER_ACCOUNT),)) if another or leans_no(message) else None


def request_terms(context: Context, *lines: Line) -> Go | Done:
    """Puts the terms to the borrower under a new folio; the old ones, if any, are void. Nothing is left to be
    charged where the loan was paid while the bank was asked about.
    """
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    how_often, ceiling = often(loan), most(loan)
    folio = folio_of(context, loan)
    asked = {
        "folio": folio,
        "max_amount": ceiling.centavos,
        "frequency": how_often,
        "signed_on": context.facts.today.isoformat(),
        "asked": context.facts.now.isoformat(),
    }
    words = terms_of(Context(context.facts, {**context.slots, **asked}))
    fingerprint = context.slots["fingerprint"]
    requested = RequestMandate(loan.id, folio, fingerprint, ceiling, how_often, TERMS_VERSION, words)
    plan = loan.plan if plan_charged(loan) else None
    of_plan = (line(OF_PLAN, folio=plan.folio),) if plan else ()
    return Go("terms", asked, (*lines, *of_plan), (requested,))


def lacks(context: Context) -> set[str]:
    """Of what the provider asks for and a chat can give."""
    needs, who = context.facts.policy.extra.get("mandate_needs", ()), context.who
    known = {
        "document": who.rfc or who.curp or context.slots.get("code"),
        "email": who.email or context.slots.get("email"),
    }
    return {need for need in needs if need in known and not known[need]}
