"""Feature: declares its commands, clicks, forms, timers, previews and audit labels, with a decorator for each handler.

Names are prefixed with the feature's own: `feature.click("answer")` in `rounds` is the action "rounds.answer". Commands
keep their plain name. Declaring a name twice raises ValueError at import.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.context import Context
from bot.core.events import PageOpened
from bot.core.permissions import Role
from bot.core.routes import (
    EVERY,
    AuditedAction,
    CommandSpec,
    PageSpec,
    Posted,
    Redraw,
    Route,
    ShortcutSpec,
    TimerLabels,
    Words,
    Writing,
)
from bot.ui import Message, Page, Reply

Handler = Callable[[Context, Any], Reply]
Completer = Callable[[Context, str], Sequence[str]]


Preview = Callable[[Context, str], Message | None]
Register = Callable[[Handler], Handler]
FreeTextHandler = Callable[[Context, Any], Reply | Posted]
PageHandler = Callable[[Context, PageOpened], Page]


class Feature:
    """What one feature declares. A router gathers it from all features."""

    def __init__(self, name: str) -> None:
        # The prefix of its routes. Buttons already shown on Slack and Discord, timers and message keys contain it, and
        # no migration can change those, so it stays when the package is renamed (`resources` is in library/).
        self.name = name
        self.commands: dict[str, CommandSpec] = {}
        self.shortcuts: dict[str, ShortcutSpec] = {}
        self.clicks: dict[str, Route] = {}
        self.forms: dict[str, Route] = {}
        self.timers: dict[str, Route] = {}
        self.pages: dict[str, PageSpec] = {}
        self.previews: dict[str, Preview] = {}
        self.replies: list[Handler] = []
        self.free_text_handlers: list[FreeTextHandler] = []
        self.message_changes: list[Handler] = []
        self.phrases: dict[str, Route] = {}
        self.redraws: dict[str, Redraw] = {}
        self.timer_labels: dict[str, TimerLabels] = {}
        self.audited: dict[str, AuditedAction] = {}
        self.writings: dict[str, Writing] = {}

    def command(
        self,
        name: str,
        *,
        help: str,
        needs: Role = Role.MEMBER,
        argument: str = "",
        choices: tuple[str, ...] = (),
        complete: Completer | None = None,
        example: str = "",
        community: bool = True,
        reads: bool = False,
        immediate: bool = False,
        is_public: bool = False,
        is_shared: bool = False,
    ) -> Register:
        """Register a handler for a command. The parameters are those of `CommandSpec` and `Route`.

        Without `argument`, the usage shows the `choices`. `is_shared`: others can read what follows the command.
        """
        assert len(help) <= 100, f"help of {name} is too long for Discord"

        def register(handler: Handler) -> Handler:
            _refuse_duplicate(self.commands, name)
            shared = EVERY if is_shared else None
            route = Route(handler, needs, community, reads, immediate, shared=shared)
            usage = argument or "|".join(choices)
            self.commands[name] = CommandSpec(name, help, route, usage, choices, complete, example, is_public)
            return handler

        return register

    def shortcut(self, name: str, label: str, *, needs: Role = Role.MEMBER) -> Register:
        assert len(label) <= 24, f"{label} is too long for Slack"

        def register(handler: Handler) -> Handler:
            _refuse_duplicate(self.shortcuts, key := f"{self.name}.{name}")
            self.shortcuts[key] = ShortcutSpec(key, label, Route(handler, needs))
            return handler

        return register

    def click(
        self,
        action: str,
        *,
        needs: Role = Role.MEMBER,
        community: bool = True,
        reads: bool = False,
        anonymous: bool = False,
    ) -> Register:
        return self._route(self.clicks, action, needs, community, reads, anonymous)

    def form(
        self,
        form: str,
        *,
        needs: Role = Role.MEMBER,
        community: bool = True,
        anonymous: bool = False,
        shared: tuple[str, ...] | str | None = None,
    ) -> Register:
        """Register a handler for a form. `shared` names its fields whose words others can read, or is EVERY."""
        return self._route(self.forms, form, needs, community, anonymous=anonymous, shared=shared)

    def timer(self, kind: str, *, community: bool = True) -> Register:
        return self._route(self.timers, kind, Role.BOT, community)

    def page(self, name: str, *, label: str, needs: Role = Role.MEMBER) -> Callable[[PageHandler], PageHandler]:
        """Register a function that returns a page, as the person who opens it may read it now. It must change nothing.

        It is called with a PageOpened whose `value` is the one that its link was made with (`bot.core.pages`). `label`
        is what the page is called in a list of links, in English.
        """

        def register(handler: PageHandler) -> PageHandler:
            _refuse_duplicate(self.pages, key := self._full_name(name))
            self.pages[key] = PageSpec(key, label, handler, needs)
            return handler

        return register

    def preview(self, kind: str) -> Callable[[Preview], Preview]:
        """Register a function that returns what the timer `kind` would post, given its value, or None for nothing.

        It must change nothing.
        """

        def register(handler: Preview) -> Preview:
            _refuse_duplicate(self.previews, key := f"{self.name}.{kind}")
            self.previews[key] = handler
            return handler

        return register

    def reply(self, handler: Handler) -> Handler:
        """Register a handler for what people write in reply to one of the feature's messages.

        It gets a Command whose `line` is what they wrote, and returns None if the message (`replies_to`) isn't its own.
        """
        self.replies.append(handler)
        return handler

    def free_text(self, handler: FreeTextHandler) -> FreeTextHandler:
        """Register a handler for free text: what somebody wrote to the bot alone that is no command and no phrase.

        It gets a Command whose `line` is what they wrote, and returns None if nothing of the feature waits for it.
        Of a direct message it may post the answer, so that an edit of the message can change it.
        Without a community in the context the person belongs to several; the handler chooses one (`identity.act_in`),
        or raises AmbiguousCommunity among those in which something waits.
        """
        self.free_text_handlers.append(handler)
        return handler

    def message_changed(self, handler: Handler) -> Handler:
        """Register a handler for direct messages to the bot that their writer edits or deletes.

        It gets a MessageChanged without a community in the context, and finds out itself what the message became. It
        returns None if the message isn't the feature's own.
        """
        self.message_changes.append(handler)
        return handler

    def phrase(self, *phrases: str, community: bool = False) -> Register:
        """Register a handler for one of these `phrases` alone, in lower case, in a message to the bot."""

        def register(handler: Handler) -> Handler:
            for each in phrases:
                _refuse_duplicate(self.phrases, each)
                self.phrases[each] = Route(handler, Role.ANYONE, community)
            return handler

        return register

    def redraw(self, post: str) -> Callable[[Redraw], Redraw]:
        """Register a function that posts the messages with the keys "<feature>.<post>.<value>" anew, as they are now.

        It is called as (ctx, value), when a message no longer holds (`Message.holds_until`), something else that it
        shows has changed (`ctx.redraw`), or somebody whom it shows has gone. While it runs, `ctx.post` only rewrites
        what was posted and is not taken back. If it posts nothing, what the message showed is gone too.
        """

        def register(draw: Redraw) -> Redraw:
            _refuse_duplicate(self.redraws, key := self._full_name(post))
            self.redraws[key] = draw
            return draw

        return register

    def label_timer(
        self,
        kind: str,
        label: str,
        *,
        title: Words = "",
        short: Words = "",
        foretold: str = "",
        skippable: bool = True,
    ) -> None:
        """Declare what people see the timer `kind` called. A timer without a label is internal and never shown."""
        _refuse_duplicate(self.timer_labels, key := f"{self.name}.{kind}")
        self.timer_labels[key] = TimerLabels(label, title, short, foretold, skippable)

    def audit(self, action: str, label: str, detail: Callable[[Context, str], str] | None = None) -> None:
        """Declare how the audit log shows `ctx.audit(action)`. `action` is the full, stored name: "checkins.open"."""
        _refuse_duplicate(self.audited, action)
        self.audited[action] = AuditedAction(label, detail)

    def writing(self, name: str, writing: Writing) -> None:
        """Declare a kind of thing that people write. A test fails for a table with someone's words and no such kind."""
        _refuse_duplicate(self.writings, key := self._full_name(name))
        self.writings[key] = writing

    def _full_name(self, name: str) -> str:
        """Return `name` with the feature's prefix. A name from `core.signals` has it already."""
        return name if name.startswith(f"{self.name}.") else f"{self.name}.{name}"

    def _route(
        self,
        table: dict[str, Route],
        name: str,
        needs: Role,
        community: bool,
        reads: bool = False,
        anonymous: bool = False,
        shared: tuple[str, ...] | str | None = None,
    ) -> Register:
        def register(handler: Handler) -> Handler:
            _refuse_duplicate(table, key := self._full_name(name))
            table[key] = Route(handler, needs, community, reads, anonymous=anonymous, shared=shared)
            return handler

        return register


def _refuse_duplicate(table: dict[str, Any], key: str) -> None:
    if key in table:
        raise ValueError(f"{key} is handled twice")
