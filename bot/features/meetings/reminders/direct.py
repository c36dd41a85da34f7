"""Direct reminders: at the steps each member chose, outside of quiet hours, one message for meetings that coincide."""

from dataclasses import dataclass

from bot.core.context import Context
from bot.domain import quiet_hours, reminder_steps
from bot.domain.between_meetings import Calendar
from bot.features.meetings import rules
from bot.features.meetings.planner import calendar
from bot.features.meetings.posts import card, news
from bot.features.meetings.posts import reminders as posts_reminders
from bot.ui import ToPerson
from storage.meetings import reminders
from storage.meetings.meetings import Meeting
from storage.people import people
from storage.people.people import Membership, Person


@dataclass(frozen=True)
class _Wish:
    """How one member of a community wants to be reminded. `steps` are longest first."""

    person: Person
    member: Membership
    steps: tuple[str, ...]

    def ignores_quiet_hours(self, step: str) -> bool:
        """Whether the step ignores quiet hours: it is the member's last reminder, and they allow that."""
        return self.member.remind_last and step == self.steps[-1]


def remind(ctx: Context, meeting: Meeting, step: str) -> None:
    """Remind every member who wants a reminder at this step, and whom it reaches in time."""
    usual, days = reminder_steps.split(ctx.community.reminders), calendar(ctx)
    for _answer, person, member in reminders.recipients(ctx.session, meeting):
        wish = _Wish(person, member, reminder_steps.personal_steps(member.remind_steps, usual))
        if step in wish.steps and _is_useful(ctx, meeting, step, wish, days):
            _remind_one(ctx, meeting, step, wish)


def _is_useful(ctx: Context, meeting: Meeting, step: str, wish: _Wish, days: Calendar) -> bool:
    """Whether the reminder was not sent yet, and reaches the member before the next step and before the meeting."""
    if reminders.was_sent(ctx.session, meeting, people.key(wish.person), step):
        return False
    zone = wish.person.zone or ctx.community.zone
    quiet = wish.person.quiet_from, wish.person.quiet_to
    due = reminder_steps.moments(meeting.starts_at, days, wish.steps)
    plan = reminder_steps.deliveries(meeting.starts_at, due, zone, *quiet, last_anyway=wish.member.remind_last)
    arrives = ctx.now if wish.ignores_quiet_hours(step) else quiet_hours.next_waking(ctx.now, zone, *quiet)
    return step in plan and arrives < meeting.starts_at and not rules.overtaken(step, plan, arrives)


def _remind_one(ctx: Context, meeting: Meeting, step: str, wish: _Wish) -> None:
    id, urgent = people.key(wish.person), wish.ignores_quiet_hours(step)
    # A reminder that still waits, such as for the end of quiet hours, takes this meeting in too.
    key = reminders.pending_key(ctx.session, id, ignores_quiet_hours=urgent) or card.direct_reminder_key(meeting, step)
    for each in (meeting, *_same_hour(ctx, meeting, step, id)):
        reminders.record(ctx.session, each, id, step, key)
        ctx.record_told(news.subject(each), news.state(each), id, key, each.community_id)
    included = posts_reminders.meetings_in_message(ctx, id, key)
    ctx.post(ToPerson(id, ignores_quiet_hours=urgent), key, posts_reminders.direct_reminder(ctx, id, included))


def _same_hour(ctx: Context, meeting: Meeting, step: str, person: int) -> list[Meeting]:
    """Return the person's other meetings in the same hour, in any community, for which they want the same step."""
    return [
        other
        for other, member, community in reminders.same_hour(ctx.session, meeting, person, rules.SAME_HOUR)
        if step in reminder_steps.personal_steps(member.remind_steps, reminder_steps.split(community.reminders))
        and not reminders.was_sent(ctx.session, other, person, step)
    ]
