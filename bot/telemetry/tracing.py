"""Hooks for tracing and fault reports: a span for each event and delivery, and each exception.

Nothing is reported unless `bot.bootstrap.telemetry` sets the hooks. Reports must never contain what people typed.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

About = Mapping[str, str]


def _no_span(_name: str, _about: About) -> AbstractContextManager[object]:
    return nullcontext()


def _no_report(_fault: BaseException, _about: About) -> None: ...


@dataclass
class TelemetryHooks:
    """Called from any thread. They must neither raise nor block. A span's name is "event" or "delivery"."""

    span: Callable[[str, About], AbstractContextManager[object]] = _no_span
    fault: Callable[[BaseException, About], None] = _no_report


watchers = TelemetryHooks()


def span(name: str, **about: str) -> AbstractContextManager[object]:
    """Return a context manager around one event or one delivery."""
    return watchers.span(name, about)


def fault(what: BaseException, **about: str) -> None:
    watchers.fault(what, about)
