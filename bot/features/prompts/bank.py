"""The bank of reflection prompts that ships with Commonplace, read from bank.toml and validated.

A prompt is the same question in each of LANGUAGES, under one id: whoever was asked in one was asked in all.
"""

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
# Its answers are private unless their writer chooses otherwise.
PRIVATE = "well-being and growth"
CQI_PHASES = ("assess", "plan", "do", "study", "act", "none")
MOVES = ("what", "so what", "now what")
EVERYONE = "any"
ROLES = (EVERYONE, "youth worker", "supervisor", "director", "coordinator")
SEASON_PHASES = ("launch", "build", "apply", "synthesize")
EXCHANGES = ("role-alike", "mixed")
CHALLENGES = ("comfort", "stretch", "brave")
DEPTHS = (1, 2, 3, 4)
LANGUAGES = ("en", "es")

_PAGE = Path(__file__).with_name("bank.toml")
_ALLOWED: Mapping[str, tuple[object, ...]] = {
    "category": CATEGORIES,
    "cqi": CQI_PHASES,
    "move": MOVES,
    "depth": DEPTHS,
    "roles": ROLES,
    "season": SEASON_PHASES,
    "exchange": EXCHANGES,
    "challenge": CHALLENGES,
    "minutes": (3, 4, 5),
}
_MAY_BE_EMPTY = ("follow_up", "note")
# What is said anew in each language. All else is the same in each.
_SAID = ("text", "starter", "note")
_WORDS_FOR = {str: "text in quotes", int: "a whole number", bool: "true or false"}
# Ids travel in button values, which are limited to 85 characters (bot/ui/limits.py).
_ID = re.compile(r"[a-z][a-z-]{2,39}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question in one language, with what facilitators and the rotation need to know about it.

    `depth` runs from 1 (describe) to 4 (question what lies beneath). `minutes` is how long an answer takes. The first
    of `roles` is whom it's written for. `private_default`: only the writer can read an answer unless they choose
    otherwise. `anonymous`: it can be asked so that nobody can tell who answered. `note` tells facilitators what can
    hurt, "" if nothing. `follow_up` is the id of a prompt that goes on from this one, or "".
    """

    id: str
    text: str
    starter: str
    note: str
    category: str
    cqi: str
    move: str
    depth: int
    roles: tuple[str, ...]
    season: str
    exchange: str
    challenge: str
    minutes: int
    private_default: bool
    anonymous: bool
    follow_up: str
    tags: tuple[str, ...]
    author: str
    version: int
    language: str


def language_of(locale: str) -> str:
    """Return the language of the bank for a locale ("es-MX", "pt"): English if there's no other."""
    tag = locale.replace("_", "-").partition("-")[0]
    return tag if tag in LANGUAGES else LANGUAGES[0]


@lru_cache(maxsize=len(LANGUAGES))
def load(language: str = LANGUAGES[0]) -> tuple[Prompt, ...]:
    """Return every prompt that ships, in one of LANGUAGES, in the order of bank.toml. Cached."""
    return read(_PAGE.read_text(encoding="utf-8"), language)


def by_id(id: str, language: str = LANGUAGES[0]) -> Prompt:
    """Return a prompt. Raises KeyError for an id that the bank does not have, such as one of an older version."""
    return _index(language)[id]


def find(id: str, language: str = LANGUAGES[0]) -> Prompt | None:
    return _index(language).get(id)


def read(page: str, language: str = LANGUAGES[0]) -> tuple[Prompt, ...]:
    """Parse TOML with `[[prompt]]` tables. Raises ValueError that says which prompt is wrong and how."""
    entries = enumerate(tomllib.loads(page)["prompt"], start=1)
    return tuple(_prompt(f"Prompt {number} ({entry.get('id', 'no id')})", entry, language) for number, entry in entries)


@lru_cache(maxsize=len(LANGUAGES))
def _index(language: str) -> Mapping[str, Prompt]:
    return {prompt.id: prompt for prompt in load(language)}


def _prompt(name: str, entry: Mapping[str, Any], language: str) -> Prompt:
    """Check the entry in every language, and return it in one."""
    kinds = {field.name: field.type for field in fields(Prompt) if field.name != "language"}
    shared = {field: kind for field, kind in kinds.items() if field not in _SAID}
    _check(name, {**dict.fromkeys(LANGUAGES, dict), **shared}, entry)
    for tag in LANGUAGES:
        _check(f"{name} in {tag}", dict.fromkeys(_SAID, str), entry[tag])
    values: dict[str, Any] = {
        field: tuple(entry[field]) if isinstance(entry[field], list) else entry[field] for field in shared
    }
    return Prompt(**values, **entry[language], language=language)


def _check(name: str, wanted: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
    if missing := wanted.keys() - entry.keys():
        raise ValueError(f"{name} lacks {_listed(sorted(missing))}.")
    if unknown := entry.keys() - wanted.keys():
        raise ValueError(f"{name} has {_listed(sorted(unknown))}, which no prompt has.")
    for field, kind in wanted.items():
        if fault := _fault(field, kind, entry[field]):
            raise ValueError(f"{name}: {fault}.")


def _fault(field: str, kind: Any, value: Any) -> str:
    """Say what is wrong with one value; "" if nothing is. `kind` is the field's type."""
    if kind is dict:
        return "" if isinstance(value, dict) else f"{field} must have {_listed(_SAID)}, not {value!r}"
    if kind not in _WORDS_FOR:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return f"{field} must be a list of texts, not {value!r}"
    elif type(value) is not kind:
        return f"{field} must be {_WORDS_FOR[kind]}, not {value!r}"
    if value == "" and field not in _MAY_BE_EMPTY:
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
