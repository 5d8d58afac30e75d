"""Direct debit: the account, the bank named back, the terms in full, and consent to those very words."""

from typing import Any

from flows.answers import YES_NO, is_no, leans_no, leans_yes, plain
from flows.border.effects import AuthorizeMandate, CancelMandate, Choice, CompleteMandate, KeepAccount, RequestMandate
from flows.border.event import AccountGiven, Message
from flows.engine import Again, Ask, Done, Flow, Go, HandOver, Line, Move, Scene, line
from flows.payment_methods import ways
from values import Money

flow = Flow("mandate", version=1)

TERMS_VERSION = "mandate.terms@1"
_ACCEPTS = frozenset(
    {"acepto", "si acepto", "yo acepto", "acepto los terminos", "si acepto los terminos", "acepto la domiciliacion", "i accept", "accept"}
)
_CURP_OR_RFC = 12
_PROBLEMS = {
    "several": "mandate.several", "card": "mandate.card", "account": "mandate.account", "phone": "mandate.phone", "invalid": "mandate.invalid",
}  # fmt: skip


@flow.state("account", "standing", "bank", "unknown_bank", "not_debitable", "taken", ".", "!")
def start(scene: Scene) -> Ask | Move:
    loan = scene.loan
    if loan is None or not loan.instalments:
        return Done((line("balance.nothing", name=scene.who.first_name),))
    if loan.mandate and loan.mandate.status in ("authorized", "submitted", "active"):
        return Go("standing")
    if not scene.facts.policy.mandate_offered:
        return HandOver("wants_debit", 1, (line("plan.person", hours=scene.facts.lender.hours),))
    if scene.message and scene.message.account and scene.message.account.kind == "clabe":
        return _judged(scene.message.account)
    return Go("account")


@flow.state(".")
def standing(scene: Scene) -> Ask | Move:
    """One mandate stands: to change the account it is cancelled first."""
    loan = scene.loan
    assert loan is not None
    assert loan.mandate is not None
    return Done((line("mandate.standing", bank=loan.mandate.bank, last4=loan.mandate.last4),))


@flow.state("bank", "unknown_bank", "not_debitable", "taken", "declined")
def account(scene: Scene) -> Ask | Move:
    """Why, what we never ask for, and the CLABE."""
    return Ask((line("mandate.why", lender=scene.facts.lender.trade_name), line("mandate.ask_clabe")), "clabe", _read_account)


def _read_account(scene: Scene, message: Message) -> Move | None:
    del scene
    given = message.account
    if given is None:
        return Go("declined") if leans_no(message) else None
    if given.kind != "clabe":
        return Again((line(_PROBLEMS[given.kind]),))
    return _judged(given)


def _judged(given: AccountGiven) -> Go:
    """Where a CLABE whose control digit is right leads."""
    if given.taken:
        return Go("taken")
    kept = KeepAccount(given.fingerprint)
    slots: dict[str, Any] = {"fingerprint": given.fingerprint, "bank": given.bank or "", "last4": given.last4, "debitable": given.debitable}
    if given.bank is None:
        return Go("unknown_bank", slots, effects=(kept,))
    return Go("bank", slots, effects=(kept,)) if given.debitable else Go("not_debitable", slots)


@flow.state("bank", "not_debitable")
def unknown_bank(scene: Scene) -> Ask | Move:
    return Ask((line("mandate.which_bank", last4=scene.slots["last4"]),), "text", _read_bank)


def _read_bank(scene: Scene, message: Message) -> Move | None:
    if message.payload is not None or not 2 <= len(message.text) <= 40:
        return None
    return Go("bank" if scene.slots["debitable"] else "not_debitable", {"bank": message.text.strip()})


@flow.state(".")
def not_debitable(scene: Scene) -> Ask | Move:
    """Said at once, with SPEI instead."""
    return Done((line("mandate.not_debitable", bank=scene.slots["bank"]), *ways(scene)))


@flow.state("!")
def taken(scene: Scene) -> Ask | Move:
    """Somebody else's mandate uses this account: nothing is said of whose; a person looks."""
    del scene
    return HandOver("account_in_use", 1, (line("mandate.taken"),))


@flow.state("terms", "account")
def bank(scene: Scene) -> Ask | Move:
    return Ask((line("mandate.bank", bank=scene.slots["bank"], last4=scene.slots["last4"]),), "yes_no", _bank_confirmed, YES_NO)


def _bank_confirmed(scene: Scene, message: Message) -> Move | None:
    if message.account and message.account.kind == "clabe":
        return Go("account", lines=()) if message.account.taken else None
    if leans_yes(message):
        return _request(scene)
    return Go("account", lines=(line("mandate.other_account"),)) if leans_no(message) else None


def _request(scene: Scene) -> Go:
    """Puts the terms to the borrower under a new folio; the old ones, if any, are void."""
    loan = scene.loan
    assert loan is not None
    folio = f"D{loan.id}-{scene.facts.now:%y%m%d%H%M%S}"
    most = _most(scene)
    slots = {"folio": folio, "max_amount": most.centavos, "signed_on": scene.facts.today.isoformat()}
    words = _terms(Scene(scene.facts, {**scene.slots, **slots}))
    requested = RequestMandate(loan.id, folio, scene.slots["fingerprint"], most, "instalment", words)
    return Go("terms", slots, effects=(requested,))


