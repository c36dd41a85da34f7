"""The command line: `cop demo`, `cop run`, `cop doctor` and the rest.

Docstrings of commands are shown to people, in `cop --help` and in docs/reference/terminal.md.
"""

import gc
import os

# Importing these registers their commands.
from bot.cli import data, inspect, manifest, run
from bot.cli.terminal import cli

__all__ = ["cli", "data", "inspect", "main", "manifest", "run"]


def main() -> None:
    # Whatever a command writes (the database, the playground, exports) holds what people wrote in confidence.
    os.umask(0o077)
    # Loading makes much that stays and little garbage: looking for it took a tenth of the start. `bot.bootstrap.warmup`
    # looks as often as Python does by itself again.
    gc.set_threshold(100_000)
    cli()
