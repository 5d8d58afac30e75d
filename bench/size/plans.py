"""How the database goes about every hot statement of the product, as the product runs it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from sqlalchemy import Engine

from bench.size.fill import Size
from bench.size.pages import milliseconds, pages
from tests.desk import Desk
from tests.hot_acts import OF_EVERYBODY, PARTIAL
from tests.statements import plans_of, walked

HUGE = ("message", "delivery_attempt", "event", "timer", "conversation", "contact_point", "name_word")
Acts = Mapping[str, Callable[[], object]]


def page_acts(desk: Desk, size: Size) -> Acts:
    return {page.name: partial(list, milliseconds(desk, page, 1)) for page in pages(size)}


def walks(engine: Engine, acts: Acts, *, small: bool = False) -> Iterator[str]:
    """What walks a table that grows, by what asks it."""
    for name, act in acts.items():
        tables = ("event", "timer") if name in OF_EVERYBODY else HUGE
        for statement, steps in plans_of(engine, act, small=small):
            for step in walked(steps, tables, PARTIAL):
                yield f"{name}: {step.strip()}\n    {' '.join(statement.split())}"
