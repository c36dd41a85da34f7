"""Slack and Discord without their sockets: people see what the adapters draw, and act as the adapters read.

What the bot sends is drawn by each adapter's `render`, and a person finds texts and buttons in that. What a person does
is the body that the platform would send, read by the adapter's `parse`, on Discord through the real library.
"""

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import discord

from adapters.discord import parse as from_discord
from adapters.discord import render as to_discord
from adapters.discord.client import INTENTS
from adapters.slack import parse as from_slack
from adapters.slack import render as to_slack
from bot.core.app import App
from bot.core.events import AutocompleteQuery, Event
from bot.core.platform import Delivery, DirectMessage, InChannel, InThread, RateLimit
from bot.core.resolver import SUFFIX
from bot.operations import open_questions
from bot.ui import Form, Message
from tests.support.one_thread import run

# The bot's own ids, and the workspace and server.
SLACK_BOT, TEAM, DISCORD_BOT, GUILD = "U0", "T1", "9", "8"
MOMENT = re.compile(r"<(?:!date\^|t:)(\d+)")
SLASH, SUBCOMMAND, STRING = 1, 1, 3
TEXT_INPUT, TICKS = 4, 22


@dataclass(frozen=True)
class Drawn:
    """What a person sees of a message: its title, all of its text, and what its buttons send, by their labels."""

    title: str
    words: str
    buttons: Mapping[str, str]

    @property
    def moments(self) -> list[datetime]:
        """The times that it names, in order."""
        return [datetime.fromtimestamp(int(at), UTC) for at in MOMENT.findall(self.words)]


@dataclass
class Post:
    """A message on a platform, first and as it is now. `to` is the channel, or with `is_direct` a user."""

    wire: "Wire"
    receipt: str
    to: str
    at: datetime
    first: Drawn
    latest: Message
    is_direct: bool = False
    # The receipt of the message at the top of its thread.
    under: str = ""
    changed_at: list[datetime] = field(default_factory=list)
    _drawn: tuple[Message, Drawn] | None = None

    @property
    def now(self) -> Drawn:
        """The message as it is now. Drawn when somebody looks."""
        if self._drawn is None or self._drawn[0] is not self.latest:
            self._drawn = self.latest, self.wire.draw(self.latest)
        return self._drawn[1]


@dataclass
class User:
    """An account on one platform. `zone` is what the platform tells of it, where it does."""

    wire: "Wire"
    id: str
    name: str
    zone: str = ""
    can_manage: bool = False


@dataclass(eq=False)
class Wire(ABC):
    """One platform, as the delivery worker sees it, and as its people do. `arrived` is what was sent, in order."""

    app: App
    posts: dict[str, Post] = field(default_factory=dict)
    arrived: list[Post] = field(default_factory=list)
    acts: int = 0
    ready = True
    name = ""
    space = ""

    async def run(self) -> None:
        await asyncio.sleep(0)

    def rate_limit(self, space: str) -> RateLimit:
        return RateLimit(f"{self.name} {space}", per_second=100_000, channel_interval=0.0)

    async def deliver(self, delivery: Delivery) -> str:
        now = self.app.clock()
        if delivery.replaces:
            post = self.posts[delivery.replaces]
            post.latest = delivery.message
            post.changed_at.append(now)
            return post.receipt
        is_direct, under = False, ""
        match delivery.to:
            case InChannel(channel):
                to = channel
            case InThread(parent):
                to, under = self.posts[parent].to, parent
            case DirectMessage(person):
                to, is_direct = person, True
            case _:
                raise AssertionError(delivery.to)
        conversation = f"D{to}" if is_direct and self.name == "slack" else to
        receipt = f"{conversation} {self.moment()}"
        post = Post(self, receipt, to, now, self.draw(delivery.message), delivery.message, is_direct, under)
        self.posts[receipt] = post
        self.arrived.append(post)
        return receipt

    def once(self) -> str:
        """Return another id each time."""
        self.acts += 1
        return str(self.acts)

    @abstractmethod
    def moment(self) -> str:
        """Return the id of another message."""

    @abstractmethod
    def external(self, user: str) -> str:
        """Return what the bot calls a user."""

    @abstractmethod
    def draw(self, message: Message) -> Drawn: ...

    @abstractmethod
    def click(self, user: User, channel: str, custom_id: str) -> Event | None: ...

    @abstractmethod
    def submit(self, user: User, channel: str, form: Form, words: str) -> Event | None:
        """Fill in a form: each box with these words, and of each choice the first. Ticks stay as they are."""

    @abstractmethod
    def command(self, user: User, channel: str, line: str, root: str = "member") -> Event | None: ...

    @abstractmethod
    def write(self, user: User, line: str) -> Event | None:
        """Write to the bot in a direct message."""

    @abstractmethod
    def reply(self, user: User, post: Post, line: str) -> Event | None:
        """Reply to a card, without naming the bot. None if the bot doesn't get to read that."""


