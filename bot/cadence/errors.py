"""The two exceptions that reading a phrase raises: `Unreadable` to callers, `ParseError` inside this package."""

from bot.cadence.rule import Days


class Unreadable(Exception):
    """What a person typed cannot be read. `str()` is a sentence for them.

    `suggestion` is a phrase that can be read and keeps all that was understood; "" if there is none.
    """

    def __init__(self, sentence: str, suggestion: str = "") -> None:
        super().__init__(sentence)
        self.suggestion = suggestion


class ParseError(Exception):
    """Why reading stopped, and what to try as the suggestion: whole phrases, or other days for the same phrase.

    None of `nearest` is sure to be readable.
    """

    def __init__(self, sentence: str, *nearest: str | Days) -> None:
        super().__init__(sentence)
        self.nearest = nearest
