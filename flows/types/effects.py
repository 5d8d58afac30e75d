"""What a step wants done. Each is a value; `bot/conversation/effects/` has one file for each that does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from flows.types.offer import Offer, Part
from flows.types.wording import Line
from values import BorrowerId, LoanId, Money

Purpose = Literal["reply", "contact", "confirmation", "notice"]
Expecting = Literal["yes_no", "identity", "clabe", "amount", "date", "choice", "consent", "text"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it sends back, and the wording key of its title."""

    payload: str
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """One outgoing message. Several lines are joined into one: every message costs money.

    Outside WhatsApp's window it can leave only if it is a single line that `bot/wording/templates.py` lists.
    """

    lines: tuple[tuple[str, Mapping[str, Any]], ...]
    """`(wording key, params)`; params are str, int, Money, date or datetime."""
    choices: tuple[Choice, ...] = ()
    purpose: Purpose = "reply"
    loan_id: LoanId | None = None
    tone: Literal["kind", "neutral", "firm"] = "kind"
    """How firm it is: the catalogues' message context."""
    register: Literal["", "usted"] = ""
    """How the borrower is spoken to; words that no register asks for are the same in all."""
    language: str = ""
    """The one that the borrower writes; empty for the one of their record."""
    question: int = 0
    """How many of its last lines are the question that it asks."""
    alone: bool = False
    """Whether nothing else may stand in its message."""


@dataclass(frozen=True, slots=True)
class Record:
    """A ledger entry; with no loan, one for each open loan of the borrower (facts about a person)."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    loan_id: LoanId | None = None


@dataclass(frozen=True, slots=True)
class MakePromise:
    loan_id: LoanId
    amount: Money
    due_date: date
    charge: int | None = None
    """The waiting charge that the borrower reads will not be made; refused where it has left."""
    rest: tuple[Part, ...] = ()
    """Further payments that the same yes promises: each stands once the one before it is kept."""


@dataclass(frozen=True, slots=True)
class CancelPromise:
    loan_id: LoanId


@dataclass(frozen=True, slots=True)
class MakeOffers:
    """What is put to the borrower is kept, so that the same is offered again. One that stands already is not
    made again.
    """

    loan_id: LoanId
    offers: tuple[Offer, ...]
    valid_days: int
    policy_version: str


@dataclass(frozen=True, slots=True)
class AgreePlan:
    """A plain yes to the words of `terms`. The open promise and the other offers give way to it."""

    loan_id: LoanId
    folio: str
    offer: Offer
    terms: tuple[Line, ...]
    policy_version: str
    by_debit: bool = False
    """Whether the terms say that its parts are charged under the mandate that stands."""
    language: str = ""
    """Of the terms, where they were shown in another than the conversation's."""


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """The agreement in force ends at the borrower's wish, and with it the charges of its parts that wait."""

    loan_id: LoanId


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Fires `TimerFired(name, wait_id)` at `due`; forgotten by the engine once the wait is over."""

    name: str
    wait_id: int
    due: datetime


@dataclass(frozen=True, slots=True)
class HandOff:
    """To the agents' queue; the bot stays silent until released."""

    reason: str
    urgency: Literal[0, 1, 2, 3] = 0


@dataclass(frozen=True, slots=True)
class TakeBack:
    """From the queue to the bot: the person who was asked for is not wanted any more."""


@dataclass(frozen=True, slots=True)
class ConfirmIdentity:
    borrower_id: BorrowerId
    factor: str


@dataclass(frozen=True, slots=True)
class EndIdentity:
    """Somebody else than the confirmed borrower writes from here: the proof ends until it is given again."""

    reason: str


@dataclass(frozen=True, slots=True)
class CloseContactPoint:
    """For the candidates named, or all; nobody is reached here again until a tape says otherwise."""

    reason: str


@dataclass(frozen=True, slots=True)
class OptOut:
    pass


@dataclass(frozen=True, slots=True)
class OptIn:
    pass


@dataclass(frozen=True, slots=True)
class GiveNotice:
    """The first-contact notice is part of this turn's words: note that it was given."""


@dataclass(frozen=True, slots=True)
class PlaceHold:
    kind: str
    loan_id: LoanId | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prefer:
    """A wish about hours or channel."""

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenTask:
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    loan_id: LoanId | None = None
    joins: bool = False
    """Its data is added to the open case of its kind on this loan, where there is one; of a case that holds
    loans, in this conversation.
    """
    due: date | None = None
    """The last day for its answer, where the borrower was given one."""


@dataclass(frozen=True, slots=True)
class KeepAccount:
    """The account in this message is the borrower's: kept encrypted, found again by its fingerprint."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class RequestMandate:
    """The terms are put to the borrower: `terms` are the words that the question is asked in, kept as
    evidence.

    An earlier mandate that is still on its way gives way to it.
    """

    loan_id: LoanId
    folio: str
    fingerprint: str
    max_amount: Money
    frequency: str
    version: str
    terms: tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class AuthorizeMandate:
    """The explicit word was given to the terms of `folio`; with them the parts of `plan` are charged."""

    folio: str
    answer: str
    plan: int | None = None


@dataclass(frozen=True, slots=True)
class CompleteMandate:
    """What the provider still lacked: `{rfc|curp|email: value}`."""

    folio: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnnounceCharge:
    """The words of this turn announce a charge for a day: unless they leave before it, it is not made."""

    charge: int
    charge_on: date


@dataclass(frozen=True, slots=True)
class MoveCharge:
    """A charge that is planned or announced is made on another day, as the borrower asked and confirmed; the
    new day is announced afresh. The turn is refused as `charge_day` or `charge_too_late`.
    """

    charge: int
    to: date


@dataclass(frozen=True, slots=True)
class CancelCharge:
    """One charge is not made; the mandate stands. What was reported as paid is charged after all once its
    hold ended without the payment. The turn is refused as `charge_too_late`.
    """

    charge: int
    reason: Literal["borrower", "payment_reported"] = "borrower"


@dataclass(frozen=True, slots=True)
class AttachPaper:
    """The message of this turn carries a paper where its channel takes files: `statement`, `agreement`,
    `settlement_letter` or `receipt`. One that does not exist gives way to the statement.
    """

    kind: str
    loan_id: LoanId


@dataclass(frozen=True, slots=True)
class RaiseUrgency:
    """A person has the conversation, and something that protects the borrower was reported in it."""

    reason: str
    urgency: Literal[0, 1, 2, 3]


@dataclass(frozen=True, slots=True)
class WithdrawReport:
    """The payment that was reported was not made: nobody looks for it, and the loan is no longer held."""

    loan_id: LoanId


@dataclass(frozen=True, slots=True)
class CancelMandate:
    """`borrower`: all that this loan has, at once. Any other reason: the terms that wait for an answer, and
    nothing else.
    """

    loan_id: LoanId
    reason: Literal["borrower", "declined", "expired"]


Effect = (
    Say
    | Record
    | MakePromise
    | CancelPromise
    | MakeOffers
    | AgreePlan
    | CancelPlan
    | StartTimer
    | HandOff
    | TakeBack
    | ConfirmIdentity
    | EndIdentity
    | CloseContactPoint
    | OptOut
    | OptIn
    | GiveNotice
    | PlaceHold
    | Prefer
    | OpenTask
    | KeepAccount
    | RequestMandate
    | AuthorizeMandate
    | CompleteMandate
    | AnnounceCharge
    | MoveCharge
    | CancelCharge
    | AttachPaper
    | RaiseUrgency
    | WithdrawReport
    | CancelMandate
)
