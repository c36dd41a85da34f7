"""What the message box suggests while someone types a command."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.core.resolver import SUFFIX
from bot.core.routes import CommandSpec
from bot.i18n import gettext as _


@dataclass(frozen=True)
class Option:
    """One suggestion. Choosing it puts `text` in the message box; `whose` is who has the command, "" for everyone."""

    text: str
    label: str
    hint: str = ""
    whose: str = ""


@dataclass(frozen=True)
class Suggestions:
    """What to offer, and how the command that is being typed goes on (`usage`)."""

    options: Sequence[Option] = ()
    usage: str = ""

    def picture(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Line:
    """A command as typed, and its root: "member", "facilitator", or "admin"."""

    root: str
    line: str


@dataclass(frozen=True)
class Phrasebook:
    """Every command, as it is typed here. `words` has the roots: "admin" for "/cop-admin"."""

    commands: Sequence[CommandSpec]
    root: str
    words: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", {f"/{self.root}{end}": root for root, end in SUFFIX.items()})

    def full(self, spec: CommandSpec) -> str:
        return f"/{self.root}{SUFFIX[spec.root]} {spec.name}"

    def read(self, typed: str) -> Line | None:
        """Read a command, None if the text doesn't start with a root word."""
        word, _space, rest = typed.strip().partition(" ")
        root = self.words.get(word.lower())
        return Line(root, rest.strip()) if root else None

    def suggest(self, typed: str, complete: Callable[[Line], list[str]]) -> Suggestions:
        """Suggest commands that begin like this, or arguments once a command is complete (from `complete`)."""
        typed = typed.lstrip()
        if not typed.startswith("/"):
            return Suggestions()
        begun = [s for s in self.commands if typed.lower().startswith(f"{self.full(s)} ")]
        if begun:
            spec = max(begun, key=lambda s: len(s.name))
            return self._arguments(spec, complete(Line(spec.root, typed.partition(" ")[2])))
        return Suggestions([self._command(s) for s in self._in_order() if _fits(self.full(s), typed.lower())])

    def _arguments(self, spec: CommandSpec, arguments: list[str]) -> Suggestions:
        full = self.full(spec)
        usage = f"{full} {spec.argument}".strip() + f" – {_(spec.help)}"
        return Suggestions([Option(f"{full} {a}", a) for a in arguments], usage)

    def _command(self, spec: CommandSpec) -> Option:
        full = self.full(spec)
        whose = {"member": "", "facilitator": _("facilitators"), "admin": _("admins")}[spec.root]
        return Option(f"{full} " if spec.argument else full, f"{full} {spec.argument}".strip(), _(spec.help), whose)

    def _in_order(self) -> list[CommandSpec]:
        roots = list(SUFFIX)
        return sorted(self.commands, key=lambda s: roots.index(s.root))


def _fits(full: str, typed: str) -> bool:
    """Return whether `typed` begins a command: "/cop fi", "/fi", and "/cop-f" all do."""
    if full.startswith(typed):
        return True
    word, space, rest = typed.partition(" ")
    wanted = rest if space else word.removeprefix("/")
    if space and full.partition(" ")[0] != word:
        return False
    return bool(wanted) and any(w.startswith(wanted) for w in full.split(" ")[1:])
