"""The authorisation as PDF: the words that were accepted, who accepted them and how that is known. The same
input makes the same bytes.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.wording import Wording
from flows.types.facts import LenderFacts

_INK, _SOFT, _ACCENT, _TINT = (32, 36, 48), (104, 110, 124), (78, 62, 138), (244, 242, 250)
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "•": "·", "…": "..."})
_MARGIN, _LABEL = 20.0, 52.0


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


def mandate_document(wording: Wording, lender: LenderFacts, given: Authorisation) -> bytes:
    """One page of Letter size, in the borrower's language."""
    page = _Page(wording, given.language)
    page.set_creation_date(given.answered.at.astimezone(UTC))
    page.set_title(_latin(wording.text("document.title", {}, given.language)))
    page.head(lender, given.folio)
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
    page.foot(lender)
    return bytes(page.output())


def _evidence(page: "_Page", given: Authorisation) -> list[tuple[str, str]]:
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


def _latin(text: str) -> str:
    """In what the standard fonts can show: a letter that they lack loses its accent."""
    shown = ""
    for char in text.translate(_PLAIN):
        shown += char if ord(char) < 256 else unicodedata.normalize("NFKD", char)[0]
    return shown.encode("latin-1", "replace").decode("latin-1")


class _Page(FPDF):
    """A page that knows its own typography."""

    def __init__(self, wording: Wording, language: str) -> None:
        super().__init__(format="letter")
        self._wording, self._language = wording, language
        self.set_margins(_MARGIN, _MARGIN)
        self.c_margin = 0  # text stands flush with the lines under the headings
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        self.set_creator("Acuerdo")
        self.add_page()

    def say(self, key: str, **params: str) -> str:
        return self._wording.text(key, params, self._language)

    def _write(
        self, text: str, size: float, style: str = "", color: tuple[int, int, int] = _INK, height: float = 5.5
    ) -> None:
        self.set_font("helvetica", style, size)
        self.set_text_color(*color)
        self.multi_cell(0, height, _latin(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def head(self, lender: LenderFacts, folio: str) -> None:
        self.set_fill_color(*_ACCENT)
        self.rect(0, 0, self.w, 4, style="F")
        self._write(lender.trade_name, 11, "B", _ACCENT)
        self._write(lender.legal_name, 8.5, "", _SOFT, 4.5)
        self.ln(6)
        self._write(self.say("document.title"), 19, "B", height=8)
        self._write(self.say("document.folio", folio=folio), 10.5, "", _SOFT)

    def section(self, title: str) -> None:
        self.ln(5)
        self._write(title, 9, "B", _ACCENT)
        self.set_draw_color(*_ACCENT)
        self.line(self.l_margin, self.get_y() + 0.5, self.w - self.r_margin, self.get_y() + 0.5)
        self.ln(2.5)

    def points(self, lines: Sequence[str]) -> None:
        for text in lines:
            self._write(text, 10.5)
            self.ln(0.9)

    def accepted(self, answer: str, at: str) -> None:
        top = self.get_y()
        self.set_fill_color(*_TINT)
        self.rect(self.l_margin, top, self.w - self.l_margin - self.r_margin, 19, style="F")
        self.set_xy(self.l_margin + 4, top + 3)
        self._write(f"«{answer}»", 14, "B", height=7)
        self.set_x(self.l_margin + 4)
        self._write(self.say("document.accepted_at", at=at), 9, "", _SOFT)
        self.set_y(top + 20)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        for label, value in rows:
            top = self.get_y()
            self.set_font("helvetica", "", 8.5)
            self.set_text_color(*_SOFT)
            self.multi_cell(_LABEL, 4.6, _latin(label), align="L", new_x=XPos.RIGHT, new_y=YPos.TOP)
            self.set_xy(self.l_margin + _LABEL, top)
            self._write(value, 8.5, height=4.6)
            self.ln(0.8)

    def foot(self, lender: LenderFacts) -> None:
        self.ln(5)
        une = {"phone": lender.phone, "une_phone": lender.une_phone, "une_email": lender.une_email}
        self._write(self.say("document.foot", **une), 8, "", _SOFT, 4.3)
