"""The bot's commands as they are registered with Discord: three root words, and the actions on a message.

The whole list is registered at once, but only if it differs from the one Discord has, since Discord allows 200
creations a day and server.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.core.platform import ShownTo
from bot.core.routes import CommandSpec

if TYPE_CHECKING:
    from bot.core.app import App

# Option types, command types, and contexts (Discord's documentation, application commands).
SUBCOMMAND, GROUP, STRING = 1, 2, 3
SLASH, ON_MESSAGE = 1, 3
IN_SERVER, IN_DIRECT_MESSAGE = 0, 1
# Limits, from the same page. A root word, and a group, holds MOST_OPTIONS.
MOST_OPTIONS = 25
MOST_DESCRIPTION = 100  # characters
MOST_NAME = 32  # characters

Payload = dict[str, Any]


@dataclass(frozen=True)
class Root:
    """One root word. `shown_to` is who sees it at first; a server's admins can show it to others."""

    suffix: str
    description: str
    shown_to: discord.Permissions | None
    contexts: tuple[int, ...]


ROOTS = {
    "member": Root("", "Learn together between meetings", None, (IN_SERVER, IN_DIRECT_MESSAGE)),
    "facilitator": Root(
        "-facilitate", "Run check-ins, prompts and meetings", discord.Permissions(manage_events=True), (IN_SERVER,)
    ),
    "admin": Root(
        "-admin", "Set a community up and look after it", discord.Permissions(manage_guild=True), (IN_SERVER,)
    ),
}


def shown_to(word: str, role: str) -> ShownTo | None:
    """Say who sees the commands of a role at first, and where a server's admin shows them to others."""
    root = ROOTS.get(role)
    if root is None or root.shown_to is None:
        return None
    [permission] = [name for name, is_set in root.shown_to if is_set]
    called = "Manage Server" if permission == "manage_guild" else permission.replace("_", " ").title()
    return ShownTo(called, f"/{word}{root.suffix}", "Server Settings → Integrations → Commonplace")


def root_of(name: str) -> str:
    """Return the root that a slash command of this name is."""
    return next(root for root, r in reversed(ROOTS.items()) if name.endswith(r.suffix))


def tree(app: "App") -> list[Payload]:
    """Build everything that Discord should list, as its API takes it."""
    listed = []
    for root, r in ROOTS.items():
        if specs := [spec for spec in app.commands if spec.root == root]:
            permissions = r.shown_to.value if r.shown_to else None
            listed.append(
                {
                    "type": SLASH,
                    "name": app.root + r.suffix,
                    "description": r.description,
                    "options": subcommands(specs),
                    "default_member_permissions": permissions,
                    "contexts": list(r.contexts),
                    "integration_types": [0],
                }
            )
    return listed + [
        {"type": ON_MESSAGE, "name": shortcut.label, "contexts": [IN_SERVER], "integration_types": [0]}
        for shortcut in app.shortcuts
    ]


def subcommands(specs: Sequence[CommandSpec]) -> list[Payload]:
    """Build a subcommand for each one-word command, and a group for each first word of two.

    A group can't be a command too: "agenda" next to "agenda add" becomes `agenda agenda`, which `line_of` undoes.
    """
    groups: dict[str, list[tuple[str, CommandSpec]]] = {}
    for spec in specs:
        first, _, second = spec.name.partition(" ")
        groups.setdefault(first, []).append((second, spec))
    options = []
    for first, members in groups.items():
        if len(members) == 1 and not members[0][0]:
            options.append(subcommand(first, members[0][1]))
        else:
            inside = [subcommand(second or first, spec) for second, spec in members]
            options.append(
                {
                    "type": GROUP,
                    "name": first,
                    "description": _group_help(first, members),
                    "options": at_most(inside, first),
                }
            )
    return at_most(options, "one root word")


def at_most(options: list[Payload], where: str) -> list[Payload]:
    """Return the options. Raises ValueError if there are more than Discord shows."""
    if len(options) > MOST_OPTIONS:
        raise ValueError(f"{len(options)} commands under {where}: Discord shows at most {MOST_OPTIONS}")
    return options


def _group_help(first: str, members: list[tuple[str, CommandSpec]]) -> str:
    return f"{first}: {', '.join(second or first for second, _spec in members)}"[:MOST_DESCRIPTION]


def subcommand(name: str, spec: CommandSpec) -> Payload:
    return {"type": SUBCOMMAND, "name": name, "description": spec.help[:MOST_DESCRIPTION], "options": arguments(spec)}


def arguments(spec: CommandSpec) -> list[Payload]:
    """Build the one option for what may follow. It is optional, so that the bot itself says what is missing."""
    if not spec.argument:
        return []
    option: Payload = {"type": STRING, "name": argument_name(spec), "description": spec.argument[:MOST_DESCRIPTION]}
    if spec.choices:
        option["choices"] = [{"name": choice, "value": choice} for choice in spec.choices]
    elif spec.complete:
        option["autocomplete"] = True
    return [option]


def argument_name(spec: CommandSpec) -> str:
    """Name an argument: "<words or #topic>" becomes "words-or-topic"."""
    words = "-".join(re.findall(r"[a-z0-9]+", spec.argument.lower()))
    return "choice" if spec.choices else words[:MOST_NAME].strip("-") or "text"


def line_of(data: Payload) -> str:
    """Return the line after the root word, as people type it on other platforms."""
    words: list[str] = []
    options = data.get("options") or []
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        if options[0]["name"] not in words:
            words.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join([*words, *(str(option["value"]) for option in options)]).strip()


def named(line: str, app: "App") -> CommandSpec | None:
    """Return the command that a line begins with."""
    words = line.lower().split()
    meant = [s for s in app.commands if words[: len(s.name.split())] == s.name.split()]
    return max(meant, key=lambda s: len(s.name), default=None)


def essence(listed: Sequence[Payload]) -> dict[tuple[int, str], Payload]:
    """Reduce a list to what matters, so that ours compares with Discord's, which adds ids, versions, and defaults."""
    return {
        (c.get("type", SLASH), c["name"]): {
            "description": c.get("description", ""),
            # Discord takes a number and returns it as a string.
            "shown_to": str(c.get("default_member_permissions")),
            "contexts": sorted(c.get("contexts") or []),
            "options": [_option_essence(o) for o in c.get("options") or []],
        }
        for c in listed
    }


def _option_essence(option: Payload) -> Payload:
    return {
        **{key: option[key] for key in ("type", "name", "description")},
        "required": bool(option.get("required")),
        "autocomplete": bool(option.get("autocomplete")),
        "choices": [(c["name"], c["value"]) for c in option.get("choices") or []],
        "options": [_option_essence(o) for o in option.get("options") or []],
    }


async def in_step(client: discord.Client, wanted: Sequence[Payload]) -> bool:
    """Return whether Discord lists exactly these. The client must have logged in."""
    assert client.application_id
    known: Any = await client.http.get_global_commands(client.application_id)
    return essence(known) == essence(wanted)


async def sync(client: discord.Client, wanted: Sequence[Payload]) -> bool:
    """Register exactly these. Returns whether the list had to change."""
    if await in_step(client, wanted):
        return False
    assert client.application_id
    await client.http.bulk_upsert_global_commands(client.application_id, payload=list(wanted))
    return True
