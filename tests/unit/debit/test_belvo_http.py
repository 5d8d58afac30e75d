"""Every answer and every silence of Belvo's, as one of the port's errors: against a server that says what the
test wants.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from bot.debit.belvo.charges import pesos
from bot.debit.belvo.http import Api
from bot.debit.belvo.provider import BelvoProvider
from bot.debit.port import (
    AuthError,
    ChargeOrder,
    DebitError,
    InsufficientProviderBalance,
    InvalidRequest,
    MandateNotChargeable,
    RateLimited,
    TransientError,
    UnknownOutcome,
)
from values import Money

ORDER = ChargeOrder(
    "K-1", Money(123450), {"customer": "c", "account": "a", "consent": "n"}, "L-1", 1, date(2026, 11, 30)
)
Serve = Callable[[bytes], bytes | None]


@contextmanager
def serving(serve: Serve) -> Iterator[BelvoProvider]:
    """`serve` is given the request's first line; null closes the connection without a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def run() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                data = b""
                while b"\r\n\r\n" not in data:
                    if not (more := connection.recv(65536)):
                        return  # the test is over
                    data += more
                asked.append(data)
                answer = serve(data.split(b"\r\n", 1)[0])
                if answer is not None:
                    connection.sendall(answer)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield BelvoProvider(
            Api(f"http://127.0.0.1:{listener.getsockname()[1]}/base/", "id", "secret", (1.0, 0.2))
        )
    finally:
        with socket.create_connection(listener.getsockname()):
            pass
        thread.join()
        listener.close()


def answer(status: str, body: str, headers: str = "") -> bytes:
    raw = body.encode()
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n{headers}\r\n".encode()
        + raw
    )


def charged(serve: Serve) -> DebitError:
    with serving(serve) as provider, pytest.raises(DebitError) as caught:
        provider.create_charge(ORDER)
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [
        answer("200 OK", "<html>gateway</html>", "Content-Type: text/html\r\n"),
        answer("201 Created", ""),
        answer("201 Created", '{"paymentRequestId": "'),
        answer("201 Created", "{}"),
        answer("201 Created", "[]"),
        answer("201 Created", '{"paymentRequestId": 7}'),
        answer("202 Accepted", '{"paymentRequestId": "x"}'),
        answer("302 Found", "{}", "Location: http://127.0.0.1:9/\r\n"),
        answer("400 Bad Request", "<html>proxy</html>"),
        answer("408 Request Timeout", '{"message": "slow"}'),
        answer("500 Internal Server Error", '{"message": "oops"}'),
        answer("504 Gateway Timeout", "<html></html>"),
        answer("400 Bad Request", '{"message": "Concurrent use of idempotency key"}'),
        answer("400 Bad Request", '{"message": ["Different input for unexpired idempotency key"]}'),
        b"HTTP/1.1 201 Created\r\nContent-Length: 400\r\n\r\n{",
        b"not http at all\r\n\r\n",
        None,
    ],
)
def test_what_may_have_been_taken(answer: bytes | None) -> None:
    assert type(charged(lambda _: answer)) is UnknownOutcome


def test_silence_after_sending_is_unknown_and_silence_while_reading_is_not() -> None:
    waiting = threading.Event()
    with serving(lambda _: waiting.wait(5) and None) as provider:
        with pytest.raises(UnknownOutcome):
            provider.create_charge(ORDER)
        waiting.set()
        for read in (
            lambda: provider.find_charge("K-1"),
            lambda: provider.charge("x"),
            provider.institutions,
        ):
            with pytest.raises(TransientError):
                read()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TransientError):
        BelvoProvider(Api(f"http://127.0.0.1:{port}", "id", "secret")).create_charge(ORDER)


def test_too_many_requests() -> None:
    error = charged(lambda _: answer("429 Too Many Requests", "", "Retry-After: 7\r\n"))
    assert isinstance(error, RateLimited) and error.seconds == 7
    error = charged(lambda _: answer("429 Too Many Requests", "<html/>", "Retry-After: soon\r\n"))
    assert isinstance(error, RateLimited) and error.seconds == 30


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_our_keys_are_refused(status: str) -> None:
    assert type(charged(lambda _: answer(status, "<html/>"))) is AuthError


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "409 Conflict", "422 Unprocessable"])
def test_what_we_sent_is_refused_in_belvos_words_without_the_account(status: str) -> None:
    active = answer("200 OK", '{"status": "active"}'), answer("200 OK", '{"status": "confirmed"}')

    def serve(line: bytes) -> bytes:
        if line.startswith(b"GET"):
            return active[b"consents" in line]
        return answer(
            status,
            '{"message": ["amount is not a valid decimal number.", "accountNumber 014180000000000013 '
            'is wrong"]}',
        )

    error = charged(serve)
    assert type(error) is InvalidRequest
    assert str(error) == "amount is not a valid decimal number.; accountNumber ••••0013 is wrong"


