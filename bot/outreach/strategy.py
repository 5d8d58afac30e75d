"""When to reach out, with what and in which tone: data, checked on load."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

_DEFAULT = Path(__file__).parent / "strategies" / "default.toml"


class Step(BaseModel):
    """Taken once for a due date, when it lies between `day` and `until` days ago (negative: ahead)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    day: int = Field(ge=-60, le=3650)
    until: int
    flow: str
    tone: Literal["kind", "neutral", "firm"]

    @model_validator(mode="after")
    def ordered(self) -> "Step":
        if self.until < self.day:
            message = f"step {self.name}: until ({self.until}) lies before day ({self.day})"
            raise ValueError(message)
        return self


class Strategy(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: int
    steps: tuple[Step, ...]


@lru_cache(maxsize=4)
def load_strategy(path: Path = _DEFAULT) -> Strategy:
    """Raises ValidationError naming what is wrong with the file."""
    return Strategy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
