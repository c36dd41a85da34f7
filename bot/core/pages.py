"""Links to pages: makes a personal one, and the message that hands it over.

A page is what a feature declares with `Feature.page`. Its link is sent in chat and opened in a browser, which proves
nothing about who opens it. So it works for a few days only, in the browser that opens it first, and shows what its
owner may read when it is opened (`App.open_page`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.permissions import Access, Role
from bot.i18n import gettext as _
from bot.ui import Link, Message, Note, Page, Text
from bot.ui.markup import command, moment
from storage.people import page_links, people
from storage.people.page_links import LASTS, PageLink

TOKEN_BYTES = 24  # random bytes in a link
PATH = "/page/{token}"


class ClosedLink(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    # Its owner ended it, or made a new one.
    ENDED = "ended"
    EXPIRED = "expired"
    # Another browser opened it first.
    ELSEWHERE = "elsewhere"
    # It is open to the first browser, and this one has shown no cookie.
    NO_BROWSER = "no browser"
    # Its owner may not read the page any more.
    DENIED = "denied"


@dataclass(frozen=True)
class OpenPage:
    """A page as it is shown, with what is said beside it: for whom, in which language and time zone, until when.

    `revoke` is the command that ends the link, as CommonMark.
    """

    page: Page
    community: str
    name: str
    locale: str
    zone: ZoneInfo
    now: datetime
    expires_at: datetime
    revoke: str


def why_closed(link: PageLink | None, token: str, browser: str, now: datetime) -> ClosedLink | None:
    """Return why a link doesn't open in this browser (the secret in its cookie), whatever its owner may read."""
    if link is None:
        return ClosedLink.UNKNOWN
    if link.ended_at:
        return ClosedLink.ENDED
    if now >= link.expires_at:
        return ClosedLink.EXPIRED
    if not browser:
        return ClosedLink.ELSEWHERE if link.browser else ClosedLink.NO_BROWSER
    return ClosedLink.ELSEWHERE if link.browser not in ("", page_links.fingerprint(token, browser)) else None


def send_link(ctx: Context, page: str, value: str = "") -> Message:
    """Make the person who acts a link to a page, and return the message with it. An earlier one stops working.

    Raises Refusal if the bot has no address on the web, or if the page would show them nothing.
    """
    if not ctx.address:
        raise Refusal(_no_address())
    if not own_access(ctx).allows(ctx.pages[page].needs):
        raise Refusal(_role_of_the_platform())
    token = token_urlsafe(TOKEN_BYTES)
    link = page_links.replace(
        ctx.session, token, person=ctx.me, community=ctx.community_id, page=page, value=value, now=ctx.now
    )
    ctx.audit("pages.link", page)
    return _message(ctx.address + PATH.format(token=token), link.expires_at)


def own_access(ctx: Context) -> Access:
    """Return what the person may do by the bot's own word, without what a platform says of them."""
    row = ctx.membership
    if row is None or row.left_at or not (row.joined_at or row.role > Role.MEMBER):
        return Access()
    return Access(Role(row.role), people.does_facilitate(row))


def _message(address: str, until: datetime) -> Message:
    text = _("Here’s your link. It works until {until}.").format(until=moment(until))
    note = _(
        "Only you can see this message. The link works only in the browser that opens it first, so open it yourself. "
        "To end it sooner, use {links}."
    ).format(links=command("data links"))
    return Message((Text(text), Note(note)), actions=(Link(_("Open the page"), address),), replace=True)


def _no_address() -> str:
    return _(
        "I can’t show pages, because I have no address on the web. The person who runs me can give me one with the "
        "setting PUBLIC_ADDRESS."
    )


def _role_of_the_platform() -> str:
    return _(
        "You lead here by a role of your workspace or server. A page can’t ask whether you still have it, so it would "
        "show you nothing. An admin can give you the role here with {line}."
    ).format(line=command("role map", "admin"))


__all__ = ["LASTS", "PATH", "ClosedLink", "OpenPage", "own_access", "send_link", "why_closed"]
