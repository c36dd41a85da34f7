"""The limits that every platform shares: the smaller of Slack's and Discord's (docs/architecture.md has the sources).

Each has its source behind it. Sizes of text are in characters.
"""

MAX_MESSAGE = 3_000  # Discord: 4,000 over all text of a message; rendering adds markup
MAX_PARTS = 20  # Discord: 40 components in all; Slack: 50 blocks
MAX_ROWS = 10  # Slack: 10 fields in a section
MAX_HEADING = 100  # Slack header: 150
MAX_BUTTON = 75  # Slack button; Discord 80
MAX_BUTTONS = 5  # in one row on Discord
MAX_BUTTON_ROWS = 2  # Discord: 5 rows, menus among them
MAX_ACTION = 85  # Discord custom_id: 100 for action and value, less the community stamp
MAX_TITLE = 24  # Slack modal title; Discord 45
MAX_LABEL = 45  # Discord modal label; Slack 2,000
MAX_HINT = 100  # Discord label description
MAX_FIELDS = 5  # Discord modal
MAX_INTRO = 1_000  # Slack: 3,000 in a text; more than this hides the fields
MAX_TICKS = 10  # Slack and Discord checkboxes and radio buttons
MAX_CHOICES = 25  # Discord select; Slack 100
MAX_CHOICE = 75  # Slack option text; Discord 100
MAX_ALT = 1_024  # Discord media gallery description; Slack alt_text 2,000
MAX_URL = 2_048  # Discord media; Slack image_url 3,000
# What a page shows. In chat, MAX_MESSAGE ends a figure earlier.
MAX_COLUMNS = 10
MAX_TABLE_ROWS = 200
MAX_POINTS = 120
MAX_FINDING = 300  # a sentence, also as alt text
MAX_ANSWER = 4_000  # Discord text input; on Slack a box takes 3,000, and what is longer stands in two


class TooBig(ValueError):
    """A message or form would not fit on every platform: a bug in the bot, never a person's mistake."""


def limit(what: str, size: int, most: int) -> None:
    """Raise TooBig if `size` is more than `most`. `what` names it in the error."""
    if size > most:
        raise TooBig(f"{what} is {size} long; the most every platform takes is {most}")


def check_choices(choices: tuple[tuple[str, str], ...], most: int) -> None:
    """Raise TooBig for an invalid list of (value, label): empty, more than `most`, or one that is too long."""
    if not choices:
        raise TooBig("A list of choices may not be empty")
    limit("Choices", len(choices), most)
    for value, label in choices:
        limit("Choice", len(label), MAX_CHOICE)
        limit("Choice value", len(value), MAX_CHOICE)
