"""Time zones of Mexico by state and border municipality (Ley de los Husos Horarios, DOF 28-10-2022)."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from values.folding import fold

_DATA = Path(__file__).parent / "data" / "zones.toml"


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {
        _plain(name): code
        for code, state in _data()["states"].items()
        for name in (state["name"], state["iso"], f"mx {state['iso']}", *state.get("also", ()))
    }


def state_code(text: str | None) -> str | None:
    """INEGI code of a state given by that code, its ISO code or its name; null when it is none."""
    if not text or not text.strip():
        return None
    text = text.strip()
    if text.isdigit() and len(text) <= 2:
        return text.zfill(2) if text.zfill(2) in _data()["states"] else None
    return _codes().get(_plain(text))


def zone_of(state: str | None, municipality: str | None = None) -> ZoneInfo | None:
    """The zone of an address; `municipality` is its INEGI code, of 3 digits within the state or of 5. Null
    when it is not known.

    Municipalities are known by code only: two are called Guerrero, and so is a state.
    """
    code = state_code(state)
    digits = (municipality or "").strip()
    if len(digits) == 5 and digits.isdigit():
        code, digits = code or digits[:2], digits[2:]
    if code is None:
        return None
    if digits.isdigit() and (zone := _data()["municipalities"].get(code + digits.zfill(3))):
        return ZoneInfo(zone)
    return ZoneInfo(_data()["states"][code]["zone"])
