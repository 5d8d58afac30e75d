"""Which banks can be debited: as the provider says, asked once a day and never while a borrower waits."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, event

from bot import institutions
from bot.debit.port import TransientError
from bot.debit.refresh import refresh_institutions
from bot.institutions import Institutions
from bot.services import Services
from tests.services import make_test_services, set_provider


class Bank:
    """As much of a provider as is asked here."""

    name = "bank"

    def __init__(self, *answers: frozenset[str] | Exception) -> None:
        self.answers = list(answers)

    def institutions(self) -> frozenset[str]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    return make_test_services(engine, now)


def test_the_providers_list_decides_once_it_is_there(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [services.debitable(code) for code in ("012", "072", "646")] == [True, True, False]
    bank = Bank(TransientError("not now"), frozenset(), frozenset({"012", "138"}))
    set_provider(services, bank)  # type: ignore[arg-type]
    assert [refresh_institutions(services) for _ in range(4)] == [0, 0, 2, 0]
    assert services.debitable("072")
    monkeypatch.setattr(institutions, "READ_SECONDS", -1)
    assert [services.debitable(code) for code in ("012", "072", "138")] == [True, False, True]


def test_a_message_asks_the_database_nothing(services: Services) -> None:
    asked: list[str] = []
    services.debitable("012")
    event.listen(
        services.engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement)
    )
    assert all(services.debitable("012") for _ in range(100))
    assert asked == []


def test_without_a_provider_nothing_is_asked(engine: Engine, now: datetime) -> None:
    services = make_test_services(engine, now)
    set_provider(services)
    assert refresh_institutions(services) == 0


def test_a_database_that_is_gone_leaves_the_last_list(sqlite_engine: Engine) -> None:
    known = Institutions(sqlite_engine)
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE setting")
        connection.commit()
    assert known.reached("012")
