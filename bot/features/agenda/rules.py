"""What may stand on an agenda. Nothing here touches a database."""

from bot.markup import cut

LONGEST = 150  # characters of a topic's title
MOST_CHOSEN = 10  # topics of one agenda: what a form can show on every platform


def title_of(text: str) -> str:
    """The first line of a message, as a topic's title."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return cut(first, LONGEST)
