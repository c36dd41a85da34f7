"""Builds the Slack adapter: for the one workspace of SLACK_BOT_TOKEN, or for every workspace that installs the bot."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.core.app import App
from bot.operations.http import LOOPBACK
from bot.settings import BadSettings, Settings

if TYPE_CHECKING:
    from adapters.slack.adapter import Slack


def is_for_many(settings: Settings) -> bool:
    """Return whether the settings are for many workspaces, even if some are still missing."""
    return bool(settings.slack_client_id or settings.slack_client_secret.get_secret_value())


def build(settings: Settings, app: App, web_app: web.Application | None) -> "Slack":
    """Build the adapter. With SLACK_CLIENT_ID, the install pages are served on `web_app`. Raises BadSettings."""
    from adapters.slack.adapter import Slack

    listening: dict[str, Any] = {
        "app_token": settings.slack_app_token.get_secret_value(),
        "signing_secret": settings.slack_signing_secret.get_secret_value(),
        "base_url": settings.slack_base_url,
        "threads": settings.slack_threads,
    }
    if not is_for_many(settings):
        return Slack(app, bot_token=settings.slack_bot_token.get_secret_value(), **listening)
    _refuse_half_done(settings)

    from adapters.slack.multi_workspace import MultiWorkspace
    from adapters.slack.oauth import Door
    from bot.operations.encryption import TokenCipher
    from bot.operations.installations import Installations

    installations = Installations(app, TokenCipher(settings.cop_keys.get_secret_value()), Slack.name)
    many = MultiWorkspace(installations, settings.slack_base_url)
    slack = Slack(app, many=many, **listening)
    if web_app is not None:
        Door(
            many,
            slack.client,
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret.get_secret_value(),
            address=settings.public_address,
            root=app.root,
            threads=settings.slack_threads,
        ).routes(web_app)
    return slack


def redirect(settings: Settings) -> str:
    """Return the OAuth redirect URL for the manifest, or "" for a bot in one workspace."""
    if not is_for_many(settings):
        return ""
    from adapters.slack.oauth import OAUTH

    return f"{settings.public_address}{OAUTH}" if settings.public_address else ""


def _is_safe(address: str) -> bool:
    """Return whether nobody on the way can read what is sent to `address`."""
    url = urlsplit(address)
    return url.scheme == "https" or url.hostname in LOOPBACK


def _refuse_half_done(settings: Settings) -> None:
    if settings.slack_bot_token.get_secret_value():
        raise BadSettings(
            "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many; only one of them can be set. To serve "
            "many, empty SLACK_BOT_TOKEN and install the bot in your own workspace too, at /slack/install."
        )
    missing = [
        name
        for name, value in (
            ("SLACK_CLIENT_ID", settings.slack_client_id),
            ("SLACK_CLIENT_SECRET", settings.slack_client_secret.get_secret_value()),
            ("COP_KEYS", settings.cop_keys.get_secret_value()),
            ("PUBLIC_ADDRESS", settings.public_address),
        )
        if not value
    ]
    if missing:
        raise BadSettings(
            f"To install in many workspaces, {' and '.join(missing)} must be set too. SLACK_CLIENT_ID and "
            "SLACK_CLIENT_SECRET are on your app’s Basic Information page; COP_KEYS locks the tokens in the database, "
            "and cop keys new prints one; PUBLIC_ADDRESS is where browsers reach this bot."
        )
    if not _is_safe(settings.public_address):
        raise BadSettings(
            "PUBLIC_ADDRESS must start with https:// to install in many workspaces: Slack sends people back there with "
            "what lets the bot in."
        )
