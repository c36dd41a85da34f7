"""Bolt, except that what it can't read or route is answered: with 400, or on a socket with an acknowledgement.

Bolt would answer 500 or 404, and Slack would send the same again. The log has one line about each. A fault of our own
or of Slack stays a 500, after which Slack tries again and a form stays open.
"""

from traceback import extract_tb
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.listener.async_listener_error_handler import AsyncListenerErrorHandler
from slack_bolt.middleware.async_middleware_error_handler import AsyncMiddlewareErrorHandler
from slack_bolt.response import BoltResponse

log = structlog.get_logger(__name__)

# What is raised where a body isn't what Slack's documentation says.
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


class BoltApp(AsyncApp):
    """Bolt's app, with `ErrorHandler` for its middleware and its listeners."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, raise_error_for_unhandled_request=True)
        self._async_middleware_error_handler = ErrorHandler()
        self.listener_runner.listener_error_handler = ErrorHandler()


class ErrorHandler(AsyncMiddlewareErrorHandler, AsyncListenerErrorHandler):
    """Changes the response to a request that can't be read. `response` is None if it was acknowledged before."""

    async def handle(self, error: Exception, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        if response is None or not isinstance(error, (BoltUnhandledRequestError, *UNREADABLE)):
            log.error("a request of Slack was not handled", exc_info=error)
            return
        note_unreadable(error)
        response.status, response.body = 200 if request.mode == "socket_mode" else 400, ""


def note_unreadable(error: Exception) -> None:
    """Log that a request can't be read, and where that was found out. Nothing of the request is in the log."""
    frames = extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    log.warning("a request of Slack can’t be read", error=type(error).__name__, where=where)
