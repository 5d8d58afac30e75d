"""A lender's key and who calls with it."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from bot.api.keys import make_key
from bot.app import create_app
from bot.services import Services
from tests.api_caller import Caller
from tests.services import make_test_services


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    return make_test_services(engine, now)


@pytest.fixture
def call(services: Services) -> Caller:
    return Caller(create_app(services).test_client(), make_key(services, "tests", "lender"))
