"""What each field of the API tells: a description, and an example of what it may hold."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_BY_FORMAT = {"date": "2026-12-01", "date-time": "2026-11-24T10:00:00-06:00"}
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 0.5, "boolean": False, "string": "L-1"}
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


class UndescribedField(KeyError):
    def __init__(self, model: str, name: str) -> None:
        super().__init__(f"{model}.{name} has no words: add [{name}] to bot/api/fields.toml")


def describe_fields(schemas: Mapping[str, dict[str, Any]]) -> None:
    """Completes the schemas by model. Raises UndescribedField."""
    for model, schema in schemas.items():
        for name, field in schema.get("properties", {}).items():
            if "description" not in field:
                if name not in _fields():
                    raise UndescribedField(model, name)
                field["description"] = _fields()[name]["about"]
            if "examples" not in field and (example := _example(name, field)) is not None:
                field["examples"] = [example]


@lru_cache(maxsize=1)
def _fields() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "fields.toml").read_text(encoding="utf-8"))


def _example(name: str, field: Mapping[str, Any]) -> Any:
    """One that the field's schema allows; null where it holds more than one value."""
    schema = next((each for each in field.get("anyOf", ()) if each.get("type") != "null"), field)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "string" and schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    own = _fields().get(name, {}).get("example")
    if own is not None and _TYPES[type(own)] == schema.get("type") and _fits(own, schema):
        return own
    return _BY_TYPE.get(schema.get("type", ""))


def _fits(example: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(example, str):
        return bool(schema.get("minimum", example) <= example <= schema.get("maximum", example))
    long = len(example) > schema.get("maxLength", len(example))
    return not long and re.search(schema.get("pattern", ""), example) is not None
