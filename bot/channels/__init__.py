"""How messages come and go, one folder per channel's provider; and what every provider's transport must
do.
"""

from bot.channels.transport import (
    Attachment,
    Choice,
    Concurrent,
    DeliveryStatus,
    Held,
    Listed,
    Outgoing,
    PermanentFailure,
    Reaction,
    Receipt,
    Sent,
    TransientFailure,
    Transport,
    UnknownOutcome,
)
from bot.channels.transports import make_transport
from bot.channels.twilio.contents import as_numbered
from bot.channels.twilio.decisions import stop_template
from bot.channels.twilio.forms import approved_form
from bot.channels.twilio.templates import (
    NoTemplate,
    RefusedTemplate,
    approved_template,
    refused_templates,
    template_category,
)

__all__ = [
    "Attachment",
    "Choice",
    "Concurrent",
    "DeliveryStatus",
    "Held",
    "Listed",
    "NoTemplate",
    "Outgoing",
    "PermanentFailure",
    "Reaction",
    "Receipt",
    "RefusedTemplate",
    "Sent",
    "TransientFailure",
    "Transport",
    "UnknownOutcome",
    "approved_form",
    "approved_template",
    "as_numbered",
    "make_transport",
    "refused_templates",
    "stop_template",
    "template_category",
]
