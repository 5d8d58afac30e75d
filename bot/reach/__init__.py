"""Who is written to, where, when and by what: asked here by every room that reaches out."""

from bot.reach.agent_contacts import AgentContact, may_call, record_call
from bot.reach.contact_points import (
    USABLE,
    Health,
    best_contact_point,
    best_contact_points,
    best_first,
    channels_of,
    confirmed_since,
    health,
    may_be_written_to,
    unverify_before_cut,
)
from bot.reach.dialer import ContactsReport, InvalidContact, import_contacts
from bot.reach.events import (
    NewEvent,
    News,
    enqueue_event,
    enqueue_events,
    enqueue_events_of,
    notify_borrower,
    notify_borrowers,
)
from bot.reach.history import LEFT, LONGEST_WAIT, WEEK, WINDOW, past_contacts
from bot.reach.holds import held, holds_on
from bot.reach.own_page import Destination, destination_of, page_is_open
from bot.reach.request import contact_request
from bot.reach.tasks import NewTask, UnknownTaskKind, end_of, open_task, open_tasks, open_tasks_of
from bot.reach.withdrawal import withdraw

__all__ = [
    "LEFT",
    "LONGEST_WAIT",
    "USABLE",
    "WEEK",
    "WINDOW",
    "AgentContact",
    "ContactsReport",
    "Destination",
    "Health",
    "InvalidContact",
    "NewEvent",
    "NewTask",
    "News",
    "UnknownTaskKind",
    "best_contact_point",
    "best_contact_points",
    "best_first",
    "channels_of",
    "confirmed_since",
    "contact_request",
    "destination_of",
    "end_of",
    "enqueue_event",
    "enqueue_events",
    "enqueue_events_of",
    "health",
    "held",
    "holds_on",
    "import_contacts",
    "may_be_written_to",
    "may_call",
    "notify_borrower",
    "notify_borrowers",
    "open_task",
    "open_tasks",
    "open_tasks_of",
    "page_is_open",
    "past_contacts",
    "record_call",
    "unverify_before_cut",
    "withdraw",
]
