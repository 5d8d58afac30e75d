"""The authorisation as PDF: the words that were accepted, who accepted them and how that is known. The same
input makes the same bytes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from bot.documents.page import Page, latin
from bot.wording import Wording
from flows.types.facts import LenderFacts


@dataclass(frozen=True, slots=True)
class Signed:
    """A message of the consent: our own id, the provider's, and when it was."""

    id: int
    sid: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What the document shows. `account` is a full CLABE only in the copy that a provider asks for, which is
    kept nowhere.
    """

    folio: str
    language: str
    zone: str
    terms_text: str
    terms_version: str
    terms_hash: str
    answer: str
    asked: Signed
    answered: Signed
    identity_factor: str | None
    identity_at: datetime | None
    contact_point: int | None
    account: str | None = None
    brand: str | None = None
    """The loan's own trade name."""
    check_url: str = ""
    """Where anyone sees whether it is genuine and in force."""


def mandate_document(wording: Wording, lender: LenderFacts, given: Authorisation) -> bytes:
    """One page of Letter size, in the borrower's language."""
    page = Page(wording, given.language)
    page.set_creation_date(given.answered.at.astimezone(UTC))
    page.set_title(latin(wording.text("document.title", {}, given.language)))
    page.head(lender.named(given.brand), given.folio)
    heading, *points = given.terms_text.split("\n")
    page.section(heading)
    page.points(
        [
            *points,
            *(
                [wording.text("document.account", {"account": given.account}, given.language)]
                if given.account
                else []
            ),
        ]
    )
    page.section(page.say("document.acceptance"))
    page.accepted(given.answer, _moment(given.answered.at, given))
    page.section(page.say("document.evidence"))
    page.facts(_evidence(page, given))
    if given.check_url:
        page.check(given.check_url, page.say("paper.check", code=given.folio))
    page.foot(lender)
    return bytes(page.output())


def _evidence(page: "Page", given: Authorisation) -> list[tuple[str, str]]:
    known = _moment(given.identity_at, given) if given.identity_at else page.say("document.not_known")
    factor = (
        page.say("document.factor_birth")
        if given.identity_factor == "birth"
        else page.say("document.not_known")
    )
    return [
        (page.say("document.asked"), _signed(given.asked, given)),
        (page.say("document.answered"), _signed(given.answered, given)),
        (
            page.say("document.identity"),
            f"{factor} · {known}" + (f" · #{given.contact_point}" if given.contact_point else ""),
        ),
        (page.say("document.version"), given.terms_version),
        (page.say("document.hash"), given.terms_hash),
    ]


def _signed(message: Signed, given: Authorisation) -> str:
    return " · ".join(part for part in (f"#{message.id}", message.sid, _moment(message.at, given)) if part)


def _moment(at: datetime, given: Authorisation) -> str:
    return format_datetime(
        at, "d MMM y, HH:mm:ss 'GMT'xxx", tzinfo=ZoneInfo(given.zone), locale=given.language
    )
