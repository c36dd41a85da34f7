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

# Longer than the process takes to find that its database doesn't answer.
ASK = ClientTimeout(total=10)
# A process that listens on all addresses answers on the loopback address.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


@dataclass(frozen=True)
class StatusReport:
    """Health, and whether a process answered at `address`, the URL of its /readyz."""

    condition: Health
    address: str
    answered: bool
    problems: Mapping[str, str]  # why parts of the process don't work

    @property
    def ok(self) -> bool:
        return self.answered and self.condition.ok

    def as_json(self) -> dict[str, Any]:
        asked = {"address": self.address, "answered": self.answered, "problems": dict(self.problems)}
        return self.condition.as_json() | {"well": self.ok, "process": asked}

    def as_lines(self) -> Iterator[str]:
        yield "All is well." if self.ok else "This needs a look:"
        for name, value in facts(self.condition):
            yield f"  {name}: {value}"
        yield f"  Communities: {self.condition.communities}"
        for part, problem in sorted(self.problems.items()):
            yield f"  {part}: {problem}"
        if not self.answered:
            yield f"No bot answers at {self.address}. Start it with cop run; cop doctor says what stands in its way."


async def read_status(settings: Settings) -> StatusReport:
    """Check the database and ask the process. Raises UnusableDatabase if the database can't be read."""
    host = EVERYWHERE.get(settings.http_host, settings.http_host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}/readyz"
    said = await _ready(address)
    parts = {str(part): works for part, works in (said or {}).items() if isinstance(works, bool)}
    condition = await asyncio.to_thread(_query_health, settings, parts)
    problems = (said or {}).get("problems")
    return StatusReport(condition, address, said is not None, problems if isinstance(problems, dict) else {})


async def _ready(address: str) -> Mapping[str, Any] | None:
    """Ask the process which of its parts work. Returns None if no process answers."""
    try:
        async with ClientSession(timeout=ASK) as http, http.get(address) as answer:
            body = await answer.json()
    except (ClientError, TimeoutError, ValueError):
        return None
    return body if isinstance(body, dict) else None


def _query_health(settings: Settings, parts: Mapping[str, bool]) -> Health:
    engine = database.connect_existing(settings.database)
    try:
        with Session(database.for_reading(engine)) as session:
            return check(session, RealClock().now(), parts)
    finally:
        engine.dispose()
