"""Front and back of an identification and a photo, where the provider of debits demands them: taken by the
phone's camera, and never asked for in a chat.
"""

from http import HTTPStatus

from flask import Response, request

from bot.conversation import Refused
from bot.debit.mandates import identity_files_of, keep_identity_files
from bot.files import BadFile, given_file
from bot.pages.guard import Visit
from bot.pages.turn import PageAct, act, evidence, loan_of
from flows.types.facts import LoanFacts
from models import read_tx, write_tx
from models.document import IDENTITY_FILES


def lacking(visit: Visit, loan: LoanFacts) -> bool:
    """Whether a consent waits for them."""
    needed = "files" in visit.facts.policy.extra.get("mandate_needs", ())
    waits = loan.pending is not None and loan.pending.status == "authorized"
    if not needed or not waits or loan.pending is None:
        return False
    with read_tx(visit.services.engine) as connection:
        return not identity_files_of(connection, visit.services, loan.pending.id, visit.person.id)


def files(visit: Visit) -> Response:
    loan = loan_of(visit.person, request.args.get("loan", ""))
    if loan is None or not lacking(visit, loan):
        return visit.back("refused")
    return visit.page("files", loan=loan, kinds=IDENTITY_FILES, fault="")


def give_files(visit: Visit) -> Response:
    """All three at once; the chat goes on by itself."""
    loan = loan_of(visit.person, request.form.get("loan", ""))
    if loan is None or not lacking(visit, loan):
        return visit.back("refused")
    try:
        given = {kind: given_file(request.files.get(kind)) for kind in IDENTITY_FILES}
    except BadFile:
        return visit.page("files", HTTPStatus.BAD_REQUEST, loan=loan, kinds=IDENTITY_FILES, fault="bad")
    contents = {kind: file.content for kind, file in given.items() if file is not None}
    if len(contents) < len(IDENTITY_FILES):
        return visit.page("files", HTTPStatus.BAD_REQUEST, loan=loan, kinds=IDENTITY_FILES, fault="missing")
    with write_tx(visit.services.engine) as connection:
        now = visit.services.clock.now()
        keep_identity_files(connection, visit.services, loan.pending.id, visit.person.id, contents, now)
    about = {"loan": loan.id, "folio": loan.pending.folio}
    wanted = PageAct((), visit.words("identity_files"), "", evidence(), news="page.authorized", about=about)
    try:
        act(visit.services, visit.person.id, wanted)
    except Refused:
        return visit.back("refused")
    return visit.back("account")
