"""What only one person sees: the bot's private replies, and the forms they have open. Forgotten at a restart."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from secrets import token_hex

from bot.ui import Form, Message

# For each person. The oldest are dropped.
MOST_CARDS = 40
MOST_FORMS = 20


@dataclass(frozen=True)
class Spot:
    """Where someone acts: in which place (a channel's id, or `direct(person)`), under which post, on which reply."""

    place: str
    under: int | None = None
    card: str = ""


@dataclass(frozen=True)
class Private:
    """One private reply. `after` is the newest post in the place when it came, `asked` what they typed to get it."""

    id: str
    person: str
    spot: Spot
    after: int
    message: Message
    asked: str
    at: datetime


@dataclass(frozen=True)
class OpenForm:
    """A form that someone has open, and where they opened it."""

    person: str
    form: Form
    spot: Spot


class Desk:
    """The private replies and open forms of all people. Nobody gets another's."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._cards: OrderedDict[str, Private] = OrderedDict()
        self._forms: OrderedDict[str, OpenForm] = OrderedDict()

    def show(self, person: str, spot: Spot, after: int, message: Message, at: datetime, asked: str = "") -> Private:
        """Add a private reply. One that says so (`replace`) replaces the reply on which they acted."""
        earlier = self.card(person, spot.card)
        if message.replace and earlier:
            shown = replace(earlier, message=message, at=at)
        else:
            shown = Private(f"only{next(self._ids)}", person, replace(spot, card=""), after, message, asked, at)
        self._cards[shown.id] = shown
        _trim(self._cards, person, MOST_CARDS)
        return shown

    def card(self, person: str, id: str) -> Private | None:
        found = self._cards.get(id)
        return found if found and found.person == person else None

    def cards(self, person: str, place: str) -> list[Private]:
        return [c for c in self._cards.values() if c.person == person and c.spot.place == place]

    def dismiss(self, person: str, id: str) -> None:
        if self.card(person, id):
            del self._cards[id]

    def open(self, person: str, form: Form, spot: Spot) -> str:
        """Remember a form that is being filled in, and return the token that names it."""
        token = token_hex(8)
        self._forms[token] = OpenForm(person, form, spot)
        _trim(self._forms, person, MOST_FORMS)
        return token

    def opened(self, person: str, token: str) -> OpenForm | None:
        found = self._forms.get(token)
        return found if found and found.person == person else None


def _trim(kept: OrderedDict[str, Private] | OrderedDict[str, OpenForm], person: str, most: int) -> None:
    own = [id for id, thing in kept.items() if thing.person == person]
    for id in own[:-most]:
        del kept[id]
