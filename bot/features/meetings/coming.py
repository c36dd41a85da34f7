"""What members ask and say: when is the next meeting, and will I come."""

from bot.context import Context
from bot.events import Click, Command
from bot.features.meetings import cards, rules, views
from bot.features.meetings.feature import meetings
from bot.fit import number
from bot.permissions import Role
from bot.refusal import Refusal
from bot.ui import Reply
from storage import communities, people
from storage import meetings as store
from storage.meetings import ANSWERS, DROPPED, PLANNED, Meeting


def find(ctx: Context, id: str) -> Meeting:
    row = store.get(ctx.session, ctx.community_id, number(id))
    if row is None or row.status == DROPPED:
        raise Refusal(views.gone())
    return row


@meetings.command("next", help="When the next meeting is, in your time zone", reads=True)
def show_next(ctx: Context, event: Command) -> Reply:
    coming = list(store.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.AHEAD))[:4]
    if not coming:
        return views.none_planned()
    first = coming[0]
    said = store.rsvp(ctx.session, store.key(first), ctx.me)
    return views.next_meeting(
        first,
        store.counts(ctx.session, store.key(first)),
        said.answer if said else "",
        coming[1:],
        str(ctx.zone),
        known=bool(ctx.person.zone),
    )


@meetings.click("one", needs=Role.ANYONE, community=False)
def show_one(ctx: Context, event: Click) -> Reply:
    """From a reminder of meetings of several communities: whichever it means, if the person belongs there."""
    for community in people.communities_of(ctx.session, ctx.me):
        meeting = store.get(ctx.session, community, number(event.value))
        if meeting and meeting.status == PLANNED and meeting.starts_at > ctx.now:
            ctx.found = communities.get(ctx.session, community)
            said = store.rsvp(ctx.session, store.key(meeting), ctx.me)
            counts = store.counts(ctx.session, store.key(meeting))
            return views.next_meeting(
                meeting, counts, said.answer if said else "", (), str(ctx.zone), known=bool(ctx.person.zone)
            )
    raise Refusal(views.gone())


@meetings.command("rsvp", help="Say whether you come to the next meeting", choices=ANSWERS, example="rsvp yes")
def say_by_command(ctx: Context, event: Command) -> Reply:
    meeting = store.next_meeting(ctx.session, ctx.community_id, ctx.now)
    if meeting is None:
        return views.none_planned()
    return _say(ctx, meeting, event.text.lower())


@meetings.click("rsvp")
def say_by_button(ctx: Context, event: Click) -> Reply:
    id, _dot, answer = event.value.partition(".")
    meeting = find(ctx, id)
    if answer not in ANSWERS:
        raise Refusal(views.gone())
    return _say(ctx, meeting, answer)


def _say(ctx: Context, meeting: Meeting, answer: str) -> Reply:
    if meeting.status != PLANNED:
        raise Refusal(views.is_cancelled(meeting))
    if meeting.starts_at <= ctx.now:
        raise Refusal(views.has_begun(meeting))
    store.say(ctx.session, store.key(meeting), ctx.me, answer, ctx.now)
    cards.refresh(ctx, meeting)
    member = ctx.membership
    return views.said(meeting, answer, reminded=member is not None and member.reminders)
