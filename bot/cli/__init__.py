"""What a person types at a terminal: `cop demo`, `cop run`, `cop doctor` and their kin."""

from bot.cli import data, inspect, manifest, run  # each tells the terminal its commands
from bot.cli.terminal import cli

__all__ = ["cli", "data", "inspect", "main", "manifest", "run"]


def main() -> None:
    cli()
