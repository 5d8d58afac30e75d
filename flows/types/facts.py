"""What `step` may know: who is writing, what they owe, the lender's policy and the time. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flows.types.offer import Part
from flows.types.offers import OffersPolicy
from flows.types.topics import Topic
from flows.types.ways import Ways
from values import BorrowerId, Breakdown, LoanId, Money, given_first, given_names, is_given_name


@dataclass(frozen=True, slots=True)
class InstalmentFacts:
    number: int
    due_date: date
    """Rolled forward to a banking day."""
    unpaid: Breakdown


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    amount: Money
    due_date: date
    status: str
    rest: tuple[Part, ...] = ()
    """The payments after it, where it promises several."""


@dataclass(frozen=True, slots=True)
class MandateFacts:
    id: int
    folio: str
    status: str
    frequency: str
    bank: str
    last4: str
    max_amount: Money
    charges_in_flight: tuple[tuple[date, Money], ...] = ()
    account: str = ""
    """The fingerprint of its account."""


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """The next charge of a loan: planned or announced, not yet submitted to the provider."""

    id: int
    charge_on: date
    amount: Money
    first_day: date | None = None
    """The earliest and the latest banking day that it may be moved to; null once it cannot be moved."""
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class PlanPartFacts:
    number: int
    due_date: date
    amount: Money
    """What is left to pay of it."""
    status: str
    """`open`, `kept` or `missed`."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The agreement in force: a plan or a settlement."""

    id: int
    folio: str
    kind: str
    total: Money
    discount: Money
    parts: tuple[PlanPartFacts, ...]
    covers_until: date
    """It says how the instalments that fall due up to this day are paid."""
    by_debit: bool = False
    """Whether its parts are charged under the mandate."""
    frequency: str = "semimonthly"
    agreed_at: datetime | None = None

    def is_new(self, now: datetime) -> bool:
        """Whether it was agreed within a day and nothing of it is paid: then it may be agreed otherwise."""
        recent = self.agreed_at is not None and now - self.agreed_at < timedelta(days=1)
        return recent and Money.total(part.amount for part in self.parts) == self.total

    @property
    def next_part(self) -> PlanPartFacts | None:
        """The oldest part that is not paid."""
        return next((part for part in self.parts if part.status != "kept"), None)


@dataclass(frozen=True, slots=True)
class OfferedFacts:
    """An offer that was made and still stands."""

    kind: str
    offered_on: date
    """The day as of which it was computed."""
    valid_until: date
    owed: Money
    """What it spreads: its total and its discount."""
    covers_until: date
    """The last due date of what it spreads."""


@dataclass(frozen=True, slots=True)
class LoanFacts:
    id: LoanId
    external_id: str
    status: str
    product: str | None
    instalments: tuple[InstalmentFacts, ...]
    """The unpaid ones, oldest first."""
    pay_clabe: str | None = None
    pay_reference: str | None = None
    cash_reference: str | None = None
    holds: frozenset[str] = frozenset()
    promise: PromiseFacts | None = None
    """The open one."""
    mandate: MandateFacts | None = None
    """The one that stands: active, suspended or disputed."""
    pending: MandateFacts | None = None
    """The one on its way: requested, authorized or submitted. Both are there while an account is being
    changed.
    """
    paid_lately: tuple[Money, ...] = ()
    """What was received of it in the last three days, newest first."""
    announced_charge: ChargeFacts | None = None
    """The charge that comes next under the mandate that stands; null when none is planned."""
    plan: PlanFacts | None = None
    """The one in force."""
    plan_broken: bool = False
    """Whether an earlier plan of this loan was broken."""
    plans_agreed: int = 0
    """How many agreements this loan has had."""
    offered: tuple[OfferedFacts, ...] = ()
    extended_on: date | None = None
    """When one of its due dates was last moved."""
    brand: str | None = None
    """The trade name that its borrower knows, where it is not the lender's own."""

    @property
    def outstanding(self) -> Breakdown:
        return Breakdown.sum([instalment.unpaid for instalment in self.instalments])

    @property
    def next_due(self) -> InstalmentFacts | None:
        return self.instalments[0] if self.instalments else None

    @property
    def payments(self) -> tuple[Part, ...]:
        """What is left to pay, by its day: the parts of the agreement in force, and the instalments that it
        does not cover.
        """
        parts = [part for part in self.plan.parts if part.status != "kept"] if self.plan else []
        covered = self.plan.covers_until if self.plan and parts else date.min
        left = [Part(part.due_date, part.amount) for part in parts]
        left += [Part(due.due_date, due.unpaid.total) for due in self.instalments if due.due_date > covered]
        return tuple(sorted(left, key=lambda payment: payment.due_date))

    @property
    def next_payment(self) -> Part | None:
        return self.payments[0] if self.payments else None

    def payable(self, today: date) -> Money:
        """What is spoken of as «lo pendiente»: what is due by now, or else the next payment."""
        if self.plan and self.plan.next_part:
            late = [part for part in self.plan.parts if part.status != "kept" and part.due_date <= today]
            covered = self.plan.covers_until
            due = [each for each in self.instalments if covered < each.due_date <= today]
            total = Money.total((*(part.amount for part in late), *(each.unpaid.total for each in due)))
        else:
            total = self.due_by(today)
        upcoming = self.next_payment
        return total or (upcoming.amount if upcoming else self.outstanding.total)

    @property
    def mandates(self) -> tuple[MandateFacts, ...]:
        """The one that stands, and the one on its way."""
        return tuple(mandate for mandate in (self.mandate, self.pending) if mandate)

    def days_past_due(self, today: date) -> int:
        """Whole days since the oldest unpaid instalment fell due; 0 before and on that day."""
        return max(0, (today - self.instalments[0].due_date).days) if self.instalments else 0

    def due_by(self, day: date) -> Money:
        """What is unpaid of the instalments due on or before `day`."""
        return Money.total([i.unpaid.total for i in self.instalments if i.due_date <= day])


