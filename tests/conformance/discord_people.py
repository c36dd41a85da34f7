"""People in a Discord server: what they do reaches the bot by the gateway, and its API requests are what they see."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

from tests.conformance.people import Shown, until
from tests.conformance.process import START_S

Component = dict[str, Any]

ROOT = {"": "cop", "facilitate": "cop-facilitate", "admin": "cop-admin"}
COMMAND, GROUP = (1, 2)
BUTTON, TEXT_INPUT, TEXT = (2, 4, 10)
RADIO_GROUP = 21
CHOOSERS = {3, 22}  # string select, checkbox group
PEOPLE, CHANNEL_MENU = (5, 8)


class DiscordPerson:
    """A tests.conformance.people.Person on the Discord peer."""

    def __init__(self, room: "DiscordRoom", name: str, *, manages: bool = False) -> None:
        self.room, self.name, self.sees = room, name, Shown()
        # The direct message written last.
        self.written: Any = None
        roles = [room.managers] if manages else []
        self.user = room.peer.create_user(name)
        self.member = room.guild.add_member(self.user, roles=roles)

    @property
    def id(self) -> str:
        return str(self.member.id)

    async def types(self, line: str, root: str = "") -> Shown:
        path, option, text = self.room.spelled(ROOT[root], line)
        given = {option: text} if text else {}
        return await self._after(await self.member.slash(self.room.channel, path, **given))

    async def writes_in_private(self, line: str) -> Shown:
        """Use a slash command in the direct messages with the bot."""
        path, option, text = self.room.spelled(ROOT[""], line)
        given = {option: text} if text else {}
        return await self._after(await self.user.slash(path, **given))

    async def whispers(self, line: str) -> Shown:
        before = {message.id for message in self._direct()}
        self.written = await self.member.send_dm(line)

        async def answered() -> Shown | None:
            new = [m for m in self._direct() if m.id not in before and self.room.is_bot(m)]
            return self.room.posted(new[0]) if new else None

        self.sees = await until(answered, f"an answer to {self.name}")
        return self.sees

    async def edits(self, line: str) -> Shown:
        """Edit the direct message written last, and return what the bot then changes."""
        return await self._changing(lambda: self.user.edit(self.written, line))

    async def deletes(self) -> Shown:
        """Delete the direct message written last, and return what the bot then changes."""
        return await self._changing(lambda: self.user.delete(self.written))

    async def _changing(self, act: Any) -> Shown:
        before = {shown.words for shown in await self.received()}
        await act()

        async def changed() -> Shown | None:
            return next((shown for shown in await self.received() if shown.words not in before), None)

        self.sees = await until(changed, f"an answer to {self.name}")
        return self.sees

    async def mentions(self, line: str, *, in_reply_to: Shown | None = None, by_name: bool = True) -> Shown:
        """Write in the channel to the bot, or reply to a card of its. Returns the first thing the bot then says."""
        before = {message.id for message in (*self._direct(), *self.room.channel.history())}
        bot = self.room.peer.backend.bot_user.id
        text = f"<@{bot}> {line}" if by_name else line
        await self.member.send(self.room.channel, text, reply_to=in_reply_to.surface if in_reply_to else None)

        async def answered() -> Shown | None:
            there = [*self._direct(), *self.room.channel.history()]
            new = [m for m in there if m.id not in before and self.room.is_bot(m)]
            return self.room.posted(new[0]) if new else None

        self.sees = await until(answered, f"an answer to {self.name}")
        return self.sees

    async def presses(self, label: str, on: Shown | None = None) -> Shown:
        card = on or self.sees
        id = card.buttons[label]
        return await self._after(await self._hand(card).click(card.surface, custom_id=id), card)

    async def presses_twice(self, label: str) -> Sequence[Shown]:
        card, hand = self.sees, self._hand(self.sees)
        results = [await hand.click(card.surface, custom_id=card.buttons[label]) for _time in range(2)]
        return [await self._first_answer(result, card) for result in results]

    async def _first_answer(self, result: Any, card: Shown) -> Shown:
        """Return what was sent in answer to this interaction, whatever the message shows by now."""
        token = result._interaction.token

        async def sent() -> list[Component] | None:
            taken = [r["json"] for r in self.room.peer.requests if token in r["path"] and r["status"] in (200, 204)]
            said = [body.get("data") or body for body in taken if body]
            return next((each["components"] for each in said if each.get("components")), None)

        self.sees = drawn(await until(sent, f"an answer to {self.name}"), card.surface)
        return self.sees

    async def chooses(self, label: str, value: str) -> Shown:
        card = self.sees
        id = card.buttons[label]
        return await self._after(await self._hand(card).select(card.surface, [value], custom_id=id), card)

    async def fills(self, **answers: Any) -> Shown:
        form = self.sees
        assert form.is_form, f"no form is open: {form.words}"
        assert answers.keys() <= form.fields.keys(), f"the form has {list(form.fields)}"
        given = {name: value for name, value in {**form.fields, **answers}.items() if value is not None}
        filled = {name: self._filled(form.surface.kinds[name], value) for name, value in given.items()}
        hand = self.member if form.surface.in_server else self.user
        return await self._after(await hand.submit_modal(form.surface.result, filled), correcting=True)

    def _filled(self, kind: int, value: Any) -> Any:
        if kind in (TEXT_INPUT, RADIO_GROUP):
            return value
        chosen = value if isinstance(value, list) else [value]
        return [self.room.handle(one) if kind in (PEOPLE, CHANNEL_MENU) else one for one in chosen]

    async def says(self, text: str) -> Any:
        return await self.member.send(self.room.channel, text)

    async def acts_on(self, message: Any, label: str) -> Shown:
        return await self._after(await self.member.context_menu(self.room.channel, label, message))

    async def received(self) -> Sequence[Shown]:
        return [self.room.posted(message) for message in self._direct() if self.room.is_bot(message)]

    def _direct(self) -> list[Any]:
        return list(self.user.dm_channel.history())

    def _hand(self, card: Shown) -> Any:
        """Return who presses: Discord distinguishes a server's member from the same person in direct messages."""
        channel = getattr(card.surface, "channel_id", None) or card.surface.channel.id
        return self.user if channel == self.user.dm_channel.id else self.member

    async def _after(self, result: Any, card: Shown | None = None, *, correcting: bool = False) -> Shown:
        """Return what only they see after an act. If the bot asks for more time, that is what comes in the end."""
        before = self.room.behind(result)

        async def answered() -> bool:
            if not result.acknowledged:
                return False
            now = result.response.components if result.response else None
            return not result.deferred or bool(result.followups) or (bool(now) and now != before)

        await until(answered, f"an answer to {self.name}")
        self.sees = self._shown(result, card)
        if correcting and "Correct it" in self.sees.buttons:
            problems, correct = self.sees.words, self.sees
            again = await self.presses("Correct it", correct)
            self.sees = Shown(again.words, fields=again.fields, problems=problems, surface=again.surface)
        return self.sees

    def _shown(self, result: Any, card: Shown | None) -> Shown:
        if result.modal:
            return form(result)
        message = result.followups[0] if result.followups else result.response
        assert message.flags.ephemeral or message.channel_id == self.user.dm_channel.id, "only they may see it"
        replaced = card is not None and message.id == card.surface.id
        return drawn(message.components, message, replaced=replaced, files=_files(message))


