"""Silence for a time: nobody is written to unasked before a day; the notice of a charge still is."""

from datetime import UTC, date, datetime, time, timedelta

from flows.acts.readings.pause import PAUSE, QUIET_UNTIL, RESUME
from flows.contact.contact_preference import STOPPED
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import OpenTask, PlaceHold, Prefer
from flows.types.wording import Line, key, line

flow = Flow("pause", private=False, protects=True, acts=(PAUSE,))

resumed = Flow("pause_lifted", private=False, acts=(RESUME,))

RESUMED = key("pause.lifted")
UNTIL = key("pause.until")
LONGER = key("pause.longer")
NOTICES = key("pause.notices")

HOLD = "quiet"


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """Longer than the policy allows: so long for now, and a person looks at the rest."""
    assert context.message is not None
    person, asked = context.facts.borrower, {"until": context.message.entities[QUIET_UNTIL]}
    wanted, wish = date.fromisoformat(asked["until"]), Prefer(asked)
    if person and person.opted_out:
        return Done((line(STOPPED),), (wish,))
    last = context.facts.today + timedelta(days=context.facts.policy.pause_max_days)
    until = min(wanted, last)
    hold = PlaceHold(HOLD, None, datetime.combine(until, time(6), UTC))  # midnight in Mexico City
    if wanted <= last:
        return Done((line(UNTIL, until=until), *_notices(context)), (wish, hold))
    loan = context.loan if person else None
    case = OpenTask("preference", asked, loan.id if loan else None)
    return Done((line(LONGER, until=until, wanted=wanted), *_notices(context)), (wish, hold, case))


def _notices(context: Context) -> tuple[Line, ...]:
    """Where a debit stands: a charge is announced all the same, as its terms say."""
    person = context.facts.borrower
    debit = person is not None and any(loan.mandates for loan in person.loans)
    return (line(NOTICES),) if debit else ()


@resumed.state(".")
def start_resumed(context: Context) -> Ask | Move:
    """The pause ends now."""
    today = {"until": context.facts.today.isoformat()}
    return Done((line(RESUMED),), (Prefer(today), PlaceHold(HOLD, None, context.facts.now)))
