"""Twilio: WhatsApp and SMS."""

from bot.channels.twilio.approval import CATEGORY, check_templates, keep, missing
from bot.channels.twilio.errors import reaction_to
from bot.channels.twilio.incoming import NotTwiliosForm, incoming_from
from bot.channels.twilio.signature import sign
from bot.channels.twilio.webhook import make_blueprint

__all__ = [
    "CATEGORY",
    "NotTwiliosForm",
    "check_templates",
    "incoming_from",
    "keep",
    "make_blueprint",
    "missing",
    "reaction_to",
    "sign",
]
