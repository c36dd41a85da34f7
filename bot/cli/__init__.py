"""What a person types at a terminal: `cop demo`, `cop run`, `cop doctor` and their kin."""

from bot.cli import asking, inviting, keeping, running  # each tells the terminal its commands
from bot.cli.terminal import cli

__all__ = ["asking", "cli", "inviting", "keeping", "main", "running"]


def main() -> None:
    cli()
