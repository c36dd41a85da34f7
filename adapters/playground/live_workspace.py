"""The pretend workspace while it runs: what was posted, private replies, open tabs, and how a change is rendered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from adapters.html.time_format import Reader, machine
from adapters.playground import parse
from adapters.playground.ephemeral import Desk, Spot
from adapters.playground.event_stream import Hub, PageChange, Picture
from adapters.playground.render_page import now as clock_face
from adapters.playground.render_posts import DIRECT, Talk
from adapters.playground.workspace_model import Post, World, direct
from bot.core.routes import ShortcutSpec
from bot.ui import Message


@dataclass
class LiveWorkspace:
    world: World
    now: Callable[[], datetime]
    shortcuts: tuple[ShortcutSpec, ...]
    # The clock is being moved.
    moving: bool = False
    desk: Desk = field(default_factory=Desk)
    hub: Hub = field(init=False)

    def __post_init__(self) -> None:
        self.hub = Hub(self.draw)

    def talk(self, person: str) -> Talk:
        """Return what renders the workspace for a person. Raises KeyError for someone who isn't here."""
        somebody = self.world.person(person)
        if somebody is None:
            raise KeyError(person)
        return Talk(self.world, self.desk, Reader(person, parse.zone(somebody), self.now()), self.shortcuts)

    def say(
        self,
        place: str,
        *,
        author: str = "",
        words: str = "",
        message: Message | None = None,
        under: int | None = None,
        ref: str = "",
    ) -> Post:
        post = self.world.add_post(place, self.now(), author=author, words=words, message=message, under=under, ref=ref)
        self._publish_post(post)
        return post

    def rewrite(self, id: int, message: Message) -> Post:
        """Rewrite a post of the bot. Raises KeyError if there is none."""
        post = self.world.edit_post(id, self.now(), message)
        self._publish_post(post)
        return post

    def _publish_post(self, post: Post) -> None:
        self.hub.publish("post", str(post.id))
        self.hub.publish("unseen")
        if self.moving:
            self.hub.publish("clock")

    def show(self, person: str, spot: Spot, message: Message, asked: str = "") -> Picture:
        """Show the bot's answer to one person, in each of their tabs."""
        card = self.desk.show(person, spot, self.world.newest(spot.place), message, self.now(), asked)
        self.hub.publish("private", card.id, to=person)
        return self.talk(person).private_picture(card)

    def dismiss(self, person: str, card: str) -> None:
        self.desk.dismiss(person, card)
        self.hub.publish("gone", card, to=person)

    def mark_seen(self, person: str, place: str) -> None:
        self.world.mark_seen(person, place)
        self.hub.publish("unseen")

    def draw(self, change: PageChange, person: str) -> Picture | None:
        talk = self.talk(person)
        match change.kind:
            case "post":
                post = self.world.post(int(change.of))
                return talk.picture(post) if talk.may_see(post.place) else None
            case "private":
                card = self.desk.card(person, change.of)
                return talk.private_picture(card) if card else None
            case "gone":
                return {"id": change.of}
            case "clock":
                return self.clock(talk)
            case _:
                return self.unread(person)

    def clock(self, talk: Talk) -> Picture:
        return {"html": clock_face(talk.reader), "at": machine(talk.reader.now), "moving": self.moving}

    def unread(self, person: str) -> Picture:
        """Count what is new in each room for a person, and in everyone's direct messages with the bot."""
        rooms = self.world.unread(person, [c.id for c in self.world.channels()])
        talks = {direct(p.id): self.world.unread(p.id, [direct(p.id)])[direct(p.id)] for p in self.world.people()}
        return {**rooms, **talks, DIRECT: talks[direct(person)]}
