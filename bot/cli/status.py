"""`cop status`: the health of everything in the database, and whether a process answers."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlmodel import Session

from bot.core.clock import RealClock
from bot.operations.health import Health, check, facts
from bot.settings import Settings
from storage import database

ASK = ClientTimeout(total=3)
# A process that listens on all addresses answers on the loopback address.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


@dataclass(frozen=True)
class StatusReport:
    """Health, and whether a process answered at `address`, the URL of its /readyz."""

    condition: Health
    address: str
    answered: bool

    @property
    def ok(self) -> bool:
        return self.answered and self.condition.ok

    def as_json(self) -> dict[str, Any]:
        asked = {"address": self.address, "answered": self.answered}
        return self.condition.as_json() | {"well": self.ok, "process": asked}

    def as_lines(self) -> Iterator[str]:
        yield "All is well." if self.ok else "This needs a look:"
        for name, value in facts(self.condition):
            yield f"  {name}: {value}"
        yield f"  Communities: {self.condition.communities}"
        if not self.answered:
            yield f"No bot answers at {self.address}. Start it with cop run; cop doctor says what stands in its way."


async def read_status(settings: Settings) -> StatusReport:
    """Check the database and ask the process. Raises UnusableDatabase if the database can't be read."""
    host = EVERYWHERE.get(settings.http_host, settings.http_host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}/readyz"
    parts = await _ready(address)
    condition = await asyncio.to_thread(_query_health, settings, parts or {})
    return StatusReport(condition, address, parts is not None)


async def _ready(address: str) -> Mapping[str, bool] | None:
    """Ask the process which of its parts work. Returns None if no process answers."""
    try:
        async with ClientSession(timeout=ASK) as http, http.get(address) as answer:
            body = await answer.json()
    except (ClientError, TimeoutError, ValueError):
        return None
    if not isinstance(body, dict):
        return None
    return {str(part): works for part, works in body.items() if isinstance(works, bool)}


def _query_health(settings: Settings, parts: Mapping[str, bool]) -> Health:
    engine = database.connect(settings.database)
    try:
        at, wanted = database.revision(engine)
        if at != wanted:
            raise database.UnusableDatabase(
                "The database is empty, or at another version than this one. cop doctor says what to do."
            )
        with Session(database.for_reading(engine)) as session:
            return check(session, RealClock().now(), parts)
    finally:
        engine.dispose()
