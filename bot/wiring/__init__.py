"""Puts the pieces together: the one place, with bot.cli, that may see everything."""