def test_a_refusal_because_the_account_is_not_active() -> None:
    def serve(line: bytes) -> bytes:
        if line.startswith(b"GET"):
            return answer(
                "200 OK",
                '{"status": "inactive"}' if b"payment_methods" in line else '{"status": "confirmed"}',
            )
        return answer("400 Bad Request", '{"message": "no"}')

    assert type(charged(serve)) is MandateNotChargeable


def test_our_own_balance() -> None:
    assert (
        type(charged(lambda _: answer("400 Bad Request", '{"message": "Not enough balance"}')))
        is InsufficientProviderBalance
    )


def test_without_an_account_nothing_is_sent() -> None:
    with serving(lambda _: None) as provider, pytest.raises(MandateNotChargeable):
        provider.create_charge(ChargeOrder("K-1", Money(1), {}, "L-1", 1, date(2026, 11, 30)))


def row(**changed: object) -> str:
    given = {
        "id": "p",
        "reference": "K-1",
        "status": "successful",
        "amount": "1234.50",
        "currency": "mxn",
    } | changed
    return str(given).replace("'", '"').replace("None", "null")


@pytest.mark.parametrize(
    "amount",
    ['"1234.505"', '"abc"', "NaN", "Infinity", "null", "true", '""', "1e999999", "1e900", "-Infinity"],
)
def test_an_amount_that_is_no_amount(amount: str) -> None:
    body = row(amount="@").replace('"@"', amount)
    with serving(lambda _: answer("200 OK", body)) as provider, pytest.raises(UnknownOutcome):
        provider.charge("p")


def test_amounts_are_exact_both_ways() -> None:
    with serving(lambda _: answer("200 OK", row(amount="@").replace('"@"', "1234.1"))) as provider:
        assert provider.charge("p").amount == Money(123410)
    assert [pesos(Money(centavos)) for centavos in (1, 100, 123456, 99_999_999_99)] == [
        0.01,
        1,
        1234.56,
        99_999_999.99,
    ]


def test_a_status_that_nobody_knows_is_named() -> None:
    with (
        serving(lambda _: answer("200 OK", row(status="levitating"))) as provider,
        pytest.raises(UnknownOutcome, match="levitating"),
    ):
        provider.charge("p")


@pytest.mark.parametrize("body", ["{}", '{"items": null}', '{"items": [1]}', '"text"', '{"error": "x"}'])
def test_no_list_is_not_an_empty_list(body: str) -> None:
    with serving(lambda _: answer("200 OK", body)) as provider, pytest.raises(TransientError):
        provider.find_charge("K-1")


def page(rows: str, number: int, total: int | None) -> bytes:
    metadata = (
        f', "metadata": {{"currentPage": {number}, "totalPages": {total}}}' if total is not None else ""
    )
    return answer("200 OK", f'{{"items": [{rows}]{metadata}}}')


def number_of(line: bytes) -> int:
    return int(line.split(b"page=")[1].split(b"&")[0].split(b" ")[0])


@pytest.mark.parametrize("total", [3, None])
def test_a_charge_is_found_on_any_page_by_its_whole_reference_alone(total: int | None) -> None:
    pages = {1: row(id="a", reference="K-11"), 2: row(id="b", reference="k-1"), 3: row(id="mine")}

    def serve(line: bytes) -> bytes:
        return page(pages.get(number_of(line), ""), number_of(line), total)

    with serving(serve) as provider:
        found = provider.find_charge("K-1")
        assert found is not None and found.provider_id == "mine"
        assert provider.find_charge("K-2") is None


def test_pages_that_repeat_themselves_count_once() -> None:
    bare = answer("200 OK", f"[{row()}]")
    with serving(lambda _: bare) as provider:
        found = provider.find_charge("K-1")
        assert found is not None and found.provider_id == "p"


def test_two_charges_under_one_key_and_pages_without_end_are_not_decided_here() -> None:
    with (
        serving(lambda line: page(f"{row()}, {row(id='q')}", number_of(line), 1)) as provider,
        pytest.raises(UnknownOutcome, match="2 charges"),
    ):
        provider.find_charge("K-1")
    with (
        serving(lambda line: page(row(id=f"p{number_of(line)}"), number_of(line), 9_999)) as provider,
        pytest.raises(UnknownOutcome, match="more than 20 pages"),
    ):
        provider.find_charge("K-1")


@pytest.mark.parametrize(
    "body",
    [
        '["mx_santander", "mx_unheard_of"]',
        '{"items": [{"id": "7", "name": "mx_santander"}]}',
        '[{"id": "mx_santander"}]',
    ],
)
def test_institutions_in_any_of_the_shapes(body: str) -> None:
    with serving(lambda _: answer("200 OK", body)) as provider:
        assert provider.institutions() == {"014"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [("canceled", "cancelled"), ("inactive", "cancelled"), ("failed", "rejected"), ("error", "rejected")],
)
def test_an_account_that_ended_at_the_bank_ends_the_mandate(given: str, expected: str) -> None:
    def serve(line: bytes) -> bytes:
        status = given if b"payment_methods" in line else "confirmed"
        return answer("200 OK", f'{{"status": "{status}"}}')

    with serving(serve) as provider:
        assert provider.mandate({"account": "a", "consent": "c"}).status == expected
