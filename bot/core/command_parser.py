"""Parser for command lines: finds the command that is meant, and refuses with a suggestion when none is."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bot.core.errors import Refusal
from bot.core.routes import CommandSpec
from bot.i18n import gettext as _
from bot.ui.markup import command, cut, esc

# difflib's similarity, from 0 to 1, from which a command is suggested in place of what was typed.
# "Stop" is no slip for "topic" (0.67), "snoze" is one for "snooze" (0.91).
CUTOFF = 0.75


def find(specs: Mapping[str, CommandSpec], line: str, root: str) -> tuple[CommandSpec, str]:
    """Return the command that `line` names, and its argument. Raises Refusal that suggests the nearest command.

    An empty line means home, and under the roots for facilitators and admins it means help. "help" works under each
    root.
    """
    line = line or ("home" if root in ("", "member") else "help")
    words = line.split()
    for size in (2, 1):
        spec = specs.get(" ".join(words[:size]).lower()) if len(words) >= size else None
        if spec and (root in ("", spec.root) or spec.name == "help"):
            return spec, " ".join(line.split(None, size)[size:]).strip()
    raise unknown(specs.values(), line, root)


def unknown(specs: Iterable[CommandSpec], line: str, root: str) -> Refusal:
    """Return the refusal of a line that names no command, with the most similar command if there is one."""
    names = {s.name: s for s in specs}
    typed = " ".join(line.lower().split()[:2])
    here = [n for n, s in names.items() if root in ("", s.root)]
    begun = [n for n in here if n.startswith(f"{typed.split()[0]} ")] if typed else []
    # A command typed under the wrong root ("/cop checkin open") is the best match of all.
    close = (
        [typed]
        if typed in names
        else get_close_matches(typed, here, 1, CUTOFF)
        or begun[:1]
        or get_close_matches(typed.partition(" ")[0], here, 1, CUTOFF)
    )
    shown = command(cut(" ".join(line.split()), 40).replace("`", "'").replace("]", ")"), root or "member")
    if not close:
        return Refusal(_("I don’t know {said}. {help} lists what you can do.").format(said=shown, help=command("help")))
    meant = names[close[0]]
    rest = " ".join(line.split()[len(meant.name.split()) :])
    return Refusal(
        _("I don’t know {said}. Did you mean {meant}?").format(said=shown, meant=command(meant.name, meant.root)),
        retry=f"{meant.name} {rest}".strip(),
        root=meant.root,
    )


def check_argument(spec: CommandSpec, text: str) -> None:
    """Raise Refusal if a required argument is missing, or if it is not one of the command's choices."""
    if spec.choices and (text or not spec.argument.startswith("[")) and text.lower() not in spec.choices:
        close = get_close_matches(text.lower(), spec.choices, 1, 0.3) if text else []
        best = close[0] if close else spec.choices[0]
        what = (
            _("{typed} is not one of {choices}.").format(typed=esc(cut(text, 40)), choices=", ".join(spec.choices))
            if text
            else _("{name} needs one of {choices}.").format(
                name=command(spec.name, spec.root), choices=", ".join(spec.choices)
            )
        )
        raise Refusal(
            _("{what} Like this: {right}").format(what=what, right=command(f"{spec.name} {best}", spec.root)),
            retry=f"{spec.name} {best}" if close else "",
            among=() if close else tuple(f"{spec.name} {choice}" for choice in spec.choices),
            root=spec.root,
        )
    if spec.argument.startswith("<") and not text:
        raise Refusal(
            _("{name} needs {what}. Like this: {right}").format(
                name=command(spec.name, spec.root),
                what=wanted().get(spec.argument, esc(spec.argument)),
                right=command(spec.example or spec.usage, spec.root),
            )
        )


def wanted() -> Mapping[str, str]:
    """Return a description of each required argument, by its usage text."""
    return {
        "<words or #topic>": _("something to look for: words, or a topic with #"),
        "<name>": _("a name"),
        "<zone>": _("a time zone: a large city near you, or its name"),
        "<from> <to>": _("two hours of your day: from when, and until when"),
        "<days>": _("days: a date, several, or a stretch of them"),
        "<@person>": _("a person, picked with @"),
        "<facilitator|admin|member> <@person or @role>": _("a role, and with @ who is to have it"),
    }
