"""The loan ledger: append-only, chained by hash, double entry in centavos, balances kept in the same
transaction.
"""

from models.ledger.adjusting import AdjustedInstalment, AdjustedLoan, adjust_loans
from models.ledger.allocation import ALLOCATION_RULES, Allocation, allocate
from models.ledger.append import append, append_many
from models.ledger.books import Books, read_books
from models.ledger.derived import Fault
from models.ledger.entry import Leg, NewEntry, UnbalancedEntry
from models.ledger.opening import InstalmentOpening, LoanOpening, open_loans
from models.ledger.payments import (
    AlreadyReversed,
    NotAPayment,
    Payment,
    Posted,
    Reversed,
    post_payment,
    reallocate,
    reverse_payment,
    settle_transit,
)
from models.ledger.plans import JudgedPlan, judge_plans
from models.ledger.promises import JudgedPromise, expire_promises, judge_promises, paid_since_made
from models.ledger.records import consent_hash, verify_records
from models.ledger.standing import Standing, read_standing, standing_money
from models.ledger.statuses import refresh_statuses
from models.ledger.tape import Adjustment
from models.ledger.verify import verify

__all__ = [
    "ALLOCATION_RULES",
    "AdjustedInstalment",
    "AdjustedLoan",
    "Adjustment",
    "Allocation",
    "AlreadyReversed",
    "Books",
    "Fault",
    "InstalmentOpening",
    "JudgedPlan",
    "JudgedPromise",
    "Leg",
    "LoanOpening",
    "NewEntry",
    "NotAPayment",
    "Payment",
    "Posted",
    "Reversed",
    "Standing",
    "UnbalancedEntry",
    "adjust_loans",
    "allocate",
    "append",
    "append_many",
    "consent_hash",
    "expire_promises",
    "judge_plans",
    "judge_promises",
    "open_loans",
    "paid_since_made",
    "post_payment",
    "read_books",
    "read_standing",
    "reallocate",
    "refresh_statuses",
    "reverse_payment",
    "settle_transit",
    "standing_money",
    "verify",
    "verify_records",
]
