"""Every field of the API has its words in both languages, and an example that its schema allows."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.api.fields import UndescribedField, describe_fields
from bot.api.openapi import document
from bot.wording import Wording

DOCUMENT = document()


def fields() -> Iterator[tuple[str, dict[str, Any]]]:
    for model, schema in DOCUMENT["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            yield f"{model}.{name}", field


def test_every_field_and_parameter_is_described_in_both_languages() -> None:
    texts = {field["description"] for _, field in fields()}
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                texts |= {parameter["description"] for parameter in operation.get("parameters", ())}
    for locale in ("es_MX", "en"):
        words = {key for _, key in Wording.load().keys(locale)}
        assert sorted(text for text in texts if f"api.{text}" not in words) == []


def test_every_example_is_one_that_its_schema_allows() -> None:
    shown = [(name, field) for name, field in fields() if "examples" in field]
    assert len(shown) > 200
    for name, field in shown:
        schema = {**field, "components": DOCUMENT["components"]}
        for example in field["examples"]:
            assert Draft202012Validator(schema).is_valid(example), name


def test_a_field_without_words_cannot_be_published() -> None:
    with pytest.raises(UndescribedField, match=r"add \[oddity\]"):
        describe_fields({"Odd": {"properties": {"oddity": {"type": "string"}}}})
