"""The language in which conversations are tested: a script of what each side writes.

    given: confirmed, due=late        the facts of the conversation
    > el viernes pago 500 [promise_to_pay date=2026-11-27 amount=50000]
                                      the borrower writes; in brackets what was read, `?` after the label for
                                      a doubtful reading
    > (yes)                           a button is pressed; `(yes, older)` under an older message
    >| BAJA [opt_out]               the borrower writes while a person has the conversation
    ~ outreach reminder               something happens: outreach FLOW, released, timer, happened KIND
    ~ later 80h                       time goes by
    ~ owes 70000                      the first instalment is now of this sum
    ~ settled                         nothing is owed any more
    ~ refused account_in_use          the next turn was taken before and could not be carried out
    < promise.read_back               the bot sends at least this line; `<!` for a line that must not be sent
    < nothing                         the bot is silent
    ? yes_no                          what the bot waits for (`-` for nothing)
    ! MakePromise amount=50000        an effect, with fields that it must have; `!!` for one that must not be
    there

Between any two turns the conversation is serialised and read again.
"""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import flows
from flows import Conversation, Step
from flows.types.effects import (
    AgreePlan,
    AuthorizeMandate,
    CancelCharge,
    CancelMandate,
    CancelPlan,
    CancelPromise,
    CloseContactPoint,
    CompleteMandate,
    ConfirmIdentity,
    Effect,
    EndIdentity,
    GiveNotice,
    MakeOffers,
    MakePromise,
    MoveCharge,
    OpenTask,
    PlaceHold,
    Record,
    RequestMandate,
    Say,
    WithdrawReport,
)
from flows.types.event import (
    AccountGiven,
    DomainEvent,
    Event,
    Message,
    Outreach,
    PaymentPart,
    Released,
    TimerFired,
)
from flows.types.facts import Facts, MandateFacts, OfferedFacts, PlanFacts, PlanPartFacts, PromiseFacts
from models.hold import HOLD_KINDS
from models.ledger_entry import LEDGER_KINDS
from models.task import TASK_KINDS
from tests.facts import facts
from values import Breakdown, Clabe, LoanId, Money, bank_of

SCRIPTS = Path(__file__).parent / "scripts"
_LINE = re.compile(r"^(?P<text>.*?)(?:\s*\[(?P<read>[^\]]+)\])?$")


