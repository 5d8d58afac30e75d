"""What people write, by what they mean: one file a label, one utterance a line. The classifier is trained on
these and on nothing else.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.labels import ALSO, INTENTS

FOLDER = Path(__file__).parent
EXPECTING = ("yes_no", "identity", "clabe", "amount", "date", "choice", "consent", "text")
"""What the bot may have asked for; a line may begin with one in brackets."""

_LINE = re.compile(r"(?:\[(?P<expecting>[^\]]*)\]\s*)?(?P<text>.*?)(?:\s+=>\s*(?P<also>.*))?")


class BadLine(ValueError):
    """A line that is neither an utterance nor a comment; names the file and the line."""

    def __init__(self, path: Path, number: int, why: str) -> None:
        self.path, self.number, self.why = path, number, why
        super().__init__(f"{path.name}:{number}: {why}")


@dataclass(frozen=True, slots=True)
class Utterance:
    """`also`: the safety acts that stand next to the label in the same text."""

    text: str
    label: str
    expecting: str | None
    also: tuple[str, ...]
    line: int


def utterances(folder: Path = FOLDER) -> list[Utterance]:
    """Every line of every label, in the order of labels and lines. Raises BadLine, FileNotFoundError for a
    label without a file.
    """
    return [utterance for label in INTENTS for utterance in _read(folder / f"{label}.txt", label)]


def unanswered(path: Path = FOLDER / "no_topics.txt") -> list[str]:
    """Questions that are about no topic of any lender."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def fingerprint(folder: Path = FOLDER) -> str:
    """Changes when any line does, or the lexicon, or the concepts: an artefact that
    stale.
    """
    digest = hashlib.sha256()
    for path in (
        *(folder / f"{label}.txt" for label in INTENTS),
        FOLDER / "no_topics.txt",
        *(FOLDER.parent / f"{name}.toml" for name in ("lexicon", "concepts")),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path, label: str) -> Iterator[Utterance]:
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if raw.strip() and not raw.startswith("#"):
            yield _parse(path, number, raw.strip(), label)


def _parse(path: Path, number: int, raw: str, label: str) -> Utterance:
    match = _LINE.fullmatch(raw)
    if match is None or not match["text"]:
        raise BadLine(
            path,
            number,
            "no text; write `[expecting] text => also_label`, the brackets and the arrow only where needed",
        )
    also = tuple(name.strip() for name in match["also"].split(",")) if match["also"] is not None else ()
    if match["expecting"] is not None and match["expecting"] not in EXPECTING:
        raise BadLine(path, number, f"nothing expects {match['expecting']!r}; one of {', '.join(EXPECTING)}")
    if unknown := [name for name in also if name not in ALSO]:
        raise BadLine(
            path, number, f"{unknown[0]!r} is never reported next to another label; one of {', '.join(ALSO)}"
        )
    if label in also:
        raise BadLine(path, number, f"{label} is the label of the file already")
    return Utterance(match["text"], label, match["expecting"], also, number)
