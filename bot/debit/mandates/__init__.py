"""Mandates after the consent: their document, their way to the provider, what becomes of them there, and
their end.
"""

from bot.debit.mandates.cancel import cancel_at_provider
from bot.debit.mandates.expire import expire_mandates
from bot.debit.mandates.identity import identity_files_of, keep_identity_files, rotate_identity_files
from bot.debit.mandates.issue import issue_documents
from bot.debit.mandates.moves import Ended, end_mandate, move_mandate
from bot.debit.mandates.poll import poll_mandates
from bot.debit.mandates.renew import renew_identity
from bot.debit.mandates.submit import submit_mandates
from bot.debit.refresh import refresh_institutions

__all__ = [
    "Ended",
    "cancel_at_provider",
    "end_mandate",
    "expire_mandates",
    "identity_files_of",
    "issue_documents",
    "keep_identity_files",
    "move_mandate",
    "poll_mandates",
    "refresh_institutions",
    "renew_identity",
    "rotate_identity_files",
    "submit_mandates",
]
