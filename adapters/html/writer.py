"""Writes HTML in which typed text can never become a tag: everything is escaped, unless it is Html already."""

from collections.abc import Iterable
from html import escape

VOID = {"br", "hr", "img", "input", "link", "meta"}

Attribute = str | float | bool | None


class Html(str):
    """Text that is HTML already. Only this module makes it, from escaped pieces."""

    __slots__ = ()


Inside = str | None


def text(words: str) -> Html:
    return words if isinstance(words, Html) else Html(escape(words))


def join(pieces: Iterable[Inside], between: str = "") -> Html:
    return Html(text(between).join(text(p) for p in pieces if p))


def tag(name: str, /, *inside: Inside, **attributes: Attribute) -> Html:
    """Write `<name …>inside</name>`. The attribute `aria_label` becomes aria-label, and `class_` class.

    False or None omits an attribute; True writes only its name.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(inside)}</{name}>")


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
