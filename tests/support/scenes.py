"""Scenes: beginnings that many stories share, such as a community that has held its first meeting.

A scene is a function of a chat. Each test process plays it once, then restores the rows, the posts and the clock from
a copy. That holds only while nothing but scenes has happened in the chat, so anything else, a single commit included,
makes the next scene play for real. Scenes also play for real in tests that patch the code, and in `played_for_real`.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, event

from tests.support import postgres, sqlite
from tests.support.chat import Chat, Post

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class _World:
    """What a scene leaves behind outside the database."""

    posts: list[Post]
    calendar: list[Post]
    now: datetime
    result: Any


@dataclass(frozen=True)
class _Copy:
    """What one scene left behind. `world` still points to the chat it was played in, as `chat`."""

    restore_rows: Callable[[], None]
    chat: Chat
    world: _World

    def restore(self, chat: Chat) -> Any:
        """Put everything back into `chat`, and return what the scene returned.

        A post that the test already holds stays the same object, as when the scene plays for real.
        """
        self.restore_rows()
        present: dict[int, object] = {id(self.chat): chat}
        held = {post.id: post for post in (*chat.posts, *chat.calendar)}
        for post in (*self.world.posts, *self.world.calendar):
            if post.id in held:
                vars(held[post.id]).update(vars(post))
                present[id(post)] = held[post.id]
        world = deepcopy(self.world, present)
        chat.posts, chat.calendar = world.posts, world.calendar
        chat.clock.move(world.now)
        chat.idle = None
        return world.result


@dataclass
class Scenes:
    """What has been played on the one database of this test process."""

    engine: Engine
    copies: dict[Hashable, _Copy] = field(default_factory=dict)
    commits: int = 0

    def __post_init__(self) -> None:
        event.listen(self.engine, "commit", self._count)

    def _count(self, _connection: object) -> None:
        self.commits += 1

    def copy_rows(self) -> Callable[[], None]:
        """Copy every row; returns what puts them back."""
        copy_rows = postgres.copy_rows if postgres.is_named() else sqlite.copy_rows
        return copy_rows(self.engine)


@dataclass
class Stage:
    """One chat's history, for as long as only scenes have been played in it."""

    scenes: Scenes
    played: tuple[Hashable, ...] = ()
    commits: int = 0

    def __post_init__(self) -> None:
        self.commits = self.scenes.commits

    def is_clean(self) -> bool:
        return _restoring and self.commits == self.scenes.commits


_restoring = True


@contextmanager
def played_for_real() -> Iterator[None]:
    """Play every scene inside for real, for whoever must see all that a test calls."""
    global _restoring
    _restoring = False
    try:
        yield
    finally:
        _restoring = True


def scene(play: Callable[Concatenate[Chat, P], T]) -> Callable[Concatenate[Chat, P], T]:
    @wraps(play)
    def played(chat: Chat, /, *args: P.args, **kwargs: P.kwargs) -> T:
        stage = chat.stage
        if stage is None or not stage.is_clean():
            return play(chat, *args, **kwargs)
        step = (play.__module__, play.__qualname__, repr(args), repr(kwargs))
        before = (
            *stage.played,
            chat.name,
            chat.space,
            chat.clock.now(),
            repr(chat.unreachable),
            repr(chat.app.calendars),
            chat.app.address,
            repr(chat.app.running),
        )
        if copy := stage.scenes.copies.get((before, step)):
            result = copy.restore(chat)
        else:
            result = play(chat, *args, **kwargs)
            world = deepcopy(_World(chat.posts, chat.calendar, chat.clock.now(), result), {id(chat): chat})
            stage.scenes.copies[before, step] = _Copy(stage.scenes.copy_rows(), chat, world)
        stage.played, stage.commits = (*before, step), stage.scenes.commits
        return result  # type: ignore[no-any-return]

    return played
