"""Every feature the bot has. Adding one is adding a line here."""

from bot.feature import Feature

ALL: tuple[Feature, ...] = ()
