"""Twilio: WhatsApp and SMS."""

from bot.channels.twilio.approval import (
    ask_undecided,
    check_templates,
    faults,
    keep,
    make_twilio,
    missing,
    push,
    statuses,
    sync,
)
from bot.channels.twilio.errors import reaction_to
from bot.channels.twilio.forgetting import delete_contents
from bot.channels.twilio.forms import form_definition
from bot.channels.twilio.incoming import NotTwiliosForm, incoming_from
from bot.channels.twilio.media import fetch_media
from bot.channels.twilio.posted import Posted, plain_receipt
from bot.channels.twilio.signature import sign
from bot.channels.twilio.templates import CATEGORY
from bot.channels.twilio.webhook import EMPTY_TWIML, TWIML_TYPE, make_blueprint

__all__ = [
    "CATEGORY",
    "EMPTY_TWIML",
    "TWIML_TYPE",
    "NotTwiliosForm",
    "Posted",
    "ask_undecided",
    "check_templates",
    "delete_contents",
    "faults",
    "fetch_media",
    "form_definition",
    "incoming_from",
    "keep",
    "make_blueprint",
    "make_twilio",
    "missing",
    "plain_receipt",
    "push",
    "reaction_to",
    "sign",
    "statuses",
    "sync",
]
