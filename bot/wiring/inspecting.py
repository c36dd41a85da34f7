"""What the command line asks without starting the bot."""

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.app import App
from bot.clock import RealClock
from bot.settings import Settings
from bot.wiring.process import make_app
from storage import db

DISCORD = "https://discord.com/api/v10"
ASK = ClientTimeout(total=8)


def bare_app(settings: Settings) -> App:
    """The bot with its commands and no data: enough to describe it."""
    return make_app(settings, db.connect("sqlite://"), RealClock())


def application_id(settings: Settings) -> str:
    """The Discord application that DISCORD_TOKEN belongs to; "" where Discord does not say."""
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
