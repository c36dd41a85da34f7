"""The two exceptions of reading a phrase."""

from bot.cadence.rule import Days


class Unreadable(Exception):
    """What a person typed cannot be read. `str()` is a sentence for them; `suggestion` is a form that can be read."""

    def __init__(self, sentence: str, suggestion: str) -> None:
        super().__init__(sentence)
        self.suggestion = suggestion


class ParseError(Exception):
    """Why the reading stopped, and forms to try as the suggestion: whole phrases, or days for the same phrase."""

    def __init__(self, sentence: str, *nearest: str | Days) -> None:
        super().__init__(sentence)
        self.nearest = nearest
