"""Make and revoke private calendar links, for a person or a community, and send one meeting as a file.

A link is shown once and stored only as a hash. Without a public address the bot offers files instead of links.
"""

from secrets import token_urlsafe

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.calendar_feeds import feed as written
from bot.features.calendar_feeds import views
from bot.features.calendar_feeds.feature import feature
from bot.features.calendar_feeds.http import address
from bot.ui import Attachment, Reply
from storage.communities import communities
from storage.meetings import calendar_feeds, meetings
from storage.people import people

TOKEN_BYTES = 24  # random bytes in a link
MEDIA_TYPE = "text/calendar"


@feature.command("my calendar", help="All your meetings in your own calendar, by a private link", reads=True)
def offer(ctx: Context, event: Command) -> Reply:
    if not ctx.address:
        own = communities.among(ctx.session, people.communities_of(ctx.session, ctx.me))
        return views.only_a_file(_file(written.of_communities(ctx.session, own, ctx.community.name)))
    return views.yours(calendar_feeds.get(ctx.session, person=ctx.me))


@feature.click("make")
def make(ctx: Context, event: Click) -> Reply:
    return views.made(_new(ctx, person=ctx.me))


@feature.click("stop")
def stop(ctx: Context, event: Click) -> Reply:
    calendar_feeds.drop(ctx.session, person=ctx.me)
    return views.stopped()


@feature.command(
    "calendar link", help="A calendar link of the whole community, to hand out", needs=Role.FACILITATOR, reads=True
)
def offer_to_all(ctx: Context, event: Command) -> Reply:
    if not ctx.address:
        raise Refusal(views.no_address())
    return views.for_all(ctx.community.name, calendar_feeds.get(ctx.session, community=ctx.community_id))


@feature.click("make_for_all", needs=Role.FACILITATOR)
def make_for_all(ctx: Context, event: Click) -> Reply:
    link = _new(ctx, community=ctx.community_id)
    ctx.audit("calendar.link")
    return views.made_for_all(ctx.community.name, link)


@feature.click("stop_for_all", needs=Role.FACILITATOR)
def stop_for_all(ctx: Context, event: Click) -> Reply:
    calendar_feeds.drop(ctx.session, community=ctx.community_id)
    ctx.audit("calendar.stop")
    return views.stopped_for_all(ctx.community.name)


@feature.click(signals.CALENDAR_FILE, reads=True)
def hand_over(ctx: Context, event: Click) -> Reply:
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(event.value))
    if meeting is None or meeting.status == meetings.DROPPED:
        raise Refusal(views.not_found())
    return views.one(meeting, _file(written.of_meeting(ctx.session, ctx.community, meeting), f"meeting-{meeting.id}"))


def _new(ctx: Context, *, person: int | None = None, community: int | None = None) -> str:
    if not ctx.address:
        raise Refusal(views.no_address())
    token = token_urlsafe(TOKEN_BYTES)
    calendar_feeds.replace_link(ctx.session, token, ctx.now, person=person, community=community)
    return address(ctx.address, token)


def _file(body: str, name: str = "meetings") -> Attachment:
    return Attachment(f"{name}.ics", body, MEDIA_TYPE)
