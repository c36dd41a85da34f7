"""`cop purge`: shows what would be deleted of one space and, if a person confirms, deletes it."""

import re
from collections.abc import Mapping

from sqlmodel import Session

from bot.core.clock import RealClock
from bot.features.personal_data.views import nameless
from bot.settings import Settings
from storage import database
from storage.operations import audit_log
from storage.privacy import purge

SPACE = re.compile(r"(slack|discord):(\w{2,64})", re.ASCII)


class NoSuchSpace(Exception):
    """What was typed is no workspace or server. The text says how to name one."""


class Purge:
    """What would be deleted of one workspace or server, counted by kind. Nothing is deleted until `run`."""

    def __init__(self, settings: Settings, typed: str) -> None:
        """Raises NoSuchSpace, and UnusableDatabase if the database can't be opened."""
        named = SPACE.fullmatch(typed.strip())
        if named is None:
            raise NoSuchSpace(
                f"I do not know what {typed} is. Name a workspace as slack:T0123ABCD, a server as discord:1234567890."
            )
        self.platform, self.space = named[1], named[2]
        self.database = database.name_of(settings.database)
        self.engine = database.connect_existing(settings.database)
        with Session(self.engine) as session:
            self.name = purge.name(session, self.platform, self.space)
            # A dry run: purge and roll back.
            self.counts: Mapping[str, int] = purge.purge(session, self.platform, self.space, nameless())
            session.rollback()

    @property
    def is_needed(self) -> bool:
        return bool(self.counts)

    def as_lines(self) -> list[str]:
        if not self.is_needed:
            return [f"{self.database} holds nothing of {self.platform}:{self.space}."]
        return [
            f"To be deleted of {self.name} ({self.platform}:{self.space}) from {self.database}:",
            *(f"  {count:>7}  {kind}" for kind, count in self.counts.items()),
        ]

    def run(self) -> None:
        """Delete it. The audit log gets one line that names neither a person nor the space."""
        with Session(self.engine) as session, session.begin():
            counts = purge.purge(session, self.platform, self.space, nameless())
            if counts:
                listed = ", ".join(f"{count} {kind}" for kind, count in counts.items())
                detail = f"Everything of one {self.platform} space was deleted from the terminal: {listed}."
                audit_log.record(session, None, None, "space.purge", detail, RealClock().now())
        self.engine.dispose()
