"""Loads everything that the bot ever loads. `forks` starts processes that begin with it."""

import gc

from sqlalchemy.orm import configure_mappers

import adapters.discord.adapter
import adapters.playground.adapter
import adapters.slack.adapter  # noqa: F401
import bot.bootstrap.demo
import bot.bootstrap.serve
import bot.cli.cadence
import bot.cli.closures
import bot.cli.doctor
import bot.cli.keys
import bot.cli.offline
import bot.cli.purge
import bot.cli.status  # noqa: F401
from bot.bootstrap import warmup

configure_mappers()
warmup.warm()
# A fork shares what it doesn't change, and collecting garbage would change all of it.
gc.freeze()
