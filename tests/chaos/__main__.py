"""Runs every scenario, or those named (`python -m tests.chaos "answer storm"`), and writes build/chaos.json.

KILLS is how often the bot is killed in all. If DATABASE_URL names a PostgreSQL, everything runs there too, in a
database that is created and dropped again.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import make_url, text

from storage import database as storage_database
from tests.chaos.cluster import LeftOut
from tests.chaos.scenarios import KILLING, ONLY_ON, TROUBLING
from tests.chaos.trial import Result

KEPT = Path(os.environ.get("CHAOS_TO") or "build/chaos.json")
SHOWN = ("kills", "expected", "lost", "repeated", "allowed", "suppressed", "out_of_order", "late", "latest_s", "took_s")


def main(wanted: Sequence[str]) -> int:
    kills = int(os.environ.get("KILLS") or 200)
    results = list(_tried(wanted or [*KILLING, *TROUBLING], kills))
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n", encoding="utf-8")
    return 1 if any(result.broken_promises for result in results) else 0


def _tried(wanted: Sequence[str], kills: int) -> Iterator[Result]:
    print(f"{'scenario':<24}{'database':<12}", *(f"{name:>12}" for name in SHOWN), f"  load {os.getloadavg()[0]:.1f}")
    killing = [name for name in wanted if name in KILLING]
    shares = [kills // len(killing) + (n < kills % len(killing)) for n in range(len(killing))]
    for database in ["sqlite", *(["postgresql"] if os.environ.get("DATABASE_URL") else [])]:
        for name in wanted:
            if ONLY_ON.get(name, database) != database:
                continue
            share = shares[killing.index(name)] if name in KILLING else 0
            with tempfile.TemporaryDirectory(prefix="commonplace-") as folder, _database(database, Path(folder)) as url:
                result = _try(name, database, Path(folder) / "trial", url, share)
            yield result


def _try(name: str, database: str, folder: Path, url: str, kills: int) -> Result:
    try:
        result = asyncio.run({**KILLING, **TROUBLING}[name](folder, url, kills))
    except LeftOut as why:
        print(f"{name:<24}{database:<12} Left out: {why}")
        return Result(name, database, left_out=str(why))
    print(f"{name:<24}{database:<12}", *(f"{getattr(result, n):>12}" for n in SHOWN), f"  {result.notes}")
    if result.broken_promises:
        print(f"BROKEN: {'; '.join(result.broken_promises)}", (folder / "victim.log").read_text()[-4_000:], sep="\n")
    return result


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/trial/commonplace.db"
        return
    server, name = make_url(os.environ["DATABASE_URL"]), f"chaos_{os.getpid()}"
    engine = storage_database.connect(server.render_as_string(hide_password=False)).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"drop database if exists {name} with (force)"))
        connection.execute(text(f"create database {name}"))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"drop database {name} with (force)"))
    engine.dispose()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
