"""A stand-in Twilio: it answers the real REST calls and, from the worker, posts real webhooks and
receipts.
"""

from bot.simulator.twilio import contents, messages, numbers
from bot.simulator.twilio.delivery import deliver, write
from bot.simulator.twilio.service import blueprint

__all__ = ["blueprint", "contents", "deliver", "messages", "numbers", "write"]
