"""Where the bot is: spaces that it came into or was taken out of, and channels that were deleted, closed or renamed.

What is posted to a place that can't be reached rests until it can, and so do the timers of a community that has no
other place. Facilitators are told once, where they can be reached. This is for platforms that say when a place is back;
on others, each message finds out by itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlmodel import Session

from bot.core.app import App
from bot.core.context import Context
from bot.delivery import failure_notices
from bot.domain.between_meetings import LATE
from bot.ui import ToPerson
from storage.communities import communities, installations
from storage.communities.communities import Channel
from storage.messaging import timers
from storage.operations import health
from storage.people import people

log = structlog.get_logger(__name__)
# One of bot.core.platform.Undeliverable.REASONS.
REMOVED = "removed from the space"


@dataclass(frozen=True)
class ChannelState:
    """A channel as the platform describes it.

    `problem` is one of Undeliverable.CHANNEL, "" if the bot can post there. `happened` is "archived" or "deleted" where
    that is known. `name` may be "" too.
    """

    name: str = ""
    problem: str = ""
    happened: str = ""


class Places:
    """The places of one platform. Every method blocks on the database: call it in a thread."""

    def __init__(self, app: App, platform: str) -> None:
        self.app, self.platform = app, platform

    def connected(self) -> list[tuple[str, str]]:
        """Return (space, channel) of every channel that a community is connected to."""
        with Session(self.app.read_engine) as session:
            return [(row.space, row.channel) for row in communities.channels_on(session, self.platform)]

    def space_lost(self, space: str, name: str = "") -> bool:
        """Record that the bot was taken out of a space. Returns False if that was known, or no community is there."""
        with self._write_session() as session:
            if not communities.in_space(session, self.platform, space):
                return False
            if not installations.mark_gone(session, self.platform, space, name, self.app.clock()):
                return False
            resting = rest_space(session, self.platform, space)
            health.set_aside(session, self.platform, space, REMOVED, communities=resting)
            tell_removed(session, self.app, self.platform, space, name)
        log.warning("taken out of a space", platform=self.platform, space=space, resting=len(resting))
        self.app.on_work_queued()
        return True

    def space_found(self, space: str) -> bool:
        """Record that the bot is in a space. Returns False if that was known."""
        with Session(self.app.read_engine) as session:
            if not installations.removed_spaces(session, {(self.platform, space)}):
                return False
        with self._write_session() as session:
            if not installations.mark_back(session, self.platform, space):
                return False
            wake_space(session, self.platform, space)
            now = self.app.clock()
            health.take_up(session, self.platform, space, REMOVED, now - LATE, now)
        log.info("let into a space", platform=self.platform, space=space)
        self.app.on_work_queued()
        return True

    def look(self, space: str, channels: Mapping[str, ChannelState]) -> None:
        """Take in how these channels of a space are now."""
        with Session(self.app.read_engine) as session:
            rows = communities.channels_in(session, self.platform, space)
            if not any(_differs(row, channels.get(row.channel)) for row in rows):
                return
        with self._write_session() as session:
            for row in communities.channels_in(session, self.platform, space):
                if (state := channels.get(row.channel)) and _differs(row, state):
                    self._change(session, row, state)
        self.app.on_work_queued()

    def rename(self, space: str, channel: str, name: str) -> None:
        """Take in that a channel has another name now."""
        with Session(self.app.read_engine) as session:
            rows = communities.channels_in(session, self.platform, space)
            # Most channels of a workspace hold no community.
            if not any(row.channel == channel and row.name != name for row in rows):
                return
        with self._write_session() as session:
            for row in communities.channels_in(session, self.platform, space):
                if row.channel == channel:
                    row.name = name

    def renumber(self, space: str, old: str, new: str) -> None:
        """Take in that a channel has another id now."""
        with self._write_session() as session:
            communities.renumber_channel(session, self.platform, space, old, new)

    def _change(self, session: Session, row: Channel, state: ChannelState) -> None:
        before, row.name = row.unreachable, state.name or row.name
        if state.problem == before:
            return
        row.unreachable = state.problem
        session.flush()
        _rest_or_wake(session, row.community_id)
        log.info("a channel changed", platform=self.platform, channel=row.channel, problem=state.problem)
        if not state.problem:
            _take_up(session, self.app, row, before)
        else:
            _tell_unreachable(session, self.app, row, state)

    @contextmanager
    def _write_session(self) -> Iterator[Session]:
        with self.app.write_lock, Session(self.app.engine) as session, session.begin():
            yield session


def _differs(row: Channel, state: ChannelState | None) -> bool:
    return state is not None and (row.unreachable != state.problem or (bool(state.name) and row.name != state.name))


def rest_space(session: Session, platform: str, space: str) -> list[int]:
    """Let everything for a space rest. Returns the communities that have no other place, whose timers rest too."""
    touched = []
    for row in communities.channels_in(session, platform, space):
        row.unreachable = REMOVED
        touched.append(row.community_id)
    session.flush()
    return [community for community in dict.fromkeys(touched) if _rest_or_wake(session, community)]


def wake_space(session: Session, platform: str, space: str) -> None:
    """End what `rest_space` began."""
    for row in communities.channels_in(session, platform, space):
        if row.unreachable == REMOVED:
            row.unreachable = ""
            session.flush()
            _rest_or_wake(session, row.community_id)


def _rest_or_wake(session: Session, community: int) -> bool:
    """Let the timers of a community rest if it can be reached nowhere, else go on. Returns whether they rest."""
    if communities.is_unreachable(session, community):
        timers.rest(session, community)
        return True
    timers.wake(session, community)
    return False


def _take_up(session: Session, app: App, row: Channel, problem: str) -> None:
    now = app.clock()
    health.take_up_channel(session, row.community_id, str(row.id), problem, now - LATE, now)


def _tell_unreachable(session: Session, app: App, row: Channel, state: ChannelState) -> None:
    """Tell facilitators. If a message failed there a moment ago, this changes what it told them."""
    community = communities.get(session, row.community_id)
    assert community is not None
    key = failure_notices.key(session, row.community_id, str(row.id), state.problem)
    ctx = Context(session, app.clock(), app.root, community_or_none=community, running=app.running)
    view = failure_notices.unreachable
    args = community.name, row.channel, row.name
    failure_notices.post(ctx, key, row.platform, view, *args, why=state.problem, happened=state.happened)


def tell_removed(session: Session, app: App, platform: str, space: str, name: str) -> None:
    """Tell facilitators who can be reached elsewhere that the bot was taken out of a space."""
    now = app.clock()
    for community in communities.in_space(session, platform, space):
        ctx = Context(session, now, app.root, community_or_none=community, running=app.running)
        for facilitator in people.facilitators(session, communities.key(community)):
            id = people.key(facilitator)
            if any((a.platform, a.space) != (platform, space) for a in people.accounts(session, id)):
                key = f"troubles.removed.{platform}.{space}.{now.timestamp():.0f}.{community.id}"
                ctx.post(ToPerson(id), key, failure_notices.removed, community.name, name or space)
