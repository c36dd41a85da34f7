"""What a meeting's card tells besides when and where: its kind, preparations and tasks, and what was done since."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.context import Context
from bot.domain.meeting_types import kind
from bot.features.meetings.posts import card_section_views
from bot.ui import Message
from storage.meetings import feedback, joint_meetings, preparations
from storage.meetings import meetings as store
from storage.meetings.meetings import Meeting
from storage.people import people


def told(ctx: Context, meeting: Meeting, card: Message) -> Message:
    """The card of a meeting to come or under way, with what its kind brings and what was done since the last one."""
    id = store.key(meeting)
    tasks = preparations.tasks(ctx.session, id) if kind(meeting.kind).tasks else ()
    held = [(row, people.get(ctx.session, row.person_id) if row.person_id else None) for row in tasks]
    parts = [
        *card_section_views.about(meeting, preparations.of(ctx.session, id)),
        *card_section_views.to_do(held),
        *card_section_views.you_said(feedback.replies_before(ctx.session, meeting)),
    ]
    free = [row for row in tasks if row.person_id is None] if meeting.starts_at > ctx.now else []
    menu = (card_section_views.take_one(free),) if free else ()
    # After when and where, before what is on the agenda.
    return replace(card, parts=(*card.parts[:1], *parts, *card.parts[1:]), actions=(*card.actions, *menu))


def with_team(ctx: Context, meeting: Meeting, person: int, card: Message) -> Message:
    """A private card, with where else the person's own organization meets on the same day of the community's calendar.

    Nobody is named: only that somebody of it belongs there.
    """
    member = people.membership(ctx.session, ctx.community_id, person)
    zone = ZoneInfo(ctx.community.zone)
    day = datetime.combine(meeting.starts_at.astimezone(zone).date(), time(0), zone)
    organization = member.organization if member and people.belongs(member) else ""
    also = joint_meetings.team_meets(ctx.session, ctx.community, person, organization, day, day + timedelta(days=1))
    return replace(card, parts=(*card.parts, *card_section_views.team(also, organization)))
