"""What is true: records, one file per aggregate, and the ledger."""

from models.agent import Agent
from models.api_key import ApiKey, IdempotentCall
from models.balance import Balance
from models.bank_account import BankAccount
from models.base import Base
from models.borrower import Borrower, NameWord, index_names
from models.charge import Charge
from models.contact_point import ContactPoint
from models.conversation import Conversation
from models.database import glancing, make_engine, reading, writing
from models.event import Event
from models.instalment import Instalment
from models.ledger_entry import LEDGER_KINDS, LedgerEntry, Posting
from models.loan import Hold, Loan
from models.mandate import Consent, Mandate
from models.message import Message, Receipt
from models.promise import Promise
from models.setting import Setting
from models.task import Task
from models.template import Template
from models.tick import Tick
from models.timer import Timer
from models.transition import Transition

__all__ = [
    "LEDGER_KINDS", "Agent", "ApiKey", "Balance", "BankAccount", "Base", "Borrower", "Charge", "Consent", "ContactPoint",
    "Conversation", "Event", "Hold", "IdempotentCall", "Instalment", "LedgerEntry", "Loan", "Mandate", "Message", "NameWord", "Posting",
    "Promise", "Receipt", "Setting", "Task", "Template", "Tick", "Timer", "Transition", "glancing", "index_names", "make_engine", "reading", "writing",
]  # fmt: skip
