"""A phone in the browser, in the demo; stand-ins for the providers, in demo and test, with a database of
their own.
"""

from bot.simulator.belvo.hooks import deliver as deliver_belvo
from bot.simulator.belvo.service import blueprint as belvo
from bot.simulator.page import blueprint as page
from bot.simulator.scenes import authorize_debit, keep_promise, write_waiting
from bot.simulator.templates import adopt
from bot.simulator.twilio.delivery import deliver
from bot.simulator.twilio.service import blueprint as twilio

__all__ = [
    "adopt",
    "authorize_debit",
    "belvo",
    "deliver",
    "deliver_belvo",
    "keep_promise",
    "page",
    "twilio",
    "write_waiting",
]
