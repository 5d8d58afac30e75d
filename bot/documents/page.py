"""A page of Letter size with the typography that all papers share. The same input makes the same bytes."""

import io
import unicodedata
from collections.abc import Sequence

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from bot.wording import Wording
from flows.types.facts import LenderFacts

_INK, _SOFT, _ACCENT, _TINT = (32, 36, 48), (104, 110, 124), (78, 62, 138), (244, 242, 250)
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "•": "·", "…": "..."})
_MARGIN, _LABEL, _LINE = 20.0, 52.0, 4.6
_HEADING = 20.0
"""A heading stands above at least one row on its page: how high both are."""


def latin(text: str) -> str:
    """In what the standard fonts can show: a letter that they lack loses its accent."""
    shown = ""
    for char in text.translate(_PLAIN):
        shown += char if ord(char) < 256 else unicodedata.normalize("NFKD", char)[0]
    return shown.encode("latin-1", "replace").decode("latin-1")


class Page(FPDF):
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
        self.multi_cell(0, height, latin(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def head(self, lender: LenderFacts, folio: str, title: str | None = None) -> None:
        self.set_fill_color(*_ACCENT)
        self.rect(0, 0, self.w, 4, style="F")
        self._write(lender.trade_name, 11, "B", _ACCENT)
        self._write(lender.legal_name, 8.5, "", _SOFT, 4.5)
        self.ln(6)
        self._write(title or self.say("document.title"), 19, "B", height=8)
        self._write(folio if title else self.say("document.folio", folio=folio), 10.5, "", _SOFT)

    def section(self, title: str) -> None:
        self.ln(5)
        self._keep_together(_HEADING)
        self._write(title, 9, "B", _ACCENT)
        self.set_draw_color(*_ACCENT)
        self.line(self.l_margin, self.get_y() + 0.5, self.w - self.r_margin, self.get_y() + 0.5)
        self.ln(2.5)

    def points(self, lines: Sequence[str]) -> None:
        for text in lines:
            self._write(text, 10.5)
            self.ln(0.9)

    def accepted(self, answer: str, at: str) -> None:
        self._keep_together(_HEADING)
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
            self.set_font("helvetica", "", 8.5)
            width = self.epw - _LABEL
            self._keep_together(max(self._height(_LABEL, label), self._height(width, value)))
            top = self.get_y()
            self.set_text_color(*_SOFT)
            self.multi_cell(_LABEL, _LINE, latin(label), align="L", new_x=XPos.RIGHT, new_y=YPos.TOP)
            self.set_xy(self.l_margin + _LABEL, top)
            self._write(value, 8.5, height=_LINE)
            self.ln(0.8)

    def _height(self, width: float, text: str) -> float:
        """In the font that is set."""
        found = self.multi_cell(
            width, _LINE, latin(text), align="L", dry_run=True, output=MethodReturnValue.HEIGHT
        )
        assert isinstance(found, float)
        return found

    def _keep_together(self, height: float) -> None:
        """What is so high begins on a page that has room for it."""
        if self.will_page_break(height):
            self.add_page()

    def foot(self, lender: LenderFacts, key: str = "document.foot") -> None:
        self.ln(5)
        une = {"phone": lender.phone, "une_phone": lender.une_phone, "une_email": lender.une_email}
        self._write(self.say(key, **une), 8, "", _SOFT, 4.3)

    def rows(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns of equal width, the last one to the right; its heading is repeated on every page."""
        self.set_font("helvetica", "", 9)
        self.set_text_color(*_INK)
        self.set_fill_color(255)
        align = ["LEFT"] * (len(head) - 1) + ["RIGHT"]
        with self.table(
            text_align=tuple(align), borders_layout="HORIZONTAL_LINES", line_height=5.4, padding=(0.6, 0)
        ) as made:
            for cells in (head, *rows):
                line = made.row()
                for cell in cells:
                    line.cell(latin(cell))

    def check(self, url: str, words: str) -> None:
        """The QR code by which anyone sees whether the paper is genuine, with its address in words."""
        self.ln(5)
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="png", scale=6, border=2)
        if self.get_y() > self.h - 55:
            self.add_page()
        top = self.get_y()
        self.image(picture, x=self.l_margin, y=top, w=28, alt_text=latin(words))
        self.set_xy(self.l_margin + 33, top + 4)
        self.set_font("helvetica", "", 8.5)
        self.set_text_color(*_SOFT)
        self.multi_cell(0, _LINE, latin(f"{words}\n{url}"), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(max(self.get_y(), top + 29))
