"""A stand-in Twilio in a process of its own, as cheap as may be: it takes every message and posts its
receipts, as WhatsApp's come. The product's own stand-in would be measured as part of the product.
"""

import asyncio
import itertools
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from subprocess import PIPE, Popen
from urllib.parse import urlencode

import aiohttp
import psutil
from aiohttp import web

from bench.turn import ACCOUNT, TOKEN
from bot.channels.twilio.signature import sign

STATUSES = ("sent", "delivered", "read")
BETWEEN_SECONDS = 0.5
AT_ONCE = 4
FORM = "application/x-www-form-urlencoded"


@dataclass
class Phones:
    """Receipts are posted a few at a time; those of one message one after the other."""

    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    session: aiohttp.ClientSession = field(default_factory=aiohttp.ClientSession)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def content(self, _request: web.Request) -> web.Response:
        return web.json_response({"sid": f"HX{next(self.numbers):032d}"}, status=201)

    async def message(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        sid = f"SM{next(self.numbers):032d}"
        task = asyncio.create_task(self.report(sid, form))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return web.json_response({"sid": sid, "account_sid": ACCOUNT}, status=201)

    async def report(self, sid: str, form: Mapping[str, str]) -> None:
        for status in STATUSES:
            await asyncio.sleep(BETWEEN_SECONDS)
            receipt = {
                "MessageSid": sid,
                "SmsSid": sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "AccountSid": ACCOUNT,
                "To": form["To"],
                "From": form.get("From", ""),
                "ApiVersion": "2010-04-01",
            }
            await self.post(form["StatusCallback"], receipt)

    async def post(self, url: str, receipt: Mapping[str, str]) -> None:
        signature = sign(TOKEN, url, {name: [value] for name, value in receipt.items()})
        headers = {"X-Twilio-Signature": signature, "Content-Type": FORM}
        async with self.free, self.session.post(url, data=urlencode(receipt), headers=headers) as answer:
            assert answer.status == 200, f"{answer.status}: {await answer.text()}"


async def serve() -> None:
    phones, app = Phones(), web.Application()
    app.router.add_post("/v1/Content", phones.content)
    app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", phones.message)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


@contextmanager
def stand_in() -> Iterator[tuple[str, psutil.Process]]:
    """Its address and its process."""
    with Popen([sys.executable, "-m", "bench.town.twilio"], stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), psutil.Process(process.pid)
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(serve())
