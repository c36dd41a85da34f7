"""Themes: what several people brought up in a round."""

from bot.domain.themes.finder import FEWEST_ANSWERS, MOST_THEMES, Theme, find

__all__ = ["FEWEST_ANSWERS", "MOST_THEMES", "Theme", "find"]
