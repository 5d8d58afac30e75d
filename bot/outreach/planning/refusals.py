"""Steps that open no conversation on WhatsApp, because it refused their template or moved it to another
category: their other channels go on, and the step as well once words are approved again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, select, update

from bot.channels import RefusedTemplate
from bot.outreach.planning.strategy import Step, Strategy
from bot.reach import NewTask, open_task
from bot.services import Services
from models import borrower_table, contact_point_table, read_tx, setting_table, task_table, write_tx
from models.base import word
from models.upsert import insert_new

STOPPED = "stopped_steps"
_KNOWN = select(setting_table.c.value).where(setting_table.c.name == STOPPED)
PROOF = "identity.opening"
"""What opens every conversation with somebody who has not proved who they are."""
_LATE = ("reminder.late",)
_REMINDERS = {
    "month": ("reminder.before", "reminder.due", "reminder.late"),
    "cured": ("reminder.before", "reminder.due"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """A step that does not open conversations on WhatsApp with those who speak `language`."""

    language: str
    template: str
    status: str
    is_proof: bool
    """With those alone who have not proved who they are."""

    def meets(self) -> ColumnElement[bool]:
        """Over `contact_point` with its borrower."""
        unknown = contact_point_table.c.status != word("confirmed")
        return and_(
            contact_point_table.c.channel == word("whatsapp"),
            borrower_table.c.language == word(self.language),
            *([unknown] if self.is_proof else []),
        )


def stops(step: Step, refused: Sequence[RefusedTemplate]) -> tuple[Stop, ...]:
    """One for each of the templates that the step needs and WhatsApp refused."""
    return tuple(
        Stop(each.template.language, each.template.name, each.status, each.template.key == PROOF)
        for each in refused
        if each.template.key == PROOF or _opens(step, each)
    )


def not_stopped(found: Sequence[Stop]) -> list[ColumnElement[bool]]:
    return [not_(each.meets()) for each in found]


def _opens(step: Step, refused: RefusedTemplate) -> bool:
    template = refused.template
    if step.flow != "reminder":
        opens = {"statement": "statement.ready", "mandate": "invitation.offer_debit"}
        return template.key == opens.get(step.flow, "invitation.offer")
    singular = template.name.endswith("_one") and step.counts_from == "due_date"
    return (
        template.key in _reminders(step)
        and template.tone == step.tone
        and (not singular or step.day <= 1 <= step.until)
    )


def _reminders(step: Step) -> Sequence[str]:
    if step.counts_from != "due_date":
        return _REMINDERS.get(step.counts_from, _LATE)
    ranges = {"before": step.day < 0, "due": step.day <= 0 <= step.until, "late": step.until > 0}
    return [f"reminder.{name}" for name, is_in in ranges.items() if is_in]


def report_stopped(
    services: Services, strategies: Sequence[Strategy], refused: Sequence[RefusedTemplate], now: datetime
) -> None:
    """One task for each step that is stopped, for as long as it is; it is closed when the step goes on. What
    stops those alone who have not proved who they are is the template's own task.
    """
    found = dict(each for strategy in strategies for each in _of(strategy, refused))
    with read_tx(services.engine) as connection:
        if set(connection.scalar(_KNOWN) or ()) == set(found):
            return
    with write_tx(services.engine) as connection:
        none = {"name": STOPPED, "value": {}, "changed_at": now}
        connection.execute(insert_new(connection, setting_table, ("name",)).values(none))
        known: dict[str, str] = connection.scalar(_KNOWN.with_for_update()) or {}
        tasks = {name: f"step_stopped:{name}:{now:%Y%m%dT%H%M%S}" for name in sorted(found)} | {
            name: key for name, key in known.items() if name in found
        }
        for name in sorted(set(found) - set(known)):
            open_task(connection, NewTask("step_stopped", now, key=tasks[name], data=found[name]))
        over = task_table.c.key.in_([known[name] for name in sorted(set(known) - set(found))])
        done = {"done_at": now, "done_by": "system:plan", "outcome": "not_needed"}
        connection.execute(update(task_table).where(over, task_table.c.done_at.is_(None)).values(**done))
        kept = update(setting_table).where(setting_table.c.name == STOPPED)
        connection.execute(kept.values(value=tasks, changed_at=now))


def _of(strategy: Strategy, refused: Sequence[RefusedTemplate]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for step in strategy.steps:
        found = [
            stop
            for each in (step, *(variant.of(step) for variant in step.variants))
            for stop in stops(each, refused)
            if not stop.is_proof
        ]
        if found:
            templates = dict.fromkeys(f"{each.template} ({each.language}): {each.status}" for each in found)
            data = {"strategy": strategy.name, "step": step.name, "owner": strategy.owner}
            yield f"{strategy.name}:{step.name}", data | {"templates": list(templates)}
