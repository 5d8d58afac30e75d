"""What a refused message calls for next: a decision over values, by the provider's table of reactions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.channels import Reaction

MOST_TRIES = 12
"""Of what was never taken: some twenty minutes with the pauses in between."""
SOON, LATER, TOMORROW = timedelta(minutes=5), timedelta(minutes=30), timedelta(days=1)
LONGEST_PAUSE_SECONDS = 300
PLAIN, TEMPLATE = "plain", "template"
"""`message.form` of the next try: no buttons; by a template, because WhatsApp says that its window is closed.
"""


@dataclass(frozen=True, slots=True)
class SendAgain:
    """The same words once more, after `wait`."""

    wait: timedelta = timedelta()
    address: str | None = None
    channel: str | None = None
    form: str | None = None
    """`PLAIN` or `TEMPLATE`."""
    counted: bool = True
    """Whether this was a try of the message, or of a channel that is broken for all."""


@dataclass(frozen=True, slots=True)
class Drop:
    shown: bool = True
    """Whether a person is notified."""


@dataclass(frozen=True, slots=True)
class Replan:
    """A contact that came too late is worded and planned anew."""


NextStep = SendAgain | Drop | Replan


@dataclass(frozen=True, slots=True)
class Refused:
    """A message and how often it was tried, this time included."""

    channel: str
    address: str
    purpose: str
    tries: int
    others: tuple[tuple[str, str], ...]
    """`(channel, address)` by which the same person is reached too, in the lender's order."""
    has_choices: bool = False
    was_template: bool = False
    form: str | None = None


def next_step(reaction: Reaction, refused: Refused) -> NextStep:
    """Every reaction ends: what is tried again is tried a bounded number of times."""
    return _STEPS[reaction](refused)


def pause_after(tries: int) -> timedelta:
    """1 s, 2 s, 4 s … 5 minutes."""
    return timedelta(seconds=min(2 ** (tries - 1), LONGEST_PAUSE_SECONDS))


def older_form(address: str) -> str | None:
    """WhatsApp keeps old Mexican accounts as 521 and ten digits, newer ones as 52; null where there is no
    other form to try.
    """
    prefix, digits = "whatsapp:+52", address.removeprefix("whatsapp:+52")
    return f"{prefix}1{digits}" if address.startswith(prefix) and len(digits) == 10 else None


def _other_channel(refused: Refused) -> NextStep:
    other = next((each for each in refused.others if each[0] != refused.channel), None)
    return SendAgain(channel=other[0], address=other[1]) if other else Drop()


def _other_form(refused: Refused) -> NextStep:
    older = older_form(refused.address)
    return SendAgain(address=older) if older else _other_channel(refused)


def _tomorrow(refused: Refused) -> NextStep:
    """An answer is of no use tomorrow."""
    return (
        SendAgain(TOMORROW) if refused.tries < 3 and refused.purpose != "reply" else _other_channel(refused)
    )


def _template_instead(refused: Refused) -> NextStep:
    return SendAgain(form=TEMPLATE) if refused.form is None and not refused.was_template else Drop()


def _plain_instead(refused: Refused) -> NextStep:
    """What nobody asked for is judged once more, now that its template is stopped."""
    if refused.was_template and refused.purpose != "reply" and refused.tries < 3:
        return SendAgain(SOON)
    return (
        SendAgain(form=PLAIN)
        if refused.has_choices and refused.form is None and not refused.was_template
        else Drop()
    )


_STEPS: dict[Reaction, Callable[[Refused], NextStep]] = {
    "retry": lambda refused: SendAgain(pause_after(refused.tries)) if refused.tries < MOST_TRIES else Drop(),
    "retry_once": lambda refused: SendAgain(SOON) if refused.tries < 2 else Drop(),
    "retry_later": lambda refused: SendAgain(SOON) if refused.tries < 3 else Drop(),
    "later_then_channel": lambda refused: SendAgain(LATER) if refused.tries < 3 else _other_channel(refused),
    "wait_day": _tomorrow,
    "stop_sender": lambda refused: SendAgain(SOON, counted=False),
    "other_channel": _other_channel,
    "other_form": _other_form,
    "point_invalid": _other_channel,
    "opted_out": lambda refused: Drop(shown=False),
    "template_instead": _template_instead,
    "template_bug": _plain_instead,
    "replan": lambda refused: Replan() if refused.purpose == "contact" else Drop(),
    "give_up": lambda refused: Drop(),
}
