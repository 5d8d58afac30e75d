"""Twilio: WhatsApp and SMS."""

from bot.channels.twilio.errors import reaction_to
from bot.channels.twilio.incoming import NotTwiliosForm, incoming_from
from bot.channels.twilio.webhook import make_blueprint

__all__ = ["NotTwiliosForm", "incoming_from", "make_blueprint", "reaction_to"]
