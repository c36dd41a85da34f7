"""Runs the Discord adapter as its own process: it prints events as lines, and reads deliveries as lines.

Out: {"event": …}, {"ancillary_request": [platform, space]}, {"delivered": receipt}, {"found": receipt},
     {"later": [seconds, whole lane]}, {"unreachable": why}, {"gone": what}, {"ended": words}.
In: a delivery: {"to": {"kind": …, …}, "message": {…}, "ref": …, …}; or an uncertain one: {"delivery": …, "since": …}.
"""

import asyncio
import dataclasses
import json
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import TypeAdapter

from adapters.discord.adapter import Discord
from bot.core.platform import (
    ConfigurationError,
    Delivery,
    MessageGone,
    RetryAfter,
    RewriteRefused,
    RoleHolder,
    UncertainDelivery,
    Undeliverable,
)
from tests.adapters.discord.small_app import small_app

DELIVERY, UNCERTAIN = TypeAdapter(Delivery), TypeAdapter(UncertainDelivery)
writing = threading.Lock()


def write_line(what: str, value: Any) -> None:
    with writing:
        print(json.dumps({what: value}, default=str), flush=True)


async def deliver_what_comes(discord: Discord) -> None:
    reader = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        try:
            if b'"delivery"' in line:
                write_line("found", await discord.find(UNCERTAIN.validate_json(line)))
            else:
                write_line("delivered", await discord.deliver(DELIVERY.validate_json(line)))
        except RetryAfter as later:
            write_line("later", [later.after, later.whole_lane])
        except (MessageGone, RewriteRefused) as gone:
            write_line("gone", type(gone).__name__)
        except Undeliverable as why:
            write_line("unreachable", why.why)
        except Exception as fault:
            write_line("broken", repr(fault))


async def main() -> None:
    app = small_app(lambda event: write_line("event", {"kind": type(event).__name__, **dataclasses.asdict(event)}))

    @asynccontextmanager
    async def record_request(*where: str) -> AsyncIterator[None]:
        write_line("ancillary_request", where)
        yield

    app.ancillary_request = record_request
    discord = Discord(
        app,
        token=os.environ["DISCORD_TOKEN"],
        api_base=os.environ["DISCORD_API_BASE"],
        gateway_url=os.environ["DISCORD_GATEWAY_URL"],
    )
    if "diagnose" in sys.argv:
        write_line("checks", [dataclasses.asdict(check) for check in await discord.diagnose()])
        return
    if "hidden" in sys.argv:
        holders = [RoleHolder(*holder) for holder in json.loads(os.environ["HOLDERS"])]
        write_line("hidden", [check.says for check in await discord.find_hidden(holders)])
        return
    delivering = asyncio.create_task(deliver_what_comes(discord))
    running = asyncio.create_task(discord.run())
    asyncio.get_running_loop().add_signal_handler(15, running.cancel)
    try:
        await running
    except ConfigurationError as words:
        write_line("ended", str(words))
    except asyncio.CancelledError:
        write_line("ended", "")
    delivering.cancel()


if __name__ == "__main__":
    asyncio.run(main())