class Slack(Wire):
    name, space = "slack", TEAM

    def moment(self) -> str:
        return f"{int(self.app.clock().timestamp())}.{int(self.once()):06}"

    def external(self, user: str) -> str:
        return f"{TEAM}-{user}"

    def draw(self, message: Message) -> Drawn:
        blocks = to_slack.message(message)["blocks"]
        title = next((b["text"]["text"] for b in blocks if b["type"] == "header"), "")
        elements = [each for b in blocks if b["type"] == "actions" for each in b["elements"]]
        buttons = {e["text"]["text"]: e["action_id"] for e in elements if e["type"] == "button"}
        return Drawn(title, "\n".join(words_on_slack(blocks)), buttons)

    def _body(self, user: User, channel: str, **more: Any) -> dict[str, Any]:
        return {
            "user": {"id": user.id, "name": user.name, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "program"},
            "channel": {"id": channel},
            "container": {"channel_id": channel},
            "trigger_id": self.once(),
            **more,
        }

    def _who(self, user: User, body: Mapping[str, Any]) -> Any:
        known = from_slack.Profile(user.name, user.zone, "en-US", user.can_manage, frozenset({TEAM}))
        return from_slack.person(body, known)

    def click(self, user: User, channel: str, custom_id: str) -> Event | None:
        body = self._body(user, channel, type="block_actions", actions=[{"action_id": custom_id, "type": "button"}])
        return from_slack.click(body, self._who(user, body))

    def submit(self, user: User, channel: str, form: Form, words: str) -> Event | None:
        view = to_slack.view(form, channel)
        values = {
            b["block_id"]: {b["block_id"]: _filled(b["element"], words)} for b in view["blocks"] if "element" in b
        }
        view |= {"app_installed_team_id": TEAM, "state": {"values": values}}
        body = self._body(user, channel, type="view_submission", view=view)
        return from_slack.submission(body, self._who(user, body))

    def command(self, user: User, channel: str, line: str, root: str = "member") -> Event | None:
        body = {
            "command": f"/cop{SUFFIX[root]}",
            "text": line,
            "team_id": TEAM,
            "user_id": user.id,
            "channel_id": channel,
            "trigger_id": self.once(),
        }
        return from_slack.command(body, self._who(user, body), "cop")

    def _event(self, user: User, **event: Any) -> dict[str, Any]:
        return {
            "event_id": f"Ev{self.once()}",
            "team_id": TEAM,
            "authorizations": [{"team_id": TEAM, "user_id": SLACK_BOT}],
            "event": {"type": "message", "user": user.id, "ts": self.moment(), **event},
        }

    def write(self, user: User, line: str) -> Event | None:
        body = self._event(user, channel=f"D{user.id}", channel_type="im", text=line)
        assert from_slack.addressed(body)
        return from_slack.message(body, self._who(user, body), SLACK_BOT)

    def reply(self, user: User, post: Post, line: str) -> Event | None:
        body = self._event(
            user, channel=post.to, channel_type="channel", thread_ts=post.receipt.partition(" ")[2], text=line
        )
        thread = from_slack.thread_reply(body)
        if thread is None or not open_questions.is_one(self.app, "slack", *thread):
            return None
        return from_slack.overheard(body, self._who(user, body), SLACK_BOT)


