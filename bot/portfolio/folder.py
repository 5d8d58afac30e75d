"""A folder that lenders' systems put tapes into, by SFTP or otherwise: what is whole is taken, and moved to
`taken/`.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import structlog

from bot.portfolio.tape_loads import GivenTape, give_tape
from bot.services import Services

log = structlog.get_logger(__name__)

ENDINGS = (".csv", ".txt", ".xlsx", ".xlsm")
MAPPING = "columnas.toml"
STILL_SECONDS = 30
"""A file that did not grow for so long is whole: uploads have no end mark."""


def take_from_folder(services: Services) -> int:
    """The sweep: how many files were taken. `columnas.toml` in the folder is the mapping of all; a file whose
    name ends with `.complete.csv` names every loan.
    """
    folder = services.settings.tape_folder
    if folder is None or not folder.is_dir():
        return 0
    mapping = folder / MAPPING
    taken = folder / "taken"
    count = 0
    for path in _still(folder):
        try:
            text = mapping.read_text(encoding="utf-8-sig") if mapping.exists() else ""
            complete = path.stem.endswith(".complete")
            give_tape(
                services,
                GivenTape(path.name, path.read_bytes(), "folder", "lender:folder", text, None, complete),
            )
            taken.mkdir(exist_ok=True)
            path.replace(taken / f"{services.clock.now():%Y%m%dT%H%M%S}-{path.name}")
            count += 1
        except OSError:  # killed between the two, it is given again, which changes nothing
            log.exception("a tape could not be taken from its folder", file=path.name)
    return count


def _still(folder: Path) -> Iterator[Path]:
    now = time.time()
    for path in sorted(folder.iterdir()):
        whole = path.is_file() and path.suffix.casefold() in ENDINGS
        if whole and now - path.stat().st_mtime >= STILL_SECONDS:
            yield path