class Opened:
    """A form on someone's screen."""

    def __init__(self, result: Any) -> None:
        self.result, self.modal = result, result.modal
        self.in_server: bool = result._interaction.guild_id is not None
        fields = [c for c in every(self.modal["components"]) if "custom_id" in c]
        self.kinds = {c["custom_id"]: c["type"] for c in fields}
        self.begun = {c["custom_id"]: _initial(c) for c in fields}


class DiscordRoom:
    """A Discord server, which Ada manages."""

    platform = "discord"
    # What the form allows. No client sends more.
    longest = 2_000

    def __init__(self, peer: Any) -> None:
        import discord

        self.peer = peer
        self.guild = peer.create_guild()
        self.space = str(self.guild.id)
        rights = discord.Permissions(manage_guild=True, manage_events=True)
        self.managers = self.guild.create_role("managers", permissions=rights)
        self.channel: Any = self.guild.create_text_channel("general")
        self.ada = DiscordPerson(self, "Ada", manages=True)
        self.alice = DiscordPerson(self, "Alice")
        self.bob = DiscordPerson(self, "Bob")
        self.tree: dict[str, Component] = {}

    def environment(self) -> Mapping[str, str]:
        env: dict[str, str] = self.peer.env()
        return env

    async def ready(self) -> None:
        await self.peer.ready(START_S)
        await self.peer.synced(START_S)
        listed = [r for r in self.peer.requests if r["method"] == "PUT" and r["path"].endswith("/commands")]
        self.tree = {command["name"]: command for command in listed[-1]["json"]}

    def spelled(self, root: str, line: str) -> tuple[str, str, str]:
        """Return a line as it is chosen from Discord's list: the command, and the name and value of its argument."""
        words, path, here = line.split(" "), [root], self.tree[root]
        while words:
            options = here.get("options") or []
            step = next((o for o in options if o["type"] in (COMMAND, GROUP) and o["name"] == words[0]), None)
            if step is None:
                break
            path.append(words[0])
            here = step
            alone = step["type"] == GROUP and not any(o["name"] in words[1:2] for o in step["options"])
            # "agenda" next to "agenda add" is listed as `agenda agenda`.
            if not alone:
                words = words[1:]
        options = [o["name"] for o in here.get("options") or [] if o["type"] not in (COMMAND, GROUP)]
        text = " ".join(words)
        assert options or not text, f"Discord lists no {root} {line}"
        return " ".join(path), options[0] if options else "", text

    async def cards(self) -> Sequence[Shown]:
        return self.history(self.channel)

    async def posted_words(self) -> Sequence[str]:
        path = f"/channels/{self.channel.id}/messages"
        asked = [r["json"] for r in self.peer.requests if r["method"] in ("POST", "PATCH") and path in r["path"]]
        return [drawn(post["components"], None).words for post in asked if "components" in post]

    async def thread(self, card: Shown) -> Sequence[Shown]:
        opened = [thread for thread in self.channel.threads if thread.id == card.surface.id]
        return self.history(opened[0]) if opened else []

    async def deletes(self, card: Shown) -> None:
        self.peer.backend.delete_message(self.channel.id, card.surface.id)

    async def comes_again(self) -> None:
        event, data = next((e, d) for e, d in reversed(self.peer.sent) if e == "MESSAGE_CREATE" and "guild_id" not in d)
        self.peer.dispatch(event, data)
        # Nothing should happen, so there is nothing to wait for.
        await asyncio.sleep(1)

    def history(self, channel: Any) -> list[Shown]:
        return [self.posted(m) for m in channel.history() if self.is_bot(m) and not m.flags.ephemeral and m.components]

    def handle(self, one: Any) -> Any:
        """Return the peer's object for a person or channel, by id."""
        if isinstance(one, DiscordPerson):
            return one.member
        known = {p.id: p.member for p in (self.ada, self.alice, self.bob)} | {str(self.channel.id): self.channel}
        return known.get(str(one), one)

    def is_bot(self, message: Any) -> bool:
        return bool(message.author.id == self.peer.backend.bot_user.id)

    def behind(self, result: Any) -> list[Component] | None:
        """Return the message that was acted on, as it is now."""
        done = result._interaction
        if done.source_message_id is None:
            return None
        card: list[Component] = deepcopy(
            self.peer.backend.get_message(done.channel_id, done.source_message_id).components
        )
        return card

    def posted(self, message: Any) -> Shown:
        stored = self.peer.backend.get_message(message.channel.id, message.id)
        return drawn(stored.components, message, files=_files(message))

    def complaints(self) -> list[Any]:
        said = [r["json"] for r in self.peer.requests if isinstance(r["json"], dict)]
        carried = [*said, *(body["data"] for body in said if isinstance(body.get("data"), dict))]
        pings = [body for body in carried if body.get("components") and "custom_id" not in body and may_ping(body)]
        return [*self.peer.findings, *self.peer.unimplemented, *pings]