class Play:
    """One script being played."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.facts: Facts = facts()
        self.conversation = Conversation()
        self.step: Step | None = None

    def line(self, number: int, text: str) -> None:
        mark, _, rest = text.partition(" ")
        where = f"{self.name}:{number}: {text}"
        match mark:
            case "given:":
                self.facts = facts(
                    **{
                        name: value or "yes"
                        for name, _, value in (part.strip().partition("=") for part in rest.split(","))
                    }
                )
            case ">":
                self.take(_message(rest))
            case ">|":
                self.take(_message(rest), silent=True)
            case "~":
                self.happen(*rest.split())
            case "<":
                assert (rest == "nothing" and not self.sent()) or rest in self.sent(), (
                    f"{where}\nsent {self.sent()}"
                )
            case "<!":
                assert rest not in self.sent(), f"{where}\nsent {self.sent()}"
            case "?":
                assert self.step is not None
                assert (self.step.expecting or "-") == rest, (
                    f"{where}\nexpecting {self.step.expecting} in {self.step.flow}.{self.step.state}"
                )
            case "!":
                assert self.effect(rest), f"{where}\neffects {self.effects()}"
            case "!!":
                assert not self.effect(rest), f"{where}\neffects {self.effects()}"
            case _:
                raise AssertionError(f"{where}: unknown mark")

    def take(self, event: Event, *, silent: bool = False) -> None:
        stored = Conversation.from_json(json.loads(json.dumps(self.conversation.to_json())))
        assert stored == self.conversation, "the conversation does not survive being stored"
        self.step = flows.step(stored, event, self.facts, silent=silent)
        self.conversation = self.step.conversation
        for effect in self.step.effects:
            _assert_known(effect)
            if isinstance(effect, ConfirmIdentity):
                person = next(p for p in self.facts.candidates if p.id == effect.borrower_id)
                self.facts = replace(self.facts, borrower=person)
            if isinstance(effect, EndIdentity | CloseContactPoint):
                self.facts = replace(self.facts, borrower=None)
            if isinstance(effect, CloseContactPoint):  # as the view finds it: claimed, and not registered
                self.facts = replace(self.facts, registered_phone=False)
            if isinstance(effect, GiveNotice) and self.facts.borrower:
                self.facts = replace(self.facts, borrower=replace(self.facts.borrower, notice_given=True))
            self.remember(effect)
        self.facts = replace(self.facts, refused=None)

    def remember(self, effect: Effect) -> None:
        """What the records would say after this effect."""
        self.remember_promise(effect)
        match effect:
            case RequestMandate():
                self.loan(
                    pending=MandateFacts(
                        9, effect.folio, "requested", effect.frequency, "BBVA", "7899", effect.max_amount
                    )
                )
            case AuthorizeMandate():
                pending = self.facts.borrower.loans[0].pending if self.facts.borrower else None
                assert pending
                assert pending.folio == effect.folio, "consent to another folio than the one that waits"
                self.loan(pending=replace(pending, status="authorized"))
            case CancelCharge():
                self.loan(announced_charge=None)
            case MoveCharge():
                loan = self.facts.candidates[0].loans[0]
                assert loan.announced_charge
                self.loan(announced_charge=replace(loan.announced_charge, charge_on=effect.to))
            case CompleteMandate():
                self.person(**effect.data)
            case CancelMandate(reason="borrower"):
                self.loan(pending=None, mandate=None)
            case CancelMandate():
                self.loan(pending=None)
            case _:
                self.remember_plan(effect)

    def remember_plan(self, effect: Effect) -> None:
        """The same of offers and agreements."""
        match effect:
            case MakeOffers():
                made = tuple(
                    OfferedFacts(
                        offer.kind,
                        offer.as_of,
                        offer.as_of + timedelta(days=3),
                        offer.total + offer.discount,
                        offer.covers_until,
                    )
                    for offer in effect.offers
                )
                self.loan(offered=made)
            case AgreePlan():
                parts = tuple(
                    PlanPartFacts(n, part.due_date, part.amount, "open")
                    for n, part in enumerate(effect.offer.parts, 1)
                )
                offer = effect.offer
                self.loan(
                    plan=PlanFacts(
                        5,
                        effect.folio,
                        offer.kind,
                        offer.total,
                        offer.discount,
                        parts,
                        offer.covers_until,
                        effect.by_debit,
                        offer.frequency,
                        self.facts.now,
                    ),
                    offered=(),
                )
            case CancelPlan():
                self.loan(plan=None)
            case _:
                pass

    def remember_promise(self, effect: Effect) -> None:
        match effect:
            case MakePromise():
                self.loan(promise=PromiseFacts(effect.amount, effect.due_date, "open", effect.rest))
            case PlaceHold():
                self.loan(holds=self.held() | {effect.kind})
            case WithdrawReport():
                self.loan(holds=self.held() - {"payment_reported"})
            case CancelPromise():
                self.loan(promise=None)
            case _:
                pass

    def held(self) -> frozenset[str]:
        """The holds of the first loan; none where nothing is owed any more."""
        loans = (self.facts.borrower or self.facts.candidates[0]).loans
        return loans[0].holds if loans else frozenset()

    def loan(self, **values: Any) -> None:
        person = self.facts.borrower or self.facts.candidates[0]
        if not person.loans:
            return
        self.person(loans=(replace(person.loans[0], **values), *person.loans[1:]))

    def person(self, **values: Any) -> None:
        """Changes what is known of the first person here."""
        person = replace(self.facts.borrower or self.facts.candidates[0], **values)
        known = person if self.facts.borrower else None
        self.facts = replace(self.facts, borrower=known, candidates=(person, *self.facts.candidates[1:]))

    def happen(self, what: str, *words: str) -> None:
        match what:
            case "refused":
                self.facts = replace(self.facts, refused=words[0])
            case "owes":
                (first, *rest), whole = self.facts.candidates[0].loans[0].instalments, Money(int(words[0]))
                self.loan(
                    instalments=(
                        replace(first, unpaid=Breakdown(whole, Money.zero(), Money.zero(), Money.zero())),
                        *rest,
                    )
                )
            case "settled":
                self.person(loans=())
            case "later":
                self.facts = replace(
                    self.facts, now=self.facts.now + timedelta(hours=int(words[0].removesuffix("h")))
                )
            case "outreach":
                self.take(Outreach(words[0], LoanId(7), {"tone": "kind", "step": words[0]}))
            case "released":
                self.take(Released())
            case "timer":
                self.take(TimerFired(words[0], self.conversation.wait_id - (1 if "old" in words else 0)))
            case "happened":
                data: dict[str, Any] = {
                    name: _value(name, value)
                    for name, _, value in (word.partition("=") for word in words[1:])
                }
                self.take(DomainEvent(words[0], LoanId(7), data))
            case _:
                raise AssertionError(what)

    def sent(self) -> list[str]:
        assert self.step is not None
        return [key for effect in self.step.effects if isinstance(effect, Say) for key, _ in effect.lines]

    def effects(self) -> list[str]:
        assert self.step is not None
        return [repr(effect) for effect in self.step.effects if not isinstance(effect, Say)]

    def effect(self, wanted: str) -> bool:
        assert self.step is not None
        name, *fields = wanted.split()
        pairs = [field.partition("=") for field in fields]
        return any(
            type(effect).__name__ == name
            and all(_shown(getattr(effect, field)) == value for field, _, value in pairs)
            for effect in self.step.effects
        )


def _assert_known(effect: Effect) -> None:
    """What the records would refuse is refused here: kinds of ledger entries, tasks and holds."""
    if isinstance(effect, OpenTask):
        assert effect.kind in TASK_KINDS, f"{effect.kind} is no kind of task"
    if isinstance(effect, Record):
        assert effect.kind in LEDGER_KINDS, f"{effect.kind} is no kind of ledger entry"
    if isinstance(effect, PlaceHold):
        assert effect.kind in HOLD_KINDS, f"{effect.kind} is no kind of hold"


def _shown(value: Any) -> str:
    return (
        str(value.centavos)
        if isinstance(value, Money)
        else value.isoformat()
        if isinstance(value, date)
        else str(value)
    )


def _value(name: str, text: str) -> Any:
    if name in ("amount", "paid", "promised", "noticed", "total", "waived"):
        return Money(int(text))
    return date.fromisoformat(text) if name in ("date", "due_date", "retry_on", "charge_on") else text


def _message(text: str) -> Message:
    if text.startswith("("):
        payload, _, older = text.strip("()").partition(", ")
        return Message(payload, "other", payload=payload, stale=older == "older")
    match = _LINE.match(text)
    assert match is not None
    text, read = match["text"], (match["read"] or "other").split()
    fields = dict(word.split("=", 1) for word in read[1:])
    certain = not read[0].endswith("?")
    account = None
    if clabe := fields.get("clabe"):
        parsed = Clabe.parse(clabe)
        bank = bank_of(parsed)
        account = AccountGiven(
            "clabe",
            f"f{parsed.last4}",
            parsed.bank_code,
            bank.name if bank else None,
            parsed.last4,
            debitable=bool(bank and bank.rail == "bank"),
            taken="taken" in fields,
        )
    elif "account" in fields:
        account = AccountGiven(fields["account"])  # type: ignore[arg-type]
    entities: dict[str, Any] = {name: fields[name] for name in ("channel", "phone") if name in fields}
    if "frequency" in fields:
        entities["frequency"] = fields["frequency"]
    if "instalments" in fields:
        entities["instalments"] = int(fields["instalments"])
    if "window" in fields:
        entities["time_window"] = fields["window"].split("-")
    return Message(
        text,
        read[0].rstrip("?"),
        confidence=1.0 if certain else 0.4,
        certain=certain,
        payload=fields.get("payload"),
        also=tuple(fields.get("also", "").split(",")) if "also" in fields else (),
        alternatives=tuple(fields.get("or", "").split(",")) if "or" in fields else (),
        kind=fields.get("kind", "text"),  # type: ignore[arg-type]
        topic=fields.get("topic"),
        parts=_parts(fields["parts"]) if "parts" in fields else (),
        either=_parts(fields["either"]) if "either" in fields else (),
        amount=Money(int(fields["amount"])) if "amount" in fields else None,
        date=date.fromisoformat(fields["date"]) if "date" in fields else None,
        account=account,
        entities=entities,
    )


def _parts(text: str) -> tuple[PaymentPart, ...]:
    """`30000@2026-11-24+rest@2026-12-10*`: a sum or a share, its day, `*` for another loan."""
    found = []
    for piece in text.split("+"):
        what, _, day = piece.rstrip("*").partition("@")
        found.append(
            PaymentPart(
                Money(int(what)) if what.isdigit() else None,
                date.fromisoformat(day) if day else None,
                what if what in ("half", "rest", "all") else None,  # type: ignore[arg-type]
                piece.endswith("*"),
            )
        )
    return tuple(found)


def play(path: Path) -> None:
    script = Play(path.stem)
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.strip() and not text.startswith("#"):
            script.line(number, text.strip())
