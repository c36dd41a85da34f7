"""Router: finds the handler for an event, among what all features declare."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core import command_parser, signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Event, HomeOpened, MessageChanged, Shortcut, Submission, TimerFired
from bot.core.feature import Feature
from bot.core.permissions import Role
from bot.core.resolver import decode_ref
from bot.core.routes import CommandSpec, Route, ShortcutSpec
from bot.i18n import gettext as _
from bot.ui import Reply
from bot.ui.markup import clean
from bot.ui.markup import command as command_line


@dataclass(frozen=True)
class RouteMatch:
    """A route, and the event as its handler gets it: text cleaned, the community stamp removed.

    `spec` is set for commands, and for the home page, which is handled like the command home.
    """

    route: Route
    event: Event
    spec: CommandSpec | None = None


class Router:
    def __init__(self, features: Iterable[Feature]) -> None:
        features = tuple(features)
        self.by_name: dict[str, CommandSpec] = {name: spec for f in features for name, spec in f.commands.items()}
        self.commands: tuple[CommandSpec, ...] = tuple(self.by_name.values())
        self.shortcuts: dict[str, ShortcutSpec] = {s.name: s for f in features for s in f.shortcuts.values()}
        self.clicks = {k: r for f in features for k, r in f.clicks.items()}
        self.forms = {k: r for f in features for k, r in f.forms.items()}
        self.timers = {k: r for f in features for k, r in f.timers.items()}
        self.message_changed = Route(self._follow, Role.ANYONE, community=False)
        self.pages = {k: p for f in features for k, p in f.pages.items()}
        self.timers[signals.POST_ENDS] = Route(lambda ctx, event: ctx.redraw(event.value), Role.BOT)
        self.replies = tuple(handler for f in features for handler in f.replies)
        self.free_text_handlers = tuple(handler for f in features for handler in f.free_text_handlers)
        self.message_changes = tuple(handler for f in features for handler in f.message_changes)
        self.phrases = {phrase: route for f in features for phrase, route in f.phrases.items()}
        self.redraws = {k: r for f in features for k, r in f.redraws.items()}
        self.previews = {k: p for f in features for k, p in f.previews.items()}
        self.timer_labels = {k: t for f in features for k, t in f.timer_labels.items()}
        self.writings = {k: w for f in features for k, w in f.writings.items()}
        self.audited = {k: a for f in features for k, a in f.audited.items()}

    def _follow(self, ctx: Context, event: MessageChanged) -> Reply:
        return next((reply for handler in self.message_changes if (reply := handler(ctx, event)) is not None), None)

    def is_reply(self, event: Event) -> bool:
        """Return whether the event may answer a message of the bot, and isn't just the name of a command."""
        if not isinstance(event, Command) or not event.replies_to:
            return False
        return not event.is_addressed or " ".join(clean(event.line).lower().split()) not in {"", *self.by_name}

    def may_be_free_text(self, event: Event, *, is_replayed: bool = False) -> bool:
        """Return whether what somebody wrote to the bot alone may be meant for something open, and is no command.

        Behind a slash command, a line that is near a command is a slip. One that `is_replayed` was written to the bot
        alone, wherever the button was pressed that chose its community.
        """
        if not isinstance(event, Command) or _phrase(event) in self.phrases:
            return False
        if not (event.place.direct or event.root or is_replayed):
            return False
        line = clean(event.line)
        if not line.strip() or event.root not in ("", "member"):
            return False
        try:
            spec, text = command_parser.find(self.by_name, line, event.root)
        except Refusal as unknown:
            return not event.root or not unknown.retry
        # "Next week we try it" begins like a command that takes no words.
        return not event.root and bool(text) and not spec.argument

    def match(self, event: Event) -> RouteMatch:
        """Return the route of an event. Raises Refusal if there is none."""
        route: Route | None
        match event:
            case Command(root="") if spoken := self.phrases.get(_phrase(event)):
                return RouteMatch(spoken, event)
            case Command(line=line, root=root):
                spec, text = command_parser.find(self.by_name, clean(line), root)
                return RouteMatch(spec.route, replace(event, text=text), spec)
            case MessageChanged():
                return RouteMatch(self.message_changed, replace(event, text=clean(event.text)))
            case HomeOpened():
                spec = self.by_name["home"]
                return RouteMatch(spec.route, event, spec)
            case Shortcut(name=name):
                shortcut = self.shortcuts.get(name)
                route = shortcut.route if shortcut else None
                ready: Event = replace(event, text=clean(event.text))
            case Click(action=name):
                route, ready = self.clicks.get(name), replace(event, value=decode_ref(event.value)[1])
            case Submission(form=name):
                # A browser need not send an empty field, so a missing one counts as empty.
                answers = defaultdict(str, {k: clean(v) for k, v in event.answers.items()})
                route = self.forms.get(name)
                ready = replace(event, value=decode_ref(event.value)[1], answers=answers)
            case TimerFired(kind=name):
                route, ready = self.timers.get(name), event
        if route is None:
            raise Refusal(
                _("That button is from an older version of me. {home} shows what is open now.").format(
                    home=command_line("home")
                )
            )
        return RouteMatch(route, ready)


def _phrase(command: Command) -> str:
    """Return a line as a phrase: in lower case, without marks around them."""
    return " ".join(clean(command.line).lower().split()).strip(" .,!?¡¿")
