"""What Twilio's error codes call for, by table."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

from bot.channels.transport import Reaction

_TABLE = Path(__file__).parent / "errors.toml"


@lru_cache(maxsize=1)
def _reactions() -> dict[str, Reaction]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    unknown = set(table.values()) - set(get_args(Reaction))
    assert not unknown, f"errors.toml calls for reactions that nobody has: {unknown}"
    return cast("dict[str, Reaction]", table)


def reaction_to(code: str) -> Reaction:
    return _reactions().get(str(code), "give_up")
