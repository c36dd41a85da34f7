"""Translates Discord's errors: a table of its error codes, HTTP statuses, and close codes of the gateway.

The source is Discord's documentation, opcodes and status codes. A test compares the table with it.
"""

from collections.abc import Iterable

import aiohttp
import discord
import structlog

from adapters.discord.client import Connection
from bot.core.platform import (
    Delivery,
    Failure,
    InThread,
    Meaning,
    MessageGone,
    RetryAfter,
    TokenRefused,
    Undeliverable,
    failure,
)

log = structlog.get_logger(__name__)

# Everything that a request may raise.
FAULTS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)

# Seconds to wait after a fault, and where Discord can't do now what it was asked for.
SOON, LATER = 5.0, 60.0

# Codes that other modules ask for by name.
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_EVENT = 10003, 10008, 10070
OPENING_TOO_FAST, TOO_MANY_OLD_EDITS, CLOUDFLARE = 40003, 30046, 40333
NO_ACCESS, WRONG_CHANNEL_TYPE, HAS_A_THREAD = 50001, 50024, 160004
TOO_MANY_THREADS, ARCHIVED = {160006, 160007}, 50083

# Waited out: slower, or not now.
BUSY = {20016, 20022, 20028, 20029, 30037, 30040, 30042, TOO_MANY_OLD_EDITS, OPENING_TOO_FAST, 40004, 40006, 40009} | {
    *(40062, CLOUDFLARE, 110000, 110001, 130000, 530006),
}
NO_PERMISSION = {
    *(20024, 40058, 40066, 40067, NO_ACCESS, 50003, 50008, 50009, 50013, WRONG_CHANNEL_TYPE, 50095, 50173, 60003),
    *(160002, *TOO_MANY_THREADS, 220001, 220002),
}
# Our own fault: what was sent is wrong, and would be wrong again. Most are codes of requests that the bot never makes.
OURS = {
    *(0, 10001, 10002, 10005, 10006, *range(10009, 10013), 10014, 10015, 10016, 10020, 10021, *range(10026, 10034)),
    *(10036, 10038, 10049, 10050, 10057, *range(10059, 10064), *range(10065, 10070), 10071, 10087, 10097, 10124),
    *(10129, 20001, 20002, 20012, 20015, 20018, 20031, 20035, *range(30001, 30006), 30007, 30008, 30010, 30011),
    *(30013, 30015, 30016, 30018, 30019, *range(30030, 30036), 30039, 30045, 30047, 30048, 30052, 30056, 30058),
    *(30060, 30061, 40002, 40005, 40012, 40018, 40019, 40032, 40033, 40041, 40043, 40060, 40061, 40074, 40094),
    *(50002, 50004, 50006, 50010, 50011, 50012, 50015, 50016, 50017, 50019, 50020, *range(50025, 50029), 50034),
    *(50035, 50036, 50039, 50041, 50045, 50046, 50054, 50057, 50067, 50070, 50073, 50074, 50080, 50081, 50084),
    *(50085, 50086, 50091, 50097, 50101, 50109, 50110, 50123, 50124, 50131, 50132, 50138, 50144, 50145, 50146),
    *(50151, *range(50159, 50162), 50163, 50167, 50178, 50192, 50600, 80004, 90001, 90002, 150006, HAS_A_THREAD),
    *(160014, *range(170001, 170008), 180002, 200000, 200001, 220003, 220004, 240000, 340015, 350000, 350001),
    *(400001, 500000, *range(520000, 520003), 520004, 520006, *range(530000, 530005), 530007),
}
CLASSES: tuple[tuple[Iterable[int], Meaning], ...] = (
    (BUSY, "wait"),
    ({40001, 50014}, "token refused"),
    ({UNKNOWN_MESSAGE, UNKNOWN_EVENT}, "message gone"),
    # An archived thread, and a locked one.
    ({ARCHIVED, 160005}, "thread closed"),
    ({50005, 50021, 50068, 50162, 180000, 520003}, "rewrite refused"),
    # 50278: they share no server with the bot any more.
    ({20009, 50007, 50278}, "direct messages closed"),
    ({10007, 10013, 40007, 50033}, "person gone"),
    ({UNKNOWN_CHANNEL}, "channel gone"),
    (NO_PERMISSION, "no permission"),
    # A server can have at most 100 events.
    ({30038}, "may not make events"),
    ({10004, 50055}, "removed from the space"),
    (OURS, "refused"),
)
CODES = {code: means for codes, means in CLASSES for code in codes}
# Of an answer without a code, or with one that isn't known. Any status from 500 on is waited out.
STATUSES: dict[int, Meaning] = {
    400: "refused",
    401: "token refused",
    403: "no permission",
    404: "refused",
    405: "refused",
    408: "wait",
    413: "refused",
    429: "wait",
}


def translate(fault: Exception, client: Connection, delivery: Delivery) -> Failure:
    match fault:
        case discord.RateLimited():
            return RetryAfter(fault.retry_after)
        case discord.DiscordServerError():
            return RetryAfter(SOON, fault=True)
        case discord.HTTPException(status=429):
            return _rate_limit(fault)
        case discord.HTTPException(status=401):
            return TokenRefused(LATER)
        case discord.HTTPException() if fault.code == CLOUDFLARE:
            return RetryAfter(LATER, whole_lane=True)
        case discord.HTTPException():
            if _is_removed(fault.code, client, delivery):
                return Undeliverable("removed from the space")
            # The thread was deleted, and the channel perhaps too, which the next attempt there finds out.
            if fault.code == UNKNOWN_CHANNEL and isinstance(delivery.to, InThread):
                return MessageGone()
            return failure(meaning(fault), delivery.to, rewrites=bool(delivery.replaces), after=LATER)
        case _:
            return RetryAfter(SOON, whole_lane=True, fault=True)


def meaning(fault: discord.HTTPException) -> Meaning:
    """Return what an answer means, by its code or else its status."""
    found = CODES.get(fault.code) if fault.code else None
    if found in (None, "refused"):
        log.error("Discord refused a message", code=fault.code, status=fault.status, error=fault.text)
    return found or STATUSES.get(fault.status, "refused" if fault.status < 500 else "wait")


def _rate_limit(fault: discord.HTTPException) -> RetryAfter:
    """Return how long to wait after a 429, and whether everything must.

    Discord's own comes after the library has tried five times. One without a `Via` header comes at once, from what
    stands in front of Discord, and concerns every request.
    """
    headers = fault.response.headers
    everything = "Via" not in headers or headers.get("X-RateLimit-Scope") == "global"
    try:
        after = float(headers.get("Retry-After", SOON))
    except ValueError:
        # A date, which HTTP allows too.
        after = LATER
    return RetryAfter(max(after, LATER) if fault.code in BUSY else after, whole_lane=everything)


def _is_removed(code: int, client: Connection, delivery: Delivery) -> bool:
    """Return whether a channel can't be reached because the bot isn't in its server any more."""
    if code not in (UNKNOWN_CHANNEL, NO_ACCESS) or not delivery.space or not client.connected:
        return False
    return client.get_guild(int(delivery.space)) is None