@dataclass(frozen=True, slots=True)
class BorrowerFacts:
    id: BorrowerId
    name: str
    language: str
    birth_date: date | None
    curp: str | None
    rfc: str | None
    email: str | None
    opted_out: bool
    notice_given: bool
    """Whether the first-contact notice has been sent."""
    loans: tuple[LoanFacts, ...]
    """Those not settled or written off, most overdue first."""
    credit: Money = field(default_factory=lambda: Money(0))
    """What was paid beyond what was owed, of all their loans."""
    closed_brands: tuple[tuple[LoanId, str | None], ...] = ()
    """The brands of those that are."""
    written_off: tuple[str, ...] = ()
    """Of those, the ones that were not paid, as the lender names them."""

    def owns(self, loan_id: LoanId) -> bool:
        return any(loan_id == own for own in (*(loan.id for loan in self.loans), *dict(self.closed_brands)))

    @property
    def first_name(self) -> str:
        """As they are greeted: «José Luis», «María del Carmen»."""
        return given_names(self.ordered_name)

    @property
    def ordered_name(self) -> str:
        """Given names first, also where the tape wrote the surnames first: «PEREZ GOMEZ JOSE LUIS»."""
        words = self.name.split()
        surnames_first = len(words) > 2 and not is_given_name(words[0]) and is_given_name(words[-1])
        return given_first(self.name, "surnames first") if surnames_first else self.name


@dataclass(frozen=True, slots=True)
class LenderFacts:
    trade_name: str
    legal_name: str
    address: str
    phone: str
    hours: str
    une_phone: str
    une_email: str
    privacy_url: str
    pay_clabe: str
    pay_bank: str
    crisis_line: str
    collector: str
    """Who collects, as the notice names them."""
    ways: Ways
    """To pay, by the name that borrowers give them."""
    topics: Mapping[str, Topic] = field(default_factory=dict)
    """What the lender answers in its own words, by name."""

    def named(self, brand: str | None) -> "LenderFacts":
        """As the borrower of a loan of this brand knows it; who collects for themselves go by it too."""
        if not brand:
            return self
        collector = brand if self.collector == self.trade_name else self.collector
        return replace(self, trade_name=brand, collector=collector)


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be agreed in chat without a person (`lender.toml`, section `policy`)."""

    promise_max_days: int = 15
    promise_min: Money = field(default_factory=lambda: Money(10_000))
    promise_grace_banking_days: int = 2
    identity_days: int = 90
    identity_tries: int = 3
    question_expires: timedelta = timedelta(hours=72)
    payment_report_banking_days: int = 2
    complaint_answer_banking_days: int = 30
    """The most that a complaint or a dispute may wait (LPDUSF, article 50 Bis)."""
    privacy_answer_banking_days: int = 20
    """The most that a request about personal data may wait (LFPDPPP)."""
    pause_max_days: int = 15
    """The longest silence that is granted without a person."""
    mandate_offered: bool = True
    offers: OffersPolicy = field(default_factory=OffersPolicy)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A dispute or complaint that waits for its answer."""

    kind: str
    folio: str
    due: date


@dataclass(frozen=True, slots=True)
class Facts:
    now: datetime
    today: date
    """In the borrower's own zone."""
    lender: LenderFacts
    policy: Policy
    candidates: tuple[BorrowerFacts, ...]
    """Everyone whom the tape reaches at this address; several share a phone, none is an unknown sender."""
    borrower: BorrowerFacts | None
    """The one who proved to be writing here, within the last `identity_days`; else null."""
    channel: str
    registered_phone: bool = True
    """False for a sender known by a BSUID alone or by nothing."""
    outstanding_reports: int = 0
    cases: tuple[CaseFacts, ...] = ()
    """The open ones of this conversation."""
    refused: str | None = None
    """Why this very turn, taken before, could not be carried out: `terms_not_shown`, `account_in_use`,
    `charge_day`, `charge_too_late`, `question_not_shown`.
    """
    spoken_at: datetime | None = None
    """When the borrower last wrote, or something that we wrote unasked left; null: nothing is known of it."""
    page_url: str | None = None
    """Of the borrower's own pages; null while who is writing is not known."""
    own_page_url: str | None = None
    """Of the pages of the only one whom the tape reaches here: they ask who is reading."""

    @property
    def loans(self) -> tuple[LoanFacts, ...]:
        """Of the confirmed borrower; none before it is known who is writing."""
        return self.borrower.loans if self.borrower else ()

    def lender_to(self, loan_id: LoanId | None = None) -> LenderFacts:
        """Under the brand of this loan; of none, under the one that all open loans of those who may be
        reading share, or all loans where none is open. A sender whom no tape reaches learns nothing of a
        brand.
        """
        reachable = self.candidates if self.registered_phone else ()
        people = (self.borrower,) if self.borrower else reachable
        owed = {loan.id: loan.brand for person in people for loan in person.loans}
        closed = dict(each for person in people for each in person.closed_brands)
        known = owed | closed
        brands = {known[loan_id]} if loan_id in known else set((owed or closed).values())
        return self.lender.named(brands.pop() if len(brands) == 1 else None)
