"""Refusal: a no for the person who acted, in words."""


class Refusal(Exception):
    """The request makes sense but can't be done. The text is CommonMark, shown to the person who acted.

    Raising one rolls back what the handler did. `retry` is a corrected command line, without the root word, that the
    reply offers as a button; `among` are several where none is more likely than another. `root` ("member",
    "facilitator" or "admin") is the root they run under.
    """

    def __init__(self, words: str, *, retry: str = "", among: tuple[str, ...] = (), root: str = "member") -> None:
        super().__init__(words)
        self.retry, self.among, self.root = retry, among, root
