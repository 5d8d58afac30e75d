"""Account numbers move to the newest key, in whatever state the last rotation was left, and need no other
afterwards.
"""

from datetime import datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, insert, select, update

from bot.cli import db
from bot.debit.mandates import identity_files_of, keep_identity_files
from bot.services import Services
from bot.vault import UnreadableAccount, Vault
from models import BankAccount, read_tx, write_tx
from models.document import IDENTITY_FILES
from tests.loans import add_borrower, add_loan
from tests.mandates import add_mandate
from tests.services import make_test_services

ACCOUNTS = [f"0121800012345{n:05d}" for n in range(23)]


def services(engine: Engine, now: datetime, keys: str) -> Services:
    made = make_test_services(engine, now)
    return Services(
        made.settings.model_copy(update={"encryption_keys": keys}), engine, made.clock, made.lender
    )


def keep(one: Services, accounts: list[str]) -> None:
    with write_tx(one.engine) as connection:
        borrower, _ = add_borrower(connection, int(accounts[0][-5:]) + 1)
        rows = [
            {
                "borrower_id": borrower,
                "fingerprint": one.vault.fingerprint(digits),
                "encrypted": one.vault.encrypt(digits, borrower),
                "key_id": one.vault.key_id,
                "bank_code": digits[:3],
                "last4": digits[-4:],
                "created_at": one.clock.now(),
            }
            for digits in accounts
        ]
        connection.execute(insert(BankAccount), rows)


def read(one: Services) -> list[str]:
    with read_tx(one.engine) as connection:
        return [
            one.vault.decrypt(row.encrypted, row.borrower_id)
            for row in connection.execute(
                select(BankAccount.encrypted, BankAccount.borrower_id).order_by(BankAccount.fingerprint)
            )
        ]


def rotate(one: Services, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(db, "make_services", lambda: one)
    done = CliRunner().invoke(db.command, ["rotate-keys"])
    if done.exception:
        raise done.exception
    return done.output


def test_several_keys_an_interruption_and_the_old_ones_removed(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(services(engine, now, "k1"), ACCOUNTS[:10])
    keep(services(engine, now, "k2,k1"), ACCOUNTS[10:])
    before = sorted(read(services(engine, now, "k2,k1")))
    monkeypatch.setattr(db, "_BATCH", 5)
    newest, calls = services(engine, now, "k3,k2,k1"), 0
    rotate_one = Vault.rotate

    def interrupted(vault: Vault, token: bytes, owner: int) -> bytes:
        nonlocal calls
        calls += 1
        if calls > 12:
            raise KeyboardInterrupt
        return rotate_one(vault, token, owner)

    with monkeypatch.context() as broken:
        broken.setattr(Vault, "rotate", interrupted)
        with pytest.raises((KeyboardInterrupt, SystemExit)):
            rotate(newest, monkeypatch)
    assert sorted(read(newest)) == before
    with pytest.raises(UnreadableAccount):
        read(services(engine, now, "k3"))
    assert rotate(newest, monkeypatch) == "13 account numbers encrypted again\n"
    assert sorted(read(services(engine, now, "k3"))) == before
    with read_tx(engine) as connection:
        assert set(connection.scalars(select(BankAccount.key_id))) == {newest.vault.key_id}
    assert rotate(newest, monkeypatch) == "0 account numbers encrypted again\n"


def test_an_account_is_found_again_after_a_rotation(engine: Engine, now: datetime) -> None:
    old, new = services(engine, now, "k1"), services(engine, now, "k2,k1")
    assert old.vault.fingerprint(ACCOUNTS[0]) == new.vault.fingerprint(ACCOUNTS[0])


def test_a_key_that_is_missing_is_said_and_nothing_is_lost(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(services(engine, now, "lost"), ACCOUNTS[:3])
    with pytest.raises(UnreadableAccount, match="list the key"):
        rotate(services(engine, now, "k3"), monkeypatch)
    assert sorted(read(services(engine, now, "k3,lost"))) == ACCOUNTS[:3]


def test_identity_files_that_wait_to_be_sent_move_to_the_newest_key_too(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = services(engine, now, "k1"), services(engine, now, "k2,k1")
    files = dict.fromkeys(IDENTITY_FILES, b"\xff\xd8\xff")
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        mandate = add_mandate(connection, add_loan(connection, borrower))
        connection.execute(update(BankAccount).values(key_id=new.vault.key_id))
        keep_identity_files(connection, old, mandate, borrower, files, now)
    for done in (f"{len(files)} identity files encrypted again\n", ""):
        assert rotate(new, monkeypatch) == f"0 account numbers encrypted again\n{done}"
    with read_tx(engine) as connection:
        assert identity_files_of(connection, services(engine, now, "k2"), mandate, borrower) == files
