"""The table of permissions: every route, who may use it, and who reads what it shows. Made from the registry.

Who reads what a handler posts is found in its source: the targets of `bot.ui` that it names, and those named by the
functions it calls. A reply itself is only ever shown to the person who acted. `tests/fuzz/access.py` holds the bot to
this table.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.core.app import App
from bot.core.permissions import Role
from bot.core.routes import PageSpec, Route

PAGE = Path("docs/reference/permissions.md")
ROOMS = ("bot.features.", "bot.core.", "bot.domain.")
# Who reads what is posted to each target of `bot.ui`.
READERS = {
    "ToCommunity": "the channel",
    "ToThread": "the channel",
    "ToCalendar": "the server’s calendar",
    "ToFacilitators": "the facilitators",
    "ToPerson": "one person, privately",
}
# In the source of a handler that shows facilitators more: only those who facilitated when it was given.
FACILITATORS_READ_MORE = {"is_facilitator", "reads_given"}
LEAST = {
    (Role.ANYONE, False): "anyone",
    (Role.ANYONE, True): "anyone in its channel, and whom the community knows",
    (Role.MEMBER, True): "members",
    (Role.FACILITATOR, True): "facilitators and admins",
    (Role.ADMIN, True): "admins, and who manages the workspace or server",
    (Role.ADMIN, False): "admins, and who manages the workspace or server",
    (Role.BOT, True): "the clock",
    (Role.BOT, False): "the clock",
}


@dataclass(frozen=True)
class Permission:
    """One row: a route, the least role it needs, and what its handler can post where.

    `kind` is "command", "click", "form", "shortcut", "timer" or "page". `writes` is False if the route only reads.
    """

    kind: str
    name: str
    needs: Role
    community: bool
    writes: bool
    targets: frozenset[str]
    facilitators_read_more: bool

    @property
    def least(self) -> str:
        return LEAST.get((self.needs, self.community), LEAST[self.needs, True])

    @property
    def readers(self) -> str:
        """Who reads what it shows, in words."""
        if self.kind == "timer":
            own = []
        else:
            own = ["you, more as a facilitator" if self.facilitators_read_more else "you"]
        posted = [words for target, words in READERS.items() if target in self.targets]
        return ", ".join(dict.fromkeys([*own, *posted])) or "no one"


def permissions(app: App) -> list[Permission]:
    """Return a row for each route, by kind and name."""
    routes = app.routes
    tables: tuple[tuple[str, Mapping[str, Route | PageSpec]], ...] = (
        ("command", {name: spec.route for name, spec in routes.by_name.items()}),
        ("click", routes.clicks),
        ("form", routes.forms),
        ("shortcut", {name: spec.route for name, spec in routes.shortcuts.items()}),
        ("timer", routes.timers),
        ("page", routes.pages),
    )
    return [_row(kind, name, table[name]) for kind, table in tables for name in sorted(table)]


def _row(kind: str, name: str, route: Route | PageSpec) -> Permission:
    names = _names_reached(route.handler)
    targets = frozenset(names & READERS.keys())
    more = bool(names & FACILITATORS_READ_MORE)
    if isinstance(route, PageSpec):
        return Permission(
            kind, name, route.needs, community=True, writes=False, targets=targets, facilitators_read_more=more
        )
    return Permission(kind, name, route.needs, route.community, not route.reads, targets, more)


def page(app: App) -> str:
    lines = [
        "# Permissions",
        "",
        "Every command, button, form, timer and page, who may use it, and who reads what it shows. `make docs` writes "
        "this page from the code, and a test acts at random to see that the bot keeps to it.",
        "",
        "- A card or form counts for a community only if the community knows of you: you belong or belonged to it, "
        "were invited, asked to join, or have a role. Else you have to be in its channel.",
        "- Facilitators read what was given to the facilitators while they facilitated. An admin who doesn’t "
        "facilitate reads no more than a member, and who only manages the workspace or server less than that.",
        "- Joining follows the community’s policy, whatever is pressed.",
        "- A page is opened by a personal link, and shows what the link’s owner may read at that moment. A role by one "
        "of the platform’s roles opens none.",
        "- No one reads of a community that doesn’t know of them, except its name: who manages the workspace or "
        "server, who convenes a program, because they invite communities there, members of the same program, and "
        "whoever wrote something in it, beside what they wrote.",
    ]
    rows = permissions(app)
    for kind in dict.fromkeys(row.kind for row in rows):
        lines += ["", f"## {kind.capitalize()}s", "", "| Name | Who may use it | Changes something | Who reads it |"]
        lines += ["| --- | --- | --- | --- |"]
        lines += [
            f"| `{row.name}` | {row.least} | {'yes' if row.writes else 'no'} | {row.readers} |"
            for row in rows
            if row.kind == kind
        ]
    return "\n".join(lines) + "\n"


# --- what a handler reaches


@dataclass(frozen=True)
class _Module:
    """A module's functions by name, and what each name it imports stands for: (module, name in it or "")."""

    functions: Mapping[str, ast.FunctionDef]
    imports: Mapping[str, tuple[str, str]]


@cache
def _names_reached(handler: Callable[..., object]) -> frozenset[str]:
    """Return every name in the source of the handler, and of the functions of the bot that it calls, however deep."""
    handler = inspect.unwrap(handler)
    todo, seen, names = [(handler.__module__, handler.__name__)], set[tuple[str, str]](), set[str]()
    while todo:
        this = todo.pop()
        if this in seen:
            continue
        seen.add(this)
        module, name = this
        function = _module(module).functions.get(name)
        if function:
            names |= set(_names_in(function))
            todo += _called(module, function)
    return frozenset(names)


def _names_in(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _called(module: str, function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield the functions of the bot that are named in a function, called at once or passed on."""
    known = _module(module)
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name) if name in known.functions:
                yield module, name
            case ast.Name(id=name) if name in known.imports:
                source, original = known.imports[name]
                if source.startswith(ROOMS) and original:
                    yield source, original
            case ast.Attribute(value=ast.Name(id=of), attr=name) if of in known.imports:
                source, original = known.imports[of]
                inner = f"{source}.{original}" if original else source
                if inner.startswith(ROOMS):
                    yield inner, name


@cache
def _module(name: str) -> _Module:
    path = Path(*name.split(".")).with_suffix(".py")
    if not path.exists():
        return _Module({}, {})
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    imports = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    return _Module(functions, imports)
