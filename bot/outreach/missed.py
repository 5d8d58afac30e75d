"""Messages that Twilio holds and that never arrived: its default retries only failed connections."""

from datetime import timedelta

from sqlalchemy import select

from bot.channels import PermanentFailure, TransientFailure, Transport, UnknownOutcome
from bot.channels.twilio.incoming import incoming_from
from bot.clock import system_now
from bot.conversation import receive
from bot.outreach.dispatch import make_transport
from bot.services import Services
from models import Message, reading

_M = Message.__table__
LOOK_BACK = timedelta(hours=6)


def find_missed(services: Services, transport: Transport | None = None) -> int:
    """Takes the turns of those that never came; how many."""
    try:
        held = (transport or make_transport(services)).received_since(system_now() - LOOK_BACK)
    except (TransientFailure, UnknownOutcome, PermanentFailure):
        return 0
    sids = [form["MessageSid"] for form in held]
    with reading(services.engine) as connection:
        here = set(connection.scalars(select(_M.c.provider_sid).where(_M.c.provider_sid.in_(sids)))) if sids else set()
    missing = [form for form in held if form["MessageSid"] not in here]
    for form in missing:
        receive(services, incoming_from(form, services.clock.now()))
    return len(missing)
