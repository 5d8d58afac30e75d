"""Papers for borrowers: made, kept with their hash, listed, and checked by anyone who holds one."""

from bot.documents.asked import file_url, paper_asked, paper_file
from bot.documents.codes import check_url, is_token_of
from bot.documents.issue import issue, issue_papers, issue_statement
from bot.documents.mandate import Authorisation, Signed, mandate_document
from bot.documents.read import Checked, check, document_of, documents_of, documents_of_closed

__all__ = [
    "Authorisation",
    "Checked",
    "Signed",
    "check",
    "check_url",
    "document_of",
    "documents_of",
    "documents_of_closed",
    "file_url",
    "is_token_of",
    "issue",
    "issue_papers",
    "issue_statement",
    "mandate_document",
    "paper_asked",
    "paper_file",
]
