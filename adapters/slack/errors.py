"""Translates Slack's errors: RetryAfter where waiting helps, Undeliverable where a person must change something."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.platform import Address, ConfigurationError, DirectMessage, RetryAfter, Undeliverable
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

BUSY = {"ratelimited", "rate_limited"}
BROKEN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
# Why a message is undeliverable (bot.core.platform.Undeliverable.REASONS), and the errors by which Slack says so.
CODES = {
    "channel gone": {"channel_not_found", "is_archived", "channel_is_archived", "is_inactive"},
    "not in the channel": {"not_in_channel"},
    "person gone": {"user_not_found", "user_disabled"},
    "direct messages closed": {"cannot_dm_bot", "messages_tab_disabled", "user_not_visible"},
    "removed from the space": {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "not_authed",
        "team_not_found",
        "token_expired",
        "token_revoked",
    },
    "no permission": {
        "access_denied",
        "app_access_restricted",
        "ekm_access_denied",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "org_login_required",
        "posting_to_channel_denied",
        "team_access_not_granted",
    },
}
REASONS = {code: why for why, codes in CODES.items() for code in codes}


def code(error: Exception) -> str:
    """Return Slack's error code, "" if it gave none."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def meaning(error: Exception, to: Address | None = None, *, update: bool = False) -> RetryAfter | Undeliverable:
    """Translate an error of a call. `to` is where the message was to go, if it was one.

    Slack limits posts by channel, but updates by workspace, so a limited `update` holds up the whole lane.
    """
    why = code(error)
    status = _status(error)
    if status == 429 or why in BUSY:
        return RetryAfter(_retry_after(error), whole_lane=update)
    if why == "message_limit_exceeded":
        return RetryAfter(AFTER_MESSAGE_LIMIT, whole_lane=True)
    if not isinstance(error, SlackApiError) or status >= 500 or why in BROKEN or not why:
        return RetryAfter(AFTER_FAULT, fault=True)
    if why == "channel_not_found" and isinstance(to, DirectMessage):
        return Undeliverable("person gone")
    if why.startswith("restricted_action"):
        return Undeliverable("no permission")
    return Undeliverable(REASONS.get(why, "refused"))


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
            if not isinstance(means, RetryAfter):
                why = _("Slack refuses {token} ({why}). `cop doctor` says what to do.")
                raise ConfigurationError(why.format(token=token, why=code(error))) from error
            log.warning("Slack cannot be reached yet", error=code(error) or type(error).__name__)
            await asyncio.sleep(max(wait, means.after) if code(error) else wait)
            wait = min(wait * 2, 60.0)


def _status(error: Exception) -> int:
    """Return the HTTP status of the answer, Slack's own or another's, such as a proxy's; 0 if there was none."""
    response = getattr(error, "response", None)
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def _retry_after(error: Exception) -> float:
    """Return the seconds in the Retry-After header."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", AFTER_RATE_LIMIT)))
    except ValueError:
        return AFTER_RATE_LIMIT
