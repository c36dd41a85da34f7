"""The page's icons and people's pictures. All are hidden from screen readers."""

from adapters.html.writer import Html, tag
from adapters.playground.workspace_model import Somebody

# The style sheet has this many colours for people's pictures.
HUES = 8

# SVG paths on a square of 24.
SYMBOLS = {
    "mark": "M12 6.5C10 4.7 7 4 3.5 4v14.5c3.5 0 6.5.7 8.5 2.5 2-1.8 5-2.5 8.5-2.5V4C17 4 14 4.7 12 6.5zM12 6.5V21",
    "hash": "M9.5 3 7.5 21M16.5 3l-2 18M4 8.5h17M3 15.5h17",
    "menu": "M4 6.5h16M4 12h16M4 17.5h16",
    "close": "m6 6 12 12M18 6 6 18",
    "down": "m6 9 6 6 6-6",
    "send": "M4 12 20 4.5 15 20l-3.5-6.5zM11.5 13.5 20 4.5",
    "reply": "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
    "more": "M4.5 12h1M11.5 12h1M18.5 12h1",
    "eye": "M3 12s3.2-6 9-6c1.5 0 2.9.4 4 1M21 12s-3.2 6-9 6c-1.5 0-2.9-.4-4-1M4.5 19.5l15-15",
    "file": "M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5zM13.5 3v5.5H19",
    "out": "M8 16 17 7M9.5 7H17v7.5",
    "wrong": "M12 7.5v5.5M12 16.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "clock": "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
}


def symbols() -> Html:
    """Define all icons, once, at the top of the page."""
    drawings = (
        tag("symbol", tag("path", d=path), id=f"icon-{name}", viewBox="0 0 24 24") for name, path in SYMBOLS.items()
    )
    return tag("svg", *drawings, hidden=True, aria_hidden="true")


def icon(name: str) -> Html:
    """Refer to one of the icons that `symbols` defines."""
    return tag("svg", tag("use", href=f"#icon-{name}"), class_="icon", aria_hidden="true", focusable="false")


def picture(people: list[Somebody], author: str) -> Html:
    """Render a person's initials on their colour, or the bot's mark."""
    if not author:
        return tag("span", icon("mark"), class_="picture bot", aria_hidden="true")
    at, name = next(((i, p.name) for i, p in enumerate(people) if p.id == author), (0, author))
    initials = "".join(w[0] for w in name.split()[:2]).upper()
    return tag("span", initials, class_=f"picture hue-{at % HUES}", aria_hidden="true")