@asynccontextmanager
async def discord_room() -> AsyncIterator[DiscordRoom]:
    from peers.discord.peer import DiscordPeer

    async with DiscordPeer() as peer:
        yield DiscordRoom(peer)


def may_ping(body: Component) -> bool:
    allowed = body.get("allowed_mentions")
    return allowed is None or bool(allowed.get("parse") or allowed.get("users") or allowed.get("roles"))


def drawn(components: list[Component], message: Any, *, replaced: bool = False, files: tuple[str, ...] = ()) -> Shown:
    flat = list(every(components))
    words = "\n".join(c["content"] for c in flat if c["type"] == TEXT)
    buttons = {c["label"]: c["custom_id"] for c in flat if c["type"] == BUTTON and "custom_id" in c}
    menus = {c["placeholder"]: c["custom_id"] for c in flat if c.get("placeholder") and "custom_id" in c}
    links = {c["label"]: c["url"] for c in flat if c["type"] == BUTTON and c.get("url")}
    return Shown(words, {**buttons, **menus}, links, replaced=replaced, files=files, surface=message)


def form(result: Any) -> Shown:
    opened = Opened(result)
    flat = list(every(opened.modal["components"]))
    words = [opened.modal["title"], *(c["content"] for c in flat if c["type"] == TEXT)]
    return Shown("\n".join(words), fields=opened.begun, surface=opened)


def _initial(component: Component) -> Any:
    if component["type"] == RADIO_GROUP:
        return next((o["value"] for o in component["options"] if o.get("default")), None)
    if component["type"] in CHOOSERS:
        return [o["value"] for o in component["options"] if o.get("default")]
    if component["type"] in (PEOPLE, CHANNEL_MENU):
        return [chosen["id"] for chosen in component.get("default_values") or []]
    return component.get("value")


def every(components: list[Component]) -> Iterator[Component]:
    """Yield every component, however deep."""
    for component in components:
        yield component
        yield from every(component.get("components") or [])
        if inner := component.get("component"):
            yield inner


def _files(message: Any) -> tuple[str, ...]:
    return tuple(file.filename for file in message.attachments)
