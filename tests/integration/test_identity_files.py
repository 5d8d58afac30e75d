"""Identity files that a provider demands: given on the page, encrypted, sent once, then gone."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.conversation import take_events
from bot.debit.mandates import end_mandate, submit_mandates
from bot.debit.port import TransientError
from models import IdentityFile, Mandate, write_tx
from tests.integration.test_pages import Page
from tests.integration.test_plans import AT
from tests.talk import CLABE, talk

PICTURE = b"\xff\xd8\xff the front of an identification"
KINDS = ("id_front", "id_back", "selfie")


@pytest.fixture
def page(engine: Engine) -> Page:
    page = Page(talk(engine, AT))
    page.borrower.provider.needs(needs_identity_files=True)
    page.enter()
    return page


def authorize(page: Page) -> str:
    """Where the borrower is led."""
    page.post("/give", clabe=CLABE)
    return page.post("/accept", accept="yes", name="Ana López Ruiz").headers["Location"]


def files(**other: tuple[bytes, str] | None) -> dict[str, Any]:
    given = {kind: (PICTURE, f"{kind}.jpg") for kind in KINDS} | other
    return {kind: (BytesIO(file[0]), file[1]) for kind, file in given.items() if file is not None}


def test_they_are_kept_encrypted_sent_with_the_consent_and_deleted(page: Page) -> None:
    services = page.borrower.services
    assert authorize(page).endswith("/files?loan=L1")
    assert submit_mandates(services) == 1
    assert page.borrower.provider.mandate_orders == []
    assert "Dar mi identificación" in page.get().text
    assert 'capture="environment"' in page.get("/files?loan=L1").text
    assert page.post("/files", **files()).headers["Location"].endswith("done=account")
    kept = page.borrower.rows(IdentityFile)
    assert sorted(row.kind for row in kept) == sorted(KINDS)
    assert not any(b"identification" in row.content for row in kept)
    page.borrower.provider.errors = [TransientError()]
    submit_mandates(services)
    assert len(page.borrower.rows(IdentityFile)) == 3
    page.borrower.advance(minutes=10)
    submit_mandates(services)
    assert page.borrower.provider.mandate_orders[-1].identity_files == dict.fromkeys(KINDS, PICTURE)
    assert page.borrower.rows(IdentityFile) == []
    take_events(services)
    assert "pages.given" in str([row.wording for row in page.borrower.ours()])
    assert page.get("/files?loan=L1").headers["Location"].endswith("done=refused")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"selfie": None}, "necesitamos las tres"),
        ({"id_back": (b"<html>", "a.jpg")}, "no se pudo leer"),
        ({"id_front": (PICTURE + b"x" * 1_000, "a.jpg")}, "no se pudo leer"),
    ],
)
def test_what_is_missing_or_no_picture_is_named_and_nothing_kept(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], fault: str
) -> None:
    monkeypatch.setattr("bot.files.given.MOST_BYTES", 1_000)
    page = Page(talk(sqlite_engine, AT))
    page.borrower.provider.needs(needs_identity_files=True)
    page.enter()
    authorize(page)
    answer = page.post("/files", **files(**changed))
    assert answer.status_code == 400
    assert fault in answer.text
    assert page.borrower.rows(IdentityFile) == []


def test_they_go_with_a_mandate_that_ends(page: Page) -> None:
    authorize(page)
    page.post("/files", **files())
    with write_tx(page.borrower.services.engine) as connection:
        end_mandate(connection, page.borrower.rows(Mandate)[0], "cancelled", "borrower", AT, "test")
    assert page.borrower.rows(IdentityFile) == []


def test_where_no_provider_wants_them_there_is_no_page_for_them(sqlite_engine: Engine) -> None:
    page = Page(talk(sqlite_engine, AT))
    page.enter()
    assert authorize(page).endswith("done=account")
    assert page.post("/files", **files()).headers["Location"].endswith("done=refused")
    assert page.borrower.rows(IdentityFile) == []
