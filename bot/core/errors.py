"""Saying no to a person, in words meant for them."""


class Refusal(Exception):
    """The request makes sense but cannot be done. The text is CommonMark and is shown to whoever asked.

    `retry` is a corrected command line (what follows the root word `root`) that the answer offers as a button;
    `among` are several to choose from, none likelier than another.
    """

    def __init__(self, words: str, *, retry: str = "", among: tuple[str, ...] = (), root: str = "member") -> None:
        super().__init__(words)
        self.retry, self.among, self.root = retry, among, root
