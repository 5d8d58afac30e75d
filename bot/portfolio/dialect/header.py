"""The header of a file: the line where it stands, and which of our columns each of its names is."""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice, zip_longest
from pathlib import Path

from bot.faults import Fault
from bot.portfolio.dialect.invalid import NotATable
from bot.portfolio.dialect.mapping import Mapping
from bot.portfolio.dialect.table import Row, read_table
from values import fold

DECISIVE = ("amount_paid", "holds")
_PAID = re.compile(
    r"^(?!fecha|dia|no |num|forma|medio|canal).*"
    r"\b(?:pagad[oa]s?|abon(?:ad)?os?|acumulados?|cobrad[oa]s?|recibid[oa]s?|paid)\b"
)
"""A name of what was paid, as lenders make them up."""
HEADER_WITHIN = 60
"""Lines within which the header stands."""


@dataclass(slots=True)
class Header:
    """The header as it was found: our name or none for each column."""

    line: int
    names: list[str]
    """Theirs."""
    width: int
    """Cells of its row, those without a name included."""
    ours: list[str | None]
    rest: Iterator[Row] = field(default_factory=lambda: iter(()))

    @property
    def ignored(self) -> list[str]:
        return [name for name, ours in zip(self.names, self.ours, strict=True) if ours is None and name]


@dataclass(frozen=True, slots=True)
class Layout:
    """What of a file is read."""

    header_line: int
    used: MappingType[str, str]
    """Ours → theirs."""
    ignored: Sequence[str]
    """Theirs that are none of ours."""


def layout_of(path: Path, mapping: Mapping, required: Sequence[str], columns: Collection[str]) -> Layout:
    """Raises NotATable."""
    header = find_header(path, mapping, required, columns)
    used = {ours: name for ours, name in zip(header.ours, header.names, strict=True) if ours}
    return Layout(header.line, used, header.ignored)


def find_header(path: Path, mapping: Mapping, required: Sequence[str], columns: Collection[str]) -> Header:
    """Raises NotATable that names what the header lacks, or has twice, or spells almost like one of ours."""
    theirs = {_key(name): ours for ours, name in mapping.columns.items()}
    own = _own_names(mapping, columns)
    rows = read_table(path, mapping.formats)
    seen: list[Row] = []
    above: list[str] = []
    for line, texts in islice(rows, HEADER_WITHIN):
        written = [(line, each) for each in as_header(texts, above)]
        above = texts
        if mapping.formats.header_row == line:
            row = max(written, key=lambda row: _known(row[1], theirs, own))
            return _checked(path, row, theirs, mapping, required, own, rows)
        for row in written if mapping.formats.header_row is None else ():
            if not _lacking(row[1], theirs, mapping, required, own):
                return _checked(path, row, theirs, mapping, required, own, rows)
        seen += written
    likely = max(seen, key=lambda row: (_known(row[1], theirs, own), _named(row[1])), default=(1, []))
    return _checked(path, likely, theirs, mapping, required, own, rows)


def as_header(texts: list[str], above: Sequence[str]) -> Iterator[list[str]]:
    """A row as it stands, and as the lower one of two whose cells are merged: of what is merged downwards the
    text is in the upper row alone.
    """
    yield texts
    both = [low if low.strip() else high for low, high in zip_longest(texts, above, fillvalue="")]
    if both != texts:
        yield both


def _named(texts: Sequence[str]) -> int:
    """How many cells may be names: of a title one, of an empty row and of one with amounts none."""
    if any(_is_number(text) for text in texts):
        return 0
    return sum(any(map(str.isalpha, text)) for text in texts)


def _is_number(text: str) -> bool:
    """An amount, a day or a telephone."""
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _key(name: str) -> str:
    return " ".join(fold(name).split())


def _own_key(name: str) -> str:
    """`LOAN_ID`, `Loan Id`, `loan-id` and `LoanId` are `loan_id`."""
    return header_key(name).replace(" ", "")


def _own_names(mapping: Mapping, columns: Collection[str]) -> dict[str, str]:
    """Key of each of our own names that the mapping neither gives to another column nor leaves out → ours."""
    left_out = {_own_key(name) for name in mapping.formats.ignore}
    own = {_own_key(name): name for name in columns if name not in mapping.columns}
    return {key: name for key, name in own.items() if key not in left_out}


def _ours(name: str, theirs: MappingType[str, str], own: MappingType[str, str]) -> str | None:
    return theirs.get(_key(name)) or own.get(_own_key(name))


