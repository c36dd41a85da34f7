"""Saying no to a person, in words meant for them."""


class Refusal(Exception):
    """The request makes sense but cannot be done. The text is CommonMark and is shown to whoever asked.

    `retry` is a corrected command line (without the root word) that the answer offers as a button.
    """

    def __init__(self, words: str, *, retry: str = "") -> None:
        super().__init__(words)
        self.retry = retry
