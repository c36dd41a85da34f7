"""Translation: the current language, and gettext lookups in it.

The language is a context variable, set with `speaking`, so each task and thread has its own.
"""

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
    """Return the translations for `locale` ("es", "es-419", "pt_BR"), or English where there are none.

    A language can ship the small "cadence" catalog, about when a community meets, before the full one.
    """
    tag = locale.replace("-", "_")
    names = [tag, tag.partition("_")[0]]
    translations = catalogues.translation("commonplace", LOCALES, names, fallback=True)
    translations.add_fallback(catalogues.translation(CADENCE, LOCALES, names, fallback=True))
    return translations


@lru_cache
def languages() -> tuple[str, ...]:
    """Return the languages the bot can speak: English, and each with a full catalog."""
    return (DEFAULT, *sorted(p.parent.parent.name for p in LOCALES.glob("*/LC_MESSAGES/commonplace.mo")))


def gettext(message: str) -> str:
    return _catalogue(_speaking.get()).gettext(message)


def gettext_noop(message: str) -> str:
    """Mark English words in a registry for translation. Returns them unchanged; call `gettext` to show them."""
    return message


def ngettext(one: str, many: str, n: int) -> str:
    return _catalogue(_speaking.get()).ngettext(one, many, n)


def locale() -> str:
    """Return the current locale for Babel ("en_US"), to format dates and numbers. English if Babel doesn't know it."""
    return _known(_speaking.get())


@lru_cache
def _known(tag: str) -> str:
    """Return the Babel name of `tag`. Platforms write "en-US" and "zh-TW"."""
    try:
        return str(Locale.parse(tag.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return DEFAULT


class speaking:
    """Context manager: translate everything inside into `locale`."""

    def __init__(self, locale: str) -> None:
        self._locale = locale or DEFAULT

    def __enter__(self) -> None:
        self._before = _speaking.set(self._locale)

    def __exit__(self, *_fault: object) -> None:
        _speaking.reset(self._before)
