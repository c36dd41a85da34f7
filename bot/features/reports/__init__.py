"""Reports: how a community took part over a season, for its facilitators."""

from bot.features.reports import handlers, sponsor_handlers
from bot.features.reports.feature import feature

__all__ = ["feature", "handlers", "sponsor_handlers"]
