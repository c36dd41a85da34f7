"""What a feature has declared, as the runtime reads it: routes, commands, shortcuts, audit and timer labels.

Handlers are typed loosely here, so that a context may list commands; `core.feature` types them precisely.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.permissions import Role, root_of
from bot.i18n import gettext
from bot.ui import Reply


@dataclass(frozen=True)
class Route:
    handler: Callable[..., Reply]
    needs: Role
    community: bool = True  # a community must be meant: by the channel, the card or the person's only one
    reads: bool = False  # the handler changes nothing, so it is answered without waiting for a turn to write
    at_once: bool = False  # so little that the event loop may do it itself; commands only


@dataclass(frozen=True)
class CommandSpec:
    """One command, from which every platform's parser, the help and the reference are made."""

    name: str  # one or two words: "share", "checkin open"
    help: str  # a short sentence, at most 100 characters (Discord), in English; translated when shown
    route: Route
    argument: str = ""  # what may follow, as help shows it: "<words or #topic>", "[note]"; "" takes nothing
    choices: tuple[str, ...] = ()  # the only arguments there are, where they are few
    complete: Callable[..., Sequence[str]] | None = None
    example: str = ""  # a whole line that works, for refusals and help: "find retros #testing"

    @property
    def root(self) -> str:
        """ "member", "facilitator" or "admin"."""
        return root_of(self.route.needs)

    @property
    def usage(self) -> str:
        return f"{self.name} {self.argument}".strip()


@dataclass(frozen=True)
class ShortcutSpec:
    """One of the bot's actions on a message that somebody wrote."""

    name: str  # "resources.save"
    label: str  # at most 24 characters (Slack), in English
    route: Route


@dataclass(frozen=True)
class AuditedAction:
    """What a facilitator or admin did, as the audit log says it."""

    label: str  # after the name of who did it, in English; translated when shown: "opened a check-in"
    detail: Callable[..., str] | None = None  # says the noted detail in words; None: the log's own way


Words = str | Callable[[str], str]  # in English and translated when shown, or what says them for a timer's value


@dataclass(frozen=True)
class TimerLabels:
    """What people are told a timer does, in each place that names it."""

    label: str  # in a sentence: "a check-in"
    title: Words = ""  # at the head of what it will post: "Check-in"; "": the week ahead shows its kind
    short: Words = ""  # among what moves with a meeting: "check-in"
    foretold: str = ""  # before a community starts: "a short check-in before the meeting"
    skippable: bool = True  # a facilitator may leave it out

    def titled(self, value: str) -> str:
        return _said(self.title, value)

    def shortened(self, value: str) -> str:
        return _said(self.short, value)


def _said(words: Words, value: str) -> str:
    if callable(words):
        return words(value)
    return gettext(words) if words else ""
