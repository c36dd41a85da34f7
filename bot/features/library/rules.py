"""What is true of resources, whatever the platform or the database. Pure functions."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST_TITLE = 100  # characters, as a card's heading takes
LONGEST_NOTE = 1_200
LONGEST_ADDED_NOTE = 500
MOST_TOPICS = 5
LONGEST_TOPIC = 30
PAGE = 5  # results at a time
LATEST = 10

# Something that is meant as an address, even where it cannot be accepted as one.
MEANT_AS_LINK = re.compile(r"[a-z][a-z0-9+.-]*:\S|www\.\S|[\w-]+(\.[\w-]+)+/", re.IGNORECASE)


class BadTopics(ValueError):
    """What was typed cannot be kept as topics; `fault` says why, `what` is the part that is wrong."""

    def __init__(self, fault: str, what: str) -> None:
        super().__init__(fault)
        self.fault, self.what = fault, what  # fault: "unreadable", "long" or "many"


def read_topics(typed: str) -> tuple[str, ...]:
    """The topics in "arrivals, Youth voice" or "#arrivals #youth-voice", in one spelling each. Raises BadTopics."""
    apart = re.split(r"[,;\n]+" if re.search(r"[,;\n]", typed) else r"\s+", typed)
    parts = [part for piece in apart for part in (piece.split() if piece.count("#") > 1 else [piece.strip()])]
    found = list(dict.fromkeys(topic(part) for part in parts if part.strip("#")))
    if len(found) > MOST_TOPICS:
        raise BadTopics("many", str(len(found)))
    return tuple(found)


def topic(typed: str) -> str:
    """One topic as it is kept: small letters, hyphens for spaces, no "#". Raises BadTopics."""
    plain = unicodedata.normalize("NFC", typed.strip().lstrip("#").lower())
    name = re.sub(r"[\s_-]+", "-", plain).strip("-")
    if not name or not all(c == "-" or c.isalnum() or unicodedata.category(c).startswith("M") for c in name):
        raise BadTopics("unreadable", typed.strip())
    if len(name) > LONGEST_TOPIC:
        raise BadTopics("long", name)
    return name


@dataclass(frozen=True)
class Question:
    """What somebody looks for: words, and the topics that all of it must have."""

    words: str
    topics: tuple[str, ...]


def read_question(typed: str) -> Question:
    """Raises BadTopics for a "#topic" that cannot be one."""
    tokens = [token.rstrip(",;") for token in typed.split()]
    named = [t for t in tokens if t.startswith("#") and t.strip("#")]
    words = " ".join(t for t in tokens if not t.startswith("#"))
    return Question(words, tuple(dict.fromkeys(map(topic, named))))


def close_topics(question: Question, used: Sequence[str]) -> list[str]:
    """The topics in use that somebody may have meant, likeliest first."""
    near: dict[str, None] = {}
    for word in [*question.topics, *question.words.lower().split()[:10]]:
        near |= dict.fromkeys(name for name in used if len(word) > 2 and (word in name.split("-") or name in word))
        near |= dict.fromkeys(get_close_matches(word, used, 3, 0.6))
    return list(near)[:3]


def last_topic(typed: str) -> tuple[str, str] | None:
    """(all before it, its beginning) of the topic that somebody is in the middle of typing; None: they type a word."""
    before, space, last = typed.rpartition(" ")
    if before and not last.startswith("#"):
        return None
    return f"{before}{space}", last.lstrip("#").lower()


def pages(total: int) -> int:
    return max(1, -(-total // PAGE))


def fitting(full: Sequence[str], short: Sequence[str], room: int) -> Sequence[str]:
    """The full texts where they fit into so many characters together, else the short ones."""
    return full if sum(map(len, full)) <= room else short


def first_words(text: str, most: int) -> str:
    """The opening of a message, as a title to begin from."""
    line = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0] + "…"


def split_link(text: str) -> tuple[str, str]:
    """(the first word where it is meant as a link, what follows); ("", text) where it is not."""
    first, _space, rest = text.partition(" ")
    return (first, rest.strip()) if MEANT_AS_LINK.match(first) else ("", text)


def most_used(used: Iterable[tuple[str, int]]) -> tuple[tuple[str, str], ...]:
    """Topics as the choices of a menu."""
    return tuple((name, f"#{name} ({times})") for name, times in used)


@dataclass(frozen=True)
class Typed:
    """What somebody filled into the form of a resource, as they typed it."""

    title: str = ""
    link: str = ""
    note: str = ""
    topics: str = ""
    audience: str = ""  # "" where the form does not ask
