"""Parses rendered HTML, so that tests can say what a person would find on the page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta"}


@dataclass
class Node:
    name: str
    attributes: dict[str, str]
    inside: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(i if isinstance(i, str) else i.text for i in self.inside)

    def walk(self) -> Iterator["Node"]:
        yield self
        for piece in self.inside:
            if isinstance(piece, Node):
                yield from piece.walk()

    def all(self, name: str = "", /, **attributes: str) -> list["Node"]:
        """Return every element called `name` with these attributes. A class may be one of several."""
        wanted = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items()}
        return [
            n
            for n in self.walk()
            if (not name or n.name == name)
            and all(
                v in n.attributes.get(k, "").split() if k == "class" else n.attributes.get(k) == v
                for k, v in wanted.items()
            )
        ]

    def one(self, name: str = "", /, **attributes: str) -> "Node":
        found = self.all(name, **attributes)
        assert len(found) == 1, f"{len(found)} {name} {attributes}"
        return found[0]

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every element and the names of its attributes, none of which typed text may change."""
        return [(n.name, tuple(n.attributes)) for n in self.walk()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {k: v or "" for k, v in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().name == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Node:
    """Parse HTML. Raises AssertionError if elements aren't closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (top,) = reader.open
    return top
