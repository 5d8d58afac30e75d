"""A message with all that it may be about."""

import re
from dataclasses import dataclass
from datetime import date

from flows.acts.readings.other_loan import other_meant
from flows.acts.words.signals import Signals
from flows.types.event import Message
from flows.types.facts import ChargeFacts, Facts, PromiseFacts

ABOUT_PAYING = (
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
"""Read so, and perhaps of a day or a sum."""
OF_WHAT_STANDS = ("cancel_debit", "deny", "other")
_IF_DONE = re.compile(
    r"(?:(?:y|ok|bueno|va|entonces|ya|asi|con eso|and|so|is|are we|am i) )*"
    r"(?:listo|qued[oe]|esta|estuvo|seria todo|es todo|seria|done|all set|set|it done|that it|that all)"
    r"(?: (?:listo|lo de (?:mi|la|el) \w+|todo|"
    r"registrad[oa]|anotad[oa]|confirmad[oa]|hecho|verdad|asi|entonces|now|then))*"
)


@dataclass(frozen=True, slots=True)
class Situation:
    message: Message
    says: Signals
    free: bool
    """Whether no question but a menu's is open: then a day or a sum may be about what is live."""
    promise: PromiseFacts | None = None
    charge: ChargeFacts | None = None
    flying: bool = False
    """Whether a charge is with the provider."""
    debit: bool = False
    plan: bool = False
    plan_days: tuple[date, ...] = ()
    """Of its parts that are not paid."""
    new_plan: bool = False
    """Whether the plan was agreed a moment ago, and may be agreed otherwise."""
    reported: bool = False
    paid_lately: bool = False
    today: date | None = None

    @classmethod
    def of(cls, message: Message, facts: Facts, *, free: bool) -> "Situation":
        loans = facts.loans
        other = other_meant(loans, message.text)
        return cls(
            message,
            Signals(message.text),
            free,
            next((loan.promise for loan in ((other,) if other else loans) if loan.promise), None),
            next((loan.announced_charge for loan in loans if loan.announced_charge), None),
            any(mandate.charges_in_flight for loan in loans for mandate in loan.mandates),
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
            any(loan.paid_lately for loan in loans),
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
    def asks_if_done(self) -> bool:
        """«¿Listo?», «¿ya quedó?», with nothing open: of what was agreed."""
        return self.free and self.says.marked and _IF_DONE.fullmatch(self.says.flat) is not None

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
