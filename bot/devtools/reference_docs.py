"""`make docs`: writes reference pages and tables from the code: commands, terminal, settings, permissions, deletion."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from adapters.discord import invite
from adapters.discord.command_tree import ROOTS
from adapters.slack import manifest
from bot.cli import cli
from bot.cli.offline import bare_app
from bot.core.app import App
from bot.core.resolver import SUFFIX
from bot.core.routes import CommandSpec
from bot.devtools import architecture_diagram, permission_table, settings_docs
from bot.features.admin.retention_labels import times
from bot.settings import Settings
from storage.database import foreign_keys
from storage.database.personal import ErasureAction, policy

COMMANDS = Path("docs/reference/commands.md")
TERMINAL = Path("docs/reference/terminal.md")
WITH_TABLES = (Path("docs/how-to/slack.md"), Path("docs/how-to/discord.md"), Path("docs/privacy.md"))
HEADINGS = {"member": "For members", "facilitator": "For facilitators", "admin": "For admins"}
FATES = {ErasureAction.KEEP: "stays", ErasureAction.UNNAME: "stays without your name", ErasureAction.DELETE: "deleted"}
TABLE = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def commands_page(app: App) -> str:
    """Return the page of every command and message action, from the registry."""
    lines = [
        "# Commands",
        "",
        "What stands in `<angle brackets>` is needed; what stands in `[square brackets]` may be left out. On "
        "Discord each command is picked from a menu. In a direct message to the bot, type it without its first word. "
        "An installation may [set](settings.md) another first word than `cop`.",
    ]
    for root, heading in HEADINGS.items():
        first = f"/{app.root}{SUFFIX[root]}"
        lines += ["", f"## {heading}: `{first}`", "", "| Command | What it does | Example |", "| --- | --- | --- |"]
        lines += [_row(first, spec) for spec in app.commands if spec.root == root]
    lines += ["", "## On a message", "", "Open the menu of a message (Slack: More actions; Discord: Apps).", ""]
    lines += [f"- **{shortcut.label}**" for shortcut in app.shortcuts]
    return "\n".join(lines) + "\n"


def _row(first: str, spec: CommandSpec) -> str:
    usage = f"{first} {spec.usage}".replace("|", "\\|")
    example = f"`{first} {spec.example}`" if spec.example else ""
    return f"| `{usage}` | {spec.help} | {example} |"


def terminal_page() -> str:
    """Return the page of every subcommand of `cop`, with its options."""
    lines = [
        "# In a terminal",
        "",
        "Where `cop` is not found, `.venv/bin/cop` is the same. In a container, what follows `cop` comes after "
        "`docker compose run --rm bot`.",
    ]
    for name, command in subcommands().items():
        arguments = [p for p in command.params if isinstance(p, TyperArgument)]
        usage = " ".join(["cop", name, *(f"[{argument.name}]" for argument in arguments)])
        rows = [f"- `{argument.name}`: {argument.help}" for argument in arguments]
        for option in command.params:
            if isinstance(option, TyperOption):
                names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
                rows.append(f"- {names}: {option.help}")
        lines += ["", f"## `{usage}`", "", str(command.help), *(["", *rows] if rows else [])]
    return "\n".join(lines) + "\n"


def subcommands() -> dict[str, TyperCommand]:
    """Return the subcommands by name ("demo", "manifest slack"), in the order in which they are declared."""
    return dict(_below(get_command(cli)))


def _below(group: object, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    assert isinstance(group, TyperGroup)
    for name, command in group.commands.items():
        if isinstance(command, TyperCommand):
            yield f"{before}{name}", command
        else:
            yield from _below(command, f"{before}{name} ")


def slack_scopes() -> str:
    return _scopes(manifest.SCOPES)


def slack_thread_scopes() -> str:
    return _scopes(manifest.THREAD_SCOPES)


def _scopes(scopes: Mapping[str, str]) -> str:
    rows = [f"| `{scope}` | {why} |" for scope, why in scopes.items()]
    return "\n".join(["| Scope | The bot needs it |", "| --- | --- |", *rows])


def discord_permissions() -> str:
    rows = [f"| {name.replace('_', ' ').capitalize()} | {why} |" for name, why in invite.PERMISSIONS.items()]
    return "\n".join(["| Permission | The bot needs it |", "| --- | --- |", *rows])


def discord_roots() -> str:
    """Return a table of who sees each root word in Discord's menu, unless a server's admin changes that."""
    rows = []
    for root in ROOTS.values():
        shown_to = [name for name, has in root.shown_to or () if has]
        # As Discord shows them.
        labels = [name.replace("guild", "server").replace("_", " ").title() for name in shown_to]
        who = f"whoever has {' and '.join(labels)}" if labels else "everybody"
        rows.append(f"| `/cop{root.suffix}` | {who} |")
    return "\n".join(["| Command | Shown to |", "| --- | --- |", *rows])


def personal_rows() -> str:
    """Return a table of what happens to all personal data, from the policies that deletion itself uses."""
    lines = ["| What | After its season | When you leave | When you have all deleted |", "| --- | --- | --- | --- |"]
    for fates in sorted((policy(column) for _table, column in foreign_keys.to_people()), key=lambda each: each.label):
        if fates.label:
            season = "deleted" if fates.written else "stays"
            leaving = FATES[fates.leave] + ("; what only you read stays yours" if fates.own else "")
            lines.append(f"| {fates.label.capitalize()} | {season} | {leaving} | {FATES[fates.forget]} |")
    return "\n".join(lines)


def kept_rows() -> str:
    """Return a table of retention times, from the table that retention itself uses."""
    return "\n".join(["| What | How long |", "| --- | --- |", *(f"| {what} | {time} |" for what, time in times())])


TABLES: Mapping[str, Callable[[], str]] = {
    "slack-scopes": slack_scopes,
    "slack-thread-scopes": slack_thread_scopes,
    "discord-permissions": discord_permissions,
    "discord-roots": discord_roots,
    "personal": personal_rows,
    "kept": kept_rows,
}


def with_tables(page: str) -> str:
    """Return the page with the tables between its markers replaced."""
    return TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", page)


def main() -> None:
    settings_docs.main()
    architecture_diagram.main()
    COMMANDS.write_text(commands_page(bare_app(Settings.model_construct())), encoding="utf-8")
    TERMINAL.write_text(terminal_page(), encoding="utf-8")
    permission_table.PAGE.write_text(permission_table.page(bare_app(Settings.model_construct())), encoding="utf-8")
    for page in WITH_TABLES:
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