def words_on_slack(block: Any) -> Iterator[str]:
    """Yield all text in Slack's blocks, with a date as Slack's markup writes it."""
    if isinstance(block, list):
        for each in block:
            yield from words_on_slack(each)
    elif isinstance(block, dict) and block.get("type") == "date":
        yield f"<!date^{block['timestamp']}>"
    elif isinstance(block, dict):
        for name, each in block.items():
            if name == "text" and isinstance(each, str):
                yield each
            elif isinstance(each, dict | list) and block.get("type") != "actions":
                yield from words_on_slack(each)


def _filled(element: Mapping[str, Any], words: str) -> dict[str, Any]:
    match element["type"]:
        case "plain_text_input":
            return {"type": "plain_text_input", "value": words}
        case "radio_buttons" | "static_select":
            chosen = element.get("initial_option", element["options"][0])
            return {"type": element["type"], "selected_option": chosen}
        case "checkboxes":
            return {"type": "checkboxes", "selected_options": element.get("initial_options", [])}
        case other:
            raise AssertionError(other)


class Discord(Wire):
    name, space = "discord", GUILD

    def moment(self) -> str:
        return str(1_000_000 + int(self.once()))

    def external(self, user: str) -> str:
        return user

    def draw(self, message: Message) -> Drawn:
        view, _files = to_discord.message(message)
        components: list[Any] = view.to_components()  # type: ignore[no-untyped-call]
        texts = to_discord.texts(components)
        title = texts[0].removeprefix("### ") if message.title else ""
        return Drawn(title, "\n".join(texts), dict(_discord_buttons(components)))

    @cached_property
    def state(self) -> Any:
        client = discord.Client(intents=INTENTS)
        run(client._async_setup_hook())
        client._connection.user = discord.ClientUser(state=client._connection, data=_account(DISCORD_BOT, "cop"))
        return client._connection

    def _channel(self, id: str) -> Any:
        role = {"id": GUILD, "name": "@everyone", "permissions": "0", "position": 0, "color": 0, "flags": 0}
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        role |= {"colors": colors, "hoist": False, "managed": False, "mentionable": False}
        levels = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
        numbers = (*levels, "premium_tier", "nsfw_level", "system_channel_flags", "member_count", "afk_timeout")
        guild: dict[str, Any] = {
            "id": GUILD,
            "name": "Program",
            "channels": [_text_channel(id)],
            "roles": [role],
            "owner_id": "1",
        }
        guild |= {"members": [], "emojis": [], "features": [], "preferred_locale": "en-US"} | dict.fromkeys(numbers, 0)
        return discord.Guild(data=guild, state=self.state).get_channel(int(id))  # type: ignore[arg-type]

    def _direct(self, user: str) -> Any:
        data: Any = {"id": f"7{user}", "type": 1, "recipients": [_account(user, user)]}
        return discord.DMChannel(me=self.state.user, state=self.state, data=data)

    def _interaction(self, user: User, channel: str, type: int, data: dict[str, Any]) -> Event | None:
        frame: dict[str, Any] = {
            "id": self.once(),
            "application_id": "2",
            "token": "t",
            "version": 1,
            "entitlements": [],
            "attachment_size_limit": 1,
            "authorizing_integration_owners": {},
            "locale": "en-US",
            "app_permissions": "16",
            "channel_id": channel,
            "type": type,
            "data": data,
        }
        account = _account(user.id, user.name)
        if channel.startswith("7"):
            frame |= {"channel": {"id": channel, "type": 1}, "user": account}
        else:
            member = _member(user.can_manage) | {"user": account}
            frame |= {"channel": _text_channel(channel), "guild_id": GUILD, "member": member}
            frame |= {"guild": {"id": GUILD, "features": [], "locale": "en-US"}}
        found = from_discord.interaction(discord.Interaction(data=frame, state=self.state), self.app)  # type: ignore[arg-type]
        assert found is None or not isinstance(found, AutocompleteQuery)
        return found

    def click(self, user: User, channel: str, custom_id: str) -> Event | None:
        return self._interaction(user, channel, 3, {"custom_id": custom_id, "component_type": 2})

    def submit(self, user: User, channel: str, form: Form, words: str) -> Event | None:
        modal = to_discord.modal(form).to_dict()
        fields = [c["component"] for c in modal["components"] if "component" in c]
        filled = [{"type": 18, "component": _discord_filled(each, words)} for each in fields]
        return self._interaction(user, channel, 5, {"custom_id": modal["custom_id"], "components": filled})

    def command(self, user: User, channel: str, line: str, root: str = "member") -> Event | None:
        name, _space, rest = line.partition(" ")
        words = [{"type": STRING, "name": "words", "value": rest}] if rest else []
        options = [{"type": SUBCOMMAND, "name": name, "options": words}]
        return self._interaction(
            user, channel, 2, {"id": "9", "type": SLASH, "name": f"cop{SUFFIX[root]}", "options": options}
        )

    def _message(self, user: User, channel: Any, line: str, **more: Any) -> discord.Message:
        data: dict[str, Any] = {
            "id": self.moment(),
            "channel_id": str(channel.id),
            "author": _account(user.id, user.name),
            "content": line,
            "timestamp": "2025-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "type": 0,
            **dict.fromkeys(("tts", "mention_everyone", "pinned"), False),
            **{name: [] for name in ("mentions", "mention_roles", "attachments", "embeds", "components")},
            **more,
        }
        return discord.Message(state=self.state, channel=channel, data=data)  # type: ignore[arg-type]

    def write(self, user: User, line: str) -> Event | None:
        return from_discord.direct_message(self._message(user, self._direct(user.id), line))

    def reply(self, user: User, post: Post, line: str) -> Event | None:
        under = {"type": 0, "message_id": post.receipt.partition(" ")[2], "channel_id": post.to, "guild_id": GUILD}
        # Discord names the writer of the message that is replied to.
        more = {"mentions": [_account(DISCORD_BOT, "cop")], "member": _member(), "message_reference": under, "type": 19}
        return from_discord.mention(self._message(user, self._channel(post.to), line, **more), int(DISCORD_BOT))


def _text_channel(id: str) -> dict[str, Any]:
    return {"id": id, "type": 0, "name": "c", "position": 0, "permission_overwrites": [], "parent_id": None}


def _account(id: str, name: str) -> Any:
    return {"id": id, "username": name, "global_name": name, "discriminator": "0", "avatar": None}


def _member(can_manage: bool = False) -> dict[str, Any]:
    joined = {"joined_at": "2025-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0, "roles": []}
    return joined | {"permissions": "32" if can_manage else "0"}


def _discord_buttons(components: list[Any]) -> Iterator[tuple[str, str]]:
    for each in components:
        if each["type"] == discord.ComponentType.button.value and "custom_id" in each:
            yield each["label"], each["custom_id"]
        yield from _discord_buttons(each.get("components", []))


def _discord_filled(field: Mapping[str, Any], words: str) -> dict[str, Any]:
    found = {"type": field["type"], "custom_id": field["custom_id"]}
    if field["type"] == TEXT_INPUT:
        return found | {"value": words}
    on = [option["value"] for option in field["options"] if option.get("default")]
    if field["type"] != TICKS and not on:
        on = [field["options"][0]["value"]]
    return found | {"values": on}
