"""What a strategy file changes in the one that is in force."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from bot.outreach.planning.strategy import Strategy


def differences(old: Strategy | None, new: Strategy) -> list[str]:
    """Line by line: what is added (+), gone (-) and changed (~)."""
    if old is None:
        return [f"+ strategy {new.name}", *(f"+ step {step.name}" for step in new.steps)]
    lines = _changes("", old, new)
    before, after = ({step.name: step for step in strategy.steps} for strategy in (old, new))
    lines += [f"- step {name}" for name in before if name not in after]
    lines += [f"+ step {name}" for name in after if name not in before]
    for name in after:
        if name in before:
            lines += _changes(f"step {name}: ", before[name], after[name])
    return lines


def _changes(prefix: str, old: BaseModel, new: BaseModel) -> list[str]:
    was, now = (
        dict(_fields(each.model_dump(mode="json", exclude={"steps", "version"}))) for each in (old, new)
    )
    return [
        f"~ {prefix}{name}: {_shown(was.get(name))} → {_shown(now.get(name))}"
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    ]


def _fields(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Those of a table by its name and theirs: `segment.products`."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _fields(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _shown(value: Any) -> str:
    """As it would stand in the file."""
    return "nothing" if value in (None, "", []) else json.dumps(value, ensure_ascii=False)
