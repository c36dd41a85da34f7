"""The saved state of the pretend workspace: people, channels, posts, and what each person has seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from adapters.playground.persistence import Store
from bot.ui import Message

MESSAGE = TypeAdapter(Message)
# The newest posts of a place that are shown, not counting threads. Each takes about 2 ms to render.
SHOWN = 150


@dataclass(frozen=True)
class Somebody:
    """A person of the workspace. `blurb` says who they are in a few words, such as "Facilitator, Staff Leaders"."""

    id: str
    name: str
    blurb: str = ""
    can_manage: bool = False
    zone: str = "UTC"


@dataclass(frozen=True)
class Room:
    id: str
    name: str
    topic: str = ""


@dataclass(frozen=True)
class Post:
    """One post in a place (a channel's id, or `direct(person)`), perhaps in the thread under another post.

    `author` is a person's id, "" for the bot. A person's post has `words`, the bot's has a `message`.
    """

    id: int
    place: str
    under: int | None
    author: str
    words: str
    message: Message | None
    at: datetime
    edited: datetime | None = None


def direct(person: str) -> str:
    """Return the place of a person's direct messages with the bot."""
    return f"@{person}"


class World:
    """People, channels, and posts, each read from the file when asked for."""

    def __init__(self, path: Path, name: str = "Commonplace") -> None:
        """Open the file at `path`, or create it with a workspace called `name`. Raises UnusableWorkspace."""
        self._store = Store(path, name)

    def close(self) -> None:
        self._store.close()

    @property
    def name(self) -> str:
        return str(self._store.rows("select name from about")[0][0])

    def add_person(
        self, id: str, name: str, blurb: str = "", *, can_manage: bool = False, zone: str = "UTC"
    ) -> Somebody:
        """Add or change a person. Raises ValueError for a bad id, KeyError for an unknown zone."""
        _check_id(id)
        ZoneInfo(zone)
        with self._store.writing() as db:
            db.execute(
                "insert into people values (?, ?, ?, ?, ?) on conflict (id) do update set name = excluded.name,"
                " blurb = excluded.blurb, can_manage = excluded.can_manage, zone = excluded.zone",
                (id, name, blurb, can_manage, zone),
            )
        return Somebody(id, name, blurb, can_manage, zone)

    def add_channel(self, id: str, name: str, topic: str = "") -> Room:
        """Add or change a channel. `name` has no #. Raises ValueError for a bad id."""
        _check_id(id)
        with self._store.writing() as db:
            db.execute(
                "insert into channels values (?, ?, ?) on conflict (id) do update set name = excluded.name,"
                " topic = excluded.topic",
                (id, name, topic),
            )
        return Room(id, name, topic)

    def people(self) -> list[Somebody]:
        rows = self._store.rows("select id, name, blurb, can_manage, zone from people order by rowid")
        return [Somebody(id, name, blurb, bool(manages), zone) for id, name, blurb, manages, zone in rows]

    def person(self, id: str) -> Somebody | None:
        return next((p for p in self.people() if p.id == id), None)

    def channels(self) -> list[Room]:
        return [Room(*row) for row in self._store.rows("select * from channels order by rowid")]

    def channel(self, id: str) -> Room | None:
        return next((c for c in self.channels() if c.id == id), None)

    def add_post(
        self,
        place: str,
        at: datetime,
        *,
        author: str = "",
        words: str = "",
        message: Message | None = None,
        under: int | None = None,
        ref: str = "",
    ) -> Post:
        """Save a post. If there is one with this idempotency key (`ref`) already, that one is rewritten instead."""
        if ref and (known := self._store.rows("select id from posts where ref = ?", ref)):
            return self.edit_post(known[0][0], at, message)
        with self._store.writing() as db:
            made = db.execute(
                "insert into posts (place, under, author, words, message, at, ref) values (?, ?, ?, ?, ?, ?, ?)",
                (place, under, author, words, _json(message), _timestamp(at), ref or None),
            )
        return Post(made.lastrowid or 0, place, under, author, words, message, at)

    def edit_post(self, id: int, at: datetime, message: Message | None) -> Post:
        """Rewrite a post of the bot. It isn't marked as edited if nothing changes. Raises KeyError."""
        if _json(self.post(id).message) != _json(message):
            with self._store.writing() as db:
                db.execute(
                    "update posts set message = ?, edited = ? where id = ?", (_json(message), _timestamp(at), id)
                )
        return self.post(id)

    def post(self, id: int) -> Post:
        """Return a post. Raises KeyError."""
        # No post has an id that doesn't fit into SQLite's integers.
        rows = self._store.rows("select * from posts where id = ?", id) if abs(id) < 2**63 else []
        if not rows:
            raise KeyError(id)
        return _post(rows[0])

    def posts(self, place: str) -> list[Post]:
        """Return the newest posts that are in no thread, oldest first."""
        newest = "select * from posts where place = ? and under is null order by id desc limit ?"
        rows = self._store.rows(newest, place, SHOWN)
        return [_post(r) for r in reversed(rows)]

    def threads(self, place: str) -> dict[int, list[Post]]:
        """Return the thread of each post in a place, oldest first."""
        found: dict[int, list[Post]] = {}
        for row in self._store.rows("select * from posts where place = ? and under is not null order by id", place):
            post = _post(row)
            found.setdefault(post.under or 0, []).append(post)
        return found

    def before(self, post: Post) -> Post | None:
        """Return the post above a post in the same place."""
        rows = self._store.rows(
            "select * from posts where place = ? and under is null and id < ? order by id desc limit 1",
            post.place,
            post.id,
        )
        return _post(rows[0]) if rows else None

    def newest(self, place: str) -> int:
        return int(self._store.rows("select coalesce(max(id), 0) from posts where place = ?", place)[0][0])

    def seen(self, person: str, place: str) -> int:
        """Return the newest post that a person has seen in a place, 0 if none."""
        rows = self._store.rows("select post from seen where person = ? and place = ?", person, place)
        return int(rows[0][0]) if rows else 0

    def mark_seen(self, person: str, place: str) -> None:
        """Mark everything in a place as seen."""
        with self._store.writing() as db:
            db.execute(
                "insert into seen values (?, ?, ?) on conflict (person, place) do update set post = excluded.post",
                (person, place, self.newest(place)),
            )

    def unread(self, person: str, places: Iterable[str]) -> dict[str, int]:
        """Count the posts by others that a person hasn't seen, by place."""
        rows = self._store.rows(
            "select posts.place, count(*) from posts left join seen on seen.place = posts.place and seen.person = ?"
            " where posts.id > coalesce(seen.post, 0) and posts.author != ? group by posts.place",
            person,
            person,
        )
        counts: dict[str, int] = dict(rows)
        return {place: counts.get(place, 0) for place in places}


def _check_id(id: str) -> None:
    if not id or id.startswith("@") or id == "direct" or any(c.isspace() for c in id):
        raise ValueError(f"{id!r} cannot be an id here: use letters, digits and dashes")


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _json(message: Message | None) -> str | None:
    return MESSAGE.dump_json(message).decode() if message else None


def _post(row: tuple[Any, ...]) -> Post:
    id, place, under, author, words, message, at, edited, _ref = row
    return Post(
        id,
        place,
        under,
        author,
        words,
        MESSAGE.validate_json(message) if message else None,
        datetime.fromisoformat(at),
        datetime.fromisoformat(edited) if edited else None,
    )
