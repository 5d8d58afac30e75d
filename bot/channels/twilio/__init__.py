"""Twilio: WhatsApp and SMS."""

from bot.channels.twilio.errors import reaction_to
from bot.channels.twilio.incoming import NotTwiliosForm, incoming_from
from bot.channels.twilio.webhook import blueprint

__all__ = ["NotTwiliosForm", "blueprint", "incoming_from", "reaction_to"]
