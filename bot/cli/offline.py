"""What commands do without starting the bot: describe it, find a community, export."""

import asyncio
import re
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlmodel import Session

from bot.bootstrap.process import make_app
from bot.core.app import App
from bot.core.clock import RealClock
from bot.features.export import collect, formats
from bot.settings import Settings
from storage import database
from storage.communities import communities
from storage.communities.communities import Community

DISCORD = "https://discord.com/api/v10"
ASK = ClientTimeout(total=8)


def bare_app(settings: Settings) -> App:
    """Return an App with all commands and an empty database, enough to describe the bot."""
    return make_app(settings, database.connect("sqlite://"), RealClock())


def application_id(settings: Settings) -> str:
    """Return the id of the Discord application that DISCORD_TOKEN belongs to, or "" if Discord doesn't answer."""
    token = settings.discord_token.get_secret_value()
    return asyncio.run(_ask_discord(settings.discord_api_base or DISCORD, token)) if token else ""


async def _ask_discord(base: str, token: str) -> str:
    try:
        async with (
            ClientSession(timeout=ASK, headers={"Authorization": f"Bot {token}"}) as http,
            http.get(f"{base.rstrip('/')}/applications/@me") as answer,
        ):
            return str((await answer.json()).get("id", ""))
    except (ClientError, TimeoutError, ValueError):
        return ""


class NoSuchCommunity(Exception):
    """No community has that name, or it isn't clear which is meant. The text names those there are."""


def named(session: Session, name: str) -> Community:
    """Return the community of that name, or with "" the only one there is. Raises NoSuchCommunity."""
    every = communities.every(session)
    found = [c for c in every if name.casefold() in ("", c.name.casefold())]
    if len(found) != 1:
        names = ", ".join(c.name for c in every) or "none yet"
        raise NoSuchCommunity(f"Say which community, by its name. There is: {names}.")
    return found[0]


def export_to(settings: Settings, name: str, form: str, folder: Path) -> list[Path]:
    """Write a community's records into `folder`, and return the paths. Raises NoSuchCommunity.

    The export has what facilitators can read: someone who can read the database can read that anyway.
    """
    if form not in formats.FORMS:
        raise NoSuchCommunity(f"--as takes one of {', '.join(formats.FORMS)}, not {form}.")
    engine = database.connect_existing(settings.database)
    with Session(engine) as session:
        community = named(session, name)
        text = formats.render(
            community, collect.collect(session, community, facilitator=True, reads_given=lambda _at: True), form
        )
        slug = re.sub(r"[^a-z0-9]+", "-", community.name.lower()).strip("-") or "community"
    engine.dispose()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug}.{form}"
    # Readable only by its owner, because it contains what members wrote for facilitators only.
    path.touch(mode=0o600)
    # As it is, because in a CSV file a line break inside a cell differs from the end of a row.
    path.write_text(text, encoding="utf-8", newline="")
    return [path]
