"""Reads a person that was picked with @ in a command, which every adapter writes alike (`bot.core.events.Command`)."""

import re

PERSON = re.compile(r"<@!?([\w.:-]{1,100})(?:\|[^>]*)?>")


def read(typed: str) -> str:
    """Return the account that `typed` is a mention of; "" if it is anything else."""
    found = PERSON.fullmatch(typed.strip())
    return found[1] if found else ""
