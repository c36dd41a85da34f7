"""The smallest bot that each platform's library allows, as a baseline: it answers with one sentence."""

import asyncio
import os
import sys
from typing import Any

SAID = "You asked for help, and here it is."


async def slack() -> None:
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_BASE_URL"])
    app = AsyncApp(client=client)

    @app.command("/cop")
    async def echo(ack: Any, respond: Any) -> None:
        await ack()
        await respond(SAID)

    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


async def discord() -> None:
    import discord as library
    import discord.gateway
    import discord.http
    import yarl

    library.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    library.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])

    client = library.Client(intents=library.Intents(guilds=True))
    cop = library.app_commands.Group(name="cop", description="A bot that says one sentence")

    @cop.command(name="help")
    async def echo(interaction: library.Interaction[Any], command: str) -> None:
        await interaction.response.send_message(SAID, ephemeral=True)

    library.app_commands.CommandTree(client).add_command(cop)
    await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run({"slack": slack, "discord": discord}[sys.argv[1]]())
