"""The routes that an admin's modules share."""

from bot.feature import Feature

admin = Feature("admin")
