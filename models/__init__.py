"""What is true: records, one file per aggregate, and the ledger."""

from models.agent import Agent, AgentSession, agent_name, agent_session_table, agent_table
from models.agent_contact import AgentContact, agent_contact_table
from models.api_key import ApiKey, IdempotentCall, api_key_table, idempotent_call_table
from models.audit import AuditEntry, audit_entry_table
from models.audit_report import AuditReport, audit_report_table
from models.balance import Balance, balance_table
from models.bank_account import BankAccount, bank_account_table
from models.base import Base
from models.borrower import (
    Borrower,
    NameWord,
    ResponseHour,
    borrower_table,
    index_names,
    name_word_table,
    response_hour_table,
)
from models.charge import Charge, charge_table
from models.contact_point import ContactPoint, contact_point_table
from models.conversation import Conversation, conversation_table
from models.daily_fact import DailyFact, daily_fact_table
from models.database import make_engine, read_autocommit, read_tx, write_one, write_tx, write_tx_at_once
from models.desk import (
    DeskChange,
    Presence,
    SavedView,
    desk_change_table,
    presence_table,
    saved_view_table,
)
from models.document import (
    Document,
    IdentityFile,
    PageAccess,
    PageFile,
    document_table,
    identity_file_table,
    page_access_table,
    page_file_table,
)
from models.event import Event, event_table
from models.feed_event import FeedEvent, feed_event_table
from models.hold import Hold, hold_table
from models.inflow import Inflow, PaymentReport, inflow_table, payment_report_table
from models.instalment import Instalment, instalment_table
from models.ledger_entry import LEDGER_KINDS, LedgerEntry, Posting, ledger_entry_table, posting_table
from models.ledger_root import LedgerRoot, ledger_root_table
from models.loan import Loan, loan_table
from models.mandate import Consent, Mandate, consent_table, mandate_table
from models.message import (
    DeliveryAttempt,
    Message,
    PostedReceipt,
    Receipt,
    delivery_attempt_table,
    message_table,
    posted_receipt_table,
    receipt_table,
)
from models.message_file import MessageFile, message_file_table
from models.plan import Plan, PlanInstalment, plan_instalment_table, plan_table
from models.promise import Promise, promise_table
from models.revision import Revision, revision_table
from models.sender import Sender, sender_table
from models.setting import Setting, setting_table
from models.strategy import StrategyVersion, strategy_version_table
from models.tape_load import TapeBefore, TapeLoad, tape_before_table, tape_load_table
from models.task import Task, task_table
from models.template import Template, TemplateDecision, template_decision_table, template_table
from models.tick import Tick, tick_table
from models.timer import Timer, timer_table
from models.transition import Transition, transition_table
from models.webhook import WebhookDelivery, WebhookEndpoint, webhook_delivery_table, webhook_endpoint_table

__all__ = [
    "LEDGER_KINDS",
    "Agent",
    "AgentContact",
    "AgentSession",
    "ApiKey",
    "AuditEntry",
    "AuditReport",
    "Balance",
    "BankAccount",
    "Base",
    "Borrower",
    "Charge",
    "Consent",
    "ContactPoint",
    "Conversation",
    "DailyFact",
    "DeliveryAttempt",
    "DeskChange",
    "Document",
    "Event",
    "FeedEvent",
    "Hold",
    "IdempotentCall",
    "IdentityFile",
    "Inflow",
    "Instalment",
    "LedgerEntry",
    "LedgerRoot",
    "Loan",
    "Mandate",
    "Message",
    "MessageFile",
    "NameWord",
    "PageAccess",
    "PageFile",
    "PaymentReport",
    "Plan",
    "PlanInstalment",
    "PostedReceipt",
    "Posting",
    "Presence",
    "Promise",
    "Receipt",
    "ResponseHour",
    "Revision",
    "SavedView",
    "Sender",
    "Setting",
    "StrategyVersion",
    "TapeBefore",
    "TapeLoad",
    "Task",
    "Template",
    "TemplateDecision",
    "Tick",
    "Timer",
    "Transition",
    "WebhookDelivery",
    "WebhookEndpoint",
    "agent_contact_table",
    "agent_name",
    "agent_session_table",
    "agent_table",
    "api_key_table",
    "audit_entry_table",
    "audit_report_table",
    "balance_table",
    "bank_account_table",
    "borrower_table",
    "charge_table",
    "consent_table",
    "contact_point_table",
    "conversation_table",
    "daily_fact_table",
    "delivery_attempt_table",
    "desk_change_table",
    "document_table",
    "event_table",
    "feed_event_table",
    "hold_table",
    "idempotent_call_table",
    "identity_file_table",
    "index_names",
    "inflow_table",
    "instalment_table",
    "ledger_entry_table",
    "ledger_root_table",
    "loan_table",
    "make_engine",
    "mandate_table",
    "message_file_table",
    "message_table",
    "name_word_table",
    "page_access_table",
    "page_file_table",
    "payment_report_table",
    "plan_instalment_table",
    "plan_table",
    "posted_receipt_table",
    "posting_table",
    "presence_table",
    "promise_table",
    "read_autocommit",
    "read_tx",
    "receipt_table",
    "response_hour_table",
    "revision_table",
    "saved_view_table",
    "sender_table",
    "setting_table",
    "strategy_version_table",
    "tape_before_table",
    "tape_load_table",
    "task_table",
    "template_decision_table",
    "template_table",
    "tick_table",
    "timer_table",
    "transition_table",
    "webhook_delivery_table",
    "webhook_endpoint_table",
    "write_one",
    "write_tx",
    "write_tx_at_once",
]
