"""Installations: the spaces of one platform that have installed the bot, each with a token of its own.

Tokens are stored encrypted. When a space removes the bot, its token is deleted and its deliveries are set aside.
Installing again takes them up.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

import structlog
from sqlmodel import Session

from bot.core.app import App
from bot.domain.between_meetings import LATE
from bot.operations import places
from bot.operations.encryption import Locked, TokenCipher
from bot.operations.places import REMOVED
from storage.communities import installations
from storage.communities.installations import Installation
from storage.operations import health, processed_events

log = structlog.get_logger(__name__)
# Seconds from opening the install page to coming back from the platform.
VALID = 600


@dataclass(frozen=True)
class Installed:
    """A space that has installed the bot. `bot` is the bot's user id there."""

    space: str
    name: str
    bot: str
    scopes: frozenset[str]
    token: str
    at: datetime

    # Without the token, so that no error message or log line can show it.
    def __repr__(self) -> str:
        return f"Installed({self.space!r})"


class Installations:
    """The installations on one platform. Every method blocks on the database: call it in a thread."""

    def __init__(self, app: App, cipher: TokenCipher, platform: str) -> None:
        self.app, self.cipher, self.platform = app, cipher, platform

    def find(self, space: str) -> Installed | None:
        """Return the installation, or None. Raises Locked if no key decrypts its token."""
        with Session(self.app.read_engine) as session:
            row = installations.find_active(session, self.platform, space)
            return self._decrypt(row) if row else None

    def every(self) -> tuple[list[Installed], list[str]]:
        """Return all installations whose token can be decrypted, and the names of those whose token can't be."""
        found, locked = [], []
        with Session(self.app.read_engine) as session:
            for row in installations.every(session, self.platform):
                try:
                    found.append(self._decrypt(row))
                except Locked:
                    locked.append(row.name or row.space)
        return found, locked

    def let_in(self, new: Installed, *, by: str, enterprise: str = "") -> None:
        """Save an installation, new or again. Deliveries set aside at its removal continue, except those too late."""
        with self._write_session() as session:
            now = self.app.clock()
            row = installations.get(session, self.platform, new.space)
            if row is None:
                row = Installation(platform=self.platform, space=new.space, installed_at=new.at)
                session.add(row)
            row.name, row.enterprise, row.bot, row.scopes = new.name, enterprise, new.bot, ",".join(sorted(new.scopes))
            row.installed_by, row.installed_at, row.gone_at = by, new.at, None
            row.locked = self.cipher.lock(new.token)
            session.flush()
            places.wake_space(session, self.platform, new.space)
            taken_up = health.take_up(session, self.platform, new.space, REMOVED, now - LATE, now)
        log.info("let into a space", platform=self.platform, space=new.space, deliveries_taken_up=taken_up)
        self.app.on_work_queued()

    def lost(self, space: str, *, unless_after: datetime) -> bool:
        """Record that a space removed the bot: delete its token and set its deliveries aside.

        Returns False and changes nothing if the space installed the bot again after `unless_after`. What communities
        there wrote stays. Facilitators who can be reached elsewhere are told once.
        """
        with self._write_session() as session:
            row = installations.get(session, self.platform, space)
            if row is None or row.gone_at or row.installed_at > unless_after:
                return False
            row.gone_at, row.locked = self.app.clock(), ""
            session.flush()
            places.rest_space(session, self.platform, space)
            set_aside = health.set_aside(session, self.platform, space, REMOVED)
            places.tell_removed(session, self.app, self.platform, space, row.name)
        log.warning("taken out of a space", platform=self.platform, space=space, deliveries_set_aside=set_aside)
        self.app.on_work_queued()
        return True

    def ticket(self) -> tuple[str, str]:
        """Return an OAuth state, which goes to the platform and back, and the cookie that must come with it.

        The pair works once, for VALID seconds.
        """
        cookie = token_urlsafe(32)
        return self.cipher.lend(f"{self.platform} {token_urlsafe(16)} {cookie}", self.app.clock()), cookie

    def redeem(self, state: str, cookie: str) -> bool:
        """Return whether state and cookie belong together and are used for the first time."""
        now = self.app.clock()
        try:
            platform, once, expected = self.cipher.take_back(state, VALID, now).split(" ")
        except (Locked, ValueError):
            return False
        if platform != self.platform or expected != cookie:
            return False
        with self._write_session() as session:
            return processed_events.mark_processed(session, f"install:{once}", now)

    def _decrypt(self, row: Installation) -> Installed:
        token = self.cipher.open(row.locked)
        return Installed(row.space, row.name, row.bot, frozenset(row.scopes.split(",")), token, row.installed_at)

    @contextmanager
    def _write_session(self) -> Iterator[Session]:
        with self.app.write_lock, Session(self.app.engine) as session, session.begin():
            yield session


def renew_every(session: Session, cipher: TokenCipher) -> tuple[int, Sequence[str]]:
    """Encrypt every token with the first key. Returns how many, and the spaces whose token no key decrypts."""
    done, locked = 0, []
    for row in installations.locked(session):
        try:
            row.locked = cipher.renew(row.locked)
            done += 1
        except Locked:
            locked.append(f"{row.platform}:{row.space}")
    return done, locked
