"""Check-ins that ship with Commonplace, to start one's own from. Read from templates.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import i18n
from bot.domain import question_lines
from bot.domain.questions import Level, Questionnaire

LANGUAGES = ("en", "es")
_PAGE = Path(__file__).with_name("templates.toml")


@dataclass(frozen=True)
class Template:
    """One check-in in one language. `about` says in a sentence what it's for, and `rhythm` when it's usually asked.

    `is_private`: it usually goes to each member privately, and not to the channel.
    """

    id: str
    questionnaire: Questionnaire
    about: str
    rhythm: str
    level: Level
    is_private: bool


@lru_cache
def load(language: str) -> Mapping[str, Template]:
    """Return every template in one of LANGUAGES, by id, in the order of the file. Raises ValueError if one is wrong."""
    page = tomllib.loads(_PAGE.read_text(encoding="utf-8"))
    return {entry["id"]: _template(entry, entry[language]) for entry in page["template"]}


def _template(entry: Mapping[str, Any], words: Mapping[str, str]) -> Template:
    found = question_lines.read(words["questions"])
    if found.misread:
        raise ValueError(f"{entry['id']}: {found.misread}")
    return Template(
        id=entry["id"],
        questionnaire=Questionnaire(words["name"], found.questions, words.get("closing", ""), entry["minutes"]),
        about=words["about"],
        rhythm=words["rhythm"],
        level=Level(entry.get("level", Level.NAMED)),
        is_private=entry.get("private", False),
    )


def spoken() -> Mapping[str, Template]:
    """Return every template in the current language, or in English."""
    language = i18n.locale().partition("_")[0]
    return load(language if language in LANGUAGES else LANGUAGES[0])