def _most(scene: Scene) -> Money:
    """The most that one charge may take: the largest instalment that is still unpaid."""
    loan = scene.loan
    assert loan is not None
    return max(instalment.unpaid.total for instalment in loan.instalments)


def _terms(scene: Scene) -> tuple[Line, ...]:
    """The ten points of the authorisation (Banxico, Circular 3/2012): date and request, provider, credit, period, bank, account,
    most per period, how long, that it may be cancelled free at any time, holder and consent.
    """
    loan, lender = scene.loan, scene.facts.lender
    assert loan is not None
    return (
        line(
            "mandate.terms", folio=scene.slots["folio"], date=scene.day("signed_on"), lender=lender.legal_name, loan=loan.external_id,
            bank=scene.slots["bank"], last4=scene.slots["last4"], max_amount=scene.money("max_amount"), name=scene.who.name,
            first=loan.next_due.due_date if loan.next_due else scene.facts.today,
        ),
    )  # fmt: skip


@flow.state("terms", "complete", "declined", "changed")
def terms(scene: Scene) -> Ask | Move:
    """A bare «sí» never authorises a debit."""
    if scene.loan is None or not scene.loan.instalments:
        return Go("declined")
    if _most(scene) != scene.money("max_amount"):
        return Go("changed")
    loan = scene.loan
    choices = (Choice("accept", "mandate.accept"), Choice("no", "mandate.decline"))
    lapse = (CancelMandate(loan.id, "expired"),)
    return Ask((*_terms(scene), line("mandate.ask_consent")), "consent", _consented, choices, binds=True, lapse=lapse)


def _consented(scene: Scene, message: Message) -> Move | None:
    if message.payload == "accept" or (message.payload is None and plain(message.text) in _ACCEPTS):
        return Go("complete", effects=(AuthorizeMandate(scene.slots["folio"], message.text or "ACEPTO"),))
    if is_no(message) or leans_no(message):
        return Go("declined")
    if message.payload is None and message.intent in ("affirm", "authorize_debit"):
        return Again((line("mandate.say_accept" if len(plain(message.text).split()) <= 2 else "mandate.not_consent"),))
    return None


@flow.state("terms")
def changed(scene: Scene) -> Ask | Move:
    """What is owed moved while the terms were read: they are put again, under another folio."""
    loan = scene.loan
    assert loan is not None
    again = _request(scene)
    return Go("terms", again.slots, (line("mandate.changed"),), (CancelMandate(loan.id, "terms_changed"), *again.effects))


@flow.state(".")
def declined(scene: Scene) -> Ask | Move:
    loan = scene.loan
    effects = (CancelMandate(loan.id, "declined"),) if loan and "folio" in scene.slots else ()
    return Done((line("mandate.declined"),), effects)


@flow.state("email", "identity_code", "authorized")
def complete(scene: Scene) -> Ask | Move:
    """What the provider still lacks."""
    needs = scene.facts.policy.extra.get("mandate_needs", ())
    if "document" in needs and not (scene.who.rfc or scene.who.curp or scene.slots.get("code")):
        return Go("identity_code")
    if "email" in needs and not (scene.who.email or scene.slots.get("email")):
        return Go("email")
    return Go("authorized")


@flow.state("complete")
def identity_code(scene: Scene) -> Ask | Move:
    del scene
    return Ask((line("mandate.ask_code"),), "text", _read_code)


def _read_code(scene: Scene, message: Message) -> Move | None:
    code = plain(message.text).replace(" ", "").upper()
    kind = {13: "rfc", 18: "curp"}.get(len(code)) if code[:4].isalpha() and code[4:10].isdigit() else None
    if kind is None:
        return Again((line("mandate.bad_code"),)) if len(code) >= _CURP_OR_RFC else None
    return Go("complete", {"code": True}, effects=(CompleteMandate(scene.slots["folio"], {kind: code}),))


@flow.state("complete")
def email(scene: Scene) -> Ask | Move:
    del scene
    return Ask((line("mandate.ask_email"),), "text", _read_email)


def _read_email(scene: Scene, message: Message) -> Move | None:
    found = next((word.strip(".,;<>()") for word in message.text.split() if "@" in word and "." in word.split("@")[-1]), None)
    if found is None:
        return None
    return Go("complete", {"email": True}, effects=(CompleteMandate(scene.slots["folio"], {"email": found.lower()}),))


@flow.state(".")
def authorized(scene: Scene) -> Ask | Move:
    loan = scene.loan
    due = loan.next_due if loan else None
    if due is None:
        return Done((line("mandate.authorized", folio=scene.slots["folio"]),))
    return Done((line("mandate.authorized_next", folio=scene.slots["folio"], amount=due.unpaid.total, due_date=due.due_date),))
