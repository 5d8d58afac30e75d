"""Authorised mandates are registered at the provider. What a step yields is kept before the next: killed
anywhere, it goes on from there.
"""

import hmac
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import case, select, update

from bot import drill
from bot.debit.mandates.due import each_due, keep_refs, put_off
from bot.debit.mandates.identity import identity_files_of
from bot.debit.mandates.issue import authorisation, issue
from bot.debit.mandates.outcome import record, reject
from bot.debit.port import Capabilities, DebitProvider, InvalidRequest, MandateOrder, Refs
from bot.documents import mandate_document
from bot.services import Services
from bot.vault import UnreadableAccount
from models import (
    bank_account_table,
    borrower_table,
    contact_point_table,
    mandate_table,
    read_autocommit,
    write_tx,
)
from models.base import AnyRow
from values import Clabe

LOOK_AGAIN = timedelta(hours=6)
"""When something is missing that only the borrower can give; their answer makes it due at once."""


class WrongAccount(Exception):
    """The account number that was decrypted is not the one that its borrower gave: it goes to no provider."""

    code = "wrong_account"

    def __init__(self, folio: str) -> None:
        super().__init__(
            f"the account of mandate {folio} does not match its fingerprint: compare the row with a backup"
        )


def submit_mandates(services: Services) -> int:
    """How many were taken up."""
    return each_due(services, ("authorized",), lambda mandate, provider: _submit(services, provider, mandate))


def _submit(services: Services, provider: DebitProvider, mandate: AnyRow) -> None:
    holder = _holder(services, mandate)
    files = _files(services, provider.capabilities, mandate, holder)
    if _incomplete(provider.capabilities, holder, files):
        _wait(services, mandate)
        return
    if mandate.document is None:
        issue(services, mandate.id)
    try:
        order = _order(services, mandate, holder, files)
    except WrongAccount as error:
        put_off(services, mandate, error.code, LOOK_AGAIN, task=f"mandate_error:{mandate.id}")
        return

    def keep(refs: Refs) -> None:
        drill.passing("mandate_step")
        keep_refs(services, mandate, refs)

    try:
        report = provider.submit_mandate(order, keep)
    except InvalidRequest as error:
        reject(services, mandate, error.code)
        return
    drill.passing("mandate_submitted")
    record(services, mandate, report)


def _holder(services: Services, mandate: AnyRow) -> AnyRow:
    """The account and whose it is."""
    phone = (
        select(contact_point_table.c.key)
        .where(
            contact_point_table.c.borrower_id == borrower_table.c.id,
            contact_point_table.c.key.startswith("+"),
        )
        .order_by(contact_point_table.c.id)
        .limit(1)
        .scalar_subquery()
    )
    found = (
        select(
            bank_account_table.c.borrower_id,
            bank_account_table.c.encrypted,
            bank_account_table.c.fingerprint,
            borrower_table.c.name,
            borrower_table.c.rfc,
            borrower_table.c.curp,
            borrower_table.c.email,
            phone.label("phone"),
        )
        .select_from(
            bank_account_table.join(borrower_table, borrower_table.c.id == bank_account_table.c.borrower_id)
        )
        .where(bank_account_table.c.id == mandate.bank_account_id)
    )
    with read_autocommit(services.engine) as connection:
        return connection.execute(found).one()


def _files(services: Services, needs: Capabilities, mandate: AnyRow, holder: AnyRow) -> Mapping[str, bytes]:
    if not needs.needs_identity_files:
        return {}
    with read_autocommit(services.engine) as connection:
        return identity_files_of(connection, services, mandate.id, holder.borrower_id)


def _incomplete(needs: Capabilities, holder: AnyRow, files: Mapping[str, bytes]) -> bool:
    """Whether the provider needs more, which the borrower gives in the chat, or on their page."""
    document = needs.needs_document and not (holder.rfc or holder.curp)
    email = needs.needs_email and not holder.email
    return document or email or (needs.needs_identity_files and not files)


def _wait(services: Services, mandate: AnyRow) -> None:
    """Unless the borrower's answer has made it due again in this moment."""
    later = case(
        (mandate_table.c.due_at == mandate.due_at, services.clock.now() + LOOK_AGAIN),
        else_=mandate_table.c.due_at,
    )
    mine = (mandate_table.c.id == mandate.id) & (mandate_table.c.claimed_at == mandate.claimed_at)
    with write_tx(services.engine) as connection:
        connection.execute(update(mandate_table).where(mine).values(due_at=later, claimed_at=None))


def _order(services: Services, mandate: AnyRow, holder: AnyRow, files: Mapping[str, bytes]) -> MandateOrder:
    """The contract names the whole account: it is made here, for the provider, and kept nowhere."""
    try:
        digits = services.vault.decrypt(holder.encrypted, holder.borrower_id)
    except UnreadableAccount:
        raise WrongAccount(mandate.folio) from None
    if not hmac.compare_digest(services.vault.fingerprint(digits), holder.fingerprint):
        raise WrongAccount(mandate.folio)
    clabe = Clabe.parse(digits)
    contract = mandate_document(
        services.wording, services.lender.facts, authorisation(services, mandate.id, account=clabe.digits)
    )
    return MandateOrder(
        folio=mandate.folio,
        account=clabe,
        holder=holder.name,
        document_kind="curp" if holder.curp else "rfc" if holder.rfc else None,
        document=holder.curp or holder.rfc,
        email=holder.email,
        phone=holder.phone,
        contract=contract,
        identity_files=files,
        refs=dict(mandate.provider_refs),
    )
