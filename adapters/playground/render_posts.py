"""Renders the conversation of a place for one person: posts, threads, private replies, and day separators."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from adapters.html.time_format import Reader, day, posted_at, words
from adapters.html.writer import Html, join, tag
from adapters.playground.ephemeral import Desk, Private
from adapters.playground.icons import icon, picture
from adapters.playground.render import Pen
from adapters.playground.workspace_model import SHOWN, Post, Somebody, World, direct
from bot.core.routes import ShortcutSpec
from bot.i18n import gettext as _
from bot.i18n import ngettext

# In an address, the reader's direct messages with the bot.
DIRECT = "direct"
BOT = "Commonplace"
# A thread with more replies starts folded.
FOLDED = 8


def address(person: str, room: str) -> str:
    """Return the address of a room as that person."""
    return f"/?as={person}&in={room}"


@dataclass(frozen=True)
class Talk:
    """Renders what `me` may see."""

    world: World
    desk: Desk
    reader: Reader
    shortcuts: tuple[ShortcutSpec, ...]

    @property
    def me(self) -> str:
        return self.reader.person

    @cached_property
    def people(self) -> list[Somebody]:
        return self.world.people()

    @cached_property
    def pen(self) -> Pen:
        channels = self.world.channels()
        names = {p.id: p.name for p in self.people} | {c.id: c.name for c in channels}
        return Pen(self.reader, {c.id: address(self.me, c.id) for c in channels}, names)

    def place(self, room: str) -> str:
        return direct(self.me) if room == DIRECT else room

    def room(self, place: str) -> str:
        return DIRECT if place == direct(self.me) else place

    def may_see(self, place: str) -> bool:
        return not place.startswith("@") or place == direct(self.me)

    def everything(self, room: str) -> Html:
        """Render the whole conversation of a room, with a line above what is new to the reader."""
        place = self.place(room)
        threads, cards = self.world.threads(place), self.desk.cards(self.me, place)
        loose = [c for c in cards if c.spot.under is None]
        seen = self.world.seen(self.me, place)
        drawn: list[Html | None] = []
        above: Post | None = None
        fresh = False
        posts = self.world.posts(place)
        if len(posts) == SHOWN:
            drawn.append(tag("p", _("Older messages are kept, but not shown here."), class_="older"))
        for post in posts:
            while loose and loose[0].after < post.id:
                drawn.append(self.private(loose.pop(0)))
            drawn.append(self.day_above(post, above))
            if above and seen and not fresh and post.id > seen and post.author != self.me:
                fresh = True
                drawn.append(tag("p", tag("span", _("New")), class_="fresh"))
            own = [c for c in cards if c.spot.under == post.id]
            drawn.append(self.post(post, threads.get(post.id, []), own))
            above = post
        return join([*drawn, *(self.private(c) for c in loose)])

    def day_above(self, post: Post, above: Post | None) -> Html | None:
        today = day(self.reader, post.at)
        if above and day(self.reader, above.at) == today:
            return None
        return tag("p", tag("span", today), class_="daymark")

    def post(self, post: Post, thread: list[Post], own: list[Private]) -> Html:
        """Render a post that is in no thread, with its own thread."""
        answers = join([*(self.answer(a, post.at) for a in thread), *(self.private(c) for c in own)])
        held = tag(
            "details",
            tag("summary", tag("span", self.replies(len(thread)), class_="replies")),
            tag("div", answers, class_="answers"),
            class_="thread",
            hidden=not answers,
            open=len(thread) <= FOLDED or bool(own),
        )
        return tag(
            "article",
            self._picture(post.author),
            tag("div", self._head(post), self._body(post), held, class_="said"),
            self._tools(post),
            class_="post",
            id=f"p{post.id}",
            data_post=post.id,
            tabindex="-1",
            aria_label=self._spoken(post),
        )

    def answer(self, post: Post, above: datetime) -> Html:
        """Render a post in the thread of a post made at `above`."""
        return tag(
            "article",
            self._picture(post.author),
            tag("div", self._head(post, above), self._body(post), class_="said"),
            self._tools(post),
            class_="post",
            id=f"p{post.id}",
            data_post=post.id,
            tabindex="-1",
            aria_label=self._spoken(post),
        )

    def replies(self, n: int) -> str:
        return ngettext("{n} reply", "{n} replies", n).format(n=n) if n else _("Only you")

    def private(self, card: Private) -> Html:
        """Render the bot's answer to one person, in a frame that says so."""
        file = f"/file/{card.id}?as={self.me}" if card.message.attachment else ""
        asked = (
            tag(
                "p", icon("reply"), tag("span", _("You wrote"), class_="label"), tag("span", card.asked), class_="asked"
            )
            if card.asked
            else None
        )
        head = tag(
            "header",
            tag("b", BOT, class_="author"),
            posted_at(self.reader, card.at),
            tag("span", icon("eye"), _("Only you can see this"), class_="only"),
            tag("button", icon("close"), _("Dismiss"), type="button", class_="quiet", data_dismiss=card.id),
            class_="head",
        )
        body = tag("div", self.pen.message(card.message, card.id, file), class_="body")
        return tag(
            "article",
            self._picture(""),
            tag("div", head, asked, body, class_="said"),
            class_="post private",
            id=card.id,
            data_card=card.id,
            tabindex="-1",
            aria_label=_("{author}, only you can see this").format(author=BOT),
        )

    def picture(self, post: Post) -> dict[str, Any]:
        """Return a new or changed post, for the page to put in its place."""
        if post.under is None:
            threads = self.world.threads(post.place).get(post.id, [])
            own = [c for c in self.desk.cards(self.me, post.place) if c.spot.under == post.id]
            above = self.day_above(post, self.world.before(post)) or ""
            return {
                "room": self.room(post.place),
                "id": f"p{post.id}",
                "html": self.post(post, threads, own),
                "day": above,
            }
        count = len(self.world.threads(post.place)[post.under])
        return {
            "room": self.room(post.place),
            "id": f"p{post.id}",
            "under": f"p{post.under}",
            "html": self.answer(post, self.world.post(post.under).at),
            "replies": self.replies(count),
        }

    def private_picture(self, card: Private) -> dict[str, Any]:
        under = f"p{card.spot.under}" if card.spot.under else None
        return {"room": self.room(card.spot.place), "id": card.id, "under": under, "html": self.private(card)}

    def _head(self, post: Post, above: datetime | None = None) -> Html:
        edited = (
            tag("span", _("edited"), class_="edited", title=words(self.reader, post.edited, "full"))
            if post.edited
            else None
        )
        bot = tag("span", _("bot"), class_="kind") if not post.author else None
        return tag(
            "header",
            tag("b", self._name(post.author), class_="author"),
            bot,
            posted_at(self.reader, post.at, above),
            edited,
            class_="head",
        )

    def _body(self, post: Post) -> Html:
        if post.message is None:
            return tag("div", tag("p", post.words, class_="words"), class_="body")
        file = f"/file/p{post.id}?as={self.me}" if post.message.attachment else ""
        return tag("div", self.pen.message(post.message, f"p{post.id}", file), class_="body")

    def _tools(self, post: Post) -> Html | None:
        name = self._name(post.author)
        answer = tag(
            "button",
            icon("reply"),
            type="button",
            class_="tool",
            data_reply=post.id,
            title=_("Reply in thread"),
            aria_label=_("Reply in thread to {name}").format(name=name),
        )
        if not (post.author and self.shortcuts):
            return tag("div", answer, class_="tools") if post.under is None else None
        items = (tag("li", _(s.label), role="menuitem", tabindex="-1", data_shortcut=s.name) for s in self.shortcuts)
        more = tag(
            "span",
            tag(
                "button",
                icon("more"),
                type="button",
                class_="tool",
                id=f"p{post.id}-opens",
                aria_haspopup="menu",
                aria_expanded="false",
                aria_controls=f"p{post.id}-menu",
                title=_("More actions"),
                aria_label=_("More actions on what {name} wrote").format(name=name),
            ),
            tag("ul", *items, role="menu", id=f"p{post.id}-menu", aria_labelledby=f"p{post.id}-opens", hidden=True),
            class_="menu",
        )
        return tag("div", answer if post.under is None else None, more, class_="tools")

    def _picture(self, author: str) -> Html:
        return picture(self.people, author)

    def _name(self, author: str) -> str:
        if not author:
            return BOT
        return next((p.name for p in self.people if p.id == author), author)

    def _spoken(self, post: Post) -> str:
        return _("{author}, {when}").format(author=self._name(post.author), when=words(self.reader, post.at, "full"))
