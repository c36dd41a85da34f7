"""Personal data: a person sees what is kept about them, downloads it, or has it deleted."""

from bot.features.personal_data import handlers, workbook, writings, written
from bot.features.personal_data.feature import feature

__all__ = ["feature", "handlers", "workbook", "writings", "written"]
