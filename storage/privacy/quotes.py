"""Quotes: what others have in a draft of theirs of the words of a person who is deleted.

Somebody may have been editing a resource of theirs when saving it failed. Such a draft has their words, more or less
changed, so a run of a few words is compared and not the whole text.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session, select

from storage.operations.drafts import Draft

RUN = 4  # words
# A whole text with fewer words counts as a quote from this many letters on.
SHORTEST = 6
WORD = re.compile(r"\w+")


def delete_quoting_drafts(session: Session, texts: Iterable[str]) -> None:
    """Delete every draft that quotes one of these texts."""
    runs = {run for text in texts for run in _runs(text)}
    lengths = {len(run) for run in runs}
    for draft in session.exec(select(Draft)).all() if runs else ():
        if any(_runs_of(value, length) & runs for value in strings(_read(draft.body)) for length in lengths):
            session.delete(draft)
    session.flush()


def _runs(text: str) -> set[tuple[str, ...]]:
    words = tuple(WORD.findall(text.casefold()))
    if len(words) >= RUN:
        return _runs_of(text, RUN)
    return {words} if len("".join(words)) >= SHORTEST else set()


def _runs_of(text: str, length: int) -> set[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def strings(value: Any) -> Iterator[str]:
    """Yield every text in parsed JSON, also in JSON that a text holds."""
    match value:
        case str():
            # A form may hold JSON in a text.
            inner = _read(value) if value[:1] in ("{", "[") else value
            if inner is value or isinstance(inner, str):
                yield value
            else:
                yield from strings(inner)
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)
