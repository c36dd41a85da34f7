"""What a story needs from a platform: people who do things, and what they and the channel then see."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

# Generous, since the machine may be busy.
PATIENCE_S = 60.0
T = TypeVar("T")


@dataclass(frozen=True)
class Shown:
    """A message, a form, or the bot's own page as it is on someone's screen.

    `buttons` has the ids on the wire by label, menus included, `links` the addresses of buttons that lead elsewhere,
    and `fields` what a form's fields hold. `problems` is what is wrong with the form that was sent, `replaced` whether
    it replaced the message that was pressed. `surface` is the platform's own object, to press and fill in.
    """

    words: str = ""
    buttons: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    problems: str = ""
    replaced: bool = False
    files: tuple[str, ...] = ()
    surface: Any = None

    @property
    def is_form(self) -> bool:
        return bool(self.fields)


class PersonAtKeyboard(Protocol):
    """A person at their keyboard. Each act returns what only they then see, and keeps it as `sees`."""

    name: str
    sees: Shown

    async def types(self, line: str, root: str = "") -> Shown:
        """Use the slash command /cop, or /cop-<root>, with `line`."""

    async def whispers(self, line: str) -> Shown:
        """Write a direct message to the bot."""

    async def presses(self, label: str, on: Shown | None = None) -> Shown:
        """Press a button on `on`, by default on what they see."""

    async def presses_twice(self, label: str) -> Sequence[Shown]:
        """Press twice, as people in a hurry do. Returns both answers, which may come in either order."""

    async def chooses(self, label: str, value: str) -> Shown:
        """Choose from a menu on what they see."""

    async def fills(self, **answers: Any) -> Shown:
        """Submit the form they see. Fields that aren't named keep what they hold."""

    async def says(self, text: str) -> Any:
        """Write to everyone in the channel. Returns the message, for `acts_on`."""

    async def acts_on(self, message: Any, label: str) -> Shown:
        """Use one of the bot's actions on a message that someone wrote."""

    async def received(self) -> Sequence[Shown]:
        """Return the bot's direct messages to them as they are now, oldest first."""


class Room(Protocol):
    """A channel with Ada, who runs the space, Alice and Bob in it, and the bot."""

    @property
    def platform(self) -> str: ...

    @property
    def longest(self) -> int:
        """How many characters the platform lets a person send from a form, whatever the form allows."""

    @property
    def ada(self) -> PersonAtKeyboard: ...

    @property
    def alice(self) -> PersonAtKeyboard: ...

    @property
    def bob(self) -> PersonAtKeyboard: ...

    async def cards(self) -> Sequence[Shown]:
        """Return the bot's messages in the channel as they are now, oldest first."""

    async def posted_words(self) -> Sequence[str]:
        """Return the words of every message posted or changed in the channel, as they were then, oldest first."""

    async def thread(self, card: Shown) -> Sequence[Shown]:
        """Return what the bot wrote in the thread under a card."""

    async def deletes(self, card: Shown) -> None:
        """Delete a message of the bot in the channel, as a moderator can."""

    async def comes_again(self) -> None:
        """Let the platform send again what someone did last, and give the bot time to act on it."""

    def environment(self) -> Mapping[str, str]:
        """Return the settings with which the bot connects here."""

    async def ready(self) -> None:
        """Wait until the bot is connected."""

    def complaints(self) -> list[Any]:
        """Return what the platform's own rules find wrong with anything the bot sent."""


async def until(look: Callable[[], Awaitable[T | None]], what: str, seconds: float = PATIENCE_S) -> T:
    """Wait until `look` finds something, and return it."""
    end = time.monotonic() + seconds
    while not (found := await look()):
        assert time.monotonic() < end, f"{what} did not happen within {seconds:.0f} s"
        await asyncio.sleep(0.03)
    return found


async def card_with(room: Room, words: str, seconds: float = PATIENCE_S, *, button: str = "") -> Shown:
    """Wait for a card in the channel that says `words`, with this `button` if one is named. Returns the newest."""

    async def find_card() -> Shown | None:
        card = next((card for card in reversed(await room.cards()) if words in card.words), None)
        return card if card and (not button or button in card.buttons) else None

    return await until(find_card, f"a card with {words!r} on {room.platform}", seconds)


async def said_under(room: Room, card: Shown, words: str) -> Shown:
    """Wait for a message with `words` in the thread under `card`."""

    async def find_reply() -> Shown | None:
        return next((said for said in await room.thread(card) if words in said.words), None)

    return await until(find_reply, f"{words!r} in a thread on {room.platform}")


async def have_no_quiet_hours(*people: PersonAtKeyboard) -> None:
    """Let direct messages come at any hour, because the bot's clock is the real one."""
    for person in people:
        await person.types("quiet off")


async def sent_to(person: PersonAtKeyboard, words: str) -> Shown:
    """Wait for a direct message of the bot with `words`."""

    async def find_message() -> Shown | None:
        return next((said for said in reversed(await person.received()) if words in said.words), None)

    return await until(find_message, f"{words!r} directly to {person.name}")
