"""Which roles of the bank's prompts a community has, from what its members say that they do. Pure.

People write it in their own words, in English or Spanish: "Site coordinator, Mill Street", "tallerista y mentora".
"""

import re
from collections.abc import Mapping

# Beginnings of words.
_WORDS = {
    "youth worker": (
        r"youth (?:worker|developer|development)|site staff|front[- ]?line|group leader|instructor|teach|educator"
        r"|mentor|tutor|counsell?or|program assistant|educador|docente|maestr|monitor|tallerista|animador|consejer"
        r"|trabajador\w* juvenil"
    ),
    "supervisor": (
        r"supervis|staff leader|team lead|site lead|manager|coach|jef[ea]\b|gerent|encargad|líder de equipo|responsable"
    ),
    "director": r"director|directiv|executive|quality steward|steward|principal\b|founder|ceo\b|gestor\w* de calidad",
    "coordinator": r"coordina|volunteer|vista\b|ameri ?corps|liaison|voluntari|enlace",
}
_PATTERNS = {role: re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE) for role, words in _WORDS.items()}


def roles_in(words: str) -> frozenset[str]:
    """Return the roles of the bank that somebody's own words name."""
    return frozenset(role for role, pattern in _PATTERNS.items() if pattern.search(words))


def roles_of(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the roles that at least half of those have who said what they do.

    A prompt goes to everyone, so one for directors suits only where many are. `counts` says how many members use which
    words; "" for those who said nothing.
    """
    said = sum(n for words, n in counts.items() if words.strip())
    named = {role: sum(n for words, n in counts.items() if role in roles_in(words)) for role in _PATTERNS}
    return frozenset(role for role, n in named.items() if n and 2 * n >= said)
