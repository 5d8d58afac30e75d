"""The words of the trade as types. Pure: no input, no output, no clock."""

from values.banks import Bank, bank_name, bank_of, banks
from values.breakdown import Breakdown
from values.calendar import (
    CITY,
    add_banking_days,
    city_day,
    holidays,
    is_banking_day,
    next_banking_day,
    previous_banking_day,
    roll_back,
    roll_forward,
)
from values.clabe import AccountKind, Clabe, InvalidClabe, account_kind, control_digit, with_digits
from values.external_id import EXTERNAL_ID, ID_PATTERN, LONGEST_ID
from values.folding import fold
from values.frequency import Frequency, billing_window, frequency
from values.identity_code import InvalidIdentityCode, likely_rfc, parse_curp, parse_rfc
from values.ids import BorrowerId, ConversationId, EntryId, LoanId, MessageId
from values.money import CurrencyMismatch, InvalidAmount, Money
from values.names import NameOrder, given_first, given_names, is_given_name, name_words
from values.paydays import next_payday, nominal_quincena, paydays
from values.payment_days import numbered_after, payment_days
from values.phone import InvalidPhone, Phone, address_key, is_bsuid
from values.sms import sms_segments, without_accents
from values.tags import MOST_TAGS, InvalidTag, join_tags, parse_tag, split_tags
from values.zones import state_code, zone_of

__all__ = [
    "CITY",
    "EXTERNAL_ID",
    "ID_PATTERN",
    "LONGEST_ID",
    "MOST_TAGS",
    "AccountKind",
    "Bank",
    "BorrowerId",
    "Breakdown",
    "Clabe",
    "ConversationId",
    "CurrencyMismatch",
    "EntryId",
    "Frequency",
    "InvalidAmount",
    "InvalidClabe",
    "InvalidIdentityCode",
    "InvalidPhone",
    "InvalidTag",
    "LoanId",
    "MessageId",
    "Money",
    "NameOrder",
    "Phone",
    "account_kind",
    "add_banking_days",
    "address_key",
    "bank_name",
    "bank_of",
    "banks",
    "billing_window",
    "city_day",
    "control_digit",
    "fold",
    "frequency",
    "given_first",
    "given_names",
    "holidays",
    "is_banking_day",
    "is_bsuid",
    "is_given_name",
    "join_tags",
    "likely_rfc",
    "name_words",
    "next_banking_day",
    "next_payday",
    "nominal_quincena",
    "numbered_after",
    "parse_curp",
    "parse_rfc",
    "parse_tag",
    "paydays",
    "payment_days",
    "previous_banking_day",
    "roll_back",
    "roll_forward",
    "sms_segments",
    "split_tags",
    "state_code",
    "with_digits",
    "without_accents",
    "zone_of",
]
