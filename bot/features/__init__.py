"""Every feature the bot has. Adding one is adding a line here."""

from bot.feature import Feature
from bot.features.checkins.handlers import checkins
from bot.features.prompts.handlers import prompts
from bot.features.reflections.handlers import reflections
from bot.features.rounds.handlers import rounds

ALL: tuple[Feature, ...] = (rounds, reflections, checkins, prompts)
