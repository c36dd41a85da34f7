"""What a story needs of a platform: people who do things, and what they and the channel then see."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

PATIENCE_S = 60.0  # generous: the machine may be busy with much else
Found = TypeVar("Found")


@dataclass(frozen=True)
class Shown:
    """A card, a form or the bot's own page as it stands on somebody's screen."""

    words: str = ""
    buttons: Mapping[str, str] = field(default_factory=dict)  # label -> its id on the wire; menus too
    fields: Mapping[str, Any] = field(default_factory=dict)  # of a form: name -> what already stands there
    problems: str = ""  # what is wrong with the form that was sent
    replaced: bool = False  # it took the place of the card that was pressed
    files: tuple[str, ...] = ()
    surface: Any = None  # the platform's own object, to press and fill in

    @property
    def is_form(self) -> bool:
        return bool(self.fields)


class Person(Protocol):
    """Somebody at their keyboard. Each act returns, and keeps as `sees`, what only they then see."""

    name: str
    sees: Shown

    async def types(self, line: str, root: str = "") -> Shown:
        """The slash command /cop, or /cop-<root>, with `line`."""

    async def whispers(self, line: str) -> Shown:
        """In a direct message to the bot."""

    async def presses(self, label: str, on: Shown | None = None) -> Shown:
        """A button on `on`, or on what they see."""

    async def presses_twice(self, label: str) -> Sequence[Shown]:
        """As people in a hurry do; returns both answers, which may come in either order."""

    async def chooses(self, label: str, value: str) -> Shown:
        """From a menu on what they see."""

    async def fills(self, **answers: Any) -> Shown:
        """The form they see; what is not named stays as it stands there."""

    async def says(self, text: str) -> Any:
        """To everybody in the channel; returns the message, for `acts_on`."""

    async def acts_on(self, message: Any, label: str) -> Shown:
        """One of the bot's actions on a message that somebody wrote."""

    async def received(self) -> Sequence[Shown]:
        """What the bot sent them directly, as it stands now, oldest first."""


class Room(Protocol):
    """A channel with Ada, who runs the space, Alice and Bob in it, and the bot."""

    @property
    def platform(self) -> str: ...

    @property
    def longest(self) -> int:
        """Characters that the platform lets somebody send from a form, whatever the form allows."""

    @property
    def ada(self) -> Person: ...

    @property
    def alice(self) -> Person: ...

    @property
    def bob(self) -> Person: ...

    async def cards(self) -> Sequence[Shown]:
        """The bot's cards in the channel as they stand now, oldest first."""

    async def told(self) -> Sequence[str]:
        """The words of every card that was posted or changed in the channel, as they were then, oldest first."""

    async def thread(self, card: Shown) -> Sequence[Shown]:
        """The bot's words in the thread under a card."""

    async def comes_again(self) -> None:
        """The platform sends once more what somebody did last, and gives the bot time to act on it."""

    def environment(self) -> Mapping[str, str]:
        """What the bot must be told to come here."""

    async def ready(self) -> None:
        """Until the bot is here."""

    def complaints(self) -> list[Any]:
        """What the platform's own rules find wrong with anything the bot has sent."""


async def until(look: Callable[[], Awaitable[Found | None]], what: str, seconds: float = PATIENCE_S) -> Found:
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while not (found := await look()):
        assert time.monotonic() < end, f"{what} did not happen within {seconds:.0f} s"
        await asyncio.sleep(0.03)
    return found


async def card_with(room: Room, words: str, seconds: float = PATIENCE_S, *, button: str = "") -> Shown:
    """The newest card in the channel that says `words`, once there is one (with this `button`, where one is named)."""

    async def look() -> Shown | None:
        card = next((card for card in reversed(await room.cards()) if words in card.words), None)
        return card if card and (not button or button in card.buttons) else None

    return await until(look, f"a card with {words!r} on {room.platform}", seconds)


async def said_under(room: Room, card: Shown, words: str) -> Shown:
    """What was said in the thread under `card` with `words` in it, once it is there."""

    async def look() -> Shown | None:
        return next((said for said in await room.thread(card) if words in said.words), None)

    return await until(look, f"{words!r} in a thread on {room.platform}")


async def sent_to(person: Person, words: str) -> Shown:
    """What the bot sent somebody directly with `words` in it, once it is there."""

    async def look() -> Shown | None:
        return next((said for said in reversed(await person.received()) if words in said.words), None)

    return await until(look, f"{words!r} directly to {person.name}")
