"""Reminding one person privately: at the steps they chose, out of their quiet hours, once for what falls together."""

from dataclasses import dataclass

from bot.core.context import Context
from bot.domain import quiet_hours, reminder_steps
from bot.features.meetings import rules
from bot.features.meetings.posts import card
from bot.features.meetings.posts import reminders as posts_reminders
from bot.ui import ToPerson
from storage.meetings import reminders
from storage.meetings.meetings import Meeting
from storage.people import people
from storage.people.people import Membership, Person


@dataclass(frozen=True)
class _Wish:
    """How one member of a community wants to be reminded."""

    person: Person
    member: Membership
    steps: tuple[str, ...]

    def at_once(self, step: str) -> bool:
        """Quiet hours do not hold: it is their last reminder, and they allow it."""
        return self.member.remind_last and step == self.steps[-1]


def remind(ctx: Context, meeting: Meeting, step: str) -> None:
    """Everybody who welcomes it at this step."""
    usual = reminder_steps.split(ctx.community.reminders)
    for _answer, person, member in reminders.recipients(ctx.session, meeting):
        wish = _Wish(person, member, reminder_steps.personal_steps(member.remind_steps, usual))
        if step in wish.steps and _helps(ctx, meeting, step, wish):
            _remind_one(ctx, meeting, step, wish)


def _helps(ctx: Context, meeting: Meeting, step: str, wish: _Wish) -> bool:
    """Whether it reaches them in good time and before the next one does, and is the first to say so."""
    if reminders.was_sent(ctx.session, meeting, people.key(wish.person), step):
        return False
    zone = wish.person.zone or ctx.community.zone
    quiet = wish.person.quiet_from, wish.person.quiet_to
    due = reminder_steps.moments(meeting.starts_at, ctx.community.zone, wish.steps)
    plan = reminder_steps.deliveries(meeting.starts_at, due, zone, *quiet, last_anyway=wish.member.remind_last)
    arrives = ctx.now if wish.at_once(step) else quiet_hours.next_waking(ctx.now, zone, *quiet)
    return step in plan and arrives < meeting.starts_at and not rules.overtaken(step, plan, arrives)


def _remind_one(ctx: Context, meeting: Meeting, step: str, wish: _Wish) -> None:
    id, at_once = people.key(wish.person), wish.at_once(step)
    key = reminders.pending_key(ctx.session, id, at_once=at_once) or card.direct_reminder_key(meeting, step)
    for each in (meeting, *_beside(ctx, meeting, step, id)):
        reminders.record(ctx.session, each, id, step, key)
    said = posts_reminders.held_in(ctx, id, key)
    ctx.post(ToPerson(id, ignores_quiet_hours=at_once), key, posts_reminders.direct_reminder(ctx, id, said))


def _beside(ctx: Context, meeting: Meeting, step: str, person: int) -> list[Meeting]:
    """Their other meetings of the same hour, here or in another community, of which they want the same reminder."""
    return [
        other
        for other, member, community in reminders.same_hour(ctx.session, meeting, person, rules.SAME_HOUR)
        if step in reminder_steps.personal_steps(member.remind_steps, reminder_steps.split(community.reminders))
        and not reminders.was_sent(ctx.session, other, person, step)
    ]
