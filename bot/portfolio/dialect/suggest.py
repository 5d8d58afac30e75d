"""A mapping for a file that nobody described yet: what is unmistakable is written down, what could mean two
things is asked, and nothing is guessed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bot.faults import Fault
from bot.portfolio.dialect import cells as forms
from bot.portfolio.dialect.cells import InvalidCell
from bot.portfolio.dialect.columns import AMOUNTS, READERS
from bot.portfolio.dialect.encoding import encoding_of
from bot.portfolio.dialect.header import HEADER_WITHIN, as_header, header_key, synonyms
from bot.portfolio.dialect.invalid import NotATable
from bot.portfolio.dialect.mapping import Formats
from bot.portfolio.dialect.table import WORKBOOKS, Row, read_table
from values import fold, is_given_name

SAMPLE_ROWS = 20_000
_DATES = tuple(name for name, reader in READERS.items() if reader is forms.day)
_TITLE_DAY = re.compile(r"\b(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}|\d{4}-\d{2}-\d{2})\b")
LOAN_SHAPE = ("balance", "overdue_amount", "days_past_due")
_COMPONENTS = ("principal", "interest", "late_fees", "tax")


@dataclass(frozen=True, slots=True)
class Question:
    """What only the lender knows, with the lines that would answer it."""

    about: str
    choices: tuple[str, ...]


@dataclass(slots=True)
class Suggestion:
    columns: dict[str, str] = field(default_factory=dict)
    """Ours → theirs."""
    formats: dict[str, object] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def toml(self) -> str:
        """The mapping as a file; open questions stand in it as comments."""
        lines = ["[columns]", *(f"{ours} = {_quoted(theirs)}" for ours, theirs in self.columns.items())]
        lines += ["", "[formats]", *(f"{name} = {_quoted(value)}" for name, value in self.formats.items())]
        for question in self.questions:
            lines += [f"# {question.about}", *(f"# {choice}" for choice in question.choices)]
        if self.constants:
            lines += [
                "",
                "[constants]",
                *(f"{ours} = {_quoted(value)}" for ours, value in self.constants.items()),
            ]
        return "\n".join(lines) + "\n"


def suggest(path: Path, required: Sequence[str], columns: Collection[str]) -> Suggestion:
    """Raises NotATable for what is no table with a header."""
    formats = Formats()
    rows = read_table(path, formats)
    start = list(islice(rows, HEADER_WITHIN))
    place, names = _header_place(start)
    if not names:
        what = f"no line of the first {HEADER_WITHIN} looks like a header"
        raise NotATable(path, [Fault("no_header", what, lines=HEADER_WITHIN)])
    line, _ = start[place]
    found = Suggestion()
    _layout(found, path, line)
    body = [
        row for row in (*start[place + 1 :], *islice(rows, SAMPLE_ROWS)) if any(c.strip() for c in row[1])
    ]
    table = _Table([" ".join(name.split()) for name in names], body)
    _match_columns(found, table, columns)
    _shape(found, table, required)
    _dates(found, table)
    _decimal(found, table)
    _nulls(found, table)
    _names(found, table)
    _components(found, table)
    _as_of(found, start[:place])
    for lacking in [name for name in required if name not in found.columns and name not in found.constants]:
        if lacking != "instalment_no" or found.formats.get("shape") != "loans":
            found.questions.append(
                Question(f"which column is {lacking}?", (f'{lacking} = "…"  under [columns]',))
            )
    return found


class _Table:
    """The sample, by their column names."""

    def __init__(self, names: list[str], rows: Sequence[Row]) -> None:
        self.names = names
        self._rows = [texts for _, texts in rows if len(texts) >= len(names)]

    def raw(self, name: str) -> Iterator[str]:
        place = self.names.index(name)
        return (texts[place] for texts in self._rows)

    def values(self, name: str) -> Iterator[str]:
        """Those that are not empty."""
        place = self.names.index(name)
        nulls = forms.null_words(Formats())
        return (text for texts in self._rows if (text := texts[place].strip()) and fold(text) not in nulls)


def _header_place(rows: Sequence[Row]) -> tuple[int, list[str]]:
    """The line with the most names that are known, and its names; none where fewer than three are."""
    best, found = 2, (0, list[str]())
    for place, (_, texts) in enumerate(rows):
        for names in as_header(texts, rows[place - 1][1] if place else ()):
            score = sum(header_key(text) in synonyms() for text in names)
            if score > best:
                best, found = score, (place, names)
    return found


def _layout(found: Suggestion, path: Path, line: int) -> None:
    if path.suffix.casefold() not in WORKBOOKS and (encoding := encoding_of(path)) not in (
        "utf-8",
        "utf-8-sig",
    ):
        found.formats["encoding"] = {"cp1252": "windows-1252"}.get(encoding, encoding)
    if line > 1:
        found.formats["header_row"] = line


def _match_columns(found: Suggestion, table: _Table, columns: Collection[str]) -> None:
    taken: dict[str, list[str]] = {}
    for name in table.names:
        ours = synonyms().get(header_key(name))
        if ours is None or ours not in columns:
            if name:
                found.ignored.append(name)
            continue
        taken.setdefault(ours, []).append(name)
    for ours, names in taken.items():
        if len(names) == 1:
            found.columns[ours] = names[0]
        elif ours == "phone" and len(names) == 2 and "phone_2" not in taken:
            found.columns |= {"phone": names[0], "phone_2": names[1]}
        else:
            choices = tuple(f"{ours} = {_quoted(name)}  under [columns]" for name in names)
            found.questions.append(Question(f"which of these is {ours}?", choices))


def _shape(found: Suggestion, table: _Table, required: Sequence[str]) -> None:
    """One row per loan, where each loan stands once and no column numbers instalments."""
    if "instalment_no" not in required or "instalment_no" in found.columns or "loan_id" not in found.columns:
        for name in LOAN_SHAPE:
            if (theirs := found.columns.pop(name, None)) is not None:
                found.ignored.append(theirs)
        return
    ids = Counter(table.values(found.columns["loan_id"]))
    if max(ids.values(), default=0) > 1:
        return
    found.formats["shape"] = "loans"
    for name in ("amount_paid", *_COMPONENTS):  # the balance is after what was paid, in one sum
        if (theirs := found.columns.pop(name, None)) is not None:
            found.ignored.append(theirs)


def _dates(found: Suggestion, table: _Table) -> None:
    texts = [text for ours in _DATES if ours in found.columns for text in table.values(found.columns[ours])]
    slashed = [
        (int(a), int(b))
        for a, b in re.findall(r"(?m)^(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}\b", "\n".join(texts))
    ]
    others = {form for text in set(texts) if (form := forms.form_of_day(text))}
    day_first, month_first = any(a > 12 for a, _ in slashed), any(b > 12 for _, b in slashed)
    if (day_first and month_first) or len(others) + bool(slashed) > 1:
        about = "dates are written in more than one way in this file: export them in one form"
        found.questions.append(Question(about, ()))
    elif others:
        found.formats["dates"] = others.pop()
    elif day_first or month_first:
        found.formats["dates"] = "dd/mm/yyyy" if day_first else "mm/dd/yyyy"
    elif slashed:
        choices = ('dates = "dd/mm/yyyy"', 'dates = "mm/dd/yyyy"')
        found.questions.append(Question("no date decides between day/month and month/day", choices))


def _decimal(found: Suggestion, table: _Table) -> None:
    doubtful, marks = False, set[str]()
    for ours in AMOUNTS & found.columns.keys():
        for text in set(table.values(found.columns[ours])):
            try:
                forms.amount(text, Formats())
            except InvalidCell as error:
                doubtful |= error.fault == "amount_ambiguous"
                continue
            if match := re.search(r"([.,])\d{1,2}\D*$", text):
                marks.add(match[1])
    if len(marks) == 1 and (doubtful or marks == {","}):
        found.formats["decimal"] = marks.pop()
    elif doubtful:
        choices = ('decimal = "."', 'decimal = ","')
        found.questions.append(
            Question("no amount decides whether the comma or the point parts the centavos", choices)
        )


def _nulls(found: Suggestion, table: _Table) -> None:
    """Words that stand often where a day, an amount or a phone should: they mean an empty cell."""
    words = Counter[str]()
    for ours, theirs in found.columns.items():
        if ours in (*_DATES, "phone_2", "guarantor_phone", "email"):
            words.update(
                text
                for text in table.values(theirs)
                if re.fullmatch(r"[A-Za-zÁÉÍÓÚÑáéíóúñ/.\-_ ]{1,20}", text) and "@" not in text
            )
    if frequent := sorted(word for word, times in words.items() if times >= 2):
        found.formats["nulls"] = frequent[:20]


def _names(found: Suggestion, table: _Table) -> None:
    """Surnames first where the last words of names are given names, and the first ones are not."""
    if "borrower_name" not in found.columns:
        return
    people = [
        text.split()
        for text in dict.fromkeys(table.values(found.columns["borrower_name"]))
        if "," not in text
    ]
    people = [words for words in people if len(words) >= 3]
    first = sum(is_given_name(words[0]) for words in people)
    last = sum(is_given_name(words[-1]) and not is_given_name(words[0]) for words in people)
    if last > first:
        found.formats["names"] = "surnames first"


def _components(found: Suggestion, table: _Table) -> None:
    """Components that do not sum to the amount are left out: the amount is what is owed."""
    parts = [ours for ours in _COMPONENTS if ours in found.columns]
    if not parts or "amount_due" not in found.columns:
        return
    rows = zip(*(table.raw(found.columns[ours]) for ours in ("amount_due", *parts)), strict=True)
    fits = [_sums_up(row, found) for row in islice(rows, 2_000)]
    known = [fit for fit in fits if fit is not None]
    if known and sum(known) < 0.5 * len(known):
        for ours in parts:
            found.ignored.append(found.columns.pop(ours))


def _sums_up(row: Sequence[str], found: Suggestion) -> bool | None:
    formats = Formats(decimal=found.formats.get("decimal"))
    try:
        total, *parts = (
            round(float(forms.amount(text, formats)) * 100) if text.strip() else 0 for text in row
        )
    except InvalidCell:
        return None
    return total == sum(parts)


def _as_of(found: Suggestion, titles: Sequence[Row]) -> None:
    """The day that the titles above the header name, where no column does."""
    if "as_of" in found.columns:
        return
    days = {match for _, texts in titles for text in texts for match in _TITLE_DAY.findall(text)}
    if len(days) == 1:
        found.constants["as_of"] = days.pop()


def _quoted(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_quoted(each) for each in value) + "]"
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
