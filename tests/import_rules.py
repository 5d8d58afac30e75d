"""The folders of `bot` meet only through their `__init__`: import-linter's contract `rooms`."""

import ast
from collections.abc import Iterator
from pathlib import Path

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

ROOT = Path(__file__).parents[1]
HOUSE, RECORDS = "bot", "models"
EDGES = ("cli",)
"""Each command puts rooms together, as `bot/app.py` does, and loads no more of them than it needs."""


class RoomsContract(Contract):
    """An import of another room names a folder of it, or what the folder's `__init__` exports; never a file
    inside. Modules next to the rooms (`bot/app.py`, `bot/services.py`) put the rooms together and are free.
    Inside `models` a file names the module that it needs, never the package, which has everything: else what
    the ledger must not touch could be had through it.
    """

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        del graph, verbose
        found = (*breaches(), *by_the_package())
        broken = [f"{path.relative_to(ROOT)}: {name}" for path, name in found]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for each in check.metadata["broken"]:
            output.print_error(
                f"{each}: name what that room's __init__ exports; inside models, the module", bold=False
            )


def breaches() -> Iterator[tuple[Path, str]]:
    """`(file, what it imports)` of each import that enters another room by a side door."""
    for path in sorted((ROOT / HOUSE).rglob("*.py")):
        room = path.relative_to(ROOT / HOUSE).parts[0]
        if room.endswith(".py") or room in EDGES:
            continue
        for name in _imported(path):
            parts = name.split(".")
            if parts[0] == HOUSE and len(parts) > 2 and parts[1] != room and not _is_open(parts):
                yield path, name


def by_the_package() -> Iterator[tuple[Path, str]]:
    """Imports inside `models` that go through the whole package."""
    for path in sorted((ROOT / RECORDS).rglob("*.py")):
        if "migrations" not in path.parts:
            yield from ((path, name) for name in _imported(path) if _is_package(name))


def _is_package(name: str) -> bool:
    package, _, rest = name.partition(".")
    module = ROOT / RECORDS / rest.split(".")[0]
    return package == RECORDS and not (module.is_dir() or module.with_suffix(".py").exists())


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _is_open(parts: list[str]) -> bool:
    """Whether `bot.room.name` or `bot.room.folder.name` is a folder, exported by one, or next to the
    rooms.
    """
    if not (ROOT / HOUSE / parts[1]).is_dir() or (ROOT.joinpath(*parts) / "__init__.py").exists():
        return True
    home = ROOT.joinpath(*parts[:-1]) / "__init__.py"
    if not home.exists():
        return False
    exported = [
        ast.literal_eval(node.value)
        for node in ast.parse(home.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    return parts[-1] in exported[0] if exported else False
