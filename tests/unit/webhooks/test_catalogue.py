"""Every kind of event is described, each as a JSON Schema that is one."""

import tomllib

from jsonschema import Draft202012Validator

from bot.webhooks import catalogue
from models import LEDGER_KINDS
from models.feed_event import TASK_EVENTS


def test_every_kind_is_described_and_no_other() -> None:
    listed = tomllib.loads(catalogue._FILE.read_text(encoding="utf-8"))
    assert set(listed) == {*LEDGER_KINDS, *TASK_EVENTS}


def test_every_kind_has_a_schema() -> None:
    for event in catalogue.EVENTS:
        Draft202012Validator.check_schema(catalogue.schema_of(event))
        assert event.summary
        assert event.summary != event.kind
