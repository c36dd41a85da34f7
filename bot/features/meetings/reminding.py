"""Reminding people of a meeting: the card a week before, a few words a day and an hour before, none once it began."""

from datetime import datetime

from bot.context import Context
from bot.events import Due
from bot.features.meetings import card_views, cards, events, rules, views
from bot.features.meetings.feature import meetings
from bot.fit import number
from bot.rhythm import reminders
from bot.ui import Message, Reply, ToPerson, ToThread
from storage import meetings as store
from storage import people
from storage.meetings import PLANNED, Meeting


def _meeting(ctx: Context, id: str) -> Meeting | None:
    """The meeting if it is still to come."""
    row = store.get(ctx.session, ctx.community_id, number(id))
    return row if row and row.status == PLANNED and row.starts_at > ctx.now else None


@meetings.timer("remind")
def remind(ctx: Context, event: Due) -> Reply:
    id, _dot, stage = event.value.partition(".")
    meeting = _meeting(ctx, id)
    if ctx.community.paused or meeting is None:
        return None
    if rules.overtaken(stage, reminders(meeting.starts_at, ctx.community.zone), ctx.now):
        return None
    if cards.is_posted(ctx, meeting):
        cards.post(ctx, meeting)
        to, key = ToThread(cards.card_key(meeting)), cards.soon_key(meeting, stage)
        ctx.post(to, key, _soon, ctx, meeting, stage, ctx.now)
    else:
        cards.post(ctx, meeting)
    if stage != "w":
        _remind_privately(ctx, meeting, stage)
    return None


def _remind_privately(ctx: Context, meeting: Meeting, stage: str) -> None:
    for answer, person in store.to_remind(ctx.session, meeting):
        zone = person.zone or ctx.community.zone
        if rules.in_time(meeting.starts_at, ctx.now, zone, person.quiet_from, person.quiet_to):
            to, key = ToPerson(people.key(person)), cards.own_key(meeting, stage)
            ctx.post(to, key, views.own_reminder, meeting, answer, ctx.community.name)


def _soon(ctx: Context, meeting: Meeting, stage: str, at: datetime) -> Message:
    counts = store.counts(ctx.session, store.key(meeting))
    return card_views.soon(meeting, counts, stage, at, ctx.community.zone)


@meetings.timer("began")
@meetings.timer("ended")
def turn_card(ctx: Context, event: Due) -> Reply:
    """Nobody can say yes to what has begun; and what is over is told as having been."""
    meeting = store.get(ctx.session, ctx.community_id, number(event.value))
    if meeting and meeting.status == PLANNED:
        cards.refresh(ctx, meeting)
    events.mirror(ctx)  # the next one can be shown now
    return None


@meetings.timer("card")
def bring_card_up_to_date(ctx: Context, event: Due) -> Reply:
    """Another feature changed what the card shows, such as the agenda."""
    meeting = _meeting(ctx, event.value)
    if meeting:
        cards.refresh(ctx, meeting)
    return None


@meetings.preview("remind")
def preview(ctx: Context, value: str) -> Message | None:
    id, _dot, stage = value.partition(".")
    meeting = _meeting(ctx, id)
    if meeting is None:
        return None
    if not cards.is_posted(ctx, meeting):
        return cards.card(ctx, meeting)
    return _soon(ctx, meeting, stage, reminders(meeting.starts_at, ctx.community.zone)[stage])
