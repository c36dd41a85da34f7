"""What features declare, as plain data: routes, commands, shortcuts, audit labels and timer labels.

Handlers are loosely typed here, so that `core.context` can import this module. `core.feature` types them precisely.
Labels are in English, and are translated when they are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.permissions import Role, root_of
from bot.i18n import gettext
from bot.ui import Page, Reply

# All fields of a form in which people write.
EVERY = "*"


@dataclass(frozen=True)
class Route:
    """A handler, and the least role that may call it.

    `community` means that it needs a community. `reads` means that the handler changes nothing, so it runs in a read
    transaction and waits for no writer. `immediate` means that it is so quick that it can run on the event loop; for
    commands only. `anonymous` means that nothing is written down of who acts (`bot.core.anonymity`); for clicks and
    forms only.

    `shared` names the fields of a form whose words others can read, or is EVERY; of a command, EVERY means what follows
    it. They are looked at before they go there (`bot.core.pre_send`). Every form declares it: () for none.
    """

    handler: Callable[..., Reply]
    needs: Role
    community: bool = True
    reads: bool = False
    immediate: bool = False
    anonymous: bool = False
    shared: tuple[str, ...] | str | None = None


@dataclass(frozen=True)
class Posted:
    """Returned in place of a reply: the handler posted what it has to say, so that it can be rewritten later."""


@dataclass(frozen=True)
class CommandSpec:
    """One command. Every platform's parser, the help and the reference are made from these.

    `name` is one or two words ("share", "checkin open"). `help` is a sentence of at most 100 characters (Discord).
    `argument` is what can follow, as help shows it ("<words or #topic>", "[note]"); "" means nothing. `choices` are the
    only valid arguments, if they are few. `complete` suggests arguments for a prefix. `example` is a line that works,
    without the root word ("find retros #testing"), for help and refusals. `is_public`: its answer shows nothing about
    the person, so it may stand in a channel where the platform can't answer privately.
    """

    name: str
    help: str
    route: Route
    argument: str = ""
    choices: tuple[str, ...] = ()
    complete: Callable[..., Sequence[str]] | None = None
    example: str = ""
    is_public: bool = False

    @property
    def root(self) -> str:
        """Return "member", "facilitator" or "admin"."""
        return root_of(self.route.needs)

    @property
    def usage(self) -> str:
        """The name and argument, without the root word."""
        return f"{self.name} {self.argument}".strip()


@dataclass(frozen=True)
class ShortcutSpec:
    """One of the bot's actions in the menu of a message, such as "resources.save".

    `label` has at most 24 characters (Slack).
    """

    name: str
    label: str
    route: Route


@dataclass(frozen=True)
class PageSpec:
    """One page, such as "reports.season", and the least role that may read it. Its handler changes nothing.

    `label` is what it is called in a list of links, in English.
    """

    name: str
    label: str
    handler: Callable[..., Page]
    needs: Role


@dataclass(frozen=True)
class AuditedAction:
    """How the audit log shows what a facilitator or admin did.

    `label` follows the person's name: "opened a check-in". `detail` puts the stored detail in words; None shows it as
    the log always does.
    """

    label: str
    detail: Callable[..., str] | None = None


@dataclass(frozen=True)
class Writing:
    """A kind of thing that a person writes, which they can see, change and take back one by one.

    `table` is the model, `person` its column that points to the writer, and `written` its column with the moment.
    `label` heads a list, in English: "Reflections". `words` are the columns with the writer's words, and what each is
    called, in English; `most` is how many characters each may have, or each by its name.

    The functions are given a context, in the row's community, and the row. `about` says what a row is about, as
    plain text; `readers` says who can read it, and may be the words in English. `shown` returns the words where no
    column holds them as typed, or where they need their questions beside them. `form` returns the form that changes a
    row; without one there is a field for each of `words`. `changed` is called after a change, and `removed` after a row
    was deleted, to do what else follows, such as a count on a card; `remove` deletes a row in another way. Posts that
    show the writer are drawn anew in any case.

    `fixed` says, in English, why a row can't be taken back; then it can't be changed either, unless there is a `form`.
    """

    label: str
    table: Any
    words: Mapping[str, str]
    written: str = ""
    person: str = "person_id"
    most: int | Mapping[str, int] = 2_000
    about: Callable[..., str] | None = None
    readers: Callable[..., str] | str = ""
    shown: Callable[..., str] | None = None
    form: Callable[..., Reply] | None = None
    changed: Callable[..., None] | None = None
    removed: Callable[..., None] | None = None
    remove: Callable[..., None] | None = None
    fixed: str = ""
    # Whether somebody wrote anything in a row. The others are left out.
    is_written: Callable[..., bool] = lambda _row: True
    # Columns that can't be emptied. Of the others one must have words, unless there are none required.
    required: tuple[str, ...] = ()
    # All words may be emptied; the row stays.
    may_be_empty: bool = False
    # What somebody thought, tried or decided: part of their workbook.
    in_workbook: bool = False

    def most_of(self, column: str) -> int:
        """Return how many characters a column may have."""
        return self.most if isinstance(self.most, int) else self.most[column]


# Posts a message anew as it is now. Given the part of its key after "<feature>.<name>.".
Redraw = Callable[..., None]


# A label in English, or a function that returns one, translated, for a timer's value.
Words = str | Callable[[str], str]


@dataclass(frozen=True)
class TimerLabels:
    """What people see a timer called, in each place that names it.

    `label` stands in a sentence: "a check-in". `title` heads what it will post: "Check-in"; with "", the week ahead
    shows its kind. `short` stands in the list of what moves with a meeting: "check-in". `foretold` is shown before a
    community starts: "a short check-in". `skippable` lets a facilitator leave it out.
    """

    label: str
    title: Words = ""
    short: Words = ""
    foretold: str = ""
    skippable: bool = True

    def titled(self, value: str) -> str:
        """Return the translated `title`, for a timer's value."""
        return _translate(self.title, value)

    def shortened(self, value: str) -> str:
        """Return the translated `short`, for a timer's value."""
        return _translate(self.short, value)


def _translate(words: Words, value: str) -> str:
    if callable(words):
        return words(value)
    return gettext(words) if words else ""
