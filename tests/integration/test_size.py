"""`make bench-scale`, small: the pages of the desk and of managers ask by index, however much there is."""

from sqlalchemy import Engine

from bench.size.fill import NOW, Size, fill
from bench.size.pages import at_the_desk, supervisor
from bench.size.plans import page_acts, walks
from tests.services import make_test_services

SIZE = Size(conversations=200, messages=2_000, loans=60)
COUNTED_LIVE = ("KPIs",)
"""A small portfolio's reports are counted from all of its records."""


def test_no_page_walks_a_table_that_grows(engine: Engine) -> None:
    services = make_test_services(engine, NOW)
    supervisor(services)
    fill(engine, SIZE)
    acts = page_acts(at_the_desk(services), SIZE)
    asked = {name: act for name, act in acts.items() if name not in COUNTED_LIVE}
    assert list(walks(engine, asked, small=True)) == []
