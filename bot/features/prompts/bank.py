"""The bank of reflection prompts that ships with Commonplace, read from bank.toml and validated."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

CATEGORIES = (
    "noticing practice",
    "wins and strengths",
    "challenges and dilemmas",
    "data and evidence",
    "planning small tests",
    "learning from tests",
    "equity, access, belonging",
    "relationships and partnership",
    "leading, supervising, coaching",
    "well-being and growth",
    "community and process",
    "synthesis and legacy",
)
CQI_PHASES = ("assess", "plan", "do", "study", "act", "none")
MOVES = ("what", "so what", "now what")
EVERYONE = "any"
ROLES = (EVERYONE, "youth worker", "supervisor", "director", "coordinator")
SEASON_PHASES = ("launch", "build", "apply", "synthesize")
EXCHANGES = ("role-alike", "mixed")

_PAGE = Path(__file__).with_name("bank.toml")
_ALLOWED: Mapping[str, tuple[object, ...]] = {
    "category": CATEGORIES,
    "cqi": CQI_PHASES,
    "move": MOVES,
    "depth": (1, 2, 3, 4),
    "roles": ROLES,
    "season": SEASON_PHASES,
    "exchange": EXCHANGES,
    "minutes": (3, 4, 5),
}
_WORDS_FOR = {str: "text in quotes", int: "a whole number", bool: "true or false"}
# Ids travel in button values, which are limited to 85 characters (bot/ui/limits.py).
_ID = re.compile(r"[a-z][a-z-]{2,39}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question, with what facilitators and the rotation need to know about it.

    `depth` runs from 1 (describe) to 4 (question what lies beneath). `minutes` is how long an answer takes.
    `private_default`: only the writer can read an answer unless they choose otherwise.
    """

    id: str
    text: str
    starter: str
    category: str
    cqi: str
    move: str
    depth: int
    roles: tuple[str, ...]
    season: str
    exchange: str
    minutes: int
    private_default: bool
    tags: tuple[str, ...]
    language: str
    version: int


@lru_cache(maxsize=1)
def load() -> tuple[Prompt, ...]:
    """Return every prompt that ships, in the order of bank.toml. Cached."""
    return read(_PAGE.read_text(encoding="utf-8"))


def by_id(id: str) -> Prompt:
    """Return a prompt. Raises KeyError for an id that the bank does not have, such as one of an older version."""
    return _index()[id]


def find(id: str) -> Prompt | None:
    return _index().get(id)


def read(page: str) -> tuple[Prompt, ...]:
    """Parse TOML with `[[prompt]]` tables. Raises ValueError that says which prompt is wrong and how."""
    return tuple(_prompt(number, entry) for number, entry in enumerate(tomllib.loads(page)["prompt"], start=1))


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Prompt]:
    return {prompt.id: prompt for prompt in load()}


def _prompt(number: int, entry: dict[str, Any]) -> Prompt:
    name = f"Prompt {number} ({entry.get('id', 'no id')})"
    wanted = {field.name: field.type for field in fields(Prompt)}
    if missing := wanted.keys() - entry.keys():
        raise ValueError(f"{name} lacks {_listed(sorted(missing))}.")
    if unknown := entry.keys() - wanted.keys():
        raise ValueError(f"{name} has {_listed(sorted(unknown))}, which no prompt has.")
    for field, kind in wanted.items():
        if fault := _fault(field, kind, entry[field]):
            raise ValueError(f"{name}: {fault}.")
    values: dict[str, Any] = {
        field: tuple(value) if isinstance(value, list) else value for field, value in entry.items()
    }
    return Prompt(**values)


def _fault(field: str, kind: Any, value: Any) -> str:
    """Say what is wrong with one value; "" if nothing is. `kind` is the field's type."""
    if kind not in _WORDS_FOR:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return f"{field} must be a list of texts, not {value!r}"
    elif type(value) is not kind:
        return f"{field} must be {_WORDS_FOR[kind]}, not {value!r}"
    if value == "":
        return f"{field} is empty"
    if field == "id" and not _ID.fullmatch(value):
        return "id must be 3 to 40 small letters and hyphens"
    if field == "roles" and not value:
        return f"roles is empty; use {EVERYONE!r} for a prompt that suits everyone"
    for item in value if isinstance(value, list) else [value]:
        if field in _ALLOWED and item not in _ALLOWED[field]:
            return f"{field} may be {_listed(_ALLOWED[field])}, not {item!r}"
    return ""


def _listed(names: Iterable[object]) -> str:
    return ", ".join(str(name) for name in names)
