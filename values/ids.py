"""Keys of records, distinguished by type."""

from typing import NewType

BorrowerId = NewType("BorrowerId", int)
LoanId = NewType("LoanId", int)
ConversationId = NewType("ConversationId", int)
MessageId = NewType("MessageId", int)
EntryId = NewType("EntryId", int)
