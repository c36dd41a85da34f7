"""Limits of resources, and parsing of topics and searches. Pure functions."""

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

# Text that is meant as an address, even if it cannot be accepted as one.
MEANT_AS_LINK = re.compile(r"[a-z][a-z0-9+.-]*:\S|www\.\S|[\w-]+(\.[\w-]+)+/", re.IGNORECASE)


class BadTopics(ValueError):
    """The text cannot be read as topics.

    `fault` is "unreadable", "long" or "many"; `what` is the part that is wrong, or how many there are.
    """

    def __init__(self, fault: str, what: str) -> None:
        super().__init__(fault)
        self.fault, self.what = fault, what


def read_topics(typed: str) -> tuple[str, ...]:
    """Parse "arrivals, Youth voice" or "#arrivals #youth-voice" into normalized topics. Raises BadTopics."""
    apart = re.split(r"[,;\n]+" if re.search(r"[,;\n]", typed) else r"\s+", typed)
    parts = [part for piece in apart for part in (piece.split() if piece.count("#") > 1 else [piece.strip()])]
    found = list(dict.fromkeys(topic(part) for part in parts if part.strip("#")))
    if len(found) > MOST_TOPICS:
        raise BadTopics("many", str(len(found)))
    return tuple(found)


def topic(typed: str) -> str:
    """Normalize one topic: lower case, hyphens for spaces, no "#". Raises BadTopics."""
    plain = unicodedata.normalize("NFC", typed.strip().lstrip("#").lower())
    name = re.sub(r"[\s_-]+", "-", plain).strip("-")
    if not name or not all(c == "-" or c.isalnum() or unicodedata.category(c).startswith("M") for c in name):
        raise BadTopics("unreadable", typed.strip())
    if len(name) > LONGEST_TOPIC:
        raise BadTopics("long", name)
    return name


@dataclass(frozen=True)
class Question:
    """A search: words, and the topics that every result must have."""

    words: str
    topics: tuple[str, ...]


def read_question(typed: str) -> Question:
    """Parse a search such as "homework #coaching". Raises BadTopics for a "#topic" that cannot be one."""
    tokens = [token.rstrip(",;") for token in typed.split()]
    named = [t for t in tokens if t.startswith("#") and t.strip("#")]
    words = " ".join(t for t in tokens if not t.startswith("#"))
    return Question(words, tuple(dict.fromkeys(map(topic, named))))


def close_topics(question: Question, used: Sequence[str]) -> list[str]:
    """Return up to three of the `used` topics that the person may have meant, likeliest first."""
    near: dict[str, None] = {}
    for word in [*question.topics, *question.words.lower().split()[:10]]:
        near |= dict.fromkeys(name for name in used if len(word) > 2 and (word in name.split("-") or name in word))
        near |= dict.fromkeys(get_close_matches(word, used, 3, 0.6))
    return list(near)[:3]


def last_topic(typed: str) -> tuple[str, str] | None:
    """Split a half-typed search into (all before its last topic, the start of that topic), for completion.

    None if the last thing typed is a word and not a topic. The first word may become either.
    """
    before, space, last = typed.rpartition(" ")
    if before and not last.startswith("#"):
        return None
    return f"{before}{space}", last.lstrip("#").lower()


def pages(total: int) -> int:
    return max(1, -(-total // PAGE))


def fitting(full: Sequence[str], short: Sequence[str], room: int) -> Sequence[str]:
    """Return the full texts if together they fit into `room` characters, else the short ones."""
    return full if sum(map(len, full)) <= room else short


def first_words(text: str, most: int) -> str:
    """Return the first line with text, cut at a word to `most` characters, as a suggested title."""
    line = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0] + "…"


def split_link(text: str) -> tuple[str, str]:
    """Split off a first word that is meant as a link: (link, rest), or ("", text) if there is none."""
    first, _space, rest = text.partition(" ")
    return (first, rest.strip()) if MEANT_AS_LINK.match(first) else ("", text)


def most_used(used: Iterable[tuple[str, int]]) -> tuple[tuple[str, str], ...]:
    """Turn (topic, times used) into the choices of a menu."""
    return tuple((name, f"#{name} ({times})") for name, times in used)


@dataclass(frozen=True)
class Typed:
    """The fields of the share form as they were typed. `audience` is "" if the form did not ask for it."""

    title: str = ""
    link: str = ""
    note: str = ""
    topics: str = ""
    audience: str = ""
