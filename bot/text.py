"""Which language the bot is speaking, and the sentences of that language."""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"
DEFAULT = "en"

_speaking: ContextVar[str] = ContextVar("speaking", default=DEFAULT)


@lru_cache
def _catalogue(locale: str) -> catalogues.NullTranslations:
    """The sentences for `locale` ("es", "es-419", "pt_BR"), or English where there are none."""
    tag = locale.replace("-", "_")
    names = [tag, tag.partition("_")[0]]
    return catalogues.translation("commonplace", LOCALES, names, fallback=True)


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages the bot can speak: English and every catalogue that ships."""
    return (DEFAULT, *sorted(p.parent.parent.name for p in LOCALES.glob("*/LC_MESSAGES/commonplace.mo")))


def gettext(message: str) -> str:
    return _catalogue(_speaking.get()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    return _catalogue(_speaking.get()).ngettext(one, many, n)


def locale() -> str:
    """The locale being spoken now, for dates and numbers."""
    return _speaking.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say everything inside in `locale`."""
    token = _speaking.set(locale or DEFAULT)
    try:
        yield
    finally:
        _speaking.reset(token)
