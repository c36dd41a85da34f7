"""Draws the packages and the imports between them, as the Mermaid diagram of docs/architecture.md.

An arrow means "imports". One that follows from others is left out (a transitive reduction): if a imports b and b
imports c, there is no arrow from a to c. So the diagram shows the layers.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

PAGE = Path("docs/architecture.md")
BLOCK = re.compile(r"(<!-- diagram: imports -->\n).*?(<!-- end of diagram -->)", re.DOTALL)
ROOTS = ("adapters", "scheduler", "bot", "storage")

Graph = Mapping[str, set[str]]


def rooms(source: Path) -> dict[str, Path]:
    """Return what the diagram shows, as name -> folder or file: each root package, and each part of `bot`."""
    found = {name: source / name for name in ROOTS if name != "bot"}
    for path in (source / "bot").iterdir():
        if path.suffix == ".py" and not path.stem.startswith("__"):
            found[f"bot.{path.stem}"] = path
        elif (path / "__init__.py").exists():
            found[f"bot.{path.name}"] = path
    return dict(sorted(found.items()))


def imports(source: Path) -> Graph:
    places = rooms(source)
    graph: dict[str, set[str]] = {name: set() for name in places}
    for name, place in places.items():
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            graph[name] |= {room for module in _imported(path) if (room := _room_of(module)) in places}
        graph[name].discard(name)
    return graph


def _imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports, including those only for types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _room_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "bot" else parts[0]


def without_implied(graph: Graph) -> Graph:
    """Remove the edges that follow from others. What can be reached stays the same. The graph should have no cycle."""
    left = {name: set(targets) for name, targets in graph.items()}
    for name in sorted(left):
        for target in sorted(left[name]):
            left[name].remove(target)
            if target not in _reachable(left, name):
                left[name].add(target)
    return left


def _reachable(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    queue = [start]
    while queue:
        for target in graph[queue.pop()] - seen:
            seen.add(target)
            queue.append(target)
    return seen


def mermaid(graph: Graph) -> str:
    def node(name: str) -> str:
        return f'{_id(name)}["{name.removeprefix("bot.")}"]'

    inside = [name for name in graph if name.startswith("bot.")]
    lines = ["flowchart TD", *(f"  {node(name)}" for name in graph if name not in inside), '  subgraph bot["bot"]']
    lines += [*(f"    {node(name)}" for name in inside), "  end"]
    lines += [f"  {_id(name)} --> {_id(target)}" for name in graph for target in sorted(graph[name])]
    return "\n".join(lines)


def _id(name: str) -> str:
    return name.replace(".", "_")


def with_diagram(page: str, source: Path = Path()) -> str:
    drawn = mermaid(without_implied(imports(source)))
    return BLOCK.sub(lambda found: f"{found[1]}\n```mermaid\n{drawn}\n```\n\n{found[2]}", page)


def main() -> None:
    PAGE.write_text(with_diagram(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
