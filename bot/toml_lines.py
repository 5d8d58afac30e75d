"""Where a value of a TOML file stands: the standard reader does not say."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\"']+)\s*=")


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line, from 1, of the value at `path` (names and places in arrays), or of the nearest table above
    it.
    """
    wanted = tuple(str(part) for part in path)
    best: tuple[int, int] | None = None
    for at, here in _places(text):
        depth = len(here)
        if wanted[:depth] == here and (best is None or depth > best[0]):
            best = depth, at
    return best[1] if best else None


def section_of(text: str, name: str) -> str:
    """The tables of that name and those within it, as they stand, each with the comments above it."""
    kept: list[str] = []
    above: list[str] = []
    inside = False
    for line in text.splitlines():
        if header := _HEADER.match(line):
            inside = _names(header[2])[0] == name
        elif not line.strip() or line.lstrip().startswith("#"):
            above.append(line)
            continue
        if inside:
            kept += [*above, line]
        above = []
    return "\n".join(kept).strip() + "\n" if kept else ""


def _places(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Each header and key with its full path."""
    found: list[tuple[int, tuple[str, ...]]] = []
    table: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _indexed(_names(header[2]), counts, more=header[1] == "[[")
            found.append((at, table))
        elif key := _KEY.match(line):
            found.append((at, (*table, *_names(key[1]))))
    return found


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip().strip("\"'") for name in dotted.split("."))


def _indexed(names: tuple[str, ...], counts: dict[tuple[str, ...], int], *, more: bool) -> tuple[str, ...]:
    """With the place in each array of tables on the way; `more` begins another table of the array."""
    path: tuple[str, ...] = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, str(counts[path]))
    path = (*path, names[-1])
    if more:
        counts[path] = counts.get(path, -1) + 1
        return (*path, str(counts[path]))
    return path