def _known(texts: Sequence[str], theirs: MappingType[str, str], own: MappingType[str, str]) -> int:
    return sum(_ours(text, theirs, own) is not None for text in texts)


def _lacking(
    texts: Sequence[str],
    theirs: MappingType[str, str],
    mapping: Mapping,
    required: Sequence[str],
    own: MappingType[str, str],
) -> list[str]:
    here = {_ours(text, theirs, own) for text in texts} | mapping.constants.keys() | mapping.overriding.keys()
    return [name for name in required if name not in here]


def _checked(
    path: Path,
    row: Row,
    theirs: MappingType[str, str],
    mapping: Mapping,
    required: Sequence[str],
    own: MappingType[str, str],
    rest: Iterator[Row],
) -> Header:
    line, texts = row
    names = [" ".join(text.split()) for text in texts]
    while names and not names[-1]:
        names.pop()
    header = Header(line, names, len(texts), [_ours(name, theirs, own) for name in names], rest)
    keys = [_key(name) for name in names]
    faults = []
    for ours, name in mapping.columns.items():
        if _key(name) not in keys:
            near = get_close_matches(_key(name), keys, 1)
            faults.append(_mapped_to_none(ours, name, names[keys.index(near[0])] if near else None))
    if lacking := ", ".join(_lacking(texts, theirs, mapping, required, own)):
        faults.append(_lacks(lacking, names, required))
    found = [ours for ours in header.ours if ours]
    if twice := ", ".join(sorted({name for name in found if found.count(name) > 1})):
        faults.append(Fault("header_twice", f"the header has {twice} twice", twice=twice))
    if both := ", ".join(sorted(set(found) & mapping.constants.keys())):
        what = f"{both} stands in the file and in [constants]: keep one of them"
        faults.append(Fault("column_and_constant", what, both=both))
    faults += _misspelt(header, mapping, own.values())
    if faults:
        raise NotATable(path, [fault.at("", line) for fault in faults])
    return header


def _mapped_to_none(ours: str, name: str, near: str | None) -> Fault:
    what = f"the mapping's {ours} = {name!r} is no column of the file"
    if near is None:
        return Fault("mapped_to_none", what, ours=ours, name=name)
    return Fault("mapped_to_near", f"{what}: did you mean {near!r}?", ours=ours, name=name, near=near)


def _lacks(lacking: str, names: Sequence[str], required: Sequence[str]) -> Fault:
    """A borrower's row in the header's place is not repeated. A mapping is suggested for tapes alone."""
    if not names:
        return Fault("no_content", "is empty")
    if any(map(_is_number, names)):
        what = f"begins with a row, and its header is missing: {lacking}"
        return Fault("header_is_row", what, lacking=lacking)
    has = ", ".join(names)[:200]
    if "paid_at" in required:
        return Fault.worded("header_lacks_of_few", lacking=lacking, has=has, all=", ".join(required))
    what = f"the header lacks {lacking}; it has {has}. `acuerdo import suggest` writes a --mapping for it"
    return Fault("header_lacks", what, lacking=lacking, has=has)


def _misspelt(header: Header, mapping: Mapping, columns: Collection[str]) -> list[Fault]:
    """A column that resembles one of ours which is not here is not left out in silence; nor is one that has a
    usual name of what decides how much is owed, or who is left alone.
    """
    missing = [name for name in columns if name not in header.ours and name not in mapping.constants]
    faults = []
    for name in header.ignored:
        key = header_key(name)
        meant = synonyms().get(key) or ("amount_paid" if _PAID.search(key) else None)
        near = get_close_matches(_key(name).replace(" ", "_"), missing, 1, cutoff=0.84)
        if meant in DECISIVE and meant in missing:
            near = [meant]
        if near and name not in mapping.formats.ignore:
            what = (
                f"there is no column {name!r}: did you mean {near[0]}? "
                f'Map it, or leave it out with [formats] ignore = ["{name}"]'
            )
            faults.append(Fault("column_misspelt", what, name=name, near=near[0]))
    return faults


@lru_cache(maxsize=1)
def synonyms() -> dict[str, str]:
    """Key of their name → our column."""
    text = (Path(__file__).parent / "headers.toml").read_text(encoding="utf-8")
    return {name: ours for ours, names in reversed(tomllib.loads(text).items()) for name in names}


def header_key(name: str) -> str:
    """`No. de Crédito` is `no de credito`."""
    return " ".join(re.sub(r"[^a-z0-9ñ]+", " ", fold(name)).split())
