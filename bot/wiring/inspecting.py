"""What the command line asks without starting the bot."""

from bot.app import App
from bot.clock import RealClock
from bot.settings import Settings
from bot.wiring.process import make_app
from storage import db


def bare_app(settings: Settings) -> App:
    """The bot with its commands and no data: enough to describe it."""
    return make_app(settings, db.connect("sqlite://"), RealClock())
