"""The rules under which training lines are written, and that the shipped model was made from them."""

import json
import re
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.understanding.labels import INTENTS, SAFETY
from bot.understanding.model import Model
from bot.understanding.training import BadLine, Utterance, fingerprint, utterances

DATA = Path(__file__).parents[2] / "data"
HELD_BACK = ("dev.jsonl", "voices.jsonl")
LEAST, LEAST_SAFETY = 15, 200


@cache
def words_of(text: str) -> tuple[str, ...]:
    """The words, case and accents folded; of a line without words, the line."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    return tuple(re.findall(r"[a-z0-9ñ]+", "".join(c for c in flat if not unicodedata.combining(c)))) or (
        text.strip(),
    )


@pytest.fixture(scope="module")
def lines() -> list[Utterance]:
    return utterances()


@pytest.fixture(scope="module")
def strangers() -> list[tuple[str, ...]]:
    return [
        words_of(json.loads(line)["text"])
        for name in HELD_BACK
        for line in (DATA / name).read_text(encoding="utf-8").splitlines()
    ]


def alike(first: list[tuple[str, ...]], second: list[tuple[str, ...]], most: float) -> list[tuple[int, int]]:
    """The places in both of each pair that has more than this share of the shorter one's words in common."""
    sets = [*map(frozenset, first), *map(frozenset, second)]
    columns = {word: column for column, word in enumerate(sorted(frozenset().union(*sets)))}
    sizes = np.array([len(words) for words in sets])
    words = [columns[word] for one in sets for word in one]
    rows = csr_matrix(
        (np.ones(len(words), int), words, np.cumsum([0, *sizes])), shape=(len(sets), len(columns))
    )
    common = (rows[: len(first)] @ rows[len(first) :].T).tocoo()
    shorter = np.minimum(sizes[: len(first)][common.row], sizes[len(first) :][common.col])
    near = common.data > most * shorter
    return list(zip(common.row[near].tolist(), common.col[near].tolist(), strict=True))


@pytest.mark.parametrize("label", INTENTS)
def test_there_are_enough_lines_and_no_two_share_more_than_two_thirds_of_their_words(
    lines: list[Utterance], label: str
) -> None:
    own = [line.text for line in lines if line.label == label]
    assert len(own) >= (LEAST_SAFETY if label in SAFETY else LEAST)
    long = [text for text in own if len(words_of(text)) >= 4]
    words = [words_of(text) for text in long]
    assert [
        f"{long[one]!r} ~ {long[other]!r}" for one, other in alike(words, words, most=2 / 3) if one > other
    ] == []


def test_nothing_is_said_twice(lines: list[Utterance]) -> None:
    """Across labels too, unless something else was expected: a bare word means what it answers."""
    seen = defaultdict(list)
    for line in lines:
        seen[words_of(line.text), line.expecting].append(f"{line.label}:{line.line}")
    assert {key: places for key, places in seen.items() if len(places) > 1} == {}


@pytest.mark.no_cover
def test_no_line_is_taken_from_the_sets_that_are_measured_on(
    lines: list[Utterance], strangers: list[tuple[str, ...]]
) -> None:
    known = set(strangers)
    short = [line for line in lines if len(words_of(line.text)) < 4]
    long = [line for line in lines if len(words_of(line.text)) >= 4]
    theirs = [words for words in strangers if len(words) >= 4]
    copies = [line for line in short if words_of(line.text) in known]
    copies += [long[one] for one, _ in alike([words_of(line.text) for line in long], theirs, most=0.8)]
    assert [f"{line.label}: {line.text}" for line in copies] == []


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("[mañana] el 15", "nothing expects 'mañana'"),
        ("ya no me escriban => greet", "'greet' is never reported next to another label"),
        ("dejen de llamar => opt_out", "opt_out is the label of the file already"),
        ("[date] ", "no text"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, raw: str, why: str) -> None:
    for label in INTENTS:
        (tmp_path / f"{label}.txt").write_text(f"# {label}\n", encoding="utf-8")
    (tmp_path / "opt_out.txt").write_text(f"# no more\n\n{raw}\n", encoding="utf-8")
    with pytest.raises(BadLine, match=re.escape(f"opt_out.txt:3: {why}")):
        utterances(tmp_path)


def test_a_line_is_read_with_what_was_expected_and_what_else_it_says(tmp_path: Path) -> None:
    for label in INTENTS:
        (tmp_path / f"{label}.txt").write_text("", encoding="utf-8")
    (tmp_path / "opt_out.txt").write_text(
        "[yes_no] ni me escriban ni me cobren => cancel_debit, complain\n", encoding="utf-8"
    )
    assert utterances(tmp_path) == [
        Utterance("ni me escriban ni me cobren", "opt_out", "yes_no", ("cancel_debit", "complain"), 1)
    ]


def test_the_shipped_model_was_made_from_these_lines() -> None:
    """When this fails: `acuerdo nlu train`."""
    assert Model.load().made_from == fingerprint()
