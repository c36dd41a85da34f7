"""Logging: sets up structlog and the standard logger, gives each event an id, and hides secrets.

No line ever contains a secret: known ones are replaced, and so is whatever looks like one.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Literal, TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor

HIDDEN = "[hidden]"
# Characters. Hiding a shorter secret wherever it occurs would hide ordinary text.
SHORTEST_SECRET = 6

OURS = ("adapters", "bot", "scheduler", "storage")
# Libraries that log every single step. Our own lines say the same once, and say more.
QUIET = ("aiohttp.access", "alembic", "apscheduler", "procrastinate", "slack_bolt", "slack_sdk", "sqlalchemy")

SECRET_NAMES = re.compile(r"token|secret|password|passwd|authorization|cookie|response_url", re.IGNORECASE)
SECRET_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Slack's tokens.
    (re.compile(r"\bx(?:ox[a-z]|app|wfp)(?:\.xox[a-z])?-[\w-]+"), HIDDEN),
    # Discord's bot tokens.
    (re.compile(r"\b[\w-]{24,28}\.[\w-]{6}\.[\w-]{27,45}\b"), HIDDEN),
    # Discord's and Slack's response URLs.
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w-]{20,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(https://hooks\.slack\.com/)\S+?(?=['\"\s>)]|$)"), rf"\1{HIDDEN}"),
    # Authorization headers.
    (re.compile(r"(authorization['\"]?\s*[:=]\s*['\"]?)[^'\",}\r\n]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"\b((?:bearer|bot)\s+)[\w.~+/=-]{20,}", re.IGNORECASE), rf"\1{HIDDEN}"),
    # Passwords, in a URL or by name.
    (re.compile(r"(\w://[^\s:/@]*:)[^\s/]+(?=@)"), rf"\1{HIDDEN}"),
    (re.compile(r"\b(password\s*[=:]\s*['\"]?)[^\s'\",}]+", re.IGNORECASE), rf"\1{HIDDEN}"),
)


def set_up(level: str, form: Literal["console", "json"], secrets: Iterable[str] = (), to: TextIO = sys.stderr) -> None:
    """Send our log lines and every library's to `to`, from `level` ("info") up, with `secrets` hidden."""
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    if form == "console":
        last = structlog.dev.ConsoleRenderer(colors=to.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_secrets(secrets),
                last,
            ],
        )
    )
    wanted = logging.getLevelNamesMapping()[level.upper()]
    # Never at debug level for libraries: they would log whole payloads, and with them what members typed.
    logging.basicConfig(level=max(wanted, logging.INFO), handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(wanted)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(wanted, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


@contextmanager
def one_event(**about: str) -> Iterator[str]:
    """Add `about` and a new event id to every log line inside. Yields the id ("9f86d081")."""
    event_id = token_hex(4)
    before = structlog.contextvars.bind_contextvars(event_id=event_id, **about)
    try:
        yield event_id
    finally:
        structlog.contextvars.reset_contextvars(**before)


def event_id() -> str:
    """Return the id of the event that is being handled, or "" outside of any."""
    return str(structlog.contextvars.get_contextvars().get("event_id", ""))


def another_event(**about: str) -> str:
    """Replace the event id inside `one_event`, and add `about`. For a timer batch, which has thousands of events."""
    structlog.contextvars.bind_contextvars(event_id=(id := token_hex(4)), **about)
    return id


def hide_secrets(secrets: Iterable[str] = ()) -> Processor:
    """Return a structlog processor that hides `secrets`, and whatever looks like one, at any depth."""
    clean = cleaner(secrets)

    def process(_logger: Any, _method: str, line: EventDict) -> EventDict:
        return {name: _hide(name, value, clean) for name, value in line.items()}

    return process


def cleaner(secrets: Iterable[str] = ()) -> Callable[[str], str]:
    """Return a function that hides `secrets`, and whatever looks like one, in a text."""
    known = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in (secret, quote(secret, ""))}
    exact = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))) or r"(?!)")

    def clean(text: str) -> str:
        text = exact.sub(HIDDEN, text)
        for shape, shown in SECRET_SHAPES:
            text = shape.sub(shown, text)
        return text

    return clean


def _hide(name: str, value: Any, clean: Callable[[str], str]) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {clean(str(key)): _hide(str(key), inner, clean) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hide("", inner, clean) for inner in value]
    return clean(value if isinstance(value, str) else repr(value))
