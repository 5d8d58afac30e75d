"""Papers for their borrower, and the check of one for anybody who holds it."""

import re
import unicodedata
from http import HTTPStatus

from flask import Response, request
from sqlalchemy import select

from bot.documents import check, document_of, is_token_of, issue_statement, paper_file
from bot.files import ENDINGS, file_id_of
from bot.pages.guard import Visit, access_of, closed, shown
from bot.web import services
from models import loan_table, message_file_table, read_tx, write_tx
from values import Money

_AMOUNTS = ("total", "discount", "amount", "max_amount")
"""Of a paper's data: a paper whose sums were changed is seen to be another."""


def statement(visit: Visit) -> Response:
    """Made at this minute."""
    loan = next((loan for loan in visit.person.loans if loan.external_id == request.args.get("loan")), None)
    if loan is None:
        return visit.back("refused")
    with write_tx(visit.services.engine) as connection:
        row = issue_statement(connection, visit.services, loan.id)
    return _pdf(row.kind, loan.external_id, visit.language, row.content)


def paper(visit: Visit) -> Response:
    """One of the borrower's own; anybody else's is not there."""
    with read_tx(visit.services.engine) as connection:
        found = document_of(connection, request.args.get("id", ""))
        owner = (
            connection.scalar(select(loan_table.c.borrower_id).where(loan_table.c.id == found[0]))
            if found
            else None
        )
    if found is None or owner != visit.person.id:
        return visit.page("closed", HTTPStatus.NOT_FOUND)
    kind, _, number = found[1].removesuffix(".pdf").partition("-")
    return _pdf(kind, number, visit.language, found[2])


def _pdf(kind: str, number: str, language: str, content: bytes) -> Response:
    """Named so that its borrower finds it again: «carta-convenio-C25-1.pdf»."""
    words = f"{services().wording.text(f'pages.paper_{kind}', {}, language)} {number}"
    name = "-".join(
        re.findall(r"[A-Za-z0-9]+", unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode())
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


def file(token: str) -> Response:
    """A paper as a messaging provider fetches it, for the phone of its borrower."""
    with write_tx(services().engine) as connection:
        row = paper_file(connection, services(), token)
    return closed(token) if row is None else _pdf(row.kind, row.code, row.language, row.content)


def sent(token: str, ending: str) -> Response:
    """A file of an agent's, as a messaging provider fetches it, and as the borrower's page links to it."""
    file_id = file_id_of(services(), token)
    with read_tx(services().engine) as connection:
        table = message_file_table.c
        query = select(table.content, table.content_type).where(table.id == file_id)
        row = connection.execute(query.where(table.message_id.is_not(None))).first()
    if row is None or ENDINGS.get(row.content_type) != ending:
        return closed(token)
    headers = {"Content-Disposition": f'attachment; filename="{file_id}.{ending}"'}
    return Response(row.content, mimetype=row.content_type, headers=headers)


def checked(token: str, code: str) -> Response:
    """Whether a paper is genuine and still in force; of the person it shows nothing."""
    if not is_token_of(services(), token, code) and access_of(token) is None:
        return closed(token)
    with read_tx(services().engine) as connection:
        found = check(connection, code)
    status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
    lender = services().lender.facts.named(found.brand if found else None)
    amounts = [(name, Money(found.data[name])) for name in _AMOUNTS if found.data.get(name)] if found else []
    values = {"found": found, "amounts": amounts, "code": code[:24], "lender": lender}
    return shown("check", token, "es_MX", status, **values)
