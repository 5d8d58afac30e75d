"""How calls leave: readdressed, timed, and every way to fail mapped to one of three."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Outgoing, PermanentFailure, TransientFailure, UnknownOutcome
from bot.channels.twilio import posting
from bot.channels.twilio.client import TwilioTransport
from bot.channels.twilio.errors import reaction_to
from bot.channels.twilio.http import Http, called
from bot.outgoing import seconds_to_wait
from bot.settings import Settings

ACCOUNT = "AC" + "1" * 32
SENT = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: "
    b'37\r\n\r\n{"sid":"SM1","account_sid":"ACx    "}'
)


@pytest.mark.parametrize(
    ("base", "url", "called_url"),
    [
        ("", "https://api.twilio.com/2010-04-01/x.json?A=1", "https://api.twilio.com/2010-04-01/x.json?A=1"),
        (
            "http://127.0.0.1:4010",
            "https://api.twilio.com/2010-04-01/x.json",
            "http://127.0.0.1:4010/2010-04-01/x.json",
        ),
        (
            "http://127.0.0.1:4010/",
            "https://content.twilio.com/v1/Content",
            "http://127.0.0.1:4010/v1/Content",
        ),
        (
            "https://mock.example/simulator/twilio",
            "https://content.twilio.com/v1/Content?P=2",
            "https://mock.example/simulator/twilio/v1/Content?P=2",
        ),
    ],
)
def test_another_host_and_path_prefix(base: str, url: str, called_url: str) -> None:
    assert Http(base).readdressed(url) == called_url


def test_neither_the_environments_proxy_nor_its_passwords_are_used() -> None:
    assert Http("").session.trust_env is False
    assert posting.running().session.trust_env is False


@given(st.dictionaries(st.sampled_from(["To", "Body", "StatusCallback"]), st.text()))
def test_a_form_arrives_as_it_was(form: dict[str, str]) -> None:
    assert dict(parse_qsl(posting.encoded(form), keep_blank_values=True)) == form


def test_what_several_threads_begin_at_once_is_all_done() -> None:
    async def answer(number: int) -> int:
        await asyncio.sleep(0)
        if number % 7 == 0:
            raise TransientFailure("503")
        return number

    def begin(numbers: range) -> list[Future[int]]:
        return [posting.begin(answer(number)) for number in numbers]

    with ThreadPoolExecutor(4) as pool:
        begun = [each for part in pool.map(begin, (range(n, 400, 4) for n in range(4))) for each in part]
    failed = [each for each in begun if isinstance(each.exception(timeout=10), TransientFailure)]
    assert len(failed) == len(range(0, 400, 7))
    assert {each.result() for each in begun if each not in failed} == {n for n in range(400) if n % 7}


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Takes one connection, reads what comes, answers as it was made to."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            answer(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        thread.join()
        listening.close()


def status(code: int, body: str) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(
        f"HTTP/1.1 {code} X\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )


def transport(base: str) -> TwilioTransport:
    settings = Settings(
        env="test", twilio_account_sid=ACCOUNT, twilio_auth_token="t", twilio_api_url=base, _env_file=None
    )  # type: ignore[call-arg]
    made = TwilioTransport(settings, None)  # type: ignore[arg-type]
    made.client.http_client.timeout = 0.5, 0.3
    return made


Caller = Callable[[TwilioTransport], object]
MESSAGE = Outgoing(1, "sms", "+525500000001", "Hola, Ana", "es_MX", sender="+525550000000")
BY = {
    "package": lambda made: called(lambda: made.client.messages.create(to="+1", from_="+2", body="x")),
    "posting": lambda made: made.send(MESSAGE),
}


@pytest.fixture(params=sorted(BY))
def call(request: pytest.FixtureRequest) -> Caller:
    """By the package, as all is asked but messages, and as messages leave."""
    return BY[request.param]


def outcome(base: str, call: Caller) -> Exception:
    with pytest.raises((TransientFailure, PermanentFailure, UnknownOutcome)) as raised:
        call(transport(base))
    return raised.value


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (status(400, '{"code": 21211, "message": "Invalid To", "status": 400}'), PermanentFailure, "21211"),
        (status(429, '{"code": 20429, "message": "Too many", "status": 429}'), TransientFailure, "20429"),
        (status(429, "slow down"), TransientFailure, "429"),
        (status(401, '{"code": 20003, "message": "Authenticate", "status": 401}'), PermanentFailure, "20003"),
        (status(500, "oops"), UnknownOutcome, "500"),
        (status(503, '{"code": 20503, "message": "x"}'), UnknownOutcome, "20503"),
        (status(400, '{"type": "t", "title": "x", "status": 400, "code": 63013}'), PermanentFailure, "63013"),
        (status(404, "<html>"), PermanentFailure, "404"),
        (
            lambda connection: connection.sendall(b"HTTP/1.1 201 X\r\nContent-Length: 3\r\n\r\n<a>"),
            UnknownOutcome,
            "answer",
        ),
        (lambda connection: None, UnknownOutcome, "connection"),
        (
            lambda connection: connection.sendall(b"HTTP/1.1 201 X\r\nContent-Length: 99\r\n\r\n{"),
            UnknownOutcome,
            None,
        ),
    ],
)
def test_every_answer_is_one_of_three_failures(
    answer: Callable[[socket.socket], None], kind: type[Exception], code: str | None, call: Caller
) -> None:
    with server(answer) as base:
        failure = outcome(base, call)
    assert type(failure) is kind
    assert code is None or failure.code == code  # type: ignore[attr-defined]


def test_a_pause_that_is_asked_for_is_known() -> None:
    for header, seconds in (("7", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", 0.0)):
        answer = f"HTTP/1.1 429 X\r\nRetry-After: {header}\r\nContent-Length: 0\r\n\r\n".encode()
        with server(lambda connection, answer=answer: connection.sendall(answer)) as base:  # type: ignore[misc]
            failure = outcome(base, BY["posting"])
        assert isinstance(failure, TransientFailure)
        assert failure.wait_seconds == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("9" * 400, 86_400.0),
        ("Wed, 21 Oct 2026 07:30:00 GMT", 120.0),
        ("Wed, 21 Oct 2026 01:30:00 -0600", 120.0),
        ("Wed, 21 Oct 2026 07:30:00 -0000", 120.0),
        ("Wed, 21 Oct 2026 07:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("Wed, 99 Oct 2026 07:30:00 GMT", None),
    ],
)
def test_a_pause_is_asked_for_in_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, datetime(2026, 10, 21, 7, 28, tzinfo=UTC)) == seconds


def test_no_answer_in_time_is_unknown(call: Caller) -> None:
    answered = threading.Event()
    with server(lambda _: answered.wait(5) and None) as base:
        failure = outcome(base, call)
        answered.set()
    assert isinstance(failure, UnknownOutcome)


def test_nobody_there_was_never_taken(call: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert isinstance(outcome(f"http://127.0.0.1:{port}", call), TransientFailure)


def test_a_connection_that_took_too_long_was_never_taken() -> None:
    def late() -> None:
        raise requests.ConnectTimeout

    with pytest.raises(TransientFailure):
        called(late)


def test_wrong_credentials_stop_the_sender_whatever_the_code(call: Caller) -> None:
    with server(status(403, '{"code": 70051, "message": "no"}')) as base:
        failure = outcome(base, call)
    assert isinstance(failure, PermanentFailure)
    assert failure.reaction == "stop_sender"


@pytest.mark.parametrize(
    ("code", "reaction"),
    [
        ("20429", "retry"),
        ("21610", "opted_out"),
        ("63014", "opted_out"),
        ("63003", "other_form"),
        ("63024", "other_form"),
        ("63016", "template_instead"),
        ("63018", "wait_day"),
        ("63049", "wait_day"),
        ("63112", "stop_sender"),
        ("30003", "later_then_channel"),
        ("21614", "point_invalid"),
        ("30036", "replan"),
        ("12345", "give_up"),
        ("", "give_up"),
    ],
)
def test_the_table(code: str, reaction: str) -> None:
    assert reaction_to(code) == reaction
