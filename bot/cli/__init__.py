"""The command line: `cop demo`, `cop run`, `cop doctor` and the rest.

Docstrings of commands are shown to people, in `cop --help` and in docs/reference/terminal.md.
"""

# Importing these registers their commands.
from bot.cli import data, inspect, manifest, run
from bot.cli.terminal import cli

__all__ = ["cli", "data", "inspect", "main", "manifest", "run"]


def main() -> None:
    cli()
