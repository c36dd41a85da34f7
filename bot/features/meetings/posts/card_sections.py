"""Look up the sections of a meeting's card: preparations, tasks, follow-ups, and where a person's team also meets."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.context import Context
from bot.domain.meeting_types import meeting_type
from bot.features.meetings.posts import card_section_views
from bot.features.meetings.posts.card_section_views import Sections, Team
from bot.ui import Message
from storage.meetings import feedback, joint_meetings, meetings, preparations
from storage.meetings.meetings import Meeting
from storage.people import organizations, people


def sections(ctx: Context, meeting: Meeting) -> Sections:
    """Return the sections for a meeting that is to come or under way."""
    id = meetings.key(meeting)
    tasks = preparations.tasks(ctx.session, id) if meeting_type(meeting.meeting_type).tasks else ()
    return Sections(
        prepared=preparations.details_of(ctx.session, id),
        tasks=[(row, people.get(ctx.session, row.person_id) if row.person_id else None) for row in tasks],
        replies=feedback.follow_ups_before(ctx.session, meeting),
    )


def team(ctx: Context, meeting: Meeting, person: int) -> Team:
    """Return where else the person's organization meets on the same day, in the community's zone.

    Nobody is named. It tells only that someone from that organization is a member there.
    """
    member = people.membership(ctx.session, ctx.community_id, person)
    zone = ZoneInfo(ctx.community.zone)
    day = datetime.combine(meeting.starts_at.astimezone(zone).date(), time(0), zone)
    organization = organizations.confirmed(member)
    also = joint_meetings.team_meets(ctx.session, ctx.community, person, organization, day, day + timedelta(days=1))
    return Team(organization, also)


def add_team_note(ctx: Context, meeting: Meeting, person: int, message: Message) -> Message:
    """Add to a direct message about a meeting where else the person's team meets that day."""
    return card_section_views.add_team_note(message, team(ctx, meeting, person))
