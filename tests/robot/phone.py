"""One phone of the town: what goes in and out of it, and the judge's look at each turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.channels import Outgoing
from bot.conversation import receive, take_events
from bot.jobs.sweeps import SWEEPS
from bot.money import Reported
from bot.portfolio.payments import receive_payment
from bot.reach import NewEvent, enqueue_event
from models import read_tx, write_tx
from models.base import AnyRow
from tests.robot import colleague
from tests.robot.borrower import RobotBorrower, Written
from tests.robot.household import OTHERS, move_in
from tests.robot.moods import MOODS
from tests.robot.reading import read
from tests.robot.seen import NEXT, Books, Seen
from tests.robot.ways import incoming, mailed

if TYPE_CHECKING:
    from tests.robot.town import District

_OTHER_WAYS = {"whatsapp": ("sms", "web"), "sms": ("whatsapp",), "web": ("whatsapp", "sms"), "email": ()}
"""Where who writes on one channel may go on."""
_WEEKEND = 80
"""Hours from the evening before it to the first on which news may be sent, a holiday next to it too."""


class Phone:
    def __init__(self, district: District, number: int) -> None:
        self.district, self.services, dice = district, district.services, district.dice
        (mood,) = dice.choices(MOODS, [each.weight for each in MOODS])
        language = "en" if mood.english else "es_MX"
        with write_tx(self.services.engine) as connection:
            self.household = move_in(connection, dice, number, self.services.clock.now(), language)
        self.number, self.channel, self.proved = number, self.household.channel, self.household.proved
        self.robot = RobotBorrower(dice, self.household.name, self.household.birthday, clabe(number), mood)
        self.robot.honest = self.proved or dice.random() < 0.85
        self.robot.lends = self.channel != "web"
        self.handler, self.opted_out, self.answered = "bot", False, ""
        self.books = Books()
        self.arriving: list[Outgoing] = []
        self.last_entry = self.last_out = 0

    @property
    def others(self) -> tuple[str, ...]:
        return OTHERS if self.household.others_loan else ()

    def exchange(self, written: list[Written]) -> list[Outgoing]:
        """Writes, waits, and answers what arrived; the judge looks at it."""
        dice, outcome = self.district.dice, "stepped"
        if _OTHER_WAYS[self.channel] and dice.random() < 0.05:
            self._go_on_elsewhere()
        if self.channel != "whatsapp":
            written = [one for one in written if one.meaning != "old_button"] or [Written("hola", "greet")]
        for one in written:
            if one.meaning in ("another", "wrong_number"):
                self._look()  # what has left was read by the borrower
                self.proved = False
            received = self._receive(one)
            outcome = received if received == "unprocessed" else outcome
            self.district.advance(timedelta(seconds=1))
            self._take_in()
        self.district.advance(timedelta(seconds=dice.choice((3, 20, 90))))
        return self._look(_as_one(written), outcome)

    def fall_silent(self) -> list[Outgoing]:
        """Hours or days without a word; what arrives in them."""
        hours = self.district.dice.choice((7, 30, 80))
        self._let_pass(hours)
        return self._look(hours=hours)

    def remind(self) -> list[Outgoing]:
        now, loans = self.services.clock.now(), self.household.loans
        data = {"flow": "reminder", "tone": "kind"}
        theirs = self.household.others_loan and self.district.dice.random() < 0.5
        about = self.household.others_loan if theirs else loans[0]
        conversation = self.household.conversation
        with write_tx(self.services.engine) as connection:
            enqueue_event(
                connection, NewEvent("outreach", conversation, f"robot:{conversation}", now, data, about)
            )
        take_events(self.services)
        return self._look()

    def announce_charge(self) -> list[Outgoing]:
        """The notice of a charge, on a phone that has a debit."""
        for name in ("charge_plan", "charge_notify"):
            SWEEPS[name].run(self.services)
        take_events(self.services)
        return self._look()

    def pay(self) -> list[Outgoing]:
        """The lender receives a payment, whatever is being spoken of."""
        self.district.serial += 1
        amount = self.district.dice.choice((15_000, 30_000, 60_000))
        reference, now = f"R{self.district.serial}", self.services.clock.now()
        receive_payment(
            self.services,
            f"L{self.number + 1}",
            Reported("api", "spei", reference, amount, now, "lender:robot"),
        )
        take_events(self.services)
        return self._look()

    def meet_a_person(self) -> list[Outgoing]:
        """A colleague takes the conversation, answers, hears one more thing, and gives it back."""
        conversation, agent = self.household.conversation, self.district.agent
        if not colleague.answer(self.services, conversation, agent):
            return []
        shown = self._look()
        self.exchange(self.robot.write(shown) or [Written("gracias", "thanks")])
        colleague.return_it(self.services, conversation, agent)
        take_events(self.services)
        return self._look()

    def close_cases(self) -> None:
        """A colleague closes what waits; the borrower hears of it once a weekend is over."""
        closed = colleague.close(self.services, self.books.tasks, self.district.agent)
        if closed:
            self._let_pass(_WEEKEND)
            self._look(hours=_WEEKEND, closed=closed)

    def ask_for_a_person(self) -> None:
        """The way out that must always be there."""
        if self.handler == "bot" and not self.opted_out:
            self.exchange([Written("quiero hablar con una persona", "human")])
            if self.handler == "bot":
                self.district.judge.fault("no way to a person")

    def _let_pass(self, hours: int) -> None:
        self.district.let_pass(hours, debits=self.household.charged or bool(self.books.mandates))

    def _go_on_elsewhere(self) -> None:
        """On their page nobody but the borrower writes: it asks who is reading."""
        theirs = self.proved and self.robot.honest and not self.others
        ways = [way for way in _OTHER_WAYS[self.channel] if way != "web" or theirs]
        self.channel = self.district.dice.choice(ways or [self.channel])
        self.robot.lends = self.channel != "web"

    def _look(
        self,
        written: Written | None = None,
        outcome: str = "stepped",
        *,
        hours: int = 0,
        closed: list[str] | None = None,
    ) -> list[Outgoing]:
        self._take_in()
        arrived, self.arriving = self.arriving, []
        with read_tx(self.services.engine) as connection:
            found = read(connection, self.household, self.last_out)
        arrived += [_on_page(row) for row in found.out if row.channel == "web"]
        kinds = [row.kind for row in found.books.entries if row.id > self.last_entry]
        if "identity.confirmed" in kinds:
            self.proved = True
        self.district.judge.look(
            Seen(
                written,
                outcome,
                self.handler,
                found.handler,
                self.proved and self.robot.honest,
                arrived,
                [row for row in found.out if row.author == "bot" and row.status != "suppressed"],
                kinds,
                found.books,
                hours,
                closed or (),
            )
        )
        self.handler, self.opted_out, self.books = found.handler, found.opted_out, found.books
        self.last_entry = max((row.id for row in found.books.entries), default=0)
        self.last_out = found.out[-1].id if found.out else self.last_out
        self.answered = arrived[-1].text if arrived else self.answered
        return arrived

    def _take_in(self) -> None:
        """What leaves now, between the messages of a burst too."""
        self.arriving += [each for each in self.district.sent() if self.household.key in each.address]

    def _receive(self, written: Written) -> str:
        self.district.serial += 1
        if self.channel == "email" and written.text:
            text = mailed(written.text, self.household.name, self.answered, self.district.dice)
            written = replace(written, text=text)
        sid, now = f"SMrobot{self.district.serial:09d}", self.services.clock.now()
        pressed = self._pressed(written.under) if written.under else {}
        return receive(
            self.services, incoming(written, self.household, self.channel, sid, now, pressed)
        ).outcome

    def _pressed(self, under: Outgoing) -> dict[str, object]:
        if self.channel == "web":
            return {"under": under.message_id}
        return {} if under.channel == "web" else {"OriginalRepliedMessageSid": self.district.sid(under)}


def _on_page(row: AnyRow) -> Outgoing:
    return Outgoing(row.id, "web", row.address, row.body, "es_MX", row.choices or ())


def clabe(number: int) -> str:
    digits = f"01218{number:012d}"
    weighted = sum(int(digit) * weight % 10 for digit, weight in zip(digits, (3, 7, 1) * 6, strict=False))
    return f"{digits}{-weighted % 10}"


def _as_one(written: list[Written]) -> Written:
    """Several messages at once, by what binds among them."""
    if len(written) == 1:
        return written[0]
    meanings = [each.meaning for each in written]
    meaning = next((each for each in ("accept", "yes") if each in meanings), "several")
    return Written(NEXT.join(each.text for each in written), meaning, exact=False)
