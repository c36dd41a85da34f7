"""Which language the bot is speaking, and the sentences of that language."""

import gettext as catalogues
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

LOCALES = Path(__file__).parent / "locale"
DEFAULT = "en"
CADENCE = "cadence"

_speaking: ContextVar[str] = ContextVar("speaking", default=DEFAULT)


@lru_cache
def _catalogue(locale: str) -> catalogues.NullTranslations:
    """The sentences for `locale` ("es", "es-419", "pt_BR"), or English where there are none.

    A language may have those about when a community meets ("cadence") before it has all.
    """
    tag = locale.replace("-", "_")
    names = [tag, tag.partition("_")[0]]
    found = catalogues.translation("commonplace", LOCALES, names, fallback=True)
    found.add_fallback(catalogues.translation(CADENCE, LOCALES, names, fallback=True))
    return found


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages the bot can speak: English and every catalogue that ships."""
    return (DEFAULT, *sorted(p.parent.parent.name for p in LOCALES.glob("*/LC_MESSAGES/commonplace.mo")))


def gettext(message: str) -> str:
    return _catalogue(_speaking.get()).gettext(message)


def gettext_noop(message: str) -> str:
    """Mark words that a registry holds in English, for the catalogue; `gettext` translates them when they are shown."""
    return message


def ngettext(one: str, many: str, n: int) -> str:
    return _catalogue(_speaking.get()).ngettext(one, many, n)


def locale() -> str:
    """The locale being spoken now ("en_US"), for dates, numbers and names; English where nobody knows it."""
    return _known(_speaking.get())


@lru_cache
def _known(tag: str) -> str:
    """Platforms write "en-US" and "zh-TW"."""
    try:
        return str(Locale.parse(tag.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return DEFAULT


class speaking:
    """Say everything inside in `locale`."""

    def __init__(self, locale: str) -> None:
        self._locale = locale or DEFAULT

    def __enter__(self) -> None:
        self._before = _speaking.set(self._locale)

    def __exit__(self, *_fault: object) -> None:
        _speaking.reset(self._before)
