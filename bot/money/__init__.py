"""Money: which reports speak of the same pesos, what a person decides of them, and the lender's own acts."""

from bot.money.acts import Act, MoreThanThereIs, NotPosted, adjust, reverse
from bot.money.debits import collect, take_back
from bot.money.holds import lift_hold, place_hold
from bot.money.matching import Reported
from bot.money.promises import expire_promises, promise_news
from bot.money.receive import Outcome, lock_loan, receive
from bot.money.reported import answer_reports, payment_not_found, report_withdrawn
from bot.money.review import NotACandidate, NotInReview, decide

__all__ = [
    "Act",
    "MoreThanThereIs",
    "NotACandidate",
    "NotInReview",
    "NotPosted",
    "Outcome",
    "Reported",
    "adjust",
    "answer_reports",
    "collect",
    "decide",
    "expire_promises",
    "lift_hold",
    "lock_loan",
    "payment_not_found",
    "place_hold",
    "promise_news",
    "receive",
    "report_withdrawn",
    "reverse",
    "take_back",
]
