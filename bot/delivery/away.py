"""People whose accounts are off, or have left: facilitators are told once, and cards that count them are rewritten."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.core import signals
from bot.core.context import Context
from bot.i18n import gettext as _
from bot.ui import Message, Note, Text, ToFacilitators
from bot.ui.markup import esc, mention
from storage.communities import communities
from storage.meetings import rsvps
from storage.messaging import timers
from storage.people import people
from storage.people.people import Account, Person


def away(person: Person, community: str) -> Message:
    """Return the notice for facilitators that somebody's account was switched off."""
    text = _("The account of {person} was switched off, so they don’t count in **{community}** for now.")
    back = _("I don’t write to them, and their RSVPs aren’t counted. That changes back when the account does.")
    return _notice(_("An account is off"), text, back, person, community)


def has_gone(person: Person, community: str) -> Message:
    """Return the notice for facilitators that somebody has left the server."""
    text = _("{person} has left the server, so they don’t count in **{community}** for now.")
    back = _("I don’t write to them, and their RSVPs aren’t counted. That changes back when they return.")
    return _notice(_("Someone has left the server"), text, back, person, community)


def _notice(title: str, text: str, back: str, person: Person, community: str) -> Message:
    return Message(
        (
            Text(text.format(person=mention(people.key(person), person.name), community=esc(community))),
            Text(back),
            Note(_("Only facilitators can see this. I say it once.")),
        ),
        title=title,
    )


def switch(
    session: Session,
    row: Account,
    now: datetime,
    root: str,
    running: Collection[str] | None,
    *,
    off: bool,
    has_left: bool = False,
) -> None:
    """Take in that an account was switched off or has left, or works again.

    It is told only of people without another account.
    """
    if not (people.switch_off(session, row, now) if off else people.switch_on(session, row)):
        return
    for meeting in rsvps.planned_for(session, row.person_id, now):
        timers.put(session, meeting.community_id, signals.MEETING_CARD_STALE, str(meeting.id), now)
    person = session.get_one(Person, row.person_id)
    for membership in people.memberships(session, row.person_id) if off else ():
        community = communities.get(session, membership.community_id)
        if community:
            ctx = Context(session, now, root, community_or_none=community, running=running)
            key = f"accounts.off.{membership.id}.{now:%Y%m%d%H%M%S}"
            ctx.post(ToFacilitators(), key, has_gone if has_left else away, person, community.name)
