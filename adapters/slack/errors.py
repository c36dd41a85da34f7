"""Translates Slack's errors, by the table in adapters.slack.error_codes, into what they mean for a message."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import error_codes
from bot.core.platform import Address, ConfigurationError, Failure, RetryAfter, TokenRefused, failure
from bot.i18n import gettext as _

log = structlog.get_logger(__name__)

# Everything that a call to Slack may raise.
FAULTS = (SlackClientError, ClientError, TimeoutError)

# Seconds to wait. After a failure of Slack, or of the way there:
AFTER_FAULT = 5.0
# When the workspace as a whole posts too much (message_limit_exceeded):
AFTER_MESSAGE_LIMIT = 60.0
# When Slack says to wait, but not how long:
AFTER_RATE_LIMIT = 30.0
# When it can't do now what it was asked for:
AFTER_BUSY = 60.0
# When it doesn't accept the token:
AFTER_TOKEN_REFUSED = 30.0


def code(error: Exception) -> str:
    """Return Slack's error code, "" if it gave none."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def token_refused(error: BaseException | None) -> bool:
    """Return whether Slack doesn't accept the token of the call."""
    return isinstance(error, FAULTS) and error_codes.meaning(code(error)) == "token refused"


def meaning(error: Exception, to: Address | None = None, *, update: bool = False) -> Failure:
    """Translate an error of a call. `to` is where the message was to go, if it was one.

    Slack limits posts by channel, but updates by workspace, so a limited `update` holds up the whole lane.
    """
    why = code(error)
    status = _status(error)
    if status == 429 or why in error_codes.RATE_LIMITED:
        headers = getattr(getattr(error, "response", None), "headers", None) or {}
        return RetryAfter(retry_after(headers), whole_lane=update)
    if why == "message_limit_exceeded":
        return RetryAfter(AFTER_MESSAGE_LIMIT, whole_lane=True)
    if not isinstance(error, SlackApiError) or status >= 500 or not why:
        return RetryAfter(AFTER_FAULT, fault=True)
    means = error_codes.meaning(why)
    if means is None:
        log.error("Slack gave an error code that is not known", error=why)
        means = "refused"
    if why in error_codes.BROKEN:
        return RetryAfter(AFTER_FAULT, fault=True)
    after = AFTER_TOKEN_REFUSED if means == "token refused" else AFTER_BUSY
    return failure(means, to, rewrites=update, after=after)


async def call_until_answered(token: str, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Call until Slack answers, with backoff from 1 to 60 seconds.

    Raises ConfigurationError if Slack refuses. `token` names the setting at fault.
    """
    wait = 1.0
    while True:
        try:
            return await call()
        except FAULTS as error:
            means = meaning(error)
            if isinstance(means, TokenRefused) or not isinstance(means, RetryAfter):
                why = _("Slack refuses {token} ({why}). `cop doctor` says what to do.")
                raise ConfigurationError(why.format(token=token, why=code(error))) from error
            log.warning("Slack cannot be reached yet", error=code(error) or type(error).__name__)
            await asyncio.sleep(max(wait, means.after) if code(error) else wait)
            wait = min(wait * 2, 60.0)


def _status(error: Exception) -> int:
    """Return the HTTP status of the answer, Slack's own or another's, such as a proxy's; 0 if there was none."""
    response = getattr(error, "response", None)
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def retry_after(headers: Mapping[str, Any]) -> float:
    """Return the seconds in the Retry-After header."""
    try:
        return max(0.0, float(headers.get("Retry-After", AFTER_RATE_LIMIT)))
    except ValueError:
        return AFTER_RATE_LIMIT
