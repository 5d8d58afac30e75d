"""A paper as values, and its PDF: a letter with facts, a table and the code that it is checked by."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from num2words import num2words

from bot.documents.page import Page, latin
from bot.wording import Wording
from flows.types.facts import LenderFacts
from values import Money

Section = tuple[str, tuple[tuple[str, str], ...]]
"""A heading, and facts as label and value."""


@dataclass(frozen=True, slots=True)
class Paper:
    kind: str
    language: str
    title: str
    folio: str
    issued_at: datetime
    code: str
    check_url: str
    sections: tuple[Section, ...]
    letter: tuple[str, ...] = ()
    """Paragraphs before the facts."""
    table_title: str = ""
    table_head: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    closing: tuple[str, ...] = field(default=())
    """Paragraphs after them."""


def paper_document(wording: Wording, lender: LenderFacts, paper: Paper) -> bytes:
    """The PDF. The same paper makes the same bytes."""
    page = Page(wording, paper.language)
    page.set_lang("es-MX" if paper.language.startswith("es") else "en")
    page.set_creation_date(paper.issued_at.astimezone(UTC))
    page.set_title(latin(paper.title))
    page.head(lender, paper.folio, paper.title)
    if paper.letter:
        page.ln(4)
        page.points(paper.letter)
    for heading, facts in paper.sections:
        page.section(heading)
        page.facts(facts)
    if paper.table:
        page.section(paper.table_title)
        page.rows(paper.table_head, paper.table)
    if paper.closing:
        page.ln(4)
        page.points(paper.closing)
    page.check(paper.check_url, page.say("paper.check", code=paper.code))
    page.foot(lender, "paper.foot")
    return bytes(page.output())


def amount_in_words(amount: Money, language: str) -> str:
    """«seiscientos pesos 00/100 M.N.», as cheques and agreements write it."""
    pesos, centavos = divmod(amount.centavos, 100)
    words = str(num2words(Decimal(pesos), lang="es" if language.startswith("es") else "en"))
    if language.startswith("es"):
        unit = "peso" if pesos == 1 else "pesos"
        if words.endswith("veintiuno"):
            words = words.removesuffix("uno") + "ún"
        elif words.endswith("uno"):
            words = words.removesuffix("o")
        of = " de" if pesos and pesos % 1_000_000 == 0 else ""
        return f"{words}{of} {unit} {centavos:02}/100 M.N."
    return f"{words} {'peso' if pesos == 1 else 'pesos'} {centavos:02}/100 M.N."
