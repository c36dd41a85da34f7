"""What programs outside may be told while the bot works: that something happened, how long it took, what broke.

Nobody is told anything unless a watcher is set (see bot.bootstrap.telemetry). What is told never holds what people
typed.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

About = Mapping[str, str]


def _nobody(_name: str, _about: About) -> AbstractContextManager[object]:
    return nullcontext()


def _nothing(_fault: BaseException, _about: About) -> None: ...


@dataclass
class TelemetryHooks:
    """Both are called from any thread, and must neither raise nor wait."""

    span: Callable[[str, About], AbstractContextManager[object]] = _nobody  # "event" or "delivery", and about it
    fault: Callable[[BaseException, About], None] = _nothing


watchers = TelemetryHooks()


def span(name: str, **about: str) -> AbstractContextManager[object]:
    """What happens inside is one event, or one delivery."""
    return watchers.span(name, about)


def fault(what: BaseException, **about: str) -> None:
    watchers.fault(what, about)
