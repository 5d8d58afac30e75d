"""An account number is in its encrypted column, in what the provider is sent, and nowhere else: whatever goes
wrong on the way.
"""

import logging
import re
import zlib
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

import flows
from bot.conversation import retry_unprocessed, take_events
from bot.debit import mandates
from bot.debit.port import AuthError, InvalidRequest, TransientError
from bot.logs import configure
from models import BankAccount, Message, make_engine
from tests.talk import CLABE, Talk, talk

OTHER = "072180001234567800"
SHAPES = (
    "0121 8000 1234 5678 99",
    "012-180-00123456789-9",
    "CLABE: 012180001234567899",
    "012 180 0012 3456 7899 de bancomer",
    "012.180.00123456789.9",
    "012 - 180 - 00123456789 - 9",
    "012–180–00123456789–9",
    "es ésta 012180001234567899 gracias",
    "０１２１８０００１２３４５６７８９９",
    "012180\n001234567899",
)


def _pattern(digits: str) -> re.Pattern[str]:
    """Ten digits in a row of an account, in any shape, read from either end."""
    pieces = (digits[:10], digits[4:14], digits[-14:-4])
    return re.compile("|".join(r"[\W_]{0,3}".join(piece) for piece in pieces))


LEAK = re.compile("|".join(_pattern(digits).pattern for digits in (CLABE, OTHER)))


def everything(engine: Engine) -> str:
    """All columns of all rows of all tables, documents unpacked, but for the encrypted accounts."""
    found: list[str] = []
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f"SELECT * FROM {table}")).mappings():
                found += [
                    _shown(value)
                    for name, value in row.items()
                    if (table, name) != ("bank_account", "encrypted")
                ]
        connection.commit()
    return "\n".join(found)


def _shown(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        streams = re.findall(rb"stream\n(.*?)\nendstream", bytes(value), re.DOTALL)
        return "".join(
            zlib.decompress(stream).decode("latin-1") for stream in streams if stream[:1] == b"x"
        ) or bytes(value).decode("latin-1")
    return str(value)


@pytest.fixture
def ana(database_url: str, now: datetime, caplog: pytest.LogCaptureFixture) -> Talk:
    """With everything logged that can be, the statements and their values too."""
    configure()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    engine = make_engine(database_url)
    yield talk(engine, now)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    engine.dispose()


def assert_secret(one: Talk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    printed = capfd.readouterr()
    places = {
        "database": everything(one.services.engine),
        "logs": caplog.text,
        "output": printed.out + printed.err,
    }
    if one.services.engine.dialect.name == "sqlite":
        file = Path(str(one.services.engine.url.database))
        places["file"] = "".join(
            path.read_bytes().decode("latin-1") for path in file.parent.glob(f"{file.name}*")
        )
    assert {name: LEAK.search(found) for name, found in places.items()} == dict.fromkeys(places)


def test_the_test_would_find_one(ana: Talk, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("anything").debug("the account is %s", CLABE)
    assert LEAK.search(caplog.text)
    assert all(LEAK.search(shape) or not shape.isascii() for shape in SHAPES)


def test_a_whole_mandate(
    ana: Talk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    ana.say(f"quiero domiciliar, mi cuenta es {CLABE}")
    ana.say(f"no, mejor esta: {OTHER[:6]} {OTHER[6:]}")
    ana.say(f"mejor la primera, {CLABE}")
    ana.say("sí")
    ana.say("ACEPTO")
    ana.provider.errors = [None, TransientError(f"accountNumber {CLABE} could not be read")]
    for _ in range(3):
        mandates.issue_documents(ana.services)
        mandates.submit_mandates(ana.services)
        ana.advance(minutes=2)
    take_events(ana.services)
    ana.send()
    ana.say("cancelen la domiciliación")
    mandates.cancel_at_provider(ana.services)
    assert ana.provider.mandate_orders[-1].account.digits == CLABE
    assert "mandate.active" in ana.kinds()
    assert_secret(ana, caplog, capfd)


@pytest.mark.parametrize(
    "error", [InvalidRequest(f"account {CLABE} is not valid"), AuthError(CLABE), KeyError(CLABE)]
)
def test_a_provider_that_repeats_it(
    ana: Talk, error: Exception, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    ana.to_authorized()
    ana.provider.errors = [None, error]
    mandates.submit_mandates(ana.services)
    assert_secret(ana, caplog, capfd)


def test_a_turn_that_raises(
    ana: Talk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    ana.say("domiciliar")
    with monkeypatch.context() as broken:
        broken.setattr(flows, "step", lambda *_: {}[CLABE])
        assert ana.say(CLABE).outcome == "unprocessed"
        ana.say("01234567890")
    ana.advance(minutes=1)
    retry_unprocessed(ana.services)
    assert_secret(ana, caplog, capfd)
    assert not [row.body for row in ana.rows(Message) if "01234567890" in row.body]


@pytest.mark.parametrize(
    "wrong",
    [
        "012180001234567890",
        f"{CLABE} o {OTHER} o 5512345678",
        "01234567890",
        "4111 1111 1111 1111",
        "55 1234 5678",
    ],
)
def test_what_is_no_account_we_can_use_is_masked_too(
    ana: Talk, wrong: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    ana.say("domiciliar")
    ana.say(wrong)
    assert ana.rows(BankAccount) == []
    assert_secret(ana, caplog, capfd)
    kept = everything(ana.services.engine)
    assert not [
        run
        for run in re.findall(r"\d[\d ]{8,}\d", wrong)
        if re.sub(r"\D", "", run) in re.sub(r"[ ]", "", kept)
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_is_read_and_masked(sqlite_engine: Engine, now: datetime, shape: str) -> None:
    one = talk(sqlite_engine, now)
    one.say("domiciliar")
    one.say(shape)
    (kept,) = one.rows(BankAccount)
    assert one.services.vault.decrypt(kept.encrypted, kept.borrower_id) == CLABE
    assert "BBVA, terminación 7899" in one.wire.sent[-1].text
    assert not LEAK.search(everything(sqlite_engine))
